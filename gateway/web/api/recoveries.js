/** Getting back in without a key: asked for with a new one, looked at, and cancelled by who still has one. */
import { newDeviceKey } from "./device_key.js";
import { forget, keep, readKept } from "./kept.js";

const KEPT_AS = "recovery";

/**
 * @typedef {import("guildhall-api").components["schemas"]} Shapes
 * @typedef {import("./session.js").Session} Session
 * @typedef {import("./wallet.js").Wallet} Wallet
 * @typedef {{member: string, code: string | null, greeting: string}} Asked
 */

/** Of the recovery that this browser waits for. @returns {Promise<string | undefined>} */
export const keptRecovery = () => readKept(KEPT_AS);
/** @param {string} id */
export const keepRecovery = (id) => keep(KEPT_AS, id);
export const forgetRecovery = () => forget(KEPT_AS);

/**
 * Ask with a wallet, or with a passkey that is made now; this browser goes on knowing of it.
 * The key that the proof names is no device's yet: one signs in anew once it is done.
 * @param {Session} session @param {Asked} asked @param {Wallet | null} wallet
 */
export async function askRecovery({ proofs }, { member, code, greeting }, wallet) {
  const { publicKey } = await newDeviceKey();
  const key = wallet ? { wallet: await proofs.wallet(publicKey, wallet) } : { passkey: await proofs.newPasskey(publicKey, member) };
  /** @type {Shapes["RecoveryView"]} */
  const begun = await proofs.post("/v1/auth/recoveries", { member, ...key, greeting, ...(code === null ? {} : { code }) });
  await keepRecovery(begun.id);
}

/** Say by a key of the account that nothing is lost. @param {Session} session @param {string} id @param {Wallet | null} wallet for a passkey @returns {Promise<Shapes["RecoveryView"]>} */
export async function cancelRecovery({ proofs }, id, wallet) {
  const { publicKey } = await newDeviceKey();
  const key = wallet ? { wallet: await proofs.wallet(publicKey, wallet) } : { passkey: await proofs.passkey(publicKey) };
  return await proofs.post(`/v1/auth/recoveries/${encodeURIComponent(id)}/cancellations`, key);
}
