/** Requests to the public API: as a member, signed where they bind, repeated only where that is safe. */
import { Refused, Unreachable } from "./problem.js";
import { SignedOnce } from "./signed_once.js";

const ANSWER_WAIT_MS = 20_000;
const FILE_WAIT_MS = 90_000;
const PATIENCE_MS = 45_000;
const FIRST_PAUSE_MS = 500;
const PAUSE_MAX_MS = 8_000;
/** Some seconds less than what the house takes as fresh unless told otherwise. */
const PROVEN_MS = 240_000;
const EVENTS_MAX = 8;
const EVENTS_KEPT_MS = 5_000;

/**
 * @typedef {object} Answer
 * @property {any} body JSON as what it says, anything else as text, null where there is none
 * @property {Headers} headers
 * @property {boolean} isWaiting accepted, and its effect still to come (202)
 *
 * @typedef {object} Wait
 * @property {"away" | "busy" | "running"} why no answer, asked to come again, or the same request still runs
 * @property {number} seconds
 *
 * @typedef {object} Sending
 * @property {unknown} [body]
 * @property {Uint8Array<ArrayBuffer>} [content] of a file, instead of a body
 * @property {boolean} [act] signed by the device key, or by a wallet in its place
 * @property {string} [idempotencyKey] makes a POST repeatable: one per intent, however often it is sent
 * @property {boolean} [isRepeatable] a POST that is repeatable by itself: the ids in its body are one per intent
 * @property {string} [ifMatch]
 * @property {AbortSignal} [signal]
 * @property {(wait: Wait) => void} [onWait]
 * @property {number} [patienceMs]
 */

export class Client {
  /** Events of our own answers, which what we read next shall show. @type {Map<string, number>} */
  #events = new Map();
  /** @type {Promise<void> | null} */
  #proving = null;
  /** Has the member prove a key of theirs in a new session. Raises AbortError where they do not. @type {() => Promise<void>} */
  askProof = () => Promise.reject(new DOMException("nobody asks", "AbortError"));

  /**
   * @param {string} publicUrl
   * @param {import("./session.js").Session} session
   */
  constructor(publicUrl, session) {
    this.publicUrl = publicUrl;
    this.session = session;
  }

  /** @param {string} path @param {Sending} [sending] @returns {Promise<any>} the body */
  async get(path, sending = {}) {
    return (await this.send("GET", path, { patienceMs: 0, ...sending })).body;
  }

  /** Everything behind a list, up to `most` items. @param {string} path @param {number} most @param {Sending} [sending] @returns {Promise<any[]>} */
  async all(path, most, sending = {}) {
    const items = [];
    let cursor = "";
    do {
      const page = await this.get(path + (cursor && `${path.includes("?") ? "&" : "?"}cursor=${encodeURIComponent(cursor)}`), sending);
      items.push(...page.items);
      cursor = page.next_cursor ?? "";
    } while (cursor && items.length < most);
    return items.slice(0, most);
  }

