/** Who signs what I do in this browser: its device key, or the wallet that opened the session. */
import { findWallets } from "../../api/wallet.js";
import { forgetSigner, keepSigner, keptSigner } from "../../api/wallet_acts.js";
import { h } from "../../ui/dom.js";
import { actButton } from "../../ui/sheet.js";
import { t } from "../../texts/texts.js";

/** Empty where no wallet opened the session. @param {import("../../app/context.js").Context} context */
export function signer(context) {
  const place = h("div", { class: "signer" });
  const show = async () => place.replaceChildren(...told(context, await keptSigner(), show));
  if (context.session.walletAddress !== null) void show();
  return place;
}

/** @param {import("../../app/context.js").Context} context @param {string | undefined} chosen @param {() => Promise<void>} changed */
function told({ session, signal }, chosen, changed) {
  if (chosen !== undefined) {
    const back = actButton(t("signer.device"), async () => {
      await forgetSigner();
      await changed();
    }, { class: "quiet" });
    return [h("p", null, t("signer.wallet-signs", { wallet: chosen })), back];
  }
  const ways = h("p");
  findWallets((wallet) => {
    ways.append(actButton(t("signer.wallet", { wallet: wallet.name }), async () => {
      const address = await wallet.address();
      if (address.toLowerCase() !== session.walletAddress?.toLowerCase()) throw new Error(t("signer.another"));
      await keepSigner(wallet.name);
      await changed();
    }, { class: "quiet" }));
  }, signal);
  return [h("p", { class: "faint" }, t("signer.text")), ways];
}
