/** What one of my devices signed: the newest first, each kept as a file that proves itself. */
import { download } from "../../ui/download.js";
import { h } from "../../ui/dom.js";
import { more } from "../../ui/more.js";
import { actButton, openSheet } from "../../ui/sheet.js";
import { momentElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 */

const ROWS = 20;

/** A button that shows them. @param {Context} context @param {string} path of the device @param {string} called */
export const signed = (context, path, called) =>
  h("button", { type: "button", class: "quiet", "data-key": `signed ${path}`, onclick: () => openSheet(t("me.signed-by", { name: called }), list(context, path)) }, t("me.signed"));

/** @param {Context} context @param {string} path */
function list({ client }, path) {
  const lacking = h("p", { class: "problem", role: "status", hidden: true }, t("me.signed-lacking"));
  const acts = more({
    read: async (cursor, signal) => {
      const page = /** @type {Shapes["SignedActListView"]} */ (await client.get(`${path}/acts?limit=${ROWS}${cursor}`, { signal }));
      if (page.missing.length > 0) lacking.hidden = false;
      return page;
    },
    item: (act) => row(act),
    none: t("me.signed-none"),
  });
  /** @param {Shapes["SignedActView"]} act */
  function row({ id, signed_at, method, path: target }) {
    const keeping = actButton(t("me.signed-keep"), async () => {
      const file = await client.get(`${path}/acts/${id}`);
      download(`act-${id}.json`, new Blob([`${JSON.stringify(file)}\n`], { type: "application/json" }));
    }, { class: "quiet", "data-key": `keep ${id}` });
    return h("li", null, h("span", null, h("code", { class: "long" }, `${method} ${target}`)), h("span", { class: "faint" }, momentElement(signed_at)), keeping);
  }
  return h("div", null, h("p", { class: "faint" }, t("me.signed-text")), lacking, acts);
}
