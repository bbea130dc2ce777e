/** Inviting a list of people, each by a link of their own, and what becomes of the links. */
import { h } from "../../ui/dom.js";
import { download } from "../../ui/download.js";
import { choice, field } from "../../ui/fields.js";
import { more } from "../../ui/more.js";
import { LiveSection } from "../../ui/section.js";
import { actButton, openForm, openSheet } from "../../ui/sheet.js";
import { dayElement } from "../../ui/time.js";
import { figure } from "../../ui/why.js";
import { language, t } from "../../texts/texts.js";
import { pathOf } from "../../app/unions.js";
import { pieces, readPeople, recordsOf } from "./people_file.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["InvitationListView"]} List
 */

const MONTH_SECONDS = 2_592_000;
const REFUSALS_SHOWN = 10;

/** For who admits. @param {Context} context @param {Union} union */
export function invitationLists(context, union) {
  const path = pathOf(union.slug, "/invitation-lists");
  const lists = more({
    read: (cursor, signal) => context.client.get(`${path}?limit=10${cursor}`, { signal }),
    item: (/** @type {List} */ list) =>
      h(
        "li",
        null,
        dayElement(list.created_at),
        h("span", null, t("lists.made", { count: list.made_count })),
        list.refused_count > 0 && h("span", { class: "faint" }, t("lists.refused", { count: list.refused_count })),
        list.ended_at !== null && h("span", { class: "faint" }, t("lists.over")),
        actButton(t("lists.look"), async () => look(context, `${path}/${list.id}`, list, () => void lists.reload()), { class: "quiet" }),
      ),
    none: t("lists.none"),
  });
  return h("div", null, actButton(t("lists.begin"), async () => begin(context, union, () => void lists.reload())), lists);
}

/** @param {Context} context @param {Union} union @param {() => void} changed */
async function begin({ client }, union, changed) {
  /** @type {Shapes["NoticeChannelsView"]} */
  const channels = await client.get("/v1/me/notice-channels");
  const file = h("input", { type: "file", name: "people", accept: ".csv,.tsv,.txt,text/csv", required: true });
  // One list a file: sent again, what is there stays; another file is another list.
  let idempotencyKey = crypto.randomUUID();
  file.addEventListener("change", () => (idempotencyKey = crypto.randomUUID()));
  const progress = h("progress", { value: 0, max: 1, hidden: true, "aria-label": t("lists.progress") });
  openForm({
    title: t("lists.begin"),
    content: [
      h("p", null, t("lists.text")),
      field(t("lists.file"), file, t("lists.file-hint")),
      channels.has_email && h("label", { class: "check" }, h("input", { type: "checkbox", name: "send" }), h("span", null, t("lists.send"), h("small", null, t("lists.send-hint")))),
      channels.has_email && field(t("lists.language"), choice("language", [["en", "English"], ["de", "Deutsch"]], language())),
      progress,
    ],
    submit: t("lists.make"),
    run: async (form, onWait) => {
      const chosen = file.files?.[0];
      const people = chosen ? readPeople(await chosen.arrayBuffer()) : null;
      if (!chosen || people === null) throw new Error(t("lists.nobody"));
      const body = { rows_max: people.rows.length, valid_seconds: MONTH_SECONDS, sends_email: form.get("send") !== null, language: form.get("language") ?? language() };
      const path = pathOf(union.slug, "/invitation-lists");
      /** @type {List} */
      const made = (await client.send("POST", path, { body, act: true, idempotencyKey, onWait })).body;
      let table = "line,name,e-mail,link\r\n";
      progress.hidden = false;
      progress.value = 0;
      progress.max = people.rows.length;
      for (const rows of pieces(people)) {
        /** @type {Shapes["FilledView"]} */
        const filled = (await client.send("PUT", `${path}/${made.id}/rows/${rows[0]?.line}`, { body: { header: people.header, records: recordsOf(rows) }, act: true, onWait })).body;
        table += filled.table;
        progress.value += rows.length;
      }
      download(`${chosen.name.replace(/\.\w+$/, "")}.links.csv`, new Blob([table], { type: "text/csv" }));
      changed();
    },
  });
}

/** @param {Context} context @param {string} path @param {List} list @param {() => void} changed */
function look({ client, names }, path, list, changed) {
  const figures = LiveSection.of({
    load: async (signal) => {
      const [shown, refusals] = await Promise.all([
        /** @type {Promise<Shapes["InvitationListFiguresView"]>} */ (client.get(path, { signal })),
        /** @type {Promise<Shapes["Page_RefusedRowView_"]>} */ (client.get(`${path}/refusals?limit=${REFUSALS_SHOWN}`, { signal })),
      ]);
      return { shown, refusals };
    },
    render: ({ shown, refusals }) => [
      h(
        "dl",
        { class: "figures" },
        figure(t("lists.links"), shown.made_count),
        shown.sends_email && figure(t("lists.mailed"), shown.mailed_count),
        shown.waiting_count > 0 && figure(t("lists.waiting"), shown.waiting_count),
        shown.not_mailed_count > 0 && figure(t("lists.not-mailed"), shown.not_mailed_count),
        figure(t("lists.opened"), shown.opened_count),
        figure(t("lists.joined"), shown.joined_count),
      ),
      shown.refused_count > 0 && [h("h3", null, t("lists.refused", { count: shown.refused_count })), h("ul", { class: "rows" }, refusals.items.map(({ line, ground }) => h("li", null, t("lists.line", { line }), h("span", { class: "faint" }, t(`lists.ground.${ground}`)))))],
    ].flat(),
  });
  const people = more({
    read: (cursor, signal) => client.get(`${path}/people?limit=50${cursor}`, { signal }),
    item: (/** @type {Shapes["ListedPersonView"]} */ person) =>
      h("li", null, person.member ? names.element(person.member.id) : person.name || t("lists.line", { line: person.line }), h("span", { class: "faint" }, stateOf(person)), person.mail_fault && h("span", { class: "faint" }, person.mail_fault)),
    none: t("lists.nobody-left"),
  });
  const sheet = openSheet(t("lists.look"), [
    figures,
    people,
    list.ended_at === null &&
      actButton(t("lists.end"), async (onWait) => {
        await client.send("DELETE", path, { act: true, onWait });
        sheet.close();
        changed();
      }, { class: "quiet" }),
  ]);
}

/** @param {Shapes["ListedPersonView"]} person */
function stateOf({ joined_at, opened_at, mailed_at, mail_due_at }) {
  if (joined_at) return t("lists.joined");
  if (opened_at) return t("lists.opened");
  if (mailed_at) return t("lists.mailed");
  return mail_due_at ? t("lists.waiting") : t("lists.made-state");
}
