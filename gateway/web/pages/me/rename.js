import { field, line, written } from "../../ui/fields.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { t } from "../../texts/texts.js";

const NAME_MAX_CHARACTERS = 80;

/**
 * A button that has what is at this path called otherwise.
 * @param {import("../../app/context.js").Context} context @param {string} path @param {string} name @param {() => Promise<unknown>} changed
 */
export const renaming = ({ client }, path, name, changed) =>
  actButton(t("me.rename"), async () => {
    openForm({
      title: t("me.rename"),
      content: field(t("me.name-for-it"), line("name", { value: name, maxlength: NAME_MAX_CHARACTERS, required: true }), t("me.name-hint")),
      submit: t("me.save"),
      run: async (values, onWait) => {
        await client.send("PATCH", path, { body: { name: written(values, "name") }, act: true, onWait });
        await changed();
      },
    });
  }, { class: "quiet", "data-key": `rename ${path}` });
