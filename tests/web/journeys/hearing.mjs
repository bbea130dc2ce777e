// A member is heard, expelled and appeals: nobody is offered to judge their own case, nor the appeal against their own decision.
import { asked, check, found, goTo, invitation, join, settled, travel } from "./people.mjs";

travel(async (person) => {
  const ada = await person("hearing-ada");
  const slug = await found(ada, "Guild of Hearings", "Hearing Ada");
  const link = await invitation(ada);
  const ben = await person("hearing-ben");
  await join(ben, link, "Hearing Ben");
  const cara = await person("hearing-cara");
  await join(cara, link, "Hearing Cara");
  const leaderOf = async (page) => asked.url + (await page.getAttribute("main a[href*='/leaders/']", "href"));
  const [bens, caras] = [await leaderOf(ben), await leaderOf(cara)];
  const say = async (page, button, text, outcome) => {
    await page.locator("li.card").locator(`button:text-is('${button}')`).click();
    if (outcome) await page.selectOption("dialog [name=outcome]", outcome);
    await page.fill("dialog [name=text]", text);
    await page.click("dialog button.main");
    await page.locator("dialog").waitFor({ state: "detached" });
  };
  const propose = async (page, leader, ground) => {
    await page.goto(leader);
    await page.click("button:has-text('Propose to expel')");
    await page.fill("dialog [name=ground]", ground);
    await page.click("dialog button.main");
    await page.waitForURL(new RegExp(`/unions/${slug}/rules$`));
    await page.locator("li.card", { hasText: ground }).waitFor();
    await settled(page);
  };

  await goTo(ada, "rules");
  await ada.click("main a[href$='?offices']");
  await ada.click("button:has-text('New office')");
  await ada.check("dialog [value=moderate]");
  await ada.fill("dialog [name=name]", "Bailiff");
  await ada.click("dialog button.main");
  await ada.click("button:has-text('Appoint')");
  await ada.fill("dialog [name=handle]", "hearing-ben");
  await ada.click("dialog button.main");
  await ada.locator(".holders").getByText("Hearing Ben").waitFor();

  // An officer's own case: they answer in it, and do not decide it.
  await propose(ada, bens, "Lost the keys.");
  await goTo(ben, "rules");
  const own = ben.locator("li.card", { hasText: "Lost the keys." });
  await own.locator("button:has-text('Answer')").waitFor();
  check((await own.locator("button:has-text('Decide')").count()) === 0, "nobody decides their own case");
  await say(ada, "Decide", "They were found.", "dropped");

  // A member's case, from the ground to the appeal, on pages that stay open.
  await propose(ben, caras, "Sold the bell.");
  await goTo(cara, "rules");
  await say(cara, "Answer", "It was mine.");
  await ben.getByText("It was mine.").waitFor();
  await ben.waitForTimeout(asked.hearing_seconds * 1000);
  await say(ben, "Decide", "It was the union's.", "expelled");
  await cara.goto(`${asked.url}/unions/${slug}`);
  await say(cara, "Appeal", "Ask who cast it.");
  await ben.reload();
  const appealed = ben.locator("li.card", { hasText: "Ask who cast it." });
  await appealed.getByText("You decided this expulsion").waitFor();
  check((await appealed.locator("button").count()) === 0, "who decided does not hear the appeal");
  await ben.shot("appealed");
  await say(ada, "Decide on the appeal", "Cara cast it.", "reversed");
  await appealed.getByText("Reversed").waitFor({ state: "attached" });
  await cara.reload();
  await cara.locator("a.main[href$='/home']").waitFor();
  return { decided: await ben.getByText("Cara cast it.").count() };
});
