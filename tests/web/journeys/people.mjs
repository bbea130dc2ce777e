// People with browsers of their own: each has a virtual authenticator, and hears every error of the page.
import { chromium } from "playwright-core";

/** A PNG of one dot, in base64. */
export const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

export const asked = JSON.parse(process.env.JOURNEY);
const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
export const PHONE = { width: 360, height: 800 };
const AUTHENTICATOR = {
  protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
  automaticPresenceSimulation: true,
};

/** Runs the journey in one browser; its answer is the last line of the output. */
export async function travel(journey) {
  const browser = await chromium.launch({ executablePath: asked.browser, args: ARGUMENTS });
  const faults = [];
  try {
    const answer = await journey((name, options) => person(browser, faults, name, options));
    if (faults.length) throw new Error(`the page had errors:\n${faults.join("\n")}`);
    console.log(JSON.stringify(answer ?? {}));
  } catch (error) {
    console.log(faults.join("\n"));
    console.error(error);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

async function person(browser, faults, name, options = {}) {
  const context = await browser.newContext({ viewport: PHONE, locale: "en-GB", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !text.startsWith("Failed to load resource")) faults.push(`${name}: ${text}`);
  });
  page.on("pageerror", (error) => faults.push(`${name}: ${error.stack}`));
  page.on("dialog", (dialog) => (faults.push(`${name}: a dialog says ${dialog.message()}`), dialog.dismiss()));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => console.error(`policy violated: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  const session = await context.newCDPSession(page);
  await session.send("WebAuthn.enable");
  await session.send("WebAuthn.addVirtualAuthenticator", { options: AUTHENTICATOR });
  let shots = 0;
  return Object.assign(page, {
    called: name,
    shot: async (what) => page.screenshot({ path: `${asked.screenshots}/${name}-${String(++shots).padStart(2, "0")}-${what}.png` }),
  });
}

/** Found a union as a new member; returns its slug. */
export async function found(page, name, member, purpose = "We find each other work and fund what we share.") {
  await page.goto(`${asked.url}/found`);
  await page.fill("[name=name]", name);
  await page.fill("[name=purpose]", purpose);
  await page.fill("[name=member_name]", member);
  await page.click("form.act footer button.main");
  await page.waitForURL(/\/home$/);
  await page.waitForSelector(".great");
  return decodeURIComponent(new URL(page.url()).pathname.split("/")[2]);
}

/** Make an invitation on the page that is shown; returns its link. */
export async function invitation(page) {
  await page.click("button:has-text('Invite')");
  await page.waitForSelector("dialog .qr");
  const link = await page.inputValue("dialog input[readonly]");
  await page.click("dialog .close");
  return link;
}

/** Join by the link as a new member, and back who invited. */
export async function join(page, link, member) {
  if (page.url() !== link) await page.goto(link);
  await settled(page);
  await page.fill("[name=member_name]", member);
  await page.click("form.act footer button.main");
  await page.waitForURL(/\/home$/);
  await page.waitForSelector(".great");
}

/** The handle of who is signed in there. */
export async function handleOf(page) {
  const context = page.context();
  const me = await context.newPage();
  await me.goto(`${asked.url}/me`);
  await me.waitForSelector("[name=handle]");
  const handle = await me.inputValue("[name=handle]");
  await me.close();
  return handle;
}

/** Go to one of the ways within a union. */
export async function goTo(page, way) {
  await page.click(`#ways a[href$='/${way}']`);
  await page.waitForURL(new RegExp(`/${way}$`));
  await settled(page);
}

/** Fill the sheet that is open, and send it. */
export async function filled(page, values) {
  for (const [name, value] of Object.entries(values)) await page.fill(`dialog [name=${name}]`, value);
  await page.click("dialog button.main");
}

/** No section of the page is reading. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector("main h1") && !document.querySelector("main[aria-busy], live-section[aria-busy]"));
}

export function check(holds, what) {
  if (!holds) throw new Error(`not so: ${what}`);
}
