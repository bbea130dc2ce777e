// A member is told elsewhere: by e-mail at an address that they confirm, and in their browser, sealed for it alone.
import { createServer } from "node:http";
import { readdirSync, readFileSync } from "node:fs";
import { asked, check, found, invitation, join, settled, travel } from "./people.mjs";

const pushed = [];
const service = createServer((request, response) => {
  pushed.push({ headers: request.headers });
  request.resume().on("end", () => response.writeHead(201).end());
}).listen(0, "127.0.0.1");

travel(async (person) => {
  const ada = await person("telling-ada", { permissions: ["notifications"] });
  const endpoint = `http://127.0.0.1:${service.address().port}/send`;
  // There is no push service of a vendor here: the browser's own keys are real, where it is reached is ours.
  await ada.addInitScript((endpoint) => {
    let made = null;
    PushManager.prototype.getSubscription = async () => made;
    PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
      if (applicationServerKey.byteLength !== 65 || !userVisibleOnly) throw new Error("not what a browser takes");
      const { publicKey } = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
      const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
      const keys = { p256dh: text(await crypto.subtle.exportKey("raw", publicKey)), auth: text(crypto.getRandomValues(new Uint8Array(16))) };
      made = { toJSON: () => ({ endpoint, expirationTime: null, keys }), unsubscribe: async () => (made = null) };
      return made;
    };
  }, endpoint);
  const slug = await found(ada, "Guild of Bells", "Ada Lima");
  const link = await invitation(ada);
  await ada.goto(`${asked.url}/me`);
  await settled(ada);
  await ada.fill("[name=address]", "ada@guild.example");
  await ada.click("button:has-text('Send me a code')");
  await ada.waitForSelector("[name=code]");
  const [{ subject }] = await mails("ada@guild.example", 1);
  const code = /\d{6}$/.exec(subject)[0];
  await ada.fill("[name=code]", code === "000000" ? "000001" : "000000");
  await ada.click("button:has-text('Confirm')");
  await ada.getByText("This is not the code. 4 more tries.").waitFor();
  await ada.shot("a-wrong-code");
  await ada.fill("[name=code]", code);
  await ada.click("button:has-text('Confirm')");
  await ada.getByText("No more e-mail").waitFor();
  await ada.click("button:has-text('Tell me in this browser')");
  await ada.getByText("You are told in this browser.").waitFor();
  await ada.fill("[name=quiet_from]", "03:00");
  await ada.fill("[name=quiet_until]", "03:01");
  await ada.click(".told-when button.main");
  await ada.getByText("Saved.").last().waitFor();
  await ada.shot("told");
  await ada.reload();
  await settled(ada);
  check((await ada.inputValue("[name=quiet_from]")) === "03:00", "the choice is kept");

  const ben = await person("telling-ben");
  await join(ben, link, "Ben Okri");
  const [, told] = await mails("ada@guild.example", 2);
  check(told.text.includes("Ben Okri joined.") || told.text.includes("joined."), `the e-mail tells who joined: ${told.text}`);
  check(told.text.includes(`/unions/${slug}/rules`), "it leads to where one reads on");
  for (let tries = 0; pushed.length === 0 && tries < 100; tries++) await ada.waitForTimeout(100);
  check(pushed[0]?.headers["content-encoding"] === "aes128gcm", "the push service got a sealed message");
  const shown = await shownByWorker(ada);
  check(shown.title === "Guild of Bells" && shown.body === "Ben Okri joined.", `the worker shows it: ${JSON.stringify(shown)}`);

  const reader = await person("telling-reader");
  await reader.goto(/https?:\S+\/unsubscribe\/\S+/.exec(told.text)[0]);
  await settled(reader);
  await reader.shot("unsubscribe");
  await reader.click("main button:has-text('No more e-mail')");
  await reader.getByText("Done: no more e-mail").waitFor();
  await ada.reload();
  await settled(ada);
  await ada.waitForSelector("[name=address]");
  await ada.click("button:has-text('Not in this browser')");
  await ada.waitForSelector("button:has-text('Tell me in this browser')");
  service.close();
  return { pushed: pushed.length };
});

/** What came to an address, once there are so many. */
async function mails(address, count) {
  for (let tries = 0; tries < 300; tries++) {
    const all = readdirSync(asked.mails).filter((name) => !name.startsWith(".")).sort().map((name) => JSON.parse(readFileSync(`${asked.mails}/${name}`, "utf8")));
    const found = all.filter(({ to }) => to === address);
    if (found.length >= count) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no ${count} mails to ${address}`);
}

/** What the page's worker makes of a push message. */
async function shownByWorker(page) {
  const devtools = await page.context().newCDPSession(page);
  const registration = new Promise((resolve) => devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => registrations[0] && resolve(registrations[0].registrationId)));
  await devtools.send("ServiceWorker.enable");
  const data = JSON.stringify({ title: "Guild of Bells", text: "Ben Okri joined.", url: `${asked.url}/notices`, tag: "notices" });
  await devtools.send("ServiceWorker.deliverPushMessage", { origin: asked.url, registrationId: await registration, data });
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    for (let tries = 0; tries < 50; tries++) {
      const [one] = await registration.getNotifications();
      if (one) return { title: one.title, body: one.body };
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return null;
  });
}
