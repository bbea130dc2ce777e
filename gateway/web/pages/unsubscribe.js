import { h } from "../ui/dom.js";
import { actButton } from "../ui/sheet.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";

/** Where the link below an e-mail leads: nothing ends before somebody says so. @type {import("../app/context.js").Page} */
export const unsubscribe = ({ client, params }) => {
  colour(null);
  const asking = h("div", null, h("p", null, t("told.unsubscribe-text")), actButton(t("told.end-email"), end, { class: "main" }));
  async function end() {
    await client.send("POST", `/v1/email-unsubscriptions/${encodeURIComponent(params.token ?? "")}`, {});
    asking.replaceChildren(h("p", { role: "status" }, t("told.unsubscribed")));
  }
  return { title: t("told.end-email"), content: [h("h1", null, t("told.end-email")), asking] };
};
