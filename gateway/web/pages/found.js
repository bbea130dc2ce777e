import { h } from "../ui/dom.js";
import { entrance } from "../ui/entrance.js";
import { area, field, line, written } from "../ui/fields.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { pageOf } from "../app/unions.js";

/** A union is founded with a name and a purpose alone. @type {import("../app/context.js").Page} */
export const found = (context) => {
  colour(null);
  const idempotencyKey = crypto.randomUUID();
  const form = entrance(context, {
    content: [
      field(t("found.name"), line("name", { required: true, maxlength: 80, placeholder: t("found.name-example") })),
      field(t("found.purpose"), area("purpose", { required: true, maxlength: 1000, rows: 3, placeholder: t("found.purpose-example") }), t("found.purpose-hint")),
    ],
    words: t("found.act"),
    act: async (values, onWait) => {
      const body = { name: written(values, "name"), purpose: written(values, "purpose") };
      const answer = await context.client.send("POST", "/v1/unions", { body, act: true, idempotencyKey, onWait });
      context.go(pageOf(answer.body.slug, "/home"), { replace: true });
    },
  });
  return {
    title: t("found.title"),
    content: [h("h1", null, t("found.title")), h("p", { class: "purpose" }, t("found.text")), form],
  };
};
