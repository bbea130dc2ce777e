/** New keys that somebody asks for: to my own account, and to those of whom I am a guardian. */
import { OF_ACCOUNT } from "../../api/live.js";
import { h } from "../../ui/dom.js";
import { fingerprintElement } from "../../ui/fingerprint.js";
import { nameText } from "../../ui/names.js";
import { LiveSection } from "../../ui/section.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { momentElement } from "../../ui/time.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../texts/texts.js";

const READ_MAX = 200;

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {Shapes["ShownRecoveryView"]} Recovery
 */

/** @param {Context} context */
export function recoveries(context) {
  /** @type {LiveSection} */
  const section = LiveSection.of(
    {
      load: async (signal) => /** @type {Recovery[]} */ (await context.client.all("/v1/me/recoveries?limit=100", READ_MAX, { signal })),
      render: (found) => found.map((recovery) => (recovery.is_own ? own : wards)(context, recovery, () => section.reload())),
      types: [OF_ACCOUNT],
      live: context.live,
    },
    "recoveries",
  );
  return section;
}

/** @param {Context} context @param {Recovery} recovery @param {() => Promise<void>} changed */
const own = ({ client }, recovery, changed) =>
  h(
    "section",
    { class: "card asked" },
    h("h2", null, t("recovery.own")),
    h("p", null, t(recovery.way === "code" ? "recovery.own-by-code" : "recovery.own-by-guardians")),
    standing(recovery),
    fingerprintElement(recovery.fingerprint),
    recovery.is_final && h("p", null, t("recovery.own-final")),
    (recovery.state === "asked" || recovery.state === "waiting") && !recovery.is_final &&
      actButton(t("recovery.cancel"), async (onWait) => {
        await client.send("DELETE", `/v1/me/recoveries/${recovery.id}`, { act: true, onWait });
        toast(t("recovery.cancelled"));
        await changed();
      }, { class: "main" }),
  );

/** @param {Context} context @param {Recovery} recovery @param {() => Promise<void>} changed */
function wards(context, recovery, changed) {
  const name = nameText(recovery.member);
  return h(
    "section",
    { class: "card asked" },
    h("h2", null, t("recovery.ward", { name })),
    h("p", null, t("recovery.ward-text", { name, handle: recovery.member.handle })),
    recovery.greeting && h("figure", null, h("figcaption", { class: "faint" }, t("recovery.greeting-says")), h("blockquote", { class: "written" }, recovery.greeting)),
    fingerprintElement(recovery.fingerprint),
    standing(recovery),
    recovery.own_vote !== null && h("p", null, t(recovery.own_vote ? "recovery.said-yes" : "recovery.said-no")),
    recovery.takes_votes && recovery.own_vote === null && [
      h("p", { class: "problem" }, t("recovery.talk", { name })),
      h("div", { class: "buttons" }, vote(context, recovery, true, changed), vote(context, recovery, false, changed)),
    ],
  );
}

/** How it stands, and until when. @param {Recovery} recovery */
function standing({ state, takes_votes, approvals_count, needed_count, expires_at, waits_until }) {
  return [
    state === "cancelled" && h("p", null, t("recovery.was-cancelled")),
    takes_votes && h("p", null, t("recovery.approvals", { count: approvals_count, needed: needed_count }), " ", t("recovery.decide-until"), " ", momentElement(expires_at), "."),
    waits_until && h("p", null, h("strong", null, t("recovery.waits-until"), " ", momentElement(waits_until), ".")),
  ];
}

/** @param {Context} context @param {Recovery} recovery @param {boolean} approves @param {() => Promise<void>} changed */
function vote({ client }, { id, member, fingerprint }, approves, changed) {
  const name = nameText(member);
  const words = t(approves ? "recovery.yes" : "recovery.no");
  return actButton(words, async () => {
    const sure = h("label", { class: "check" }, h("input", { type: "checkbox", name: "sure", required: true }), h("span", null, t("recovery.yes-sure", { name })));
    openForm({
      title: t("recovery.ward", { name }),
      content: approves ? [fingerprintElement(fingerprint), sure] : h("p", null, t("recovery.no-text", { name })),
      submit: words,
      dangerous: !approves,
      run: async (_, onWait) => {
        await client.send("PUT", `/v1/me/recoveries/${id}/vote`, { body: { approves }, act: true, onWait });
        await changed();
      },
    });
  }, { class: approves ? "main" : null, "data-key": `${approves} ${id}` });
}
