// A founder puts fees into the rules; who pays sees what arrives, and who is paid reads why a part went.
import { check, filled, found, goTo, invitation, join, settled, travel } from "./people.mjs";

const BEN = "fees-ben";
const SEND = "main button.main:has-text('Pay')";

travel(async (person) => {
  const ada = await person("fees-ada");
  await found(ada, "Guild of Tolls", "Fees Ada");
  const ben = await person("fees-ben", { locale: "de-DE" });
  await join(ben, await invitation(ada), "Fees Ben");

  // No fee: nothing is said of one.
  await goTo(ada, "pay");
  const asked = ada.waitForResponse((answer) => answer.url().endsWith("/charter"));
  await ada.click(SEND);
  await asked;
  await ada.fill("dialog [name=amount]", "5");
  check((await ada.locator(".arrival").count()) === 0, "where there is no fee, none is mentioned");
  await ada.click("dialog .close");
  await goTo(ada, "rules");
  check((await rule(ada, "Fee on payments")) === "None", "a union begins without fees");
  check((await rule(ada, "Fee on pay for work")) === "None", "also for work");
  await goTo(ben, "rules");

  // The founder changes that; what is no fee is not taken.
  await ada.click("button:has-text('Change the rules')");
  check((await ada.inputValue("dialog [name=payment_fee]")) === "0", "no fee is written as 0");
  await filled(ada, { payment_fee: "10.01" });
  await ada.getByText("A fee is 0 to 10%").waitFor();
  await ada.shot("rules-sheet");
  await filled(ada, { payment_fee: "1.25", work_fee: "2", fee_limit: "0.5" });
  await ada.locator("dialog").waitFor({ state: "detached" });
  await ada.locator("dl.told").getByText(/^1\.25% to the common purse, at most 0\.50 [A-Z]+$/).waitFor();
  await ada.locator("dl.told").getByText(/^2% to the common purse, at most 0\.50 [A-Z]+$/).waitFor();
  // The other's page hears of it.
  await ben.locator("dl.told").getByText(/^1,25\s% an die gemeinsame Kasse, höchstens 0,50 [A-Z]+$/).waitFor();
  await ada.shot("rules");
  await ada.click("button:has-text('Change the rules')");
  const written = await Promise.all(["payment_fee", "work_fee", "fee_limit"].map((name) => ada.inputValue(`dialog [name=${name}]`)));
  check(String(written) === "1.25,2,0.50", `the form has what is in force: ${written}`);
  await ada.click("dialog .close");

  // Who pays sees what arrives, before they send it.
  await goTo(ada, "pay");
  await ada.click(SEND);
  await ada.locator(".arrival", { hasText: "Of what arrives, a fee is taken: 1.25% to the common purse, at most 0.50" }).waitFor();
  await ada.fill("dialog [name=amount]", "20");
  await ada.locator(".arrival").getByText(/^19\.75 [A-Z]+ arrive; 0\.25 [A-Z]+ go to the common purse as a fee \(1\.25%\)\.$/).waitFor();
  await ada.fill("dialog [name=amount]", "100");
  await ada.locator(".arrival").getByText(/^99\.50 [A-Z]+ arrive; 0\.50 /).waitFor();
  await ada.fill("dialog [name=amount]", "10.000001");
  await ada.locator(".arrival").getByText(/^9\.875001 [A-Z]+ arrive; 0\.125 /).waitFor();
  await ada.shot("pay-sheet");
  // The common purse gives no fee, and nothing is reserved for it.
  await ada.selectOption("dialog [name=days]", "1");
  await ada.check("dialog [name=purse]");
  check(!(await ada.locator("dialog .arrival").innerText()), "the common purse gets all of it");
  check(await ada.isDisabled("dialog [name=days]"), "nothing is reserved for the common purse");
  await filled(ada, { amount: "1" });
  await ada.locator(".toast").getByText(/^1 [A-Z]+ paid to the common purse\.$/).waitFor();
  await ada.locator(".statement > li", { hasText: "Payment to the common purse" }).locator(".out", { hasText: "−1.00" }).waitFor();
  await ada.click(SEND);
  await goTo(ben, "pay");
  await filled(ada, { handle: BEN, amount: "20", memo: "Salt" });
  await ada.locator("dialog").waitFor({ state: "detached" });

  // Who is paid has both lines, and the reason in their language.
  const payment = ben.locator(".statement > li", { hasText: "Salt" });
  await payment.locator(".in", { hasText: "+20,00" }).waitFor();
  const fee = ben.locator(".statement > li", { hasText: "Abgabe an die gemeinsame Kasse" });
  const taken = await fee.locator(".out .money bdi").innerText();
  check(taken === "−0,25", `a quarter went: ${taken}`);
  check((await payment.locator(".why").count()) === 0, "a payment needs no reason");
  await fee.locator("summary").click();
  await fee.getByText(/^1,25\s% von 20,00 [A-Z]+ \(Zahlung\), höchstens 0,50 [A-Z]+\. So sagen es die Regeln in Fassung 2\.$/).waitFor();
  await fee.getByText("floor(of_minor * basis_points / 10000), at most max_minor").waitFor();
  await fee.getByText("of_minor = 20000000").waitFor();
  await ben.shot("why");
  check(await ben.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the reason fits a phone");
  check((await ada.locator(".statement > li", { hasText: "Fee to the common purse" }).count()) === 0, "who pays is charged nothing more");

  // What is reserved is less by the fee once it is taken.
  await ada.click(SEND);
  await ada.selectOption("dialog [name=days]", "1");
  await filled(ada, { handle: BEN, amount: "8" });
  await ada.locator("dialog").waitFor({ state: "detached" });
  await ben.click(".holds button:has-text('Nehmen')");
  await ben.locator(".arrival").getByText(/^7,90 [A-Z]+ kommen an; 0,10 /).waitFor();
  await ben.click("dialog button.main");
  await fee.filter({ hasText: "−0,10" }).waitFor();
  await fee.filter({ hasText: "−0,10" }).locator("summary").click();
  await fee.getByText(/^1,25\s% von 8,00 [A-Z]+ \(Reservierte Zahlung\)/).waitFor();

  // Taken out of the rules again, limit and all.
  await goTo(ada, "rules");
  await settled(ada);
  await ada.click("button:has-text('Change the rules')");
  await filled(ada, { payment_fee: "0", work_fee: "0", fee_limit: "" });
  await ada.locator("dialog").waitFor({ state: "detached" });
  await ada.waitForFunction(() => [...document.querySelectorAll("dl.told dd")].filter((said) => said.textContent === "None").length === 2);
  const left = await ada.evaluate(async (path) => Object.keys((await (await fetch(path)).json()).document.parameters).filter((name) => name.includes("fee")), `/v1${new URL(ada.url()).pathname.replace(/\/rules$/, "/charter")}`);
  return { taken, left };
});

/** What the rules say of it. */
async function rule(page, name) {
  return page.locator(`dl.told dt:has-text('${name}') + dd`).innerText();
}