  /**
   * Raises Refused, Unreachable, or the signal's AbortError.
   * @param {string} method @param {string} path @param {Sending} [sending] @returns {Promise<Answer>}
   */
  async send(method, path, sending = {}) {
    const mayRepeat = method !== "POST" || sending.idempotencyKey !== undefined || sending.isRepeatable;
    const until = Date.now() + (sending.patienceMs ?? PATIENCE_MS);
    const once = new SignedOnce();
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      try {
        return await this.#sendProven(method, path, sending, once);
      } catch (error) {
        const isAway = error instanceof Unreachable;
        const isBusy = error instanceof Refused && error.asksToRepeat;
        if (!mayRepeat || !(isAway || isBusy) || Date.now() >= until) throw error;
        const told = error instanceof Refused ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
        const waitMs = Math.max(told, pauseMs);
        if (Date.now() + waitMs > until) throw error;
        const isRunning = error instanceof Refused && error.slug === "request-in-progress";
        sending.onWait?.({ why: isAway ? "away" : isRunning ? "running" : "busy", seconds: Math.ceil(waitMs / 1000) });
        await pause(waitMs, sending.signal);
        pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2);
      }
    }
  }

  /** Have the member prove a key once more, where the last time was long ago: before something that cannot be asked for twice. */
  async proveFirst() {
    if (Date.now() - this.session.provenAtMs > PROVEN_MS) await this.#prove();
  }

  /** However many acts want it at a time, the member is asked once; the session before ends. */
  async #prove() {
    const prove = async () => {
      const before = this.session.id;
      await this.askProof();
      if (before === null || before === this.session.id) return;
      await this.#sendAsMember("DELETE", `/v1/me/sessions/${before}`, { act: true }).catch(() => null);
    };
    this.#proving ??= prove().finally(() => (this.#proving = null));
    await this.#proving;
  }

  /** What wants a fresh proof (RFC 9470) is sent once more, with one. @param {string} method @param {string} path @param {Sending} sending @param {SignedOnce} once */
  async #sendProven(method, path, sending, once) {
    try {
      return await this.#sendAsMember(method, path, sending, once);
    } catch (error) {
      if (!(error instanceof Refused) || error.slug !== "insufficient-user-authentication") throw error;
      await this.#prove();
      return await this.#sendAsMember(method, path, sending, once);
    }
  }

  /** @param {string} method @param {string} path @param {Sending} sending @param {SignedOnce} [once] */
  async #sendAsMember(method, path, sending, once = new SignedOnce()) {
    const token = await this.session.accessToken();
    try {
      return await this.#sendOnce(method, path, sending, token, once);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (once.isUsedUp(error.slug)) return await this.#sendOnce(method, path, sending, token, once);
      if (error.status !== 401 || error.slug !== "unauthenticated" || token === null) throw error;
      return await this.#sendOnce(method, path, sending, await this.session.renewed(token), once);
    }
  }

  /** @param {string} method @param {string} path @param {Sending} sending @param {string | null} token @param {SignedOnce} once @returns {Promise<Answer>} */
  async #sendOnce(method, path, sending, token, once) {
    const url = new URL(path, this.publicUrl);
    const body = sending.content ?? (sending.body === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(sending.body)));
    /** @type {Record<string, string>} */
    const headers = { accept: "application/json" };
    if (body.length) headers["content-type"] = sending.content ? "application/octet-stream" : "application/json";
    if (token !== null) headers.authorization = `Bearer ${token}`;
    if (sending.idempotencyKey !== undefined) headers["idempotency-key"] = sending.idempotencyKey;
    if (sending.ifMatch !== undefined) headers["if-match"] = sending.ifMatch;
    const after = this.#after();
    if (after) headers["guildhall-after"] = after;
    if (sending.act) {
      const { idempotencyKey } = sending;
      Object.assign(
        headers,
        await this.session.sign(
          {
            method,
            targetUri: this.publicUrl + url.pathname + url.search,
            body,
            ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
          },
          once,
        ),
      );
    }
    const answer = await fetched(url, { method, headers, ...(body.length ? { body } : {}) }, sending.signal, sending.content ? FILE_WAIT_MS : ANSWER_WAIT_MS);
    this.#hear(answer.headers.get("guildhall-event"));
    return answer;
  }

  #after() {
    const now = Date.now();
    for (const [event, until] of this.#events) if (until < now) this.#events.delete(event);
    return [...this.#events.keys()].slice(-EVENTS_MAX).join(", ");
  }

  /** @param {string | null} header */
  #hear(header) {
    for (const event of header?.split(", ") ?? []) this.#events.set(event, Date.now() + EVENTS_KEPT_MS);
  }
}

/**
 * One request, once. Raises Refused, Unreachable, or the signal's AbortError.
 * @param {URL | string} url @param {RequestInit} request @param {AbortSignal} [signal] @param {number} [waitMs] @returns {Promise<Answer>}
 */
export async function fetched(url, request, signal, waitMs = ANSWER_WAIT_MS) {
  const limit = AbortSignal.timeout(waitMs);
  try {
    const answer = await fetch(url, { ...request, cache: "no-store", signal: signal ? AbortSignal.any([signal, limit]) : limit });
    const text = await answer.text();
    if (!answer.ok) throw new Refused(answer.status, parsed(text), seconds(answer.headers.get("retry-after")));
    const isJson = /\bjson\b/.test(answer.headers.get("content-type") ?? "");
    return { body: text ? (isJson ? JSON.parse(text) : text) : null, headers: answer.headers, isWaiting: answer.status === 202 };
  } catch (error) {
    if (error instanceof Refused || signal?.aborted) throw error;
    throw new Unreachable(String(error));
  }
}

/** @param {string} text @returns {Record<string, unknown>} */
function parsed(text) {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** @param {string | null} header */
const seconds = (header) => (header !== null && /^\d+$/.test(header) ? Number(header) : null);

/** @param {number} ms @param {AbortSignal} [signal] @returns {Promise<void>} */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
}
