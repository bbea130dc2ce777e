/** Acts that the member's wallet shows and signs itself (EIP-712), in the place of this device's key. */
import { base64, base64url } from "./base64.js";
import { forget, keep, readKept } from "./kept.js";
import { findWallets } from "./wallet.js";

const KEPT_AS = "wallet that signs";
const NONCE_BYTES = 16;
const ANNOUNCED_WAIT_MS = 2_000;
const TYPES = {
  EIP712Domain: [
    { name: "name", type: "string" },
    { name: "version", type: "string" },
  ],
  Act: [
    { name: "method", type: "string" },
    { name: "target", type: "string" },
    { name: "body", type: "string" },
    { name: "idempotencyKey", type: "string" },
    { name: "created", type: "uint64" },
    { name: "nonce", type: "string" },
    { name: "device", type: "string" },
  ],
};

/** @typedef {import("./device_key.js").Unsigned} Unsigned */

/** The wallet was chosen to sign, and this browser has it no more. */
export class WalletAway extends Error {}

/** @returns {Promise<string | undefined>} the name of the wallet that signs what is done in this browser */
export const keptSigner = () => readKept(KEPT_AS);
/** @param {string} name */
export const keepSigner = (name) => keep(KEPT_AS, name);
export const forgetSigner = () => forget(KEPT_AS);

/**
 * Of this name, as the browser announces it. Raises WalletAway.
 * @param {string} name @returns {Promise<import("./wallet.js").Wallet>}
 */
export function announced(name) {
  const end = new AbortController();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => (end.abort(), reject(new WalletAway(name))), ANNOUNCED_WAIT_MS);
    findWallets((wallet) => {
      if (wallet.name !== name) return;
      clearTimeout(timer);
      end.abort();
      resolve(wallet);
    }, end.signal);
  });
}

/**
 * The header fields that make a request the wallet's act, as docs/acts.md describes them.
 * @param {import("./wallet.js").Wallet} wallet @param {string} address @param {string} keyId of this device @param {Unsigned} act
 * @returns {Promise<Record<string, string>>}
 */
export async function signByWallet(wallet, address, keyId, { method, targetUri, body, idempotencyKey }) {
  const digest = `sha-256=:${base64(await crypto.subtle.digest("SHA-256", body))}:`;
  const nonce = base64url(crypto.getRandomValues(new Uint8Array(NONCE_BYTES)));
  const created = Math.floor(Date.now() / 1000);
  const message = {
    method,
    target: targetUri,
    body: new TextDecoder().decode(body),
    idempotencyKey: idempotencyKey ?? "",
    created: String(created),
    nonce,
    device: keyId,
  };
  const domain = { name: "Guildhall", version: "1" };
  const signature = await wallet.signTyped({ domain, types: TYPES, primaryType: "Act", message }, address);
  const fields = ['"@method"', '"@target-uri"', '"content-digest"', ...(idempotencyKey === undefined ? [] : ['"idempotency-key"'])];
  const bytes = Uint8Array.from(signature.slice(2).match(/../g) ?? [], (pair) => parseInt(pair, 16));
  return {
    "content-digest": digest,
    "signature-input": `act=(${fields.join(" ")});created=${created};keyid="${keyId}";alg="eip712";nonce="${nonce}";tag="guildhall-act"`,
    signature: `act=:${base64(bytes)}:`,
  };
}
