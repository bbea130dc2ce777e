/** Who is signed in on this device: opened by a passkey or a wallet, renewed by an HttpOnly cookie. */
import { fromBase64url } from "./base64.js";
import { fetched } from "./client.js";
import { forgetDeviceKey, keepDeviceKey, keptDeviceKey, newDeviceKey, signAct } from "./device_key.js";
import { Refused } from "./problem.js";
import { Proofs } from "./proofs.js";
import { announced, forgetSigner, keptSigner, signByWallet } from "./wallet_acts.js";

const RENEW_BEFORE_MS = 30_000;
const LOCK = "guildhall session";
const BY_PASSKEY = "/v1/auth/passkey-sessions";
const BY_WALLET = "/v1/auth/sessions";

/**
 * @typedef {import("guildhall-api").components["schemas"]} Shapes
 * @typedef {import("./device_key.js").DeviceKey} DeviceKey
 * @typedef {import("./wallet.js").Wallet} Wallet
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
  /** Of the session that goes on. @type {string | null} */
  id = null;

  /** @param {string} publicUrl */
  constructor(publicUrl) {
    super();
    this.publicUrl = publicUrl;
    this.proofs = new Proofs(publicUrl);
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

  /** What the access token says. @returns {{auth_time?: number, wallet?: string, exits_only?: boolean}} */
  get #claims() {
    const claims = this.#token?.split(".")[1];
    return claims === undefined ? {} : JSON.parse(new TextDecoder().decode(fromBase64url(claims)));
  }

  /** When a key of the member's opened this session, as its token says (`auth_time` of OpenID Connect); 0 where it does not. */
  get provenAtMs() {
    return Number(this.#claims.auth_time ?? 0) * 1000;
  }

  /** Whether an operator has locked the account: beyond reading, the session has the exit rights alone. */
  get exitsOnly() {
    return this.#claims.exits_only === true;
  }

  /** Of the wallet that opened this session, which may sign in the device's place; null where none did. */
  get walletAddress() {
    return this.#claims.wallet ?? null;
  }

  /** The header fields of an act: by the device key, or by the wallet where the member wants that. Raises WalletAway. @param {import("./device_key.js").Unsigned} act @param {import("./signed_once.js").SignedOnce} once of the same act */
  async sign(act, once) {
    const key = this.deviceKey();
    const address = this.walletAddress;
    const wallet = address === null ? undefined : await keptSigner();
    if (address === null || wallet === undefined) return await signAct(key, act);
    const ask = async () => signByWallet(await announced(wallet), address, key.keyId, act);
    return act.idempotencyKey === undefined ? await ask() : await once.fields(`${wallet} ${address} ${key.keyId}`, ask);
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
  offersPasskeys() {
    return this.proofs.offersPasskeys();
  }

  /** Sign in, as a new member or on a new device, with a passkey that is made now. @param {string} name */
  async createPasskey(name) {
    const key = await newDeviceKey();
    await this.#open("/v1/auth/passkeys", await this.proofs.newPasskey(key.publicKey, name), key);
  }

  /** Sign in with a passkey that the member has. */
  async usePasskey() {
    const key = await newDeviceKey();
    await this.#open(BY_PASSKEY, await this.proofs.passkey(key.publicKey), key);
  }

  /** Sign in with a wallet; one seen for the first time is a new member. @param {Wallet} wallet */
  async useWallet(wallet) {
    const key = await newDeviceKey();
    await this.#open(BY_WALLET, await this.proofs.wallet(key.publicKey, wallet), key);
  }

  /** Go on in a new session on the same device key, opened by a passkey. */
  async provePasskey() {
    const key = this.deviceKey();
    await this.#open(BY_PASSKEY, await this.proofs.passkey(key.publicKey), key);
  }

  /** Go on in a new session on the same device key, opened by a wallet. @param {Wallet} wallet */
  async proveWallet(wallet) {
    const key = this.deviceKey();
    await this.#open(BY_WALLET, await this.proofs.wallet(key.publicKey, wallet), key);
  }

  /** Sign in with a device key that a wallet has certified elsewhere. @param {DeviceKey} key @param {string} message @param {string} signature */
  async useSigned(key, message, signature) {
    await this.#open(BY_WALLET, { message, signature }, key);
  }

  /** End the session here and everywhere it is known; the device key is forgotten. */
  async signOut() {
    const token = this.#token;
    await forgetSigner();
    await this.#forget();
    if (token === null) return;
    const headers = { authorization: `Bearer ${token}` };
    await fetched(new URL("/v1/auth/sessions/current", this.publicUrl), { method: "DELETE", headers }).catch(() => null);
  }

  /** @param {string} path @param {unknown} body @param {DeviceKey} key */
  async #open(path, body, key) {
    await navigator.locks.request(LOCK, async () => {
      const opened = await this.proofs.post(path, body);
      await keepDeviceKey(key);
      this.#key = key;
      this.#take(opened);
    });
  }

  /** Once, however many requests and tabs find the token stale: a refresh token that is used twice ends the session. @param {string | null} stale */
  async #renew(stale) {
    await navigator.locks.request(LOCK, async () => {
      if (this.#token !== stale) return;
      try {
        this.#take(await this.proofs.post("/v1/auth/refreshes"));
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 401) throw error;
        await this.#forget();
        throw new SignedOut();
      }
    });
  }

  /** Nobody is signed in here any more. */
  async #forget() {
    this.#key = this.#token = this.member = this.id = null;
    await forgetDeviceKey();
    this.dispatchEvent(new Event("change"));
  }

  /** @param {Shapes["SessionView"]} opened */
  #take(opened) {
    const wasExitsOnly = this.exitsOnly;
    this.#token = opened.access_token;
    this.id = opened.session_id;
    this.#expiresAt = Date.now() + opened.expires_in_seconds * 1000;
    const isOther = this.member?.id !== opened.member.id || wasExitsOnly !== this.exitsOnly;
    this.member = opened.member;
    if (isOther) this.dispatchEvent(new Event("change"));
  }
}
