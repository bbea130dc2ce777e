// A founder freezes a member's account: the member reads until when and why, cannot pay, and can again once it is thawed.
import { asked, check, filled, found, goTo, invitation, join, settled, travel } from "./people.mjs";

const REASON = 'The device is "stolen" <b>';

travel(async (person) => {
  const ada = await person("freezing-ada");
  const slug = await found(ada, "Guild of Winters", "Freezing Ada");
  const ben = await person("freezing-ben", { locale: "de-DE" });
  await join(ben, await invitation(ada), "Freezing Ben");
  await goTo(ben, "pay");
  check((await ben.locator(".frozen").count()) === 0, "an account begins unfrozen");
  await ben.goto(`${asked.url}/unions/${slug}/home`);
  await settled(ben);
  const bens = await ben.getAttribute("main a[href*='/leaders/']", "href");

  await ada.goto(asked.url + bens);
  await ada.getByText("It is not frozen.").waitFor();
  await ada.click("button:has-text('Freeze the account')");
  await ada.shot("sheet");
  await ada.fill("dialog [name=days]", "31");
  await ada.fill("dialog [name=reason]", REASON);
  await ada.click("dialog button.main");
  check(await ada.locator("dialog [name=days]:invalid").isVisible(), "thirty days are the most");
  await filled(ada, { days: "3" });
  await ada.getByText("Frozen until").waitFor();
  check((await ada.locator("main q").innerText()) === REASON, "the reason is shown as it was written");
  await ada.shot("officer");

  // On every page with the balance, without being asked for.
  await ben.locator(".frozen", { hasText: "Dein Konto ist eingefroren bis" }).waitFor();
  await goTo(ben, "pay");
  await ben.locator(".frozen").getByText(REASON).waitFor();
  await ben.locator(".frozen").getByText("Du kannst weiter bezahlt werden und auszahlen").waitFor();
  const days = await ben.locator(".frozen time").evaluate((time) => (new Date(time.dateTime) - Date.now()) / 86_400_000);
  await ben.shot("frozen");
  await ben.click("main button.main:has-text('Zahlen')");
  await filled(ben, { handle: "freezing-ada", amount: "1" });
  await ben.locator("dialog").getByText("Dein Konto ist eingefroren. Bei deinem Guthaben steht, bis wann und warum.").waitFor();
  await ben.click("dialog .close");

  // What still works: being paid.
  await goTo(ada, "pay");
  await ada.click("main button.main:has-text('Pay')");
  await filled(ada, { handle: "freezing-ben", amount: "2" });
  await ada.locator("dialog").waitFor({ state: "detached" });
  await ben.locator(".statement li", { hasText: "Freezing Ada" }).locator(".in", { hasText: "+2,00" }).waitFor();

  await ada.goto(asked.url + bens);
  await ada.click("button:has-text('Change until when or why')");
  check((await ada.inputValue("dialog [name=reason]")) === REASON, "the reason is there to be changed");
  await filled(ada, { reason: "It was lost.", days: "1" });
  await ben.locator(".frozen").getByText("It was lost.").waitFor();
  await ada.locator("main q", { hasText: "It was lost." }).waitFor();
  await ada.click("button:has-text('Thaw it now')");
  await ada.getByText("It is not frozen.").waitFor();
  await ben.locator(".frozen").waitFor({ state: "detached" });
  await ben.click("main button.main:has-text('Zahlen')");
  await filled(ben, { handle: "freezing-ada", amount: "1" });
  await ben.locator("dialog").waitFor({ state: "detached" });
  const paid = await ben.locator(".statement li .out .money bdi").first().innerText();

  await ben.goto(`${asked.url}/notices`);
  await settled(ben);
  await ben.locator(".notices").getByText("Freezing Ada hat dein Konto aufgetaut: Du kannst wieder zahlen.", { exact: true }).waitFor();
  await ben.locator(".notices").getByText(/^Freezing Ada hat dein Konto eingefroren\./).waitFor();
  await ben.click(".notices a:has-text('eingefroren') >> nth=0");
  await ben.waitForURL(new RegExp(`/unions/${slug}/pay$`));

  // Nobody else is offered it.
  await ben.goto(asked.url + bens);
  await settled(ben);
  const offered = await ben.locator("button:has-text('Konto einfrieren')").count();
  await ada.goto(`${asked.url}/unions/${slug}/home`);
  await settled(ada);
  await ada.goto(asked.url + (await ada.getAttribute("main a[href*='/leaders/']", "href")));
  await settled(ada);
  return { days, paid, offered: offered + (await ada.locator("button:has-text('Freeze')").count()) };
});
