/** Backing a leader, and letting one speak for me: the same buttons wherever a leader is shown. */
import { h } from "../ui/dom.js";
import { actButton } from "../ui/sheet.js";
import { t } from "../texts/texts.js";
import { pathOf } from "../app/unions.js";

const BACKLINKS_READ_MAX = 2_000;

/**
 * @typedef {import("../app/context.js").Context} Context
 * @typedef {{backed: string[], voice: string | null}} Support ids of the leaders whom I back, and of the one who speaks for me
 */

/** @param {Context} context @param {string} union @param {AbortSignal} signal @returns {Promise<Support>} */
export async function mySupport({ client }, union, signal) {
  const [backlinks, voice] = await Promise.all([
    client.all(pathOf(union, "/backlinks?limit=200"), BACKLINKS_READ_MAX, { signal }),
    client.get(pathOf(union, "/voice"), { signal }),
  ]);
  return { backed: backlinks.map(({ leader_id }) => leader_id), voice: voice.leader_id };
}

/** @param {Context} context @param {string} union @param {string} leader @param {Support} support @param {() => void} changed */
export function supportButtons({ client, session }, union, leader, { backed, voice }, changed) {
  if (leader === session.member?.id) return null;
  const isBacked = backed.includes(leader);
  const speaks = voice === leader;
  /** @param {string} method @param {string} path @param {unknown} [body] */
  const act = (method, path, body) => async (/** @type {import("../ui/sheet.js").OnWait} */ onWait) => {
    await client.send(method, pathOf(union, path), { act: true, onWait, ...(body ? { body } : {}) });
    changed();
  };
  /** @param {string} words @param {boolean} isOn @param {ReturnType<typeof act>} run @param {string} key */
  const toggle = (words, isOn, run, key) =>
    actButton(words, run, { class: "toggle", "aria-pressed": String(isOn), "data-key": `${key} ${leader}` });
  return h(
    "div",
    { class: "buttons" },
    toggle(t("support.back"), isBacked, act(isBacked ? "DELETE" : "PUT", `/backlinks/${leader}`), "back"),
    isBacked && toggle(t("support.speaks"), speaks, speaks ? act("DELETE", "/voice") : act("PUT", "/voice", { leader }), "voice"),
  );
}
