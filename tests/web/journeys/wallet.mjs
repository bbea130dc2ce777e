// A browser wallet (EIP-6963) signs a member in, and in again on another device; one that says no signs nobody in.
import { execFileSync } from "node:child_process";
import { asked, check, settled, travel } from "./people.mjs";

const NAME = "Wallet of the Test";
const CANCELLED = 4001;

travel(async (person) => {
  const signed = [];
  async function withWallet(name, answers) {
    const page = await person(name);
    await page.exposeFunction("personalSign", (hex) => {
      const message = Buffer.from(hex.slice(2), "hex").toString();
      signed.push(message);
      return execFileSync(asked.python, ["-c", asked.signing, message], { cwd: asked.repository, encoding: "utf8" }).trim();
    });
    await page.addInitScript(
      ({ wallet, address, answers, cancelled }) => {
        const provider = {
          async request({ method, params }) {
            if (!answers) throw Object.assign(new Error("User rejected the request."), { code: cancelled });
            // Wallets commonly name their address in small letters, without the checksum of EIP-55.
            return method === "eth_requestAccounts" ? [address] : globalThis.personalSign(params[0]);
          },
        };
        const detail = Object.freeze({ info: { uuid: "1", name: wallet, icon: "", rdns: "test" }, provider });
        const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
        window.addEventListener("eip6963:requestProvider", announce);
        announce();
      },
      { wallet: NAME, address: asked.address.toLowerCase(), answers, cancelled: CANCELLED },
    );
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
