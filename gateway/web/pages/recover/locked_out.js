/** What keeps a key out that is known: it waits to be let in itself, or its account is locked meanwhile. */
import { browserHasPasskeys } from "../../api/passkey.js";
import { Refused } from "../../api/problem.js";
import { cancelRecovery, keepRecovery } from "../../api/recoveries.js";
import { findWallets } from "../../api/wallet.js";
import { h } from "../../ui/dom.js";
import { actButton, openSheet } from "../../ui/sheet.js";
import { momentElement } from "../../ui/time.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../texts/texts.js";

/** @typedef {import("../../app/context.js").Context} Context */

/** Whether that signed in; where there is a way on, the member is led to it. @param {Context} context @param {() => Promise<void>} enter */
export async function entered(context, enter) {
  try {
    await enter();
    return true;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    const id = String(error.problem.recovery_id);
    if (error.slug === "key-awaits-recovery") {
      await keepRecovery(id);
      context.go("/recover");
    } else if (error.slug === "account-locked") openLocked(context, id, error.problem.waits_until);
    else throw error;
    return false;
  }
}

/** @param {Context} context @param {string} id of the recovery @param {unknown} until when the keys are replaced */
function openLocked({ session, signal }, id, until) {
  const ways = h("div", { class: "ways" });
  const sheet = openSheet(t("locked"), [
    h("p", null, t("locked.text")),
    typeof until === "string" && h("p", null, h("strong", null, t("recovery.waits-until"), " ", momentElement(until), ".")),
    h("p", null, t("locked.cancel-text")),
    ways,
  ]);
  const closed = new AbortController();
  sheet.addEventListener("close", () => closed.abort());
  /** @param {string} words @param {import("../../api/wallet.js").Wallet | null} wallet */
  const way = (words, wallet) =>
    ways.append(actButton(words, async () => {
      await cancelRecovery(session, id, wallet);
      sheet.close();
      toast(t("locked.cancelled"));
    }));
  if (browserHasPasskeys()) way(t("locked.cancel-by-passkey"), null);
  findWallets((wallet) => way(t("locked.cancel-by-wallet", { wallet: wallet.name }), wallet), AbortSignal.any([closed.signal, signal]));
}
