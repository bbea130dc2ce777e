/** What happens in a union and to one's own account, as it happens: `GET /v1/events` as a stream that goes on where it broke. */
import { pause } from "./client.js";

const FIRST_PAUSE_MS = 500;
const PAUSE_MAX_MS = 30_000;
const SILENCE_MAX_MS = 60_000;
export const ALL = "*";
/** In one's list of notices: of a union, of one's own account. */
export const OF_UNION = "notice.made";
export const OF_ACCOUNT = "member.noticed";

export class Live {
  /** @type {Map<(type: string) => void, ReadonlySet<string>>} */
  #listeners = new Map();
  /** @type {AbortController | null} */
  #stream = null;
  /** @type {string | null} */
  #union = null;
  #position = "";

  /** @param {import("./session.js").Session} session */
  constructor(session) {
    this.session = session;
  }

  /** Follow this union and no other; "" no union but one's notices, null nothing. @param {string | null} union */
  follow(union) {
    if (union === this.#union) return;
    this.#stream?.abort();
    this.#union = union;
    this.#position = "";
    if (union === null) return;
    this.#stream = new AbortController();
    void this.#run(union, this.#stream.signal);
  }

  /** @param {readonly string[]} types @param {(type: string) => void} heard @param {AbortSignal} signal */
  listen(types, heard, signal) {
    this.#listeners.set(heard, new Set(types));
    signal.addEventListener("abort", () => this.#listeners.delete(heard), { once: true });
  }

  /** @param {string} union @param {AbortSignal} signal */
  async #run(union, signal) {
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      try {
        await this.#read(union, signal, () => (pauseMs = FIRST_PAUSE_MS));
      } catch {
        // A stream that cannot be had is asked for again; what is shown meanwhile was read otherwise.
      }
      await pause(pauseMs * (0.5 + Math.random() / 2), signal).catch(() => null);
      pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2);
    }
  }

  /** @param {string} union @param {AbortSignal} signal @param {() => void} opened */
  async #read(union, signal, opened) {
    const token = await this.session.accessToken();
    /** @type {Record<string, string>} */
    const headers = { accept: "text/event-stream" };
    if (token !== null) headers.authorization = `Bearer ${token}`;
    if (this.#position) headers["last-event-id"] = this.#position;
    const silence = new AbortController();
    const ended = AbortSignal.any([signal, silence.signal]);
    const asked = union ? `union=${encodeURIComponent(union)}` : `types=${OF_UNION},${OF_ACCOUNT}`;
    const answer = await fetch(`/v1/events?${asked}`, { headers, signal: ended, cache: "no-store" });
    if (answer.status === 410 || answer.status === 400) this.#position = "";
    if (!answer.ok || answer.body === null) throw new Error(`status ${answer.status}`);
    opened();
    if (!this.#position) this.#tell(ALL);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (;;) {
      const timer = setTimeout(() => silence.abort(), SILENCE_MAX_MS);
      const { done, value } = await reader.read().finally(() => clearTimeout(timer));
      if (done) return;
      const blocks = (text + value).split("\n\n");
      text = blocks.pop() ?? "";
      blocks.forEach((block) => this.#hear(block));
    }
  }

  /** @param {string} block one event's lines (HTML Living Standard, section 9.2) */
  #hear(block) {
    let type = "";
    for (const line of block.split("\n")) {
      if (line.startsWith("id: ")) this.#position = line.slice(4);
      if (line.startsWith("event: ")) type = line.slice(7);
    }
    if (type === "reset") this.#tell(ALL);
    else if (type && type !== "end") this.#tell(type);
  }

  /** @param {string} type */
  #tell(type) {
    for (const [heard, types] of this.#listeners) if (type === ALL || types.has(type)) heard(type);
  }
}
