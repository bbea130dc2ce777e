// What a first visit costs: new visitors one after the other, each with a browser profile of its own.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { url, modules, browser: program, visits } = JSON.parse(process.env.PAGE);
const { chromium } = await import(pathToFileURL(join(modules, "playwright-core", "index.mjs")).href);
const STILL_MS = 500;

const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"] });
try {
  const told = [];
  for (let visit = 0; visit < visits; visit += 1) told.push(await visited());
  console.log(JSON.stringify(told));
} finally {
  await browser.close();
}

async function visited() {
  const context = await browser.newContext({ viewport: { width: 360, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(() => {
    globalThis.shifted = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (globalThis.shifted += entry.value))).observe({ type: "layout-shift", buffered: true });
  });
  let bytes = 0;
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => (bytes += encodedDataLength));
  await page.goto(url);
  await page.waitForFunction(() => document.querySelector("main h1") && !document.querySelector("main[aria-busy], live-section[aria-busy]"));
  await page.waitForTimeout(STILL_MS);
  const seen = await page.evaluate(() => ({
    first_content_ms: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    shifted: globalThis.shifted,
  }));
  await context.close();
  return { ...seen, bytes };
}
