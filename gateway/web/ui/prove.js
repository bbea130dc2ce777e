/** The sheet that asks for a key once more, before what a stolen session may not do. */
import { browserHasPasskeys } from "../api/passkey.js";
import { findWallets } from "../api/wallet.js";
import { h } from "./dom.js";
import { actButton, openSheet } from "./sheet.js";
import { t } from "../texts/texts.js";

/** Fulfilled once a key was proven. Raises AbortError where the sheet is closed. @param {import("../api/session.js").Session} session @returns {Promise<void>} */
export function askProof(session) {
  return new Promise((resolve, reject) => {
    const closed = new AbortController();
    const ways = h("div", { class: "ways" });
    const sheet = openSheet(t("prove.title"), [h("p", null, t("prove.text")), ways]);
    /** @param {string} words @param {() => Promise<void>} prove @param {string} [kind] */
    const way = (words, prove, kind) =>
      ways.append(actButton(words, async () => {
        await prove();
        resolve();
        sheet.close();
      }, { class: kind }));
    sheet.addEventListener("close", () => {
      closed.abort();
      reject(new DOMException("the sheet was closed", "AbortError"));
    });
    if (browserHasPasskeys()) way(t("sign-in.passkey"), () => session.provePasskey(), "main");
    findWallets((wallet) => way(t("entrance.wallet", { wallet: wallet.name }), () => session.proveWallet(wallet)), closed.signal);
  });
}
