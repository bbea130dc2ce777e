import { chromium } from "playwright-core";
const base = process.argv[2] ?? "http://localhost:8090";
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--disable-gpu","--disable-quic","--no-first-run"] });
async function person(name) {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 }, locale: "en-GB", deviceScaleFactor: 2 });
  const page = await context.newPage();
  page.on("console", (m) => ["error","warning"].includes(m.type()) && console.log(name, m.type(), m.text()));
  page.on("pageerror", (e) => console.log(name, "pageerror", e.message));
  const cdp = await context.newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", { options: { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
  return page;
}
let n = 0;
const shot = (page, name) => page.screenshot({ path: `/tmp/shots/${String(++n).padStart(2, "0")}-${name}.png` });
try {
  const a = await person("ada");
  await a.goto(base + "/");
  await a.waitForTimeout(1500);
  await shot(a, "directory");
  await a.click("a.main");
  await a.waitForSelector("h1:has-text('Found a union')");
  await shot(a, "found");
  await a.fill("[name=name]", "Guild of the Long Table " + Date.now() % 1000);
  await a.fill("[name=purpose]", "Freelancers who find each other work and fund what they share.");
  await a.fill("[name=member_name]", "Ada Lima");
  await shot(a, "found-filled");
  await a.click("form.act footer button.main");
  await a.waitForURL(/\/home$/, { timeout: 10000 });
  await a.waitForTimeout(2500);
  await shot(a, "home");
  await a.click("button:has-text('Invite')");
  await a.waitForSelector(".qr");
  await a.waitForTimeout(600);
  await shot(a, "invite");
  const link = await a.inputValue("dialog input[readonly]");
  console.log(link);
  await a.click("dialog .close");
  const b = await person("ben");
  await b.goto(link);
  await b.waitForSelector("form.act");
  await b.waitForTimeout(700);
  await shot(b, "join");
  await b.fill("[name=member_name]", "Ben Okri");
  await b.click("form.act footer button.main");
  await b.waitForURL(/\/home$/, { timeout: 10000 });
  await b.waitForTimeout(2000);
  await shot(b, "ben-home");
  await shot(a, "ada-home-live");
  for (const way of ["leaders","work","pay","fund","rules"]) { await a.click(`#ways a[href$='/${way}']`); await a.waitForTimeout(1200); await shot(a, way); }
  await a.click("#account a"); await a.waitForTimeout(1000); await shot(a, "me");
} catch (e) { console.log(e); } finally { await browser.close(); }
