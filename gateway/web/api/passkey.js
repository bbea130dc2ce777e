/** Passkeys (WebAuthn level 3): the challenge names the nonce and this device's key, so its signature certifies that key. */
import { base64url, fromBase64url } from "./base64.js";

const LABEL = "guildhall passkey v1";
const EDDSA = -8;
const ES256 = -7;
const RS256 = -257;
const WAIT_MS = 300_000;

/** @typedef {{rp_id: string, rp_name: string, user_id: string}} Offer */

export const browserHasPasskeys = () => "PublicKeyCredential" in globalThis;

/** @param {string} nonce @param {string} publicKey */
async function challenge(nonce, publicKey) {
  return crypto.subtle.digest("SHA-256", new TextEncoder().encode(`${LABEL}\n${nonce}\n${publicKey}`));
}

/**
 * A new passkey. `name` is what the member's own devices list it as. Raises DOMException where the member says no.
 * @param {Offer} offer @param {string} nonce @param {string} publicKey @param {string} name
 */
export async function createPasskey(offer, nonce, publicKey, name) {
  const made = /** @type {PublicKeyCredential} */ (
    await navigator.credentials.create({
      publicKey: {
        challenge: await challenge(nonce, publicKey),
        rp: { id: offer.rp_id, name: offer.rp_name },
        user: { id: fromBase64url(offer.user_id), name, displayName: name },
        pubKeyCredParams: [EDDSA, ES256, RS256].map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
        attestation: "none",
        timeout: WAIT_MS,
      },
    })
  );
  const response = /** @type {AuthenticatorAttestationResponse} */ (made.response);
  return {
    id: made.id,
    type: "public-key",
    response: {
      clientDataJSON: base64url(response.clientDataJSON),
      attestationObject: base64url(response.attestationObject),
    },
  };
}

/**
 * One of the passkeys that this member's devices hold. Raises DOMException where there is none or they say no.
 * @param {Offer} offer @param {string} nonce @param {string} publicKey
 */
export async function askPasskey(offer, nonce, publicKey) {
  const found = /** @type {PublicKeyCredential} */ (
    await navigator.credentials.get({
      publicKey: {
        challenge: await challenge(nonce, publicKey),
        rpId: offer.rp_id,
        userVerification: "required",
        timeout: WAIT_MS,
      },
    })
  );
  const response = /** @type {AuthenticatorAssertionResponse} */ (found.response);
  return {
    id: found.id,
    type: "public-key",
    response: {
      clientDataJSON: base64url(response.clientDataJSON),
      authenticatorData: base64url(response.authenticatorData),
      signature: base64url(response.signature),
      ...(response.userHandle ? { userHandle: base64url(response.userHandle) } : {}),
    },
  };
}
