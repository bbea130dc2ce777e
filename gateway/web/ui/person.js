/** What a member shows of themselves: picture, words, skills, links, the key to write to them in confidence. */
import { h } from "./dom.js";
import { labelOf } from "./skills.js";
import { why } from "./why.js";
import { t } from "../texts/texts.js";

/**
 * @typedef {import("../app/context.js").Shapes["MemberView"]} Member
 * @typedef {import("./skills.js").Skill} Skill
 */

/** @param {Member} member @param {readonly Skill[]} known */
export const person = (member, known) => [
  picture(member),
  member.bio && h("p", { class: "written" }, member.bio),
  member.skills.length > 0 && h("ul", { class: "chips", "aria-label": t("profile.skills") }, member.skills.map((slug) => h("li", null, labelOf(known, slug)))),
  member.links.length > 0 && h("ul", { class: "rows", "aria-label": t("profile.links") }, member.links.map((link) => h("li", null, outside(link)))),
  member.encryption_key !== null && h("p", { class: "faint" }, t("profile.key"), " ", why([h("p", null, t("profile.key-why")), h("code", null, member.encryption_key)], t("profile.key"))),
];

/** @param {{avatar: Member["avatar"]}} member */
export const picture = ({ avatar }) => avatar !== null && h("img", { class: "avatar", src: avatar.link, alt: "", width: 96, height: 96 });

/** Nothing is told to where it leads, and nothing of its praise is ours. @param {string} link */
const outside = (link) => h("a", { href: link, target: "_blank", rel: "noopener noreferrer nofollow ugc" }, link.replace(/^https:\/\//, ""));
