import { h } from "../ui/dom.js";
import { t } from "../texts/texts.js";

/** @type {import("../app/context.js").Page} */
export const missing = () => ({
  title: t("missing"),
  content: [h("h1", null, t("missing")), h("p", null, t("missing.text")), h("p", null, h("a", { href: "/" }, t("directory.all")))],
});
