/** Who is signed in on this device: opened by a passkey or a wallet, renewed by an HttpOnly cookie. */
import { fetched } from "./client.js";
import { forgetDeviceKey, keepDeviceKey, keptDeviceKey, newDeviceKey } from "./device_key.js";
import { askPasskey, createPasskey } from "./passkey.js";
import { Refused } from "./problem.js";

const RENEW_BEFORE_MS = 30_000;
const LOCK = "guildhall session";

/**
 * @typedef {import("guildhall-api").components["schemas"]} Shapes
 * @typedef {import("./device_key.js").DeviceKey} DeviceKey
 * @typedef {{id: string, handle: string}} Member
 */

/** The device key that was certified here is gone, or the session was ended elsewhere. */
export class SignedOut extends Error {}

export class Session extends EventTarget {
  /** @type {DeviceKey | null} */
  #key = null;
  /** @type {string | null} */
  #token = null;
  #expiresAt = 0;
  /** @type {Member | null} */
  member = null;
  /** How passkeys are made here; null where this address has none. @type {Shapes["PasskeyOffer"] | null | undefined} */
  #offer;

  /** @param {string} publicUrl */
  constructor(publicUrl) {
    super();
    this.publicUrl = publicUrl;
  }

  deviceKey() {
    if (this.#key === null) throw new SignedOut();
    return this.#key;
  }

  /** Go on with the session of this browser, where there is one. Raises Unreachable. */
  async resume() {
    const key = await keptDeviceKey();
    if (key === undefined) return;
    this.#key = key;
    try {
      await this.#renew(null);
    } catch (error) {
      if (error instanceof SignedOut) return;
      throw error;
    }
  }

  /** @returns {Promise<string | null>} null for nobody signed in */
  async accessToken() {
    if (this.#token === null) return null;
    if (Date.now() > this.#expiresAt - RENEW_BEFORE_MS) await this.#renew(this.#token);
    return this.#token;
  }

  /** A token in place of one that was refused. @param {string} stale */
  async renewed(stale) {
    await this.#renew(stale);
    return this.#token;
  }

  /** Whether passkeys can be made at this address. */
  async offersPasskeys() {
    if (this.#offer === undefined) await this.#nonce();
    return this.#offer !== null;
  }

  /** Sign in, as a new member or on a new device, with a passkey that is made now. @param {string} name */
  async createPasskey(name) {
    const key = await newDeviceKey();
    const { nonce, passkey } = await this.#nonce();
    if (passkey === null) throw new Error("no passkeys at this address");
    const credential = await createPasskey(passkey, nonce, key.publicKey, name);
    await this.#open("/v1/auth/passkeys", { nonce, device_public_key: key.publicKey, credential }, key);
  }

  /** A further passkey for who is signed in. @param {import("./client.js").Client} client @param {string} name @returns {Promise<void>} */
  async addPasskey(client, name) {
    const { nonce, passkey } = await this.#nonce();
    if (passkey === null) throw new Error("no passkeys at this address");
    const { publicKey } = this.deviceKey();
    const credential = await createPasskey(passkey, nonce, publicKey, name);
    const body = { nonce, device_public_key: publicKey, credential };
    await client.send("POST", "/v1/me/passkeys", { body, act: true, idempotencyKey: crypto.randomUUID() });
  }

  /** Sign in with a passkey that the member has. */
  async usePasskey() {
    const key = await newDeviceKey();
    const { nonce, passkey } = await this.#nonce();
    if (passkey === null) throw new Error("no passkeys at this address");
    const credential = await askPasskey(passkey, nonce, key.publicKey);
    await this.#open("/v1/auth/passkey-sessions", { nonce, device_public_key: key.publicKey, credential }, key);
  }

  /** Sign in with a wallet; one seen for the first time is a new member. @param {import("./wallet.js").Wallet} wallet */
  async useWallet(wallet) {
    const key = await newDeviceKey();
    const address = await wallet.address();
    const { nonce } = await this.#nonce();
    const asked = { nonce, wallet_address: address, device_public_key: key.publicKey };
    /** @type {Shapes["SignInMessageView"]} */
    const { message } = await this.#post("/v1/auth/sign-in-messages", asked);
    if (!message.endsWith(`\n- urn:guildhall:device:ed25519:${key.publicKey}`) || !message.includes(`\nNonce: ${nonce}\n`)) {
      throw new Error("the message to sign names another device");
    }
    await this.#open("/v1/auth/sessions", { message, signature: await wallet.sign(message, address) }, key);
  }

  /** Sign in with a device key that a wallet has certified elsewhere. @param {DeviceKey} key @param {string} message @param {string} signature */
  async useSigned(key, message, signature) {
    await this.#open("/v1/auth/sessions", { message, signature }, key);
  }

  /** End the session here and everywhere it is known; the device key is forgotten. */
  async signOut() {
    const token = this.#token;
    await forgetDeviceKey();
    this.#key = this.#token = this.member = null;
    this.dispatchEvent(new Event("change"));
    if (token === null) return;
    const headers = { authorization: `Bearer ${token}` };
    await fetched(new URL("/v1/auth/sessions/current", this.publicUrl), { method: "DELETE", headers }).catch(() => null);
  }

  /** @returns {Promise<Shapes["NonceView"]>} */
  async #nonce() {
    /** @type {Shapes["NonceView"]} */
    const nonce = await this.#post("/v1/auth/nonces", undefined);
    this.#offer = nonce.passkey;
    return nonce;
  }

  /** @param {string} path @param {unknown} body @param {DeviceKey} key */
  async #open(path, body, key) {
    const opened = await this.#post(path, body);
    await keepDeviceKey(key);
    this.#key = key;
    this.#take(opened);
  }

  /** Once, however many requests and tabs find the token stale: a refresh token that is used twice ends the session. @param {string | null} stale */
  async #renew(stale) {
    await navigator.locks.request(LOCK, async () => {
      if (this.#token !== stale) return;
      try {
        this.#take(await this.#post("/v1/auth/refreshes", undefined));
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 401) throw error;
        this.#key = this.#token = this.member = null;
        await forgetDeviceKey();
        this.dispatchEvent(new Event("change"));
        throw new SignedOut();
      }
    });
  }

  /** @param {Shapes["SessionView"]} opened */
  #take(opened) {
    this.#token = opened.access_token;
    this.#expiresAt = Date.now() + opened.expires_in_seconds * 1000;
    const isOther = this.member?.id !== opened.member.id;
    this.member = opened.member;
    if (isOther) this.dispatchEvent(new Event("change"));
  }

  /** @param {string} path @param {unknown} body @returns {Promise<any>} */
  async #post(path, body) {
    const request = body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
    return (await fetched(new URL(path, this.publicUrl), { method: "POST", ...request })).body;
  }
}
