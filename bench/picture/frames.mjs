// Frames of the voice tree in headless Chromium while it is zoomed, dragged and grows; the figures are the last line.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";

const { web, modules, browser: program, nodes, seconds, screenshot } = JSON.parse(process.env.PICTURE);
const { chromium } = await import(pathToFileURL(join(modules, "playwright-core", "index.mjs")).href);
const TYPES = { ".js": "text/javascript", ".css": "text/css" };
const PAGE = `<!doctype html><html lang="en"><link rel="stylesheet" href="/style/guildhall.css"><main><h1>Branch</h1></main>`;

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url, "http://localhost").pathname);
  if (path === "/") return response.setHeader("content-type", "text/html").end(PAGE);
  try {
    response.setHeader("content-type", TYPES[extname(path)] ?? "text/plain").end(readFileSync(join(web, path)));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  page.on("pageerror", (error) => console.error(error));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const told = await page.evaluate(measure, { nodes, seconds });
  if (screenshot) await page.screenshot({ path: screenshot });
  console.log(JSON.stringify(told));
} finally {
  await browser.close();
  server.close();
}

/** In the page: a tree whose branches are as uneven as real ones; three acts of equal length. */
async function measure({ nodes, seconds }) {
  const { VoiceTree } = await import("/picture/voice_tree.js");
  let seed = 1;
  const drawn = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const all = [{ member_id: "0", speaks_for_count: 0, folded_members_count: 0, children: [], parent: null }];
  const add = () => {
    const parent = all[Math.floor(drawn() ** 2.2 * all.length)];
    const node = { member_id: String(all.length), speaks_for_count: 0, folded_members_count: 0, children: [], parent };
    parent.children.push(node);
    all.push(node);
    for (let above = parent; above; above = above.parent) above.speaks_for_count += 1;
  };
  while (all.length < nodes) add();
  const picture = document.createElement("voice-tree");
  picture.names = { ask: (id, tell) => tell({ id, handle: `m${id}`, name: `Member ${id}` }) };
  document.querySelector("main").append(picture);
  const canvas = picture.querySelector("canvas");
  picture.update(all[0]);
  const frames = [];
  let last = 0;
  let counting = true;
  requestAnimationFrame(function count(now) {
    if (last) frames.push(now - last);
    last = now;
    if (counting) requestAnimationFrame(count);
  });
  const act = async (each) => {
    const until = performance.now() + (seconds * 1000) / 3;
    for (let step = 0; performance.now() < until; step += 1) {
      each(step);
      await new Promise(requestAnimationFrame);
    }
  };
  const key = (name) => canvas.dispatchEvent(new KeyboardEvent("keydown", { key: name }));
  await act((step) => canvas.dispatchEvent(new WheelEvent("wheel", { ctrlKey: true, deltaY: Math.sin(step / 30) * 6, clientX: 640, clientY: 400, cancelable: true })));
  key("0");
  await act((step) => {
    if (step % 12 === 0) (add(), picture.update(all[0]));
    else key(step % 2 ? "+" : "-");
  });
  key("0");
  await act((step) => key(["ArrowDown", "ArrowRight", "+", "-"][step % 4]));
  counting = false;
  key("0");
  await new Promise((resolve) => setTimeout(resolve, 600));
  frames.sort((one, other) => one - other);
  const total = frames.reduce((sum, ms) => sum + ms, 0);
  return {
    nodes: all.length,
    frames: frames.length,
    frames_per_second: (frames.length / total) * 1000,
    frame_ms_p50: frames[Math.floor(frames.length / 2)],
    frame_ms_p99: frames[Math.floor(frames.length * 0.99)],
    long_frames_share: frames.filter((ms) => ms > 34).length / frames.length,
  };
}
