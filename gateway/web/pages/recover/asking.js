/** The form by which one asks to be let back in: whose account, by whom or what, and a new key. */
import { browserHasPasskeys } from "../../api/passkey.js";
import { askRecovery } from "../../api/recoveries.js";
import { findWallets } from "../../api/wallet.js";
import { h } from "../../ui/dom.js";
import { area, choice, field, line, written } from "../../ui/fields.js";
import { actButton, actForm } from "../../ui/sheet.js";
import { t } from "../../texts/texts.js";
import { bare } from "../member_field.js";

/** @typedef {import("../../app/context.js").Context} Context */

/** @param {Context} context */
export function asking({ session, signal, go }) {
  const way = choice("way", [["guardians", t("recover.by-guardians")], ["code", t("recover.by-code")]]);
  const code = line("code", { required: true, maxlength: 64, autocapitalize: "characters", spellcheck: "false" });
  const byGuardians = field(t("recover.greeting"), area("greeting", { maxlength: 500, rows: 3 }), t("recover.greeting-hint"));
  const byCode = field(t("recover.code"), code, t("recover.code-hint"));
  const told = h("p", { class: "faint" });
  const chosen = () => {
    const isByCode = way.value === "code";
    byGuardians.hidden = isByCode;
    byCode.hidden = code.disabled = !isByCode;
    told.textContent = t(isByCode ? "recover.code-text" : "recover.guardians-text");
  };
  way.addEventListener("change", chosen);
  /** @param {FormData} values @param {import("../../api/wallet.js").Wallet | null} wallet */
  const ask = async (values, wallet) => {
    const isByCode = written(values, "way") === "code";
    await askRecovery(session, { member: bare(written(values, "handle")), code: isByCode ? written(values, "code") : null, greeting: isByCode ? "" : written(values, "greeting") }, wallet);
    go("/recover", { replace: true });
  };
  const form = actForm(
    [
      field(t("recover.handle"), line("handle", { required: true, maxlength: 64, autocapitalize: "none", spellcheck: "false", pattern: "@?[A-Za-z0-9\\-]+" }), t("recover.handle-hint")),
      field(t("recover.way"), way),
      told,
      byCode,
      byGuardians,
      h("p", { class: "faint" }, t("recover.new-key-text")),
    ],
    t("recover.with-passkey"),
    (values) => ask(values, null),
  );
  if (!browserHasPasskeys()) form.prepend(h("p", { class: "problem" }, t("entrance.no-passkeys")));
  const ways = h("div", { class: "ways" });
  findWallets((wallet) => {
    ways.append(actButton(t("recover.with-wallet", { wallet: wallet.name }), async () => {
      if (form.reportValidity()) await ask(new FormData(form), wallet);
    }));
  }, signal);
  form.append(ways);
  chosen();
  return [h("p", null, t("recover.text")), form];
}
