/** The sheet in which guardians are named by their handles, and how many of them have to agree. */
import { h } from "../../ui/dom.js";
import { field, line, written } from "../../ui/fields.js";
import { openForm } from "../../ui/sheet.js";
import { t } from "../../texts/texts.js";
import { bare, memberField } from "../member_field.js";

/** No single friend takes an account. */
const NEEDED_MIN = 2;
const ROWS_AT_FIRST = 3;
const UNIONS_SEARCHED_MAX = 3;

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 */

/** @param {Context} context @param {Shapes["GuardianSetView"] | null} set from which one begins @param {() => Promise<void>} changed */
export async function openNaming(context, set, changed) {
  const { client } = context;
  const unions = await unionsOf(context);
  const rows = h("div");
  const add = (handle = "") => {
    const row = memberField(context, unions, t("guardians.no", { number: rows.children.length + 1 }), handle);
    const control = /** @type {HTMLInputElement} */ (row.querySelector("input"));
    control.required = rows.children.length < NEEDED_MIN;
    rows.append(row);
    return control;
  };
  for (const { handle } of set?.guardians ?? []) add(handle);
  while (rows.children.length < ROWS_AT_FIRST) add();
  const threshold = line("threshold", { type: "number", inputmode: "numeric", required: true, min: NEEDED_MIN, max: 100, maxlength: null, value: set?.threshold ?? NEEDED_MIN });
  openForm({
    title: t("guardians.name"),
    content: [
      h("p", null, t("guardians.name-text")),
      rows,
      h("p", null, h("button", { type: "button", onclick: () => add().focus() }, t("guardians.add"))),
      field(t("guardians.needed"), threshold, t("guardians.needed-hint")),
    ],
    submit: t("guardians.name"),
    run: async (values, onWait) => {
      const guardians = values.getAll("handle").map((value) => bare(String(value))).filter(Boolean);
      const body = { guardians, threshold: Number(written(values, "threshold")) };
      await client.send("PUT", "/v1/me/guardians", { body, act: true, onWait });
      await changed();
    },
  });
}

/** In which handles are found as they are typed; none where that cannot be read. @param {Context} context @returns {Promise<string[]>} */
async function unionsOf({ client, signal }) {
  /** @type {Shapes["OwnMembershipView"][]} */
  const all = await client.all("/v1/me/memberships?limit=100", 100, { signal }).catch(() => []);
  return all.filter(({ state }) => state === "active").slice(0, UNIONS_SEARCHED_MAX).map(({ slug }) => slug);
}
