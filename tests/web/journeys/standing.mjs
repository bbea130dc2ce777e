// A standing payment is set up in the payer's own zone, listed with its next day, and stopped.
import { check, filled, found, goTo, invitation, join, travel } from "./people.mjs";

const BEN = "standing-ben";
const LISTED = ".schedules > li";
const PARIS = "Europe/Paris";
const AUCKLAND = "Pacific/Auckland";

travel(async (person) => {
  const ada = await person("standing-ada", { timezoneId: AUCKLAND });
  await found(ada, "Guild of Rents", "Standing Ada");
  const ben = await person(BEN, { locale: "de-DE", timezoneId: PARIS });
  await join(ben, await invitation(ada), "Standing Ben");
  await goTo(ada, "pay");
  await goTo(ben, "pay");

  await ada.click("summary:has-text('Standing payments')");
  await ada.getByText("You have set up no standing payment.").waitFor();
  await ada.click("button:has-text('Set up a standing payment')");
  await ada.getByText(`Times are those of ${AUCKLAND}.`).waitFor();
  const tomorrow = await ada.inputValue("dialog [name=day]");
  await ada.shot("sheet");
  await filled(ada, { handle: "standing-ada", amount: "3.5", times: "12", memo: "The loft" });
  await ada.getByText("Nobody pays themself.").waitFor();
  await filled(ada, { handle: BEN, day: await shifted(ada, 6_000) });
  await ada.getByText(/^A standing payment begins later than now, and within [\d,]+ days\.$/).waitFor();
  const sent = ada.waitForResponse((answer) => answer.request().method() === "PUT" && answer.url().includes("/schedules/") && answer.ok());
  await filled(ada, { day: tomorrow, time: "00:30" });
  const { first_at, zone } = (await sent).request().postDataJSON();
  const listed = ada.locator(LISTED, { hasText: "Standing Ben" });
  await listed.getByText(/^3\.50 [A-Z]+ each month$/).waitFor();
  await listed.getByText("The loft").waitFor();
  await listed.getByText("0 of 12 paid").waitFor();
  check((await listed.locator("time").innerText()) === (await dayOf(ada, tomorrow)), "the next day is the one that was chosen, where it was chosen");
  await ada.shot("listed");

  // Another one, once: no number of times is asked for.
  await ben.click("summary:has-text('Daueraufträge')");
  await ben.click("button:has-text('Dauerauftrag einrichten')");
  await ben.selectOption("dialog [name=every]", "once");
  check(await ben.isDisabled("dialog [name=times]"), "what is paid once has no number of times");
  await filled(ben, { handle: "standing-ada", amount: "2" });
  await ben.locator(LISTED, { hasText: "Standing Ada" }).getByText(/^2,00 [A-Z]+ einmal$/).waitFor();
  await ben.locator(LISTED).getByText("0 von 1 gezahlt").waitFor();
  await ben.shot("once");

  // Stopped after confirming it; another page of hers hears of it.
  const other = await ada.context().newPage();
  await other.goto(ada.url());
  await other.click("summary:has-text('Standing payments')");
  await other.locator(LISTED).getByText("0 of 12 paid").waitFor();
  await ada.click(`${LISTED} button:has-text('Stop')`);
  await ada.shot("stop");
  check((await ada.locator(".schedules .state").count()) === 0, "it is stopped by who confirms it");
  await ada.click("dialog button.main");
  await ada.locator(".schedules").waitFor({ state: "hidden" });
  const ended = ada.locator(".ended li", { hasText: "Standing Ben" });
  check(!(await ended.isVisible()), "what has ended is folded away");
  await ada.click(".ended summary:visible");
  await ended.getByText("Stopped", { exact: true }).waitFor();
  await other.click(".ended summary:visible");
  await other.locator(".ended li").getByText("Stopped", { exact: true }).waitFor();
  check((await ended.locator("time").count()) === 0, "what is stopped has no next day");
  check((await ended.locator("button").count()) === 0, "and is not stopped again");
  await ada.shot("stopped");

  // The common purse is paid like a member.
  await ada.click("button:has-text('Set up a standing payment')");
  await ada.check("dialog [name=purse]");
  await filled(ada, { amount: "1" });
  await ada.locator(LISTED, { hasText: "The common purse" }).getByText(/^1\.00 [A-Z]+ each month$/).waitFor();
  return { tomorrow, first_at, zone };
});

/** A day as a field has it, so many days from today where the page is. */
async function shifted(page, days) {
  return page.evaluate((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10), days);
}

/** A day of a field as the page says it. */
async function dayOf(page, day) {
  return page.evaluate((day) => new Intl.DateTimeFormat("en", { dateStyle: "medium" }).format(new Date(`${day}T12:00`)), day);
}
