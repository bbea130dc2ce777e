// Every page: no serious fault of accessibility, reached and worked by the keyboard, quick, small and still.
import { faultsOf } from "./accessible.mjs";
import { asked, check, filled, found, goTo, handleOf, invitation, join, settled, travel } from "./people.mjs";

travel(async (person) => {
  const faults = [];
  const measured = {};
  for (const scheme of ["light", "dark"]) {
    const ada = await person(`pages-${scheme}`, { colorScheme: scheme, bypassCSP: true });
    const slug = await found(ada, `Guild of Pages ${scheme}, of Harbours and of Lighthouses`, "Ada Lima");
    const link = await invitation(ada);
    const other = await person(`pages-${scheme}-other`, { colorScheme: scheme, bypassCSP: true });
    await join(other, link, "Ben Okri");
    await goTo(other, "work");
    await other.click("button:has-text('Post a gig')");
    await other.fill("dialog [name=title]", "Translate our rules");
    await other.fill("dialog [name=price]", "5");
    await other.click("dialog button.main");
    await other.waitForURL(/\/work\/[0-9a-f-]{36}$/);
    const offer = new URL(other.url()).pathname;
    await goTo(other, "fund");
    await other.click("button:has-text('Propose a project')");
    await other.fill("dialog [name=title]", "A common table");
    await other.fill("dialog [name=target]", "50");
    await other.click("dialog button.main");
    await other.waitForURL(/\/fund\/[0-9a-f-]{36}$/);
    const project = new URL(other.url()).pathname;
    await goTo(other, "home");
    const bens = await other.getAttribute("main a[href*='/leaders/']", "href");
    await goTo(ada, "rules");
    await ada.click("button:has-text('Change the rules')");
    await check_(ada, "the sheet of the rules");
    await filled(ada, { payment_fee: "1" });
    await ada.getByText("1% to the common purse").waitFor();
    await goTo(ada, "pay");
    await ada.click("main button.main:has-text('Pay')");
    await ada.waitForSelector(".arrival");
    await ada.fill("dialog [name=handle]", await handleOf(other));
    await ada.fill("dialog [name=amount]", "3");
    await ada.selectOption("dialog [name=days]", "7");
    await check_(ada, "the sheet of a payment");
    await ada.click("dialog button.main");
    await ada.waitForSelector(".holds li");
    await goTo(ada, "leaders");
    const leader = await ada.getAttribute("ol.leaders h3 a", "href");
    const paths = ["/", "/found", "/sign-in", "/recover", "/me", "/notices", `/unions/${slug}`, `/unions/${slug}/home`, `/unions/${slug}/leaders`, leader, `/unions/${slug}/work`, offer, `/unions/${slug}/pay`, `/unions/${slug}/fund`, project, `/unions/${slug}/rules`, `/unions/${slug}/rules?supply`, `/unions/${slug}/rules?offices`, `/unions/${slug}/rules?versions`, bens, "/nowhere"];
    for (const path of paths) {
      await ada.goto(asked.url + path);
      await settled(ada);
      for (const folded of await ada.locator(".folded > summary, .statement .why summary").all()) await folded.click();
      await settled(ada);
      await check_(ada, path);
      check(await ada.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} fits a phone`);
    }
    await goTo(other, "pay");
    await other.waitForSelector(".holds button");
    await ada.goto(asked.url + bens);
    await ada.click("button:has-text('Freeze the account')");
    await check_(ada, "the sheet of a freeze");
    await filled(ada, { reason: "It was lost.", days: "1" });
    await ada.getByText("Thaw it now").waitFor();
    await check_(ada, "a frozen account, seen by an officer");
    await other.locator(".frozen").getByText("It was lost.").waitFor();
    await check_(other, "a frozen account");
    check(await other.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "what is reserved fits a phone");
    await ada.goto(`${asked.url}/unions/${slug}/work`);
    await settled(ada);
    await ada.click("button:has-text('Post a gig')");
    await check_(ada, "the sheet of a gig");
    await ada.keyboard.press("Escape");
    check((await ada.locator("dialog").count()) === 0, "Escape closes a sheet");
    async function check_(page, path) {
      for (const fault of await faultsOf(page)) faults.push(`${scheme} ${path}: ${fault}`);
    }
    if (scheme === "light") {
      await opensOffline(other);
      measured.keyboard = await byKeyboard(ada, slug);
      Object.assign(measured, await figures(person, slug));
      for (const [width, name] of [[1280, "wide"], [2560, "widest"]]) {
        const wide = await person(`pages-${name}`, { viewport: { width, height: 900 } });
        await wide.goto(`${asked.url}/unions/${slug}`);
        await settled(wide);
        check(await wide.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `fits ${width} px`);
        await wide.shot(name);
      }
      const german = await person("pages-german", { locale: "de-DE" });
      await german.goto(`${asked.url}/unions/${slug}`);
      await german.getByText("Gegründet von").waitFor();
      check((await german.evaluate(() => document.documentElement.lang)) === "de", "the page says its language");
      await german.shot("german");
      await ada.emulateMedia({ media: "print" });
      check(!(await ada.locator("#ways").isVisible()), "the ways are not printed");
      await ada.emulateMedia({ media: "screen" });
      await ada.goto(`${asked.url}/unions/${slug}/home`);
      await settled(ada);
      await ada.evaluate(() => (document.documentElement.dir = "rtl"));
      check(await ada.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "fits right to left");
      await ada.shot("right-to-left");
    } else await ada.shot("dark");
  }
  return { faults, ...measured };
});

/** Without a network the page opens from what it has kept, and does not say that nobody is signed in. */
async function opensOffline(page) {
  await page.goto(`${asked.url}/`);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const kept = await page.evaluate(async () => (await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()))).flat().map(({ url }) => url));
  const texts = kept.filter((url) => /\/texts\/[a-z]{2}\.js$/.test(url)).map((url) => url.slice(-5));
  check(kept.length > 100 && texts.join() === "en.js", `every file is kept, and the texts of one language: ${kept.length} ${texts}`);
  await page.context().setOffline(true);
  await page.goto(`${asked.url}/me`);
  // An emulated network that is away is not told to every new document: either text says it.
  await page.locator("main .problem", { hasText: /You are offline|The house does not answer/ }).waitFor();
  await page.shot("offline");
  await page.context().setOffline(false);
  // The first tries may still meet the network that was away.
  for (let tries = 0; tries < 10 && !(await page.locator("h1", { hasText: "Me" }).isVisible()); tries++) {
    await page.click("main .problem button", { timeout: 2_000 }).catch(() => null);
    await page.locator("h1", { hasText: "Me" }).waitFor({ timeout: 2_000 }).catch(() => null);
  }
  check(await page.locator("h1", { hasText: "Me" }).isVisible(), "the page goes on once the network is back");
}

/** Post a gig and get back, by keys alone. */
async function byKeyboard(page, slug) {
  await page.goto(`${asked.url}/unions/${slug}/work`);
  await settled(page);
  const focusOn = async (text, most = 40) => {
    for (let pressed = 0; pressed < most; pressed += 1) {
      await page.keyboard.press("Tab");
      const said = await page.evaluate(() => document.activeElement?.getAttribute("aria-label") || document.activeElement?.textContent || "");
      if (said.trim().startsWith(text)) return pressed + 1;
    }
    throw new Error(`no Tab leads to ${text}`);
  };
  check((await focusOn("Skip to the content")) === 1, "the first Tab skips");
  await page.keyboard.press("Enter");
  check(await page.evaluate(() => document.activeElement?.id === "main"), "a skip leads to the content");
  check((await focusOn("Post a gig")) < 3, "what follows is the content");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog[open]");
  await page.locator("dialog [name=title]").focus();
  await page.keyboard.type("By keys alone");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("2");
  await page.keyboard.press("Enter");
  await page.waitForSelector("h1:has-text('By keys alone')");
  await focusOn("Fund");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/fund$/);
  return true;
}

/** What a first visit costs, in bytes, and how far what is shown moves. */
async function figures(person, slug) {
  const visitor = await person("pages-visitor");
  await visitor.addInitScript(() => {
    globalThis.shifted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (globalThis.shifted += entry.value))).observe({ type: "layout-shift", buffered: true });
  });
  let bytes = 0;
  const session = await visitor.context().newCDPSession(visitor);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await visitor.goto(`${asked.url}/unions/${slug}`);
  await settled(visitor);
  await visitor.waitForTimeout(500);
  const shifted = await visitor.evaluate(() => globalThis.shifted);
  await visitor.goto(`${asked.url}/unions/${slug}/fund?state=paid`);
  await visitor.waitForURL((url) => url.pathname === "/sign-in" && url.searchParams.get("next") === `/unions/${slug}/fund?state=paid`);
  return { shifted, bytes };
}
