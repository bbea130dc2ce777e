/** The way in, in one form with what the member came for: passkey, wallet, or a session that is there already. */
import { findWallets } from "../api/wallet.js";
import { browserHasPasskeys } from "../api/passkey.js";
import { Refused } from "../api/problem.js";
import { h } from "./dom.js";
import { field, line, written } from "./fields.js";
import { actButton, actForm } from "./sheet.js";
import { t } from "../texts/texts.js";

const NAME_MAX_CHARACTERS = 80;
const HANDLE_MAX_CHARACTERS = 30;

/**
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {import("./sheet.js").OnWait} OnWait
 */

/**
 * @param {Context} context
 * @param {{content: import("./dom.js").Child[], words: string, act: (values: FormData, onWait: OnWait) => Promise<unknown>}} parts
 * @returns {HTMLElement}
 */
export function entrance(context, { content, words, act }) {
  const { session } = context;
  if (session.member !== null) return actForm(content, words, act);
  const name = field(t("entrance.name"), line("member_name", { required: true, maxlength: NAME_MAX_CHARACTERS, autocomplete: "name" }), t("entrance.name-hint"));
  const ways = h("div", { class: "ways" });
  const form = actForm([...content, name], t("entrance.with-passkey", { act: words }), async (values, onWait) => {
    if (session.member === null) await session.createPasskey(written(values, "member_name"));
    await introduce(context, written(values, "member_name"));
    await act(values, onWait);
  });
  /** @param {string} text @param {() => Promise<void>} enter */
  const otherWay = (text, enter) =>
    actButton(text, async (onWait) => {
      if (!withoutName(form)) return;
      if (session.member === null) await enter();
      const values = new FormData(form);
      await introduce(context, written(values, "member_name"));
      await act(values, onWait);
    });
  ways.append(otherWay(t("entrance.have-passkey"), () => session.usePasskey()));
  findWallets((wallet) => ways.append(otherWay(t("entrance.wallet", { wallet: wallet.name }), () => session.useWallet(wallet))), context.signal);
  form.append(h("details", { class: "other-ways" }, h("summary", null, t("entrance.other")), ways));
  if (!browserHasPasskeys()) form.prepend(h("p", { class: "problem" }, t("entrance.no-passkeys")));
  void saysWhereNone(context, form);
  return form;
}

/** @param {Context} context @param {HTMLFormElement} form */
async function saysWhereNone({ session }, form) {
  const offers = await session.offersPasskeys().catch(() => true);
  if (!offers) form.prepend(h("p", { class: "problem" }, t("entrance.no-passkeys-here")));
}

/** Who comes back has a name already. @param {HTMLFormElement} form */
function withoutName(form) {
  const name = /** @type {HTMLInputElement} */ (form.elements.namedItem("member_name"));
  name.required = false;
  const fits = form.reportValidity();
  name.required = true;
  return fits;
}

/** Say one's name, where none was said yet; a handle is made of it where that one is free. @param {Context} context @param {string} name */
async function introduce({ client }, name) {
  if (!name) return;
  const { body: me, headers } = await client.send("GET", "/v1/me");
  if (me.name) return;
  const ifMatch = headers.get("etag") ?? "";
  const handle = handleOf(name);
  for (const body of [...(handle ? [{ name, handle }, { name, handle: `${handle}-${drawn()}` }] : []), { name }]) {
    try {
      await client.send("PATCH", "/v1/me", { body, ifMatch });
      return;
    } catch (error) {
      if (!(error instanceof Refused) || !("handle" in body)) throw error;
    }
  }
}

/** Digits that make a handle one's own. */
const drawn = () => String(1_000 + ((crypto.getRandomValues(new Uint16Array(1))[0] ?? 0) % 9_000));

/** @param {string} name */
const handleOf = (name) =>
  name.normalize("NFKD").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "").slice(0, HANDLE_MAX_CHARACTERS - 5);
