/** What kinds of unions there are to begin with: a card each. */
import { h } from "../ui/dom.js";
import { t } from "../texts/texts.js";

export const PRESETS = /** @type {const} */ (["guild_of_freelancers", "consumers_and_tenants", "creator_and_supporters", "open_source_project"]);

/** One is chosen; the field is `preset`. */
export const presetCards = () =>
  h(
    "fieldset",
    { class: "presets" },
    h("legend", null, t("presets")),
    PRESETS.map((name, place) =>
      h("label", { class: "check" }, h("input", { type: "radio", name: "preset", value: name, checked: place === 0 }), h("span", null, t(`preset.${name}`), h("small", null, t(`preset.${name}-text`)))),
    ),
  );
