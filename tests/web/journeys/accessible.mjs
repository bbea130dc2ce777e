// No serious fault of accessibility in what is shown, light or dark, and it fits the width. The page's policy has to be bypassed (`bypassCSP`).
import { readFileSync } from "node:fs";
import { check } from "./people.mjs";

const AXE = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const SERIOUS = ["serious", "critical"];

/** What is wrong, in words; nothing where all is well. */
export async function faultsOf(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  return violations.filter(({ impact }) => SERIOUS.includes(impact)).map(({ id, nodes }) => `${id} ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

export async function accessible(page, what) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const faults = await faultsOf(page);
    check(faults.length === 0, `${what} is accessible, ${colorScheme}: ${faults.join("; ")}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what} fits a phone`);
  check(await page.evaluate(() => [...document.querySelectorAll("dialog")].every((sheet) => sheet.scrollWidth <= sheet.clientWidth)), `the sheet of ${what} fits a phone`);
}
