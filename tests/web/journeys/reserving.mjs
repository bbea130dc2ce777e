// An amount is reserved, taken in part and released; a mandate is given, used within its cap and revoked.
import { asked, check, filled, found, goTo, invitation, join, settled, travel } from "./people.mjs";

const BEN = "reserving-ben";
const RESERVED = ".holds > li";
const GIVEN = ".mandates-given > li";
const RECEIVED = ".mandates-received > li";

travel(async (person) => {
  const ada = await person("reserving-ada");
  const slug = await found(ada, "Guild of Looms", "Reserving Ada");
  const ben = await person("reserving-ben", { locale: "de-DE" });
  await join(ben, await invitation(ada), "Reserving Ben");
  await goTo(ada, "pay");
  await goTo(ben, "pay");
  const before = await spoken(ada, ".great");

  // Reserved: shown to both, not to be spent, and only who it is for can end it.
  await reserve(ada, "20", "3", "A loom");
  await ada.locator(RESERVED, { hasText: "For Reserving Ben" }).getByText("A loom").waitFor();
  await ada.locator(".figures", { hasText: "Reserved" }).getByText("20.00").waitFor();
  check((await spoken(ada, ".great")) === before, "what is reserved is still in the balance");
  check((await spoken(ada, ".figures > div:has-text('To spend')")) === before - 20, "and cannot be spent");
  check((await ada.locator(`${RESERVED} button`).count()) === 0, "who reserved it does not end it");
  await ada.shot("reserved");
  await ada.click("main button.main:has-text('Pay')");
  await filled(ada, { handle: BEN, amount: String(before - 19) });
  await ada.locator("dialog").getByText("not enough money in your account").waitFor();
  await ada.click("dialog .close");

  await ben.locator(RESERVED, { hasText: "Von Reserving Ada" }).getByText("A loom").waitFor();
  await ben.locator(".figures", { hasText: "Für dich reserviert" }).getByText("20,00").waitFor();
  await ben.shot("reserved-for");
  await ben.click(`${RESERVED} button:has-text('Nehmen')`);
  check((await ben.inputValue("dialog [name=amount]")) === "20,00", "the whole is proposed");
  await filled(ben, { amount: "20,01" });
  await ben.getByText("So viel ist nicht reserviert.").waitFor();
  await filled(ben, { amount: "12,50" });
  await ben.locator("dialog").waitFor({ state: "detached" });
  await ben.locator(".statement li", { hasText: "Reservierte Zahlung" }).locator(".in", { hasText: "+12,50" }).waitFor();
  await ada.locator(".statement li", { hasText: "Reserved payment" }).locator(".out", { hasText: "−12.50" }).waitFor();
  await ada.getByText("Nothing is reserved by you or for you.").waitFor();
  await ada.locator(".card .figures").waitFor({ state: "detached" });
  check((await spoken(ada, ".great")) === before - 12.5, "the part was paid, the rest came back");

  await reserve(ada, "5", "1");
  await ben.click(`${RESERVED} button:has-text('Freigeben')`);
  await ben.click("dialog button.main");
  await ben.locator("dialog").waitFor({ state: "detached" });
  await ada.getByText("Nothing is reserved by you or for you.").waitFor();
  check((await spoken(ada, ".great")) === before - 12.5, "what is released was not paid");
  await ada.click("button:has-text('Show ended')");
  await ada.locator("dialog li", { hasText: "Released" }).getByText("5.00").waitFor();
  await ada.locator("dialog li", { hasText: "A loom" }).getByText(/^12\.50 [A-Z]+ taken, the rest released$/).waitFor();
  await ada.shot("ended");
  await ada.click("dialog .close");

  // A mandate: within its cap, as often as its holder wants, until it is revoked.
  await ada.click("summary:has-text('Mandates')");
  await ben.click("summary:has-text('Abbuchungen')");
  await ada.click("button:has-text('Give a mandate')");
  await ada.selectOption("dialog [name=days]", "7");
  await ada.shot("mandate-sheet");
  await filled(ada, { handle: "reserving-ada", amount: "10" });
  await ada.getByText("Nobody gives themself a mandate.").waitFor();
  await filled(ada, { handle: BEN });
  await ada.locator(GIVEN, { hasText: "Reserving Ben" }).getByText(/^10\.00 [A-Z]+ each week$/).waitFor();

  await ben.locator(RECEIVED, { hasText: "Reserving Ada" }).getByText(/^10,00 [A-Z]+ je Woche$/).waitFor();
  await ben.click(`${RECEIVED} button:has-text('Abbuchen')`);
  await filled(ben, { amount: "4", memo: "Yarn" });
  await ben.locator(RECEIVED).getByText("6,00").waitFor();
  await ada.locator(".statement li", { hasText: "Payment by mandate" }).getByText("Yarn").waitFor();
  await ada.locator(GIVEN).getByText("6.00").waitFor();
  await ada.waitForFunction((expected) => document.querySelector(".great bdi").textContent.replaceAll(",", "") === expected, (before - 16.5).toFixed(2));
  await ben.click(`${RECEIVED} button:has-text('Abbuchen')`);
  await filled(ben, { amount: "7" });
  await ben.getByText("So viel darfst du jetzt nicht abbuchen.").waitFor();
  await ben.click("dialog .close");
  await ada.shot("mandate");

  await ada.click(`${GIVEN} button:has-text('Revoke')`);
  await ada.click("dialog button.main");
  await ada.click(".ended summary:visible");
  await ada.locator(".ended li", { hasText: "Reserving Ben" }).getByText("Revoked", { exact: true }).waitFor();
  await ben.click(".ended summary:visible");
  await ben.locator(".ended li").getByText("Widerrufen", { exact: true }).waitFor();
  check((await ben.locator(`${RECEIVED} button, .ended button`).count()) === 0, "what is revoked lets nobody take");
  await ben.shot("revoked");

  // Each is told what the other did, and led to where it is seen.
  await told(ada, ["Reserving Ben took what you had reserved for them.", "Reserving Ben released what you had reserved: it is yours to spend again.", "Reserving Ben took money from you by a mandate."]);
  await told(ben, ["Für dich wurde 2-mal Geld reserviert, zuletzt von Reserving Ada.", "Du darfst jetzt bei Reserving Ada abbuchen.", "Du darfst bei Reserving Ada nicht mehr abbuchen."]);
  await ben.click(".notices a:has-text('nicht mehr abbuchen')");
  await ben.waitForURL(new RegExp(`/unions/${slug}/pay$`));
  return { spent: before - (await spokenOf(ada, slug)) };
});

/** Reserve so much for Ben, for so many days. */
async function reserve(page, amount, days, memo = "") {
  await page.click("main button.main:has-text('Pay')");
  await page.selectOption("dialog [name=days]", days);
  check((await page.innerText("dialog button.main")) === "Reserve", "the button says what it does");
  await filled(page, { handle: BEN, amount, memo });
  await page.locator("dialog").waitFor({ state: "detached" });
}

/** The first amount there, as a number. */
async function spoken(page, selector) {
  return Number((await page.locator(`main ${selector} .money bdi`).first().innerText()).replaceAll(",", ""));
}

/** The balance as the home page says it. */
async function spokenOf(page, slug) {
  await page.goto(`${asked.url}/unions/${slug}/home`);
  await settled(page);
  return spoken(page, ".great");
}

async function told(page, sentences) {
  await page.goto(`${asked.url}/notices`);
  await settled(page);
  for (const sentence of sentences) await page.locator(".notices").getByText(sentence, { exact: true }).waitFor();
}
