/** Everything that is kept of me as a file, sealed. */
import { download } from "../../ui/download.js";
import { actButton } from "../../ui/sheet.js";
import { t } from "../../texts/texts.js";

/** @param {import("../../app/context.js").Context} context */
export const exportOwn = ({ client, session }) =>
  actButton(t("export.get"), async (onWait) => {
    const { body } = await client.send("POST", "/v1/me/exports", { act: true, onWait });
    download(`guildhall-${session.member?.handle ?? "me"}.jsonl`, new Blob([body], { type: "application/jsonl" }));
  });
