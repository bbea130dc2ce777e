/** What of a union's way in is so for who wants to come in, and what they can prove. */
import { h } from "../../ui/dom.js";
import { area, field, written } from "../../ui/fields.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { dayElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { pathOf } from "../../app/unions.js";
import { wayText, waysIn } from "./rule.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["OwnProofsView"]} Proofs
 */

const CREDENTIAL_MAX_CHARACTERS = 16_384;

/** Null for who is not signed in. @param {Context} context @param {Union} union @param {AbortSignal} signal @returns {Promise<Proofs | null>} */
export async function ownProofs({ client, session }, union, signal) {
  return session.member === null ? null : client.get(pathOf(union.slug, "/admission-proofs/mine"), { signal });
}

/** Nothing where one way alone is asked for that one proves nothing for. @param {Context} context @param {Union} union @param {string} rule @param {Proofs | null} proofs @param {() => void} changed */
export function proving(context, union, rule, proofs, changed) {
  const ways = waysIn(rule);
  const asksProof = ways.includes("credential") || ways.includes("token");
  if (proofs === null) return asksProof ? h("p", { class: "faint" }, t("proof.sign-in")) : null;
  const shown = proofs.ways.filter(({ is_so }) => is_so !== null);
  if (!asksProof && shown.length < 2) return null;
  return h(
    "div",
    null,
    h("h3", null, t("proof")),
    h(
      "ul",
      { class: "rows" },
      shown.map(({ way, is_so, valid_until }) =>
        h("li", null, h("span", { "aria-hidden": "true" }, is_so ? "✓" : "–"), h("span", null, wayText(way)), h("span", { class: "faint" }, t(is_so ? "proof.so" : "proof.not-so"), valid_until && [", ", t("proof.until"), " ", dayElement(valid_until)])),
      ),
    ),
    ways.includes("token") && actButton(t("proof.balance"), async (onWait) => looking(context, union, changed, onWait), { class: "quiet" }),
    ways.includes("credential") && actButton(t("proof.credential"), async () => presenting(context, union, changed), { class: "quiet" }),
  );
}

/** @param {Context} context @param {Union} union @param {() => void} changed @param {import("../../ui/sheet.js").OnWait} onWait */
async function looking({ client }, union, changed, onWait) {
  await client.send("PUT", pathOf(union.slug, "/admission-proofs/mine/balance"), { act: true, onWait });
  changed();
}

/** @param {Context} context @param {Union} union @param {() => void} changed */
function presenting({ client, session }, union, changed) {
  openForm({
    title: t("proof.credential"),
    content: [
      h("p", null, t("proof.credential-text")),
      h("p", null, h("code", null, `${location.origin}/v1/members/${session.member?.id ?? ""}`)),
      field(t("proof.credential-field"), area("credential", { required: true, maxlength: CREDENTIAL_MAX_CHARACTERS, spellcheck: "false", autocapitalize: "none" }), t("proof.credential-hint")),
    ],
    submit: t("proof.present"),
    run: async (form, onWait) => {
      const body = { credential: written(form, "credential") };
      await client.send("PUT", pathOf(union.slug, "/admission-proofs/mine/credential"), { body, act: true, onWait });
      changed();
    },
  });
}
