// A browser wallet (EIP-6963) signs a member in, and in again on another device; one that says no signs nobody in.
import { browserWallet, NAME } from "./browser_wallet.mjs";
import { asked, check, settled, travel } from "./people.mjs";

travel(async (person) => {
  const signed = [];
  async function withWallet(name, answers) {
    const page = await person(name);
    await browserWallet(page, { answers, signed });
    await page.goto(`${asked.url}/sign-in?next=/me`);
    await settled(page);
    await page.click(`button:has-text('${NAME}')`);
    return page;
  }
  const first = await withWallet("wallet-first", true);
  await first.getByText("This device").waitFor();
  const handle = await first.inputValue("[name=handle]");
  const second = await withWallet("wallet-second", true);
  await second.getByText("This device").waitFor();
  const again = await second.inputValue("[name=handle]");
  const refused = await withWallet("wallet-refused", false);
  await refused.getByText("The wallet said no.").waitFor();
  check(signed.length === 2, `two messages were signed: ${signed.length}`);
  return { handle, again, message: signed[0] };
});
