import { keptRecovery } from "../api/recoveries.js";
import { h } from "../ui/dom.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { asking } from "./recover/asking.js";
import { waiting } from "./recover/waiting.js";

/** Back in without a key: asked for, then waited for. @type {import("../app/context.js").Page} */
export const recover = async (context) => {
  colour(null);
  const id = await keptRecovery();
  return {
    title: t("recover"),
    content: [h("h1", null, t("recover")), ...(id === undefined ? asking(context) : waiting(context, id))],
  };
};
