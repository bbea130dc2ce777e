// A member who is given an office sees what its rights open, at once and no more: suspends and lifts, reviews, reads the common purse.
import { asked, check, filled, found, goTo, invitation, join, settled, travel } from "./people.mjs";

travel(async (person) => {
  const ada = await person("officers-ada");
  const slug = await found(ada, "Guild of Harbours", "Officers Ada");
  const link = await invitation(ada);
  const ben = await person("officers-ben");
  await join(ben, link, "Officers Ben");
  const cara = await person("officers-cara", { locale: "de-DE" });
  await join(cara, link, "Officers Cara");
  const leaderOf = async (page) => asked.url + (await page.getAttribute("main a[href*='/leaders/']", "href"));
  const [bens, caras] = [await leaderOf(ben), await leaderOf(cara)];

  await goTo(ada, "rules");
  await ada.click("button:has-text('Change the rules')");
  await filled(ada, { admission: "invitation or application" });
  await ada.locator("dialog").waitFor({ state: "detached" });

  // Before: nothing of what officers do.
  const opened = ["Who applied", "Lists of people", "Who brought whom"];
  await goTo(ben, "rules");
  for (const words of [...opened, "Change the rules"]) check((await ben.getByText(words).count()) === 0, `no member is shown: ${words}`);
  await ben.goto(caras);
  await settled(ben);
  check((await ben.locator("button:has-text('Suspend')").count()) === 0, "no member suspends");
  await goTo(ben, "rules");

  // The office comes while the page is open.
  await ada.click("main a[href$='?offices']");
  await ada.click("button:has-text('New office')");
  for (const right of ["moderate", "admit", "audit"]) await ada.check(`dialog [value=${right}]`);
  await filled(ada, { name: "Harbour master" });
  await ada.click("button:has-text('Appoint')");
  await filled(ada, { handle: "officers-ben" });
  await ada.locator(".holders").getByText("Officers Ben").waitFor();
  for (const words of opened) await ben.getByText(words).first().waitFor({ state: "attached" });
  await ben.getByText("Nobody waits for you.").waitFor();
  check((await ben.getByText("Change the rules").count()) === 0, "an office opens what it gives alone");
  await ben.shot("admits");
  await ben.click("main a[href$='?offices']");
  await ben.getByRole("heading", { name: "Common purse" }).waitFor();
  await settled(ben);
  check((await ben.locator("button:has-text('Pay from')").count()) === 0, "who audits does not pay");

  // Of others, not of oneself.
  await ben.goto(bens);
  await settled(ben);
  const oneself = await ben.locator("button:has-text('Suspend'), button:has-text('Freeze')").count();
  await ben.goto(caras);
  await ben.getByText("It is not frozen.").waitFor();
  await ben.click("button:has-text('Suspend')");
  await filled(ben, { ground: "Blocked the pier.", days: "3" });
  await ben.waitForURL(new RegExp(`/unions/${slug}/rules$`));
  await ben.locator("li.card", { hasText: "Blocked the pier." }).waitFor();
  await ben.shot("suspended");
  await cara.goto(`${asked.url}/unions/${slug}`);
  await cara.getByText("Du bist in dieser Union gesperrt.").waitFor();
  check((await cara.locator("button:has-text('Jetzt aufheben')").count()) === 0, "nobody lifts their own");
  await ben.click("button:has-text('Lift it now')");
  await ben.locator("button:has-text('Lift it now')").waitFor({ state: "detached" });
  await cara.reload();
  await cara.locator("a.main[href$='/home']").waitFor();

  // It goes as it came.
  await ada.click("button:has-text('Dismiss')");
  await ada.click("dialog button.main");
  await ben.getByText("Who applied").waitFor({ state: "detached" });
  return { oneself, lists: await ben.getByText("Lists of people").count() };
});
