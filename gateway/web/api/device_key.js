/** The key of this device: Ed25519, made here, never extractable, and the only one that signs acts. */
import { base64, base64url } from "./base64.js";
import { forget, keep, readKept } from "./kept.js";

const KEPT_AS = "device key";
const NONCE_BYTES = 16;

/**
 * @typedef {object} DeviceKey
 * @property {CryptoKey} privateKey not extractable
 * @property {string} publicKey 32 bytes in base64url
 * @property {string} keyId its thumbprint (RFC 7638)
 */

/** A new key; nothing keeps it yet. @returns {Promise<DeviceKey>} */
export async function newDeviceKey() {
  const pair = /** @type {CryptoKeyPair} */ (await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]));
  return deviceKey(pair.privateKey, base64url(await crypto.subtle.exportKey("raw", pair.publicKey)));
}

/** The two halves under their name. @param {CryptoKey} privateKey @param {string} publicKey base64url @returns {Promise<DeviceKey>} */
export async function deviceKey(privateKey, publicKey) {
  const jwk = `{"crv":"Ed25519","kty":"OKP","x":"${publicKey}"}`;
  const keyId = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(jwk)));
  return { privateKey, publicKey, keyId };
}

/** @returns {Promise<DeviceKey | undefined>} the key that signed in here */
export const keptDeviceKey = () => readKept(KEPT_AS);
/** @param {DeviceKey} key */
export const keepDeviceKey = (key) => keep(KEPT_AS, key);
export const forgetDeviceKey = () => forget(KEPT_AS);

/** Whether this browser can make such a key at all. */
export async function canSign() {
  try {
    await newDeviceKey();
    return true;
  } catch {
    return false;
  }
}

/** @typedef {{method: string, targetUri: string, body: Uint8Array<ArrayBuffer>, idempotencyKey?: string}} Unsigned */

/**
 * The header fields that make a request this device's act: RFC 9421 with the digest of RFC 9530.
 * @param {DeviceKey} key
 * @param {Unsigned} act
 * @returns {Promise<Record<string, string>>}
 */
export async function signAct(key, { method, targetUri, body, idempotencyKey }) {
  const digest = `sha-256=:${base64(await crypto.subtle.digest("SHA-256", body))}:`;
  const nonce = base64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
  const created = Math.floor(Date.now() / 1000);
  const fields = ['"@method"', '"@target-uri"', '"content-digest"'];
  const lines = [`"@method": ${method}`, `"@target-uri": ${targetUri}`, `"content-digest": ${digest}`];
  if (idempotencyKey !== undefined) {
    fields.push('"idempotency-key"');
    lines.push(`"idempotency-key": ${idempotencyKey}`);
  }
  const parameters =
    `(${fields.join(" ")});created=${created};keyid="${key.keyId}";alg="ed25519"` +
    `;nonce="${nonce}";tag="guildhall-act"`;
  lines.push(`"@signature-params": ${parameters}`);
  const signature = await crypto.subtle.sign("Ed25519", key.privateKey, new TextEncoder().encode(lines.join("\n")));
  return {
    "content-digest": digest,
    "signature-input": `act=${parameters}`,
    signature: `act=:${base64(signature)}:`,
  };
}
