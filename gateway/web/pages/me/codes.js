/** Codes to keep on paper, each of which lets me back in once. */
import { OF_ACCOUNT } from "../../api/live.js";
import { download } from "../../ui/download.js";
import { h } from "../../ui/dom.js";
import { LiveSection } from "../../ui/section.js";
import { actButton, actForm, openForm, openSheet } from "../../ui/sheet.js";
import { dayElement } from "../../ui/time.js";
import { toast } from "../../ui/toast.js";
import { t } from "../../texts/texts.js";

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 */

/** @param {Context} context */
export function codes({ client, live, session }) {
  /** @type {LiveSection} */
  const section = LiveSection.of({
    load: async (signal) => /** @type {Shapes["CodesView"]} */ (await client.get("/v1/me/recovery-codes", { signal })),
    render: ({ left_count, made_at }) => [
      h("p", null, made_at ? [t("codes.left", { count: left_count }), " ", h("span", { class: "faint" }, t("codes.made"), " ", dayElement(made_at))] : t("codes.none")),
      actButton(t("codes.make"), async () => {
        openForm({
          title: t("codes.make"),
          content: h("p", null, t(left_count ? "codes.make-again-text" : "codes.make-text")),
          submit: t("codes.make"),
          dangerous: left_count > 0,
          run: async () => {
            // Without an Idempotency-Key: no answer with codes in it is kept anywhere.
            const made = /** @type {Shapes["NewCodesView"]} */ ((await client.send("POST", "/v1/me/recovery-codes", { act: true })).body);
            show(made.codes, session.member?.handle ?? "");
            await section.reload();
          },
        });
      }),
    ],
    types: [OF_ACCOUNT],
    live,
  });
  return section;
}

/** This once; a form, as no press beside it closes one. @param {string[]} made @param {string} handle */
function show(made, handle) {
  const text = `${t("codes.file-head", { handle, address: location.origin })}\n\n${made.join("\n")}\n`;
  const kept = actForm(
    [
      h("p", null, t("codes.shown-once")),
      h("ul", { class: "codes" }, made.map((code) => h("li", null, h("code", null, code)))),
      h(
        "div",
        { class: "buttons" },
        actButton(t("codes.copy"), async () => {
          await navigator.clipboard.writeText(text);
          toast(t("codes.copied"));
        }),
        actButton(t("codes.download"), async () => download(`guildhall-codes-${handle}.txt`, new Blob([text], { type: "text/plain" }))),
      ),
    ],
    t("codes.kept"),
    async () => sheet.close(),
  );
  const sheet = openSheet(t("codes"), kept);
}
