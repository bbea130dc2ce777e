// A browser wallet (EIP-6963) whose key the test holds; one that does not answer says no.
import { execFileSync } from "node:child_process";
import { asked } from "./people.mjs";

export const NAME = "Wallet of the Test";
const CANCELLED = 4001;

/** Before the page is opened. What is signed is added to `signed`. */
export async function browserWallet(page, { answers = true, signed = [] } = {}) {
  await page.exposeFunction("personalSign", (hex) => {
    const message = Buffer.from(hex.slice(2), "hex").toString();
    signed.push(message);
    return execFileSync(asked.python, ["-c", asked.signing, message], { cwd: asked.repository, encoding: "utf8" }).trim();
  });
  await page.exposeFunction("signTyped", (typed) => {
    signed.push(typed);
    return execFileSync(asked.python, ["-c", asked.signingTyped, typed], { cwd: asked.repository, encoding: "utf8" }).trim();
  });
  await page.addInitScript(
    ({ wallet, address, answers, cancelled }) => {
      const provider = {
        async request({ method, params }) {
          if (!answers) throw Object.assign(new Error("User rejected the request."), { code: cancelled });
          // Wallets commonly name their address in small letters, without the checksum of EIP-55.
          if (method === "eth_requestAccounts") return [address];
          return method === "eth_signTypedData_v4" ? globalThis.signTyped(params[1]) : globalThis.personalSign(params[0]);
        },
      };
      const detail = Object.freeze({ info: { uuid: "1", name: wallet, icon: "", rdns: "test" }, provider });
      const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
      window.addEventListener("eip6963:requestProvider", announce);
      announce();
    },
    { wallet: NAME, address: asked.address.toLowerCase(), answers, cancelled: CANCELLED },
  );
}
