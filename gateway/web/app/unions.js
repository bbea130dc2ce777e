/** The union that is shown: read once, and again after it has changed. */
import { Refused } from "../api/problem.js";

const KEPT_MS = 60_000;
const INVITATION = /^#invitation=([A-Za-z0-9_-]{1,64})$/;

/** @typedef {import("guildhall-api").components["schemas"]["UnionView"]} Union */

export class Unions {
  /** @type {Map<string, {union: Promise<Union>, until: number}>} */
  #kept = new Map();

  /** @param {import("../api/client.js").Client} client */
  constructor(client) {
    this.client = client;
  }

  /** Raises Refused, Unreachable. @param {string} name slug or id @returns {Promise<Union>} */
  of(name) {
    const kept = this.#kept.get(name);
    if (kept && kept.until > Date.now()) return kept.union;
    const union = this.client.get(pathOf(name)).catch((error) => {
      const code = invitationOf(location);
      if (code === null || !(error instanceof Refused) || error.slug !== "union-hidden") throw error;
      return this.client.get(`${pathOf(name)}?invitation=${code}`);
    });
    this.#kept.set(name, { union, until: Date.now() + KEPT_MS });
    union.catch(() => this.#kept.delete(name));
    return union;
  }

  forget() {
    this.#kept.clear();
  }
}

/** The code of the invitation that an address carries. @param {{hash: string}} url */
export const invitationOf = (url) => INVITATION.exec(url.hash)?.[1] ?? null;

/** Where a union's resources are. @param {string} name slug or id @param {string} [below] */
export const pathOf = (name, below = "") => `/v1/unions/${encodeURIComponent(name)}${below}`;

/** Where a union's page is. @param {string} name slug or id @param {string} [below] */
export const pageOf = (name, below = "") => `/unions/${encodeURIComponent(name)}${below}`;
