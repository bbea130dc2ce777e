/** The link at the end of the demo: its own process signs for the founder's wallet, once, on this machine alone. */
import { fetched } from "../api/client.js";

const FRAGMENT = /^#demo=([A-Za-z0-9_-]{16,64})$/;
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/** @param {import("../api/session.js").Session} session */
export async function arriveAsFounder(session) {
  const secret = FRAGMENT.exec(location.hash)?.[1];
  if (secret === undefined || !LOOPBACK.includes(location.hostname)) return;
  history.replaceState(null, "", location.pathname);
  /** @param {string} path @param {Record<string, string>} body */
  const ask = async (path, body) =>
    (await fetched(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ ...body, secret }) })).body;
  await session.useWallet({
    name: "demo",
    address: async () => (await ask("/demo/wallet", {})).address,
    sign: async (message) => (await ask("/demo/wallet/signatures", { message })).signature,
  });
}
