/** Some minutes less than the house takes a signature for. */
const REUSED_MS = 120_000;
const TAKEN_NO_MORE = ["act-replayed", "act-too-old"];

/** What a wallet signed of one act. A repeat under the same Idempotency-Key sends it again, so that the wallet asks its owner once. */
export class SignedOnce {
  /** @type {Record<string, string> | null} */
  #fields = null;
  #signer = "";
  #until = 0;
  #isReused = false;

  /** The header fields. @param {string} signer wallet and device @param {() => Promise<Record<string, string>>} sign */
  async fields(signer, sign) {
    this.#isReused = this.#fields !== null && this.#signer === signer && Date.now() < this.#until;
    if (this.#fields === null || !this.#isReused) {
      this.#until = Date.now() + REUSED_MS;
      this.#fields = await sign();
      this.#signer = signer;
    }
    return this.#fields;
  }

  /** Whether it was sent before, and the house does not take it a second time: then it is forgotten. @param {string} slug of a refusal */
  isUsedUp(slug) {
    if (!this.#isReused || !TAKEN_NO_MORE.includes(slug)) return false;
    this.#fields = null;
    return true;
  }
}
