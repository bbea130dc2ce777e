// A member names guardians and keeps codes; a code that a thief used is stopped, and guardians let the member back in.
import { accessible } from "./accessible.mjs";
import { asked, check, found, handleOf, invitation, join, settled, travel } from "./people.mjs";

const STALE = {
  status: 401,
  contentType: "application/problem+json",
  body: JSON.stringify({ type: "/problems/insufficient-user-authentication", title: "Prove your key once more", status: 401 }),
};

travel(async (person) => {
  const ada = await person("recovery-ada", { bypassCSP: true });
  await found(ada, "Guild of Keys", "Recovery Ada");
  const link = await invitation(ada);
  const [ben, cara] = [await person("recovery-ben", { bypassCSP: true }), await person("recovery-cara")];
  await join(ben, link, "Recovery Ben");
  await join(cara, link, "Recovery Cara");
  const handles = [await handleOf(ben), await handleOf(cara)];
  const handle = await handleOf(ada);

  // Naming guardians wants a fresh proof: asked for once, in a session that takes the place of the one before.
  await showMe(ada);
  // Their guardians' bells light wherever these are: on a page of no union, and on one of a union.
  await showMe(ben);
  const bells = await Promise.all([ben, cara].map(async (page) => [page, await page.locator(".bell .count").textContent()]));
  let refused = 0;
  await ada.route("**/v1/me/guardians", (route) => (route.request().method() === "PUT" && !refused++ ? route.fulfill(STALE) : route.continue()));
  await ada.click("button:has-text('Name guardians')");
  for (const [place, named] of handles.entries()) await ada.locator("dialog [name=handle]").nth(place).fill(named);
  await accessible(ada, "naming guardians");
  await ada.click("dialog button.main");
  const proof = ada.locator("dialog", { hasText: "Confirm that it is you" });
  await proof.waitFor();
  await accessible(ada, "a fresh proof");
  await ada.shot("proof");
  await proof.getByText("With a passkey").click();
  await ada.getByText("A change is to come on").waitFor();
  check((await ada.locator("dialog").count()) === 0, "both sheets are closed");
  for (const [page, before] of bells) await page.waitForFunction((before) => document.querySelector(".bell .count").textContent !== before, before);
  await showMe(ada);
  check((await ada.locator("section.card:has(h2:text-is('Where you are signed in')) li").count()) === 1, "the session before has ended");
  check((await ada.locator("section.card:has(h2:text-is('Devices')) li").count()) === 1, "on the same device");

  // A change is stopped as long as it waits.
  await ada.click("button:text-is('Stop it')");
  await ada.getByText("You have no guardians.").waitFor();
  await ada.click("button:has-text('Name guardians')");
  for (const [place, named] of handles.entries()) await ada.locator("dialog [name=handle]").nth(place).fill(named);
  await ada.click("dialog button.main");
  await ada.getByText("A change is to come on").waitFor();

  await ada.click("button:has-text('Make new codes')");
  await ada.click("dialog button.main");
  await ada.locator("dialog .codes li").nth(9).waitFor();
  const [code] = await ada.locator("dialog .codes code").allInnerTexts();
  await accessible(ada, "codes");
  await ada.shot("codes");
  await ada.click("dialog button.main");
  await ada.getByText("10 codes are left.").waitFor();
  await ada.shot("me");

  await until(ada, "A change is to come on", { isGone: true });

  // Who has found a code asks for a new key, and any key of the member's stops it.
  const thief = await person("recovery-thief");
  await ask(thief, handle, async () => {
    await thief.selectOption("[name=way]", "code");
    await thief.fill("[name=code]", code.toLowerCase());
  });
  await thief.getByText("Your code was right.").waitFor();
  await showMe(ada);
  await accessible(ada, "a recovery of one's own account");
  await ada.shot("own");
  await ada.click("button:has-text('It was not me: cancel')");
  await ada.locator("section.asked").getByText("has cancelled it").waitFor();
  await until(thief, "has cancelled it.");
  await ada.goto(`${asked.url}/notices`);
  await settled(ada);
  await ada.getByText("Somebody used a recovery code of yours").click();
  await ada.waitForURL(/\/me$/);
  await until(ben, "It is not them", { path: "/me" });
  await ben.click("button:text-is('It is not them')");
  await ben.click("dialog button.main");
  await ben.locator("section.asked").waitFor({ state: "detached" });
  await until(thief, "It was refused.");

  // With guardians: each hears the fingerprint and says so; the account is locked, its key cancels, and they override that.
  const anew = await person("recovery-anew", { bypassCSP: true });
  await accessibleAt(anew, "/recover");
  await ask(anew, handle, () => anew.fill("[name=greeting]", "My phone fell into the Tejo."));
  await anew.locator(".fingerprint").waitFor();
  await accessible(anew, "waiting for guardians");
  await anew.shot("waiting");
  const fingerprint = await anew.locator(".fingerprint code").innerText();
  // A browser that has forgotten what it waits for is led back by the new key.
  await anew.getByText("Ask anew").click();
  await anew.click("dialog button.main");
  await anew.waitForSelector("[name=greeting]");
  await anew.goto(`${asked.url}/sign-in`);
  await settled(anew);
  await anew.click("button:has-text('With a passkey')");
  await anew.waitForURL(/\/recover$/);
  await anew.locator(".fingerprint").waitFor();
  await showMe(ben);
  await accessible(ben, "a recovery of a ward");
  await ben.shot("ward");
  await agree(ben, fingerprint);
  await agree(cara, fingerprint);
  await ada.goto(`${asked.url}/sign-in`);
  await settled(ada);
  if (await ada.locator("#account").getByText("Me").isVisible()) throw new Error("locked, and still signed in");
  await ada.click("button:has-text('With a passkey')");
  await ada.getByText("This account is locked").first().waitFor();
  await accessible(ada, "a locked account");
  await ada.shot("locked");
  await ada.click("dialog button:has-text('Cancel it with a passkey')");
  await ada.locator("dialog").waitFor({ state: "detached" });
  await until(anew, "has cancelled it.");
  await agree(ben, fingerprint);
  await agree(cara, fingerprint);
  await until(anew, "You are back");
  await anew.click("main button:has-text('Sign in')");
  await anew.waitForURL(/\/sign-in/);
  await settled(anew);
  await anew.click("button:has-text('With a passkey')");
  await anew.waitForSelector("[name=handle]");
  await anew.click("button:has-text('End having guardians')");
  await anew.click("dialog button.main");
  await anew.getByText("You have no guardians any more then.").waitFor();
  return { handle, again: await anew.inputValue("[name=handle]") };
});

