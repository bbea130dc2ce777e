/** Keeps the files of one version of the page, the texts in one language; opens it when the network is away, and shows what is pushed. Answers of the API are never kept. */

const FILES = new URL(self.location.href).searchParams.get("files") ?? "";
const CACHE = `guildhall ${FILES}`;
const SHELL = "/found";
const CATALOGUE = /\/texts\/([a-z]{2})\.js$/;
const worker = /** @type {any} */ (self);

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(dropOlder()));

async function install() {
  const cache = await caches.open(CACHE);
  const listed = await (await fetch(`${FILES}/files.json`)).json();
  await cache.addAll([SHELL, ...inOneLanguage(listed)]);
  await worker.skipWaiting();
}

/** As `texts/texts.js` chooses it. @param {string[]} files */
function inOneLanguage(files) {
  const languages = files.map((file) => CATALOGUE.exec(file)?.[1]);
  const chosen = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => languages.includes(tag)) ?? "en";
  return files.filter((_, place) => [undefined, chosen].includes(languages[place]));
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

worker.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(show(event.data)));
worker.addEventListener("notificationclick", (/** @type {any} */ event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.url));
});

/** @param {{json: () => any}} data */
async function show(data) {
  const { title, text, url, tag } = data.json();
  await worker.registration.showNotification(title, { body: text, data: { url }, tag, renotify: true, icon: `${FILES}/icon.svg` });
}

/** In a window that is there already, else in a new one; never anywhere but here. @param {string} address */
async function open(address) {
  const { origin, pathname, search } = new URL(address);
  if (origin !== self.location.origin) return;
  const [shown] = await worker.clients.matchAll({ type: "window" });
  if (!shown) return void (await worker.clients.openWindow(pathname + search));
  await shown.focus();
  await shown.navigate(pathname + search);
}
