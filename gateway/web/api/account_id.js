/** The id of a member's account, derived as the ledger derives it: UUIDv5 (RFC 9562) of what the account is. */

const LEDGER_NAMESPACE = "6c6ef0b7-8a3b-4d0e-9c55-2f7d1b6a9e40";
const UUID_BYTES = 16;

/** @param {string} union id @param {string} member id @returns {Promise<string>} */
export async function memberAccountId(union, member) {
  const name = [union, "member", member].map((part) => `${part.length}:${part}`).join("");
  const named = new Uint8Array([...bytesOf(LEDGER_NAMESPACE), ...new TextEncoder().encode(name)]);
  const made = new Uint8Array(await crypto.subtle.digest("SHA-1", named)).slice(0, UUID_BYTES);
  const view = new DataView(made.buffer);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x50); // version 5
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80); // the variant of RFC 9562
  const digits = [...made].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** @param {string} uuid */
const bytesOf = (uuid) => (uuid.replaceAll("-", "").match(/../g) ?? []).map((digits) => Number.parseInt(digits, 16));
