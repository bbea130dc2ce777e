import { h } from "../ui/dom.js";
import { amount, field, written } from "../ui/fields.js";
import { moneyElement, readMoney } from "../ui/money.js";
import { more } from "../ui/more.js";
import { LiveSection } from "../ui/section.js";
import { actButton, openForm } from "../ui/sheet.js";
import { dayElement } from "../ui/time.js";
import { why } from "../ui/why.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf, pathOf } from "../app/unions.js";
import { progress } from "./fund.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 * @typedef {Shapes["ProjectView"]} Project
 * @typedef {Shapes["PledgeView"]} Pledge
 */

const TYPES = ["project", "pledge.made", "pledge.withdrawn", "project.paid", "project.refunded"];

/** One project: what is wanted, what is pledged, and what became of it. @type {import("../app/context.js").Page} */
export const project = async (context) => {
  const { client, live, params } = context;
  const union = await context.unions.of(params.union ?? "");
  colour(union.id);
  const path = pathOf(union.slug, `/projects/${encodeURIComponent(params.project ?? "")}`);
  /** @type {Project} */
  const first = await client.get(path);
  const pledges = pledgeList(context, union, first.id);
  const section = LiveSection.of({
    load: async (signal) => /** @type {Project} */ (await client.get(path, { signal })),
    render: (project) => shown(context, union, project, () => (void section.reload(), void pledges.reload())),
    types: TYPES,
    live,
  });
  return { title: first.title, content: [h("p", null, h("a", { href: pageOf(union.slug, "/fund") }, t("fund.back"))), section, h("h2", null, t("pledges")), pledges] };
};

/** @param {Context} context @param {Union} union @param {Project} project @param {() => void} changed */
function shown(context, union, project, changed) {
  const isMine = project.owner_id === context.session.member?.id;
  return [
    h("h1", null, project.title),
    h("p", { class: "faint" }, context.names.element(project.owner_id)),
    progress(project),
    h("p", { role: "status" }, t(`project.told.${project.state}`), " ", dayElement(project.settled_at ?? project.deadline_at)),
    why(t("project.why", { count: project.pledges_count }), t("project.progress")),
    project.description && h("p", { class: "written" }, project.description),
    project.refusal && h("p", { class: "problem" }, t("agreement.refusal", { code: project.refusal.replaceAll("_", " ") })),
    project.state === "open" && !isMine && actButton(t("pledge.new"), async () => pledge(context, union, project, changed), { class: "main" }),
  ];
}

/** @param {Context} context @param {Union} union @param {Project} project @param {() => void} changed */
function pledge({ client }, union, project, changed) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("pledge.for", { title: project.title }),
    content: [field(t("pay.amount", { token: union.token.symbol }), amount("amount", union.token)), h("p", { class: "faint" }, t("pledge.text"))],
    submit: t("pledge.new"),
    run: async (values, onWait) => {
      const body = { debit: { ...readMoney(written(values, "amount"), union.token), to: `projects/${project.id}` } };
      await client.send("POST", pathOf(union.slug, `/projects/${project.id}/pledges`), { body, act: true, idempotencyKey, onWait });
      changed();
    },
  });
}

/** @param {Context} context @param {Union} union @param {string} project */
function pledgeList({ client, names, live, session }, union, project) {
  const list = more({
    read: (cursor, signal) => client.get(pathOf(union.slug, `/projects/${project}/pledges?limit=25${cursor}`), { signal }),
    item: (/** @type {Pledge} */ { id, backer_id, amount, state }) =>
      h(
        "li",
        null,
        h("span", null, names.element(backer_id)),
        moneyElement(amount),
        h("span", { class: "state" }, t(`pledge.state.${state}`)),
        backer_id === session.member?.id && state === "held" && actButton(t("pledge.withdraw"), async (onWait) => {
          await client.send("DELETE", pathOf(union.slug, `/pledges/${id}`), { act: true, onWait });
          await list.reload();
        }, { class: "quiet" }),
      ),
    none: t("pledges.none"),
    types: TYPES,
    live,
  });
  return list;
}
