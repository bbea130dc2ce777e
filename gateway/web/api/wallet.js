/** Browser wallets that announce themselves (EIP-6963), asked by EIP-1193. */

/**
 * @typedef {object} Wallet
 * @property {string} name
 * @property {() => Promise<string>} address asks the member to let this page know it
 * @property {(message: string, address: string) => Promise<string>} sign 65 bytes in hex (EIP-191)
 * @property {(typed: object, address: string) => Promise<string>} signTyped 65 bytes in hex (EIP-712)
 */

/** @typedef {{request: (asked: {method: string, params?: unknown[]}) => Promise<any>}} Provider */

/**
 * Calls `found` for each wallet of this browser, now and as they come, until the signal ends it.
 * @param {(wallet: Wallet) => void} found @param {AbortSignal} signal
 */
export function findWallets(found, signal) {
  /** @type {Set<string>} */
  const seen = new Set();
  window.addEventListener(
    "eip6963:announceProvider",
    (event) => {
      const { info, provider } = /** @type {CustomEvent<{info: {uuid: string, name: string}, provider: Provider}>} */ (event).detail;
      if (seen.has(info.uuid)) return;
      seen.add(info.uuid);
      found(walletOf(String(info.name), provider));
    },
    { signal },
  );
  window.dispatchEvent(new Event("eip6963:requestProvider"));
}

/** @param {string} name @param {Provider} provider @returns {Wallet} */
const walletOf = (name, provider) => ({
  name,
  address: async () => String((await provider.request({ method: "eth_requestAccounts" }))[0]),
  sign: async (message, address) => {
    const bytes = new TextEncoder().encode(message);
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return String(await provider.request({ method: "personal_sign", params: [`0x${hex}`, address] }));
  },
  signTyped: async (typed, address) =>
    String(await provider.request({ method: "eth_signTypedData_v4", params: [address, JSON.stringify(typed)] })),
});
