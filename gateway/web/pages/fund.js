import { h } from "../ui/dom.js";
import { amount, area, choice, field, line, written } from "../ui/fields.js";
import { moneyElement, readMoney } from "../ui/money.js";
import { more } from "../ui/more.js";
import { actButton, openForm } from "../ui/sheet.js";
import { agoElement } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf, pathOf } from "../app/unions.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 */

const DAY_MS = 86_400_000;
const DEADLINE_DAYS = [7, 14, 30, 60];
const STATES = ["open", "paid_out", "refunded"];

/** What members propose to fund together. @type {import("../app/context.js").Page} */
export const fund = async (context) => {
  const union = await context.unions.of(context.params.union ?? "");
  colour(union.id);
  const { client, live, names, url, go } = context;
  const asked = url.searchParams.get("state") ?? "";
  const state = STATES.includes(asked) ? asked : "open";
  const filter = choice("state", STATES.map((name) => [name, t(`projects.${name}`)]), state);
  filter.setAttribute("aria-label", t("projects.which"));
  filter.addEventListener("change", () => go(pageOf(union.slug, `/fund?state=${filter.value}`), { replace: true }));
  return {
    title: t("way.fund"),
    content: [
      h("div", { class: "titled" }, h("h1", null, t("way.fund")), actButton(t("project.new"), async () => propose(context, union), { class: "main" })),
      h("p", { class: "faint" }, t("fund.text")),
      filter,
      more({
        read: (cursor, signal) => client.get(pathOf(union.slug, `/projects?state=${state}&limit=20${cursor}`), { signal }),
        item: (/** @type {Shapes["ProjectView"]} */ project) =>
          h(
            "li",
            null,
            h("h3", null, h("a", { href: pageOf(union.slug, `/fund/${project.id}`) }, project.title)),
            progress(project),
            h("p", { class: "faint" }, names.element(project.owner_id), " · ", agoElement(project.settled_at ?? project.deadline_at)),
          ),
        none: t(`projects.none-${state}`),
        className: "cards",
        types: ["project"],
        live,
      }),
    ],
  };
};

/** @param {Shapes["ProjectView"]} project */
export function progress(project) {
  const share = Number((BigInt(project.pledged.minor) * 1000n) / BigInt(project.target.minor)) / 10;
  return h(
    "div",
    { class: "funding" },
    h("progress", { max: 100, value: Math.min(100, share), "aria-label": t("project.progress") }),
    h("p", null, moneyElement(project.pledged), " ", t("project.of"), " ", moneyElement(project.target)),
  );
}

/** @param {Context} context @param {Shapes["UnionView"]} union */
function propose({ client, go }, union) {
  const idempotencyKey = crypto.randomUUID();
  openForm({
    title: t("project.new"),
    content: [
      field(t("project.title"), line("title", { required: true })),
      field(t("project.description"), area("description")),
      field(t("project.target", { token: union.token.symbol }), amount("target", union.token), t("project.target-hint")),
      field(t("project.deadline"), choice("days", DEADLINE_DAYS.map((days) => [String(days), t("days", { count: days })]), "30")),
    ],
    submit: t("project.propose"),
    run: async (values, onWait) => {
      const body = {
        title: written(values, "title"),
        description: written(values, "description"),
        target: readMoney(written(values, "target"), union.token),
        deadline_at: new Date(Date.now() + Number(values.get("days")) * DAY_MS).toISOString(),
      };
      const { body: made } = await client.send("POST", pathOf(union.slug, "/projects"), { body, idempotencyKey, onWait });
      go(pageOf(union.slug, `/fund/${made.id}`));
    },
  });
}
