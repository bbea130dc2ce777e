/** Whom a member means, found by the beginning of the handle among the members of a union, or of several. */
import { Refused } from "../api/problem.js";
import { h } from "../ui/dom.js";
import { field, line, written } from "../ui/fields.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";

const TYPING_MS = 200;
const SUGGESTED = 8;

/** @param {import("../app/context.js").Context} context @param {string | readonly string[]} unions @param {string} label @param {string} [handle] chosen already */
export function memberField({ client }, unions, label, handle = "") {
  const suggestions = h("datalist", { id: `handles-${crypto.randomUUID()}` });
  const control = line("handle", { required: true, maxlength: 40, list: suggestions.id, autocapitalize: "none", spellcheck: "false", value: handle });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  control.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const begun = bare(control.value);
      if (!begun) return;
      const pages = await Promise.all([unions].flat().map((union) => client.get(pathOf(union, `/memberships?handle=${encodeURIComponent(begun)}&limit=${SUGGESTED}`)).catch(() => ({ items: [] }))));
      const names = new Map(pages.flatMap(({ items }) => items).map(({ member }) => [member.handle, member.name]));
      suggestions.replaceChildren(...[...names].slice(0, SUGGESTED).map(([value, name]) => h("option", { value }, name)));
    }, TYPING_MS);
  });
  return h("div", null, field(label, control, t("member.hint")), suggestions);
}

/** The member who is named there. Raises Refused, Error. @param {import("../app/context.js").Context} context @param {FormData} values */
export const namedMember = (context, values) => memberOf(context, written(values, "handle"));

/** The member of a handle as it was written. Raises Refused, Error. @param {import("../app/context.js").Context} context @param {string} named @returns {Promise<import("../ui/names.js").Named>} */
export async function memberOf({ client }, named) {
  const handle = bare(named);
  try {
    return await client.get(`/v1/members/${encodeURIComponent(handle)}`);
  } catch (error) {
    if (error instanceof Refused && error.status === 404) throw new Error(t("member.none", { handle }));
    throw error;
  }
}

/** A handle as it is kept. @param {string} written */
export const bare = (written) => written.trim().replace(/^@/, "").toLowerCase();
