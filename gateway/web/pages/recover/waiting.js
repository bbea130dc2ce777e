/** How it stands with being let back in: what to read out to whom, and from when on the new key counts. */
import { pause } from "../../api/client.js";
import { forgetRecovery } from "../../api/recoveries.js";
import { h } from "../../ui/dom.js";
import { fingerprintElement } from "../../ui/fingerprint.js";
import { LiveSection } from "../../ui/section.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { momentElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";

const LOOK_AGAIN_MS = 20_000;

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 */

/** @param {Context} context @param {string} id */
export function waiting({ client, signal, go }, id) {
  const section = LiveSection.of({
    load: async (signal) => /** @type {Shapes["RecoveryView"]} */ (await client.get(`/v1/auth/recoveries/${encodeURIComponent(id)}`, { signal })),
    render: (recovery) => shown(recovery, go),
  });
  void lookAgain(section, signal);
  const anew = actButton(t("recover.anew"), async () => {
    openForm({
      title: t("recover.anew"),
      content: h("p", null, t("recover.anew-text")),
      submit: t("recover.anew"),
      run: async () => {
        await forgetRecovery();
        go("/recover", { replace: true });
      },
    });
  }, { class: "quiet" });
  return [section, anew];
}

/** As long as the page is looked at. @param {LiveSection} section @param {AbortSignal} signal */
async function lookAgain(section, signal) {
  for (;;) {
    await pause(LOOK_AGAIN_MS, signal).catch(() => null);
    if (signal.aborted) return;
    if (document.visibilityState === "visible") await section.reload();
  }
}

/** @param {Shapes["RecoveryView"]} recovery @param {Context["go"]} go */
function shown({ state, way, fingerprint, needed_count, approvals_count, takes_votes, is_final, expires_at, waits_until }, go) {
  if (state === "done") {
    return [
      h("p", { class: "purpose" }, t("recover.told.done")),
      actButton(t("sign-in"), async () => {
        await forgetRecovery();
        go("/sign-in?next=/me");
      }, { class: "main" }),
    ];
  }
  const isByCode = state === "waiting" && way === "code" && !is_final;
  return [
    h("p", { class: "purpose" }, t(isByCode ? "recover.told.by-code" : is_final ? "recover.told.final" : `recover.told.${state}`)),
    takes_votes && h("p", null, t(state === "cancelled" ? "recover.override" : "recover.read-out")),
    (takes_votes || state === "waiting") && fingerprintElement(fingerprint),
    takes_votes && h("p", null, t("recovery.approvals", { count: approvals_count, needed: needed_count }), " ", t("recovery.decide-until"), " ", momentElement(expires_at), "."),
    waits_until && h("p", null, h("strong", null, t("recovery.waits-until"), " ", momentElement(waits_until), ".")),
    (takes_votes || state === "waiting") && h("p", { class: "faint" }, t("recover.come-back")),
  ];
}
