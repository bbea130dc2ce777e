/** What a member's key says of a device key: that it may sign for them. Each saying goes with a nonce of its own. */
import { fetched } from "./client.js";
import { askPasskey, createPasskey } from "./passkey.js";

/** @typedef {import("guildhall-api").components["schemas"]} Shapes */

export class Proofs {
  /** How passkeys are made here; null where this address has none. @type {Shapes["PasskeyOffer"] | null | undefined} */
  #offer;

  /** @param {string} publicUrl */
  constructor(publicUrl) {
    this.publicUrl = publicUrl;
  }

  /** Whether passkeys can be made at this address. */
  async offersPasskeys() {
    if (this.#offer === undefined) await this.#nonce();
    return this.#offer !== null;
  }

  /** By a passkey that is made now. @param {string} publicKey of the device @param {string} name as the member's own devices list it */
  async newPasskey(publicKey, name) {
    const { nonce, passkey } = await this.#passkeyNonce();
    return { nonce, device_public_key: publicKey, credential: await createPasskey(passkey, nonce, publicKey, name) };
  }

  /** By a passkey that the member has. @param {string} publicKey of the device */
  async passkey(publicKey) {
    const { nonce, passkey } = await this.#passkeyNonce();
    return { nonce, device_public_key: publicKey, credential: await askPasskey(passkey, nonce, publicKey) };
  }

  /** By a wallet. @param {string} publicKey of the device @param {import("./wallet.js").Wallet} wallet */
  async wallet(publicKey, wallet) {
    const address = await wallet.address();
    const { nonce } = await this.#nonce();
    const asked = { nonce, wallet_address: address, device_public_key: publicKey };
    /** @type {Shapes["SignInMessageView"]} */
    const { message } = await this.post("/v1/auth/sign-in-messages", asked);
    if (!message.endsWith(`\n- urn:guildhall:device:ed25519:${publicKey}`) || !message.includes(`\nNonce: ${nonce}\n`)) {
      throw new Error("the message to sign names another device");
    }
    return { message, signature: await wallet.sign(message, address) };
  }

  /** @param {string} path @param {unknown} [body] @returns {Promise<any>} */
  async post(path, body) {
    const request = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    return (await fetched(new URL(path, this.publicUrl), { method: "POST", ...request })).body;
  }

  /** @returns {Promise<Shapes["NonceView"]>} */
  async #nonce() {
    /** @type {Shapes["NonceView"]} */
    const nonce = await this.post("/v1/auth/nonces");
    this.#offer = nonce.passkey;
    return nonce;
  }

  async #passkeyNonce() {
    const { nonce, passkey } = await this.#nonce();
    if (passkey === null) throw new Error("no passkeys at this address");
    return { nonce, passkey };
  }
}
