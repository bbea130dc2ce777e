// Tenants found a union by its preset; the founder changes the rules, and a member sees what is new and accepts it.
import { asked, check, filled, goTo, invitation, join, settled, travel } from "./people.mjs";

const RULE = "8. **Quiet hours.** From ten to seven.";

travel(async (person) => {
  const ada = await person("rules-ada");
  await ada.goto(`${asked.url}/found`);
  await settled(ada);
  check((await ada.locator(".presets label").count()) === 4, "there are four kinds to choose from");
  check(await ada.isChecked("[value=guild_of_freelancers]"), "one is chosen");
  await ada.fill("[name=name]", "Tenants of Lace Street");
  await ada.fill("[name=purpose]", "We ask the owner together.");
  await ada.fill("[name=member_name]", "Rules Ada");
  await ada.check("[value=consumers_and_tenants]");
  await ada.shot("found");
  check(await ada.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the cards fit a phone");
  await ada.click("form.act footer button.main");
  await ada.waitForURL(/\/home$/);
  await ada.waitForSelector(".great");
  const ben = await person("rules-ben", { locale: "de-DE" });
  await join(ben, await invitation(ada), "Rules Ben");
  check((await ben.locator(".card.asked").count()) === 0, "who has just joined is asked nothing");

  // The preset's rules, in words.
  await goTo(ada, "rules");
  await ada.getByText("Has no rights until they answer").waitFor();
  await ada.click("button:has-text('Change the rules')");
  const bylaws = await ada.inputValue("dialog [name=bylaws]");
  check(bylaws.includes("Speaking together"), "the rules are those of tenants");
  check((await ada.getAttribute("dialog [name=grace_days]", "max")) === "90", "the form knows the limits");
  await filled(ada, { bylaws: `${bylaws}${RULE}`, backs_most: "20" });
  await ada.locator("dialog").waitFor({ state: "detached" });
  await ada.getByText(/^Version 2: 1 of 2 members have accepted it\./).waitFor();

  // The member's page hears of it: what is new, by when, and what silence means.
  const banner = ben.locator(".card.asked");
  await banner.getByText(/^Sie gelten schon\. Nimmst du sie bis .+ nicht an, ruhen deine Rechte, bis du es tust\.$/).waitFor();
  await ben.shot("asked");
  await banner.getByText("Was neu ist").click();
  await ben.locator("dialog .lines ins", { hasText: "Quiet hours" }).waitFor();
  const numbers = await ben.locator("dialog dl.told dd").innerText();
  check(/1\.000\s+20/.test(numbers), `old and new number: ${numbers}`);
  await ben.shot("diff");
  check(await ben.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "what is new fits a phone");
  await ben.click("dialog .close");
  await banner.getByText("Neue Regeln annehmen").click();
  await banner.waitFor({ state: "detached" });
  await ada.getByText(/^Version 2: 2 of 2 members have accepted it\./).waitFor();

  // Every version stays, and any two are compared.
  await ada.click("a:has-text('All versions of the rules')");
  await ada.getByText("Members are asked to accept it").waitFor();
  await settled(ada);
  await ada.shot("versions");
  await ada.fill("[name=from]", "2");
  await ada.fill("[name=to]", "1");
  await ada.click("form.act button.main");
  await ada.locator("dialog .lines del", { hasText: "Quiet hours" }).waitFor();
  await ada.click("dialog .close");
  await ada.fill("[name=to]", "9");
  await ada.click("form.act button.main");
  const refused = await ada.locator("form.act .status.wrong").innerText();
  return { versions: await ada.locator("ul.rows > li").count(), refused };
});
