/** New rules that a member is asked to accept: what changed, by when, what silence means, and the act. */
import { Refused } from "../api/problem.js";
import { h } from "../ui/dom.js";
import { LiveSection } from "../ui/section.js";
import { actButton } from "../ui/sheet.js";
import { dayText } from "../ui/time.js";
import { toast } from "../ui/toast.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";
import { showDiff } from "./charter_diff.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {Shapes["AcceptanceView"]} Asked
 */

/** Nothing where nothing is asked. @param {Context} context @param {{slug: string}} union */
export const askedToAccept = (context, union) =>
  LiveSection.of({
    load: async (signal) => (context.session.member === null ? null : /** @type {Asked | null} */ (await context.client.get(pathOf(union.slug, "/memberships/me/acceptance"), { signal }).catch(noMember))),
    render: (asked) => (asked && (asked.state === "due" || asked.state === "overdue") ? banner(context, union, asked) : []),
    types: ["union", "membership"],
    live: context.live,
  });

/** @param {unknown} error */
function noMember(error) {
  if (error instanceof Refused && error.status < 500) return null;
  throw error;
}

/** @param {Context} context @param {{slug: string}} union @param {Asked} asked */
function banner(context, union, asked) {
  const { client, unions } = context;
  const { accepted_version, version_in_force, hash_in_force, grace_ends_at, by_silence } = asked;
  const until = grace_ends_at ? dayText(grace_ends_at) : "";
  return h(
    "section",
    { class: "card asked" },
    h("h2", null, t("accept.title")),
    h("p", null, asked.state === "due" ? t(`accept.due.${by_silence}`, { until }) : t("accept.overdue")),
    h(
      "p",
      { class: "ways" },
      actButton(t("accept.changed"), () => showDiff(context, union, accepted_version, version_in_force), { class: "quiet" }),
      actButton(
        t("accept.act"),
        async (onWait) => {
          const body = { charter_version: version_in_force, charter_hash: hash_in_force };
          await client.send("PUT", pathOf(union.slug, "/memberships/me/acceptance"), { body, act: true, onWait });
          unions.forget();
          toast(t("accept.done"));
        },
        { class: "main" },
      ),
    ),
  );
}

/** How many have accepted what was asked last; nothing where nobody was. @param {Context} context @param {{slug: string}} union */
export const acceptedCount = ({ client, live }, union) =>
  LiveSection.of({
    load: async (signal) => /** @type {Shapes["AcceptancesView"]} */ (await client.get(pathOf(union.slug, "/charter/acceptances"), { signal })),
    render: ({ charter_version, asking, accepted_count, members_count }) =>
      charter_version !== null && asking
        ? h("p", { class: "faint" }, t("accept.counted", { version: charter_version, accepted: accepted_count, members: members_count, until: dayText(asking.grace_ends_at) }))
        : [],
    types: ["union", "membership"],
    live,
  });
