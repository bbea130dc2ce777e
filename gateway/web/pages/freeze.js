/** An account that the union has frozen: what its member is told, and how an officer freezes and thaws it. */
import { memberAccountId } from "../api/account_id.js";
import { Refused } from "../api/problem.js";
import { h } from "../ui/dom.js";
import { field, line, written } from "../ui/fields.js";
import { LiveSection } from "../ui/section.js";
import { actButton, openForm } from "../ui/sheet.js";
import { momentElement } from "../ui/time.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";

const TYPES = ["freeze"];
const DAY_MS = 86_400_000;
const DAYS_MAX = 30;
const CHOSEN_DAYS = 7;

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["UnionView"]} Union
 */

/** @param {Union} union @param {string} account */
const freezeOf = (union, account) => pathOf(union.slug, `/accounts/${account}/freeze`);

/** Until when and why, and what still works; nothing where it is not frozen. @param {Context} context @param {Union} union @param {Shapes["AccountView"]} account */
export const frozen = ({ client, live }, union, { id, frozen_until }) =>
  frozen_until &&
  h(
    "div",
    { class: "problem frozen" },
    h("p", null, h("strong", null, t("frozen.until"), " ", momentElement(frozen_until))),
    LiveSection.of({
      load: async (signal) => /** @type {Shapes["FreezeView"]} */ (await client.get(freezeOf(union, id), { signal })),
      render: ({ reason }) => reason && h("p", null, t("frozen.why"), " ", h("q", null, h("bdi", null, reason))),
      types: TYPES,
      live,
    }),
    h("p", null, t("frozen.works")),
  );

/** What an officer sees of a member's account, and does to it; nothing of who has none. @param {Context} context @param {Union} union @param {string} member id */
export function freezing({ client, live, names }, union, member) {
  const section = LiveSection.of({
    load: async (signal) => /** @type {Promise<Shapes["FreezeView"] | null>} */ (client.get(freezeOf(union, await memberAccountId(union.id, member)), { signal }).catch(noAccount)),
    render: (shown) => {
      if (shown === null) return null;
      const { account_id, state, until, reason, officer_id } = shown;
      const path = freezeOf(union, account_id);
      const isFrozen = state === "frozen";
      const changed = () => void section.reload();
      return [
        h("h2", null, t("freeze.account")),
        isFrozen && until
          ? [
              h("p", null, t("freeze.frozen-until"), " ", momentElement(until), " · ", names.element(officer_id)),
              h("p", null, t("frozen.why"), " ", h("q", null, h("bdi", null, reason))),
            ]
          : h("p", { class: "faint" }, t("freeze.not")),
        h(
          "div",
          { class: "buttons" },
          actButton(t(isFrozen ? "freeze.change" : "freeze"), async () => freeze(client, path, reason ?? "", changed), { class: "quiet", "data-key": "freeze" }),
          isFrozen && actButton(t("freeze.thaw"), async (onWait) => {
            await client.send("DELETE", path, { act: true, onWait });
            changed();
          }, { "data-key": "thaw" }),
        ),
      ].flat();
    },
    types: TYPES,
    live,
  });
  return section;
}

/** @param {unknown} error */
function noAccount(error) {
  if (error instanceof Refused && error.slug === "account-not-found") return null;
  throw error;
}

/** @param {import("../api/client.js").Client} client @param {string} path @param {string} reason @param {() => void} changed */
function freeze(client, path, reason, changed) {
  openForm({
    title: t("freeze"),
    content: [
      h("p", null, t("freeze.text")),
      field(t("freeze.reason"), line("reason", { required: true, maxlength: 280, value: reason }), t("freeze.reason-hint")),
      field(t("freeze.days"), line("days", { type: "number", inputmode: "numeric", required: true, min: 1, max: DAYS_MAX, maxlength: null, value: CHOSEN_DAYS })),
    ],
    submit: t("freeze.act"),
    dangerous: true,
    run: async (values, onWait) => {
      const until = new Date(Date.now() + Number(written(values, "days")) * DAY_MS).toISOString();
      await client.send("PUT", path, { body: { until, reason: written(values, "reason") }, act: true, onWait });
      changed();
    },
  });
}
