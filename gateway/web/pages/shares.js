/** An amount split by shares, as the ledger splits it: exact to the minor unit, by the largest remainder. */

/** No payee has more. */
export const SHARES_MAX = 1_000_000;
const SHARES = /^0*([1-9]\d{0,6})$/;

/**
 * Parts that sum to the amount. Units that no share divides go to the largest remainders; among equal ones in the order given, beginning at place `first`.
 * @param {bigint} minor @param {readonly bigint[]} shares more than 0 @param {number} first @returns {bigint[]}
 */
export function splitByShares(minor, shares, first) {
  const count = shares.length;
  const whole = shares.reduce((sum, share) => sum + share, 0n);
  const places = shares.map((share, place) => ({ part: (minor * share) / whole, remainder: (minor * share) % whole, turn: (place - first + count) % count }));
  const left = minor - places.reduce((sum, { part }) => sum + part, 0n);
  const byRemainder = [...places].sort((one, other) => (one.remainder === other.remainder ? one.turn - other.turn : one.remainder < other.remainder ? 1 : -1));
  for (const place of byRemainder.slice(0, Number(left))) place.part += 1n;
  return places.map(({ part }) => part);
}

/** The place at which equal remainders begin. @param {string} id of the allotment, a UUID @param {number} count of payees */
export const firstPlace = (id, count) => Number(BigInt(`0x${id.replaceAll("-", "")}`) % BigInt(count));

/** The shares that were written, null as long as they are none. @param {string} written */
export function readShares(written) {
  const found = SHARES.exec(written.trim());
  return found && Number(found[1]) <= SHARES_MAX ? BigInt(found[1] ?? "") : null;
}
