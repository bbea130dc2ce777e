/** What a union's rules have the house carry out, with what their document leaves out. */
import { pathOf } from "../app/unions.js";

/**
 * @typedef {import("../app/context.js").Shapes} Shapes
 * @typedef {Shapes["ParametersBody"]} Named
 * @typedef {{[Name in keyof Named]-?: NonNullable<Named[Name]>}} Parameters amounts are strings of minor units
 */

/** No supply has more minor units. */
export const MINOR_MAX = 2n ** 62n;

/** A parameter that a document leaves out has this value. */
const PRESET = {
  founder_cliff_seconds: 0,
  founder_vesting_seconds: 0,
  supply_policy: "by_decision",
  joining_grant_halves_every: 0,
  payment_fee_basis_points: 0,
  work_fee_basis_points: 0,
  fee_max_minor: String(MINOR_MAX),
  backlinks_max_count: 1_000,
  acceptance_grace_seconds: 14 * 86_400,
  acceptance_by_silence: "accepts",
  admissions_per_day: 0,
};

/** @param {Shapes["CharterView"]} charter @returns {Parameters} */
export const parametersOf = ({ document: { parameters } }) => /** @type {Parameters} */ ({ ...PRESET, ...parameters });

/** Those in force. @param {import("../app/context.js").Context} context @param {{slug: string}} union @param {AbortSignal} signal @returns {Promise<Parameters>} */
export const readParameters = async ({ client }, { slug }, signal) => parametersOf(await client.get(pathOf(slug, "/charter"), { signal }));

/** @param {Parameters} parameters @returns {import("../ui/money.js").Token} */
export const tokenOf = ({ token_symbol, token_scale }) => ({ symbol: token_symbol, scale: token_scale });
