/** Push messages of this browser: its own keys, made for the deployment's key, shown by the page's worker. */
import { fromBase64url } from "./base64.js";

/** Whether this browser can be told at all. */
export const canBeTold = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

/**
 * Ask the member, then the browser. Raises NotAllowedError when the member says no.
 * @param {string} applicationServerKey base64url
 * @returns {Promise<{endpoint: string, keys: Record<string, string>}>}
 */
export async function subscribe(applicationServerKey) {
  if ((await Notification.requestPermission()) !== "granted") throw new DOMException("the browser may not show notices", "NotAllowedError");
  const { pushManager } = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: fromBase64url(applicationServerKey) };
  const made = await pushManager.subscribe(wanted).catch(async (error) => {
    // One that was made for another key of this deployment has to go first.
    if (error.name !== "InvalidStateError") throw error;
    await unsubscribe();
    return pushManager.subscribe(wanted);
  });
  const { endpoint = "", keys = {} } = made.toJSON();
  return { endpoint, keys };
}

/** Nothing more is shown here, whoever sends it. */
export async function unsubscribe() {
  if (!canBeTold()) return;
  const registration = await navigator.serviceWorker.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}
