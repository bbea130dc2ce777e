/** The link at the end of the demo: it carries a device key of its own, certified by the founder's wallet, on this machine alone. */
import { fromBase64url } from "../api/base64.js";
import { deviceKey } from "../api/device_key.js";

const FRAGMENT = /^#demo=([A-Za-z0-9_-]{1,4096})$/;
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
const COOKIE = /^guildhall_nonce=[A-Za-z0-9_-]+$/;

/** @param {import("../api/session.js").Session} session */
export async function arriveAsFounder(session) {
  const carried = FRAGMENT.exec(location.hash)?.[1];
  if (carried === undefined || !LOOPBACK.includes(location.hostname)) return;
  history.replaceState(null, "", location.pathname);
  const { private_key, public_key, message, signature, cookie } = JSON.parse(new TextDecoder().decode(fromBase64url(carried)));
  if (!COOKIE.test(cookie)) return;
  const jwk = { kty: "OKP", crv: "Ed25519", x: public_key, d: private_key };
  const privateKey = await crypto.subtle.importKey("jwk", jwk, "Ed25519", false, ["sign"]);
  document.cookie = `${cookie}; path=/v1/auth; samesite=strict; max-age=60`;
  await session.useSigned(await deviceKey(privateKey, public_key), message, signature);
}