async function showMe(page) {
  await page.goto(`${asked.url}/me`);
  await settled(page);
}

async function accessibleAt(page, path) {
  await page.goto(asked.url + path);
  await settled(page);
  await accessible(page, path);
  await page.shot("recover");
}

async function ask(page, handle, fill) {
  await page.goto(`${asked.url}/recover`);
  await settled(page);
  await page.fill("[name=handle]", handle);
  await fill();
  await page.click("form.act footer button.main");
}

async function agree(guardian, fingerprint) {
  await until(guardian, "It is them", { path: "/me" });
  const read = await guardian.locator("section.asked:has(button:text-is('It is them')) .fingerprint code").innerText();
  check(read === fingerprint, `the guardian compares ${read} to ${fingerprint}`);
  await guardian.click("button:text-is('It is them')");
  await guardian.check("dialog [name=sure]");
  await guardian.click("dialog button.main");
  await guardian.locator("dialog").waitFor({ state: "detached" });
  await guardian.getByText("You said that it is them.").waitFor();
}

/** Load it anew until it says so, or says so no more. */
async function until(page, text, { path = new URL(page.url()).pathname, isGone = false } = {}) {
  for (let tries = 0; tries < 60; tries += 1) {
    await page.goto(asked.url + path);
    await settled(page);
    if ((await page.locator("main").getByText(text).first().isVisible()) !== isGone) return;
    await page.waitForTimeout(1_000);
  }
  throw new Error(`${page.called} ${isGone ? "always" : "never"} reads ${text}`);
}
