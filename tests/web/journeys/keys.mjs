// A member adds a wallet and a passkey, calls a key otherwise, has one removed and keeps it, and ends a session elsewhere.
import { accessible } from "./accessible.mjs";
import { browserWallet, NAME } from "./browser_wallet.mjs";
import { asked, check, filled, found, settled, travel } from "./people.mjs";

const STALE = {
  status: 401,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: "/problems/insufficient-user-authentication", title: "Prove your key once more", status: 401 }),
};

travel(async (person) => {
  const ada = await person("keys-ada", { bypassCSP: true });
  await browserWallet(ada);
  await found(ada, "Guild of Locks", "Keys Ada");
  await ada.goto(`${asked.url}/me`);
  await settled(ada);
  const handle = await ada.inputValue("[name=handle]");
  const keys = ada.locator("section.card:has(h2:text-is('Keys'))");
  await keys.getByText(`Add ${NAME}`).click();
  await keys.getByText("0x").waitFor();
  check((await keys.locator("li").count()) === 2, "a passkey and a wallet");

  const wallet = keys.locator("li", { hasText: "0x" });
  await wallet.getByText("Rename").click();
  await filled(ada, { name: "Hardware wallet" });
  await keys.getByText("Hardware wallet").waitFor();

  // What wants a fresh proof takes it from any key, on the same device.
  let refused = 0;
  await ada.route("**/v1/me/passkeys/*", (route) => (route.request().method() === "DELETE" && !refused++ ? route.fulfill(STALE) : route.continue()));
  await keys.locator("li", { hasText: "On one device" }).getByText("Remove").click();
  await ada.click("dialog button.main");
  await ada.locator("dialog", { hasText: "Confirm that it is you" }).getByText(`With ${NAME}`).click();
  await keys.getByText("leaves on").waitFor();
  await accessible(ada, "a key that leaves");
  await ada.shot("leaves");
  await keys.getByText("Keep it").click();
  await keys.getByText("leaves on").waitFor({ state: "detached" });
  check((await keys.locator("li").count()) === 2, "it is kept");

  // A new passkey is made after the old one was asked for, not in the middle of it.
  await ada.evaluate(() => (Date.now = ((now) => () => now() + 250_000)(Date.now)));
  await keys.getByText("Add a passkey").click();
  await ada.locator("dialog", { hasText: "Confirm that it is you" }).waitFor();
  await ada.evaluate(() => (Date.now = () => new Date().getTime()));
  await ada.locator("dialog").getByText("With a passkey").click();
  await keys.locator("li").nth(2).waitFor();

  const devices = ada.locator("section.card:has(h2:text-is('Devices'))");
  await devices.getByText("Rename").click();
  await filled(ada, { name: "Ada's phone" });
  await devices.getByText("Ada's phone").waitFor();
  await devices.getByText("What it signed").click();
  const signed = ada.locator("dialog", { hasText: "What Ada's phone signed" });
  await signed.getByText("POST /v1/unions", { exact: true }).waitFor();
  await accessible(ada, "what a device signed");
  await ada.shot("signed");
  const [proof] = await Promise.all([ada.waitForEvent("download"), signed.getByText("Keep the proof").first().click()]);
  check(/^act-[a-z]+\..+\.json$/.test(proof.suggestedFilename()), "a file for each act");
  await signed.getByLabel("Close").click();

  const other = await person("keys-other");
  await browserWallet(other);
  await other.goto(`${asked.url}/sign-in?next=/me`);
  await settled(other);
  await other.click(`button:has-text('${NAME}')`);
  await other.waitForSelector("[name=handle]");
  const again = await other.inputValue("[name=handle]");
  await ada.goto(`${asked.url}/me`);
  await settled(ada);
  const sessions = ada.locator("section.card:has(h2:text-is('Where you are signed in'))");
  check((await sessions.locator("li").count()) === 2, "both are listed, and none that was proven anew");
  await ada.shot("sessions");
  await sessions.locator("button").click();
  await sessions.locator("button").waitFor({ state: "detached" });
  await other.goto(`${asked.url}/me`);
  await other.waitForURL(/\/sign-in/);
  return { handle, again };
});
