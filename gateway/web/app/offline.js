/** The page opens without a network: a service worker keeps its own files, and nothing of the API. */

const WORKER = "/service_worker.js";

export function keepOffline() {
  if (!("serviceWorker" in navigator)) return;
  const files = document.documentElement.dataset.files ?? "";
  const url = `${WORKER}?files=${encodeURIComponent(files)}`;
  /** @type {any} */
  const types = Object(globalThis).trustedTypes;
  const trusted = types
    ? types.createPolicy("guildhall-worker", { createScriptURL: (/** @type {string} */ asked) => (asked === url ? asked : "") }).createScriptURL(url)
    : url;
  navigator.serviceWorker.register(trusted).catch((error) => console.warn(String(error)));
}
