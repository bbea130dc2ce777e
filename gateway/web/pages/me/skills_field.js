/** The skills that one names: chosen by their label, taken away one by one. */
import { h } from "../../ui/dom.js";
import { field, line } from "../../ui/fields.js";
import { labelOf } from "../../ui/skills.js";
import { t } from "../../texts/texts.js";

/**
 * @param {readonly import("../../ui/skills.js").Skill[]} known @param {readonly string[]} named
 * @returns {{element: HTMLElement, chosen: () => string[]}}
 */
export function skillsField(known, named) {
  const chosen = new Set(named);
  const offered = h("datalist", { id: `skills-${crypto.randomUUID()}` });
  const control = line("skill", { list: offered.id, maxlength: 60 });
  const list = h("ul", { class: "chips" });
  const show = () => {
    list.replaceChildren(...[...chosen].map(chip));
    offered.replaceChildren(...known.filter(({ slug }) => !chosen.has(slug)).map(({ label }) => h("option", { value: label })));
  };
  /** @param {string} slug */
  const chip = (slug) => {
    const label = labelOf(known, slug);
    const remove = () => {
      chosen.delete(slug);
      show();
      control.focus();
    };
    return h("li", null, label, h("button", { type: "button", class: "quiet", "aria-label": t("profile.skill-remove", { skill: label }), onclick: remove }, "×"));
  };
  const take = () => {
    const written = control.value.trim().toLowerCase();
    const skill = known.find(({ label }) => label.toLowerCase() === written);
    if (!skill) return;
    chosen.add(skill.slug);
    control.value = "";
    show();
  };
  control.addEventListener("input", take);
  control.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    take();
  });
  show();
  return { element: h("div", null, field(t("profile.skills"), control, t("profile.skills-hint")), offered, list), chosen: () => [...chosen] };
}
