/** Keeps the files of one version of the page, and opens it when the network is away. Answers of the API are never kept. */

const FILES = new URL(self.location.href).searchParams.get("files") ?? "";
const CACHE = `guildhall ${FILES}`;
const SHELL = "/found";
const worker = /** @type {any} */ (self);

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(dropOlder()));

async function install() {
  const cache = await caches.open(CACHE);
  const listed = await (await fetch(`${FILES}/files.json`)).json();
  await cache.addAll([SHELL, ...listed]);
  await worker.skipWaiting();
}

async function dropOlder() {
  for (const name of await caches.keys()) if (name.startsWith("guildhall ") && name !== CACHE) await caches.delete(name);
  await worker.clients.claim();
}

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(SHELL)));
  else if (url.pathname.startsWith(`${FILES}/`)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
