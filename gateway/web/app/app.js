/** The page is joined here: who is signed in, what is shown, and what changes it. */
import { Client, pause } from "../api/client.js";
import { canSign } from "../api/device_key.js";
import { Live } from "../api/live.js";
import { Session } from "../api/session.js";
import { PAGES } from "../pages/pages.js";
import { h, the } from "../ui/dom.js";
import { Names } from "../ui/names.js";
import { problemText } from "../ui/problem_text.js";
import { askProof } from "../ui/prove.js";
import { Router, signInPath } from "../ui/router.js";
import { LiveSection } from "../ui/section.js";
import { language, t } from "../texts/texts.js";
import { arriveAsFounder } from "./demo_link.js";
import { Bell } from "./bell.js";
import { nameFrame, showFrame } from "./frame.js";
import { keepOffline } from "./offline.js";
import { Unions } from "./unions.js";

const READS_WITHIN_MS = 700;
/** What the house tells nobody who is not signed in. */
const OF_MEMBERS = ["agreement", "fund", "home", "notices", "offer", "pay", "project", "work"];
const publicUrl = document.documentElement.dataset.publicUrl ?? location.origin;

async function start() {
  if (location.origin !== publicUrl) {
    location.replace(publicUrl + location.pathname + location.search + location.hash);
    return;
  }
  document.documentElement.lang = language();
  nameFrame();
  const session = new Session(publicUrl);
  const client = new Client(publicUrl, session);
  client.askProof = () => askProof(session);
  const live = new Live(session);
  const unions = new Unions(client);
  const house = { client, session, live, unions, names: new Names(client), bell: new Bell(client, live) };
  let shown = new AbortController();

  const router = new Router(async (place, isFirst) => {
    if (session.member === null && OF_MEMBERS.includes(place?.name ?? "")) return router.go(signInPath(), { replace: true });
    shown.abort();
    const here = (shown = new AbortController());
    the("main").setAttribute("aria-busy", "true");
    showFrame(house, place);
    live.follow(followed(session, place));
    const page = PAGES[place?.name ?? "missing"] ?? PAGES.missing;
    const context = {
      ...house,
      params: place?.params ?? {},
      url: place?.url ?? new URL(location.href),
      signal: here.signal,
      go: router.go.bind(router),
    };
    try {
      const made = await page(context);
      if (!here.signal.aborted) await show(made.title, made.content, isFirst, here.signal);
    } catch (error) {
      if (here.signal.aborted) return;
      await show(t("wrong"), problemPage(error, () => router.start()), isFirst, here.signal);
    }
  });

  live.listen(["union"], () => unions.forget(), new AbortController().signal);
  session.addEventListener("change", () => {
    unions.forget();
    const place = router.place();
    showFrame(house, place);
    live.follow(followed(session, place));
  });
  window.addEventListener("offline", () => sayOffline());
  window.addEventListener("online", () => sayOffline());
  sayOffline();

  if (!(await canSign())) {
    the("main").prepend(h("p", { class: "problem", role: "alert" }, t("browser-too-old")));
    return;
  }
  try {
    await session.resume();
  } catch (error) {
    // Whose page this is cannot be asked: it is not shown as if nobody had signed in.
    window.addEventListener("online", () => location.reload());
    await show(t("wrong"), problemPage(error, () => location.reload()), true, new AbortController().signal);
    keepOffline();
    return;
  }
  await arriveAsFounder(session).catch((error) => console.warn(problemText(error)));
  router.start();
  keepOffline();
}

/** A union by its page, else one's own account. @param {Session} session @param {import("../ui/router.js").Place | null} place */
const followed = ({ member }, place) => (member === null ? null : (place?.params.union ?? ""));

/**
 * In place of what is shown, once its sections have read, so that nothing moves under a reader's eyes.
 * @param {string} title @param {import("../ui/dom.js").Child[]} content @param {boolean} isFirst @param {AbortSignal} signal
 */
async function show(title, content, isFirst, signal) {
  const main = the("main");
  const fresh = h("div", { hidden: true }, content);
  main.append(fresh);
  const sections = /** @type {LiveSection[]} */ ([...fresh.querySelectorAll("live-section")]);
  await Promise.race([Promise.all(sections.map((section) => section.read)), pause(READS_WITHIN_MS, signal).catch(() => null)]);
  if (signal.aborted) {
    fresh.remove();
    return;
  }
  for (const child of [...main.children]) if (child !== fresh) child.remove();
  fresh.hidden = false;
  main.removeAttribute("aria-busy");
  document.title = title === "Guildhall" ? title : `${title} · Guildhall`;
  const heading = main.querySelector("h1");
  if (isFirst || !heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** @param {unknown} error @param {() => void} retry */
const problemPage = (error, retry) => [
  h("h1", null, t("wrong")),
  h("div", { class: "problem", role: "alert" }, h("p", null, problemText(error)), h("button", { type: "button", onclick: retry }, t("again"))),
];

function sayOffline() {
  the("#offline").textContent = navigator.onLine ? "" : t("problem.offline");
}

void start();
