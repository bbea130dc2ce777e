/** What who is signed in may do in a union: who holds the founder's office everything, others what the offices give that they hold. */
import { LiveSection } from "../ui/section.js";
import { pathOf } from "./unions.js";

const OFFICES_MAX = 500;
const HOLDERS_MAX = 500;

export const RIGHTS = ["admit", "amend", "audit", "moderate", "spend"];

/** Of events after which they may be others: who is given an office or loses one is told so; the founder's passes with the union. */
export const RIGHTS_TYPES = ["membership", "notice.made", "union"];

/**
 * @typedef {import("./context.js").Shapes} Shapes
 * @typedef {import("./context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {{offices: Shapes["OfficeView"][], holdings: Shapes["HoldingView"][]}} Tree
 */

/** The offices, and who holds them. @param {Context["client"]} client @param {Union} union @param {AbortSignal} signal @returns {Promise<Tree>} */
export async function readTree(client, union, signal) {
  const [offices, holdings] = await Promise.all([
    client.all(pathOf(union.slug, "/offices?limit=100"), OFFICES_MAX, { signal }),
    client.all(pathOf(union.slug, "/offices/register?held=true&limit=100"), HOLDERS_MAX, { signal }),
  ]);
  return { offices, holdings };
}

/** Each once. @param {Context} context @param {Union} union @param {Tree} tree @returns {string[]} */
export function rightsWithin({ session }, union, { offices, holdings }) {
  const me = session.member?.id;
  if (me === undefined) return [];
  if (me === union.head.id) return RIGHTS;
  const mine = holdings.filter(({ member }) => member?.id === me).map(({ office_id }) => office_id);
  const given = offices.filter(({ id }) => mine.includes(id)).flatMap(({ present_rights }) => present_rights);
  return RIGHTS.filter((right) => given.some((one) => one.right === right));
}

/** Each once; of who is not signed in, and of who holds the founder's office, without asking. @param {Context} context @param {Union} union @param {AbortSignal} signal */
export async function rightsOf(context, union, signal) {
  const me = context.session.member?.id;
  const present = await context.unions.of(union.slug);
  const isAsked = me !== undefined && me !== present.head.id;
  return rightsWithin(context, present, isAsked ? await readTree(context.client, union, signal) : { offices: [], holdings: [] });
}

/** A part of a page that shows what one's rights open, and changes with them. @param {Context} context @param {Union} union @param {(rights: string[]) => import("../ui/dom.js").Child | import("../ui/dom.js").Child[]} render */
export const forRights = (context, union, render) =>
  LiveSection.of({ load: (signal) => rightsOf(context, union, signal), render, types: RIGHTS_TYPES, live: context.live }, "rights");
