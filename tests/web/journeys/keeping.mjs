// What an account had at the end of a day, and burning money for ever.
import { accessible } from "./accessible.mjs";
import { asked, check, filled, found, goTo, invitation, join, settled, travel } from "./people.mjs";

const BALANCES = "**/balance?at=*";

travel(async (person) => {
  const ada = await person("keeping-ada", { bypassCSP: true, timezoneId: "Pacific/Auckland" });
  const slug = await found(ada, "Guild of Ashes", "Keeping Ada");
  const ben = await person("keeping-ben", { locale: "de-DE" });
  await join(ben, await invitation(ada), "Keeping Ben");
  await goTo(ada, "pay");
  const before = await spoken(ada, "main .great");
  await ada.click("main button.main:has-text('Pay')");
  await ada.selectOption("dialog [name=days]", "1");
  await filled(ada, { handle: "keeping-ben", amount: "20" });
  await ada.locator("main .figures", { hasText: "Reserved" }).getByText("20.00").waitFor();
  const then = await moment(ada);
  await ada.click("main button.main:has-text('Pay')");
  await filled(ada, { handle: "keeping-ben", amount: "5" });
  await ada.locator(".statement > li").nth(0).locator(".out", { hasText: "−5.00" }).waitFor();

  // A day is over where the member is. The house is asked of a moment on which something was there.
  const moments = [];
  await ada.route(BALANCES, (route) => {
    const url = new URL(route.request().url());
    moments.push(url.searchParams.get("at"));
    if (moments.length > 1) url.searchParams.set("at", then);
    return route.continue({ url: url.href });
  });
  await ada.click("button:has-text('Balance on a day')");
  await ada.locator("dialog .figures").waitFor();
  check((await had(ada)).join() === "0,0,0", `yesterday there was nothing: ${await had(ada)}`);
  const yesterday = await ada.inputValue("dialog [name=day]");
  check(moments[0] === (await ada.evaluate((day) => new Date(`${day}T23:59:59.999`).toISOString(), yesterday)), `the day ended at ${moments[0]}`);
  await accessible(ada, "a balance on a day");
  await ada.fill("dialog [name=day]", "2026-01-31");
  await ada.waitForFunction((expected) => document.querySelector("dialog .money bdi").textContent.replaceAll(",", "") === expected, before.toFixed(2));
  check((await had(ada)).join() === `${before},20,0`, `as it was then: ${await had(ada)}`);
  check(moments[1] === "2026-01-31T10:59:59.999Z", `the end of that day in Auckland: ${moments[1]}`);
  await ada.shot("then");
  const today = await ada.getAttribute("dialog [name=day]", "max");
  await ada.fill("dialog [name=day]", today);
  await ada.waitForFunction((expected) => document.querySelector("dialog .money bdi").textContent.replaceAll(",", "") === expected, (before - 5).toFixed(2));
  check((await had(ada)).join() === `${before - 5},20,0`, "today as it is");
  await ada.click("dialog .close");

  // Burnt once it is confirmed, and shown to everybody in the supply.
  await ada.click("summary:has-text('More')");
  await ada.click("button:has-text('Burn money')");
  await ada.fill("dialog [name=amount]", "7");
  await ada.click("dialog button.main");
  check(await ada.locator("dialog [name=sure]:invalid").isVisible(), "it wants to be confirmed");
  await accessible(ada, "burning");
  await ada.shot("burn");
  await ada.check("dialog [name=sure]");
  await filled(ada, { amount: String(before * 2) });
  await ada.locator("dialog").getByText("There is not enough money in your account.").waitFor();
  await filled(ada, { amount: "7" });
  await ada.locator("dialog").waitFor({ state: "detached" });
  await ada.locator(".statement > li", { hasText: "Burnt" }).locator(".out", { hasText: "−7.00" }).waitFor();
  await ada.waitForFunction((expected) => document.querySelector("main .great bdi").textContent.replaceAll(",", "") === expected, (before - 12).toFixed(2));
  await ada.locator(".statement > li", { hasText: "Burnt" }).locator("summary").click();
  await ada.getByText("No rule moved this: somebody asked for it.").waitFor();
  await ben.goto(`${asked.url}/unions/${slug}/rules?supply`);
  await settled(ben);
  const burnt = await ben.locator(".changes > li", { hasText: "Vernichtet" }).locator(".money bdi").innerText();
  return { burnt };
});

/** Now, as the house's clock has it. */
async function moment(page) {
  await page.waitForTimeout(50);
  const now = new Date().toISOString();
  await page.waitForTimeout(50);
  return now;
}

/** Balance, reserved and expected, as the sheet says them. */
async function had(page) {
  return (await page.locator("dialog .figures .money bdi").allInnerTexts()).map((text) => Number(text.replaceAll(",", "")));
}

async function spoken(page, selector) {
  return Number((await page.locator(`${selector} .money bdi`).first().innerText()).replaceAll(",", ""));
}
