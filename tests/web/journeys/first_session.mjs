// The founder's first session and a second member's, to the statement that both see.
import { readFile } from "node:fs/promises";
import { check, DOT, found, goTo, invitation, join, settled, travel } from "./people.mjs";

const PRICE = "25";

travel(async (person) => {
  const began = Date.now();
  const ada = await person("ada");
  await ada.goto(process.env.JOURNEY && JSON.parse(process.env.JOURNEY).url);
  await settled(ada);
  await ada.shot("directory");
  await found(ada, "Guild of the Long Table", "Ada Lima");
  await ada.shot("founded");
  const link = await invitation(ada);

  const ben = await person("ben");
  await ben.goto(link);
  await ben.waitForSelector("text=Ada Lima invites you");
  await ben.shot("invited");
  await goTo(ada, "leaders");
  check(await ada.getByText("Nobody has been backed yet").isVisible(), "nobody leads before somebody backs");
  await join(ben, link, "Ben Okri");
  await ben.shot("joined");
  // The founder's page grows by itself.
  await ada.getByText("1 leader, 2 members").waitFor();
  await ada.shot("backed-live");

  await goTo(ben, "leaders");
  await ben.click("button:has-text('Speaks for me')");
  await ben.waitForSelector("button[aria-pressed=true]:has-text('Speaks for me')");
  await ada.click("ol.leaders h3 a");
  await ada.waitForSelector("live-section .figures");
  await ada.getByRole("treeitem", { name: /Ben Okri/ }).or(ada.locator(".tree").getByText("Ben Okri")).first().waitFor();
  // The picture says by keys what it shows.
  await ada.locator("voice-tree canvas").focus();
  await ada.keyboard.press("ArrowDown");
  await ada.keyboard.press("ArrowDown");
  await ada.locator("voice-tree p", { hasText: "Ben Okri" }).waitFor();
  await ada.shot("branch");
  const [kept] = await Promise.all([ada.waitForEvent("download"), ada.click("button:has-text('Save as a picture')")]);
  check((await readFile(await kept.path(), "utf8")).includes("<svg"), "the branch is kept as a picture");

  await goTo(ada, "work");
  await ada.click("button:has-text('Post a gig')");
  await ada.fill("dialog [name=title]", "Translate our rules");
  await ada.fill("dialog [name=description]", "Two pages, into Portuguese.");
  await ada.fill("dialog [name=price]", PRICE);
  await ada.shot("gig-sheet");
  await ada.click("dialog button.main");
  await ada.waitForSelector("h1:has-text('Translate our rules')");

  const [photos] = await Promise.all([ada.waitForEvent("filechooser"), ada.click("button:has-text('Add a photo')")]);
  await photos.setFiles({ name: 'hall "<b>".png', mimeType: "image/png", buffer: Buffer.from(DOT, "base64") });
  await ada.waitForSelector(".files img");

  await goTo(ben, "work");
  await ben.click("text=Translate our rules");
  await ben.waitForFunction(() => document.querySelector(".files img")?.naturalWidth === 1);
  check((await ben.locator(".files img").getAttribute("alt")) === 'hall "<b>".png', "a photo has its file's name");
  await ben.click("button:has-text('Bid')");
  await ben.fill("dialog [name=message]", "I have done this before.");
  await ben.click("dialog button.main");
  await ben.waitForSelector(".bid");
  await ben.shot("bid");

  await ada.waitForSelector(".bid button:has-text('Accept this bid')");
  await ada.shot("bid-live");
  // What others did is counted on every page, and read in one list.
  await ada.locator(".bell[aria-label='Notices: 4 new'] .count").waitFor();
  const page = ada.url();
  await ada.click(".bell");
  for (const said of ["Ben Okri bids for your gig.", "You speak for Ben Okri now.", "Ben Okri backs you.", "Ben Okri joined."]) {
    await ada.locator(".notices").getByText(said, { exact: true }).waitFor();
  }
  await ada.locator(".bell .count").waitFor({ state: "hidden" });
  await ada.shot("notices");
  await ada.click(".notices a:has-text('bids for your gig')");
  await ada.waitForURL(page);
  await ada.click(".bid button:has-text('Accept this bid')");
  await ada.click("dialog button.main");
  await ada.waitForURL(/\/agreements\//);
  await ada.getByText("The money is reserved for this work").waitFor();
  await ada.shot("agreed");

  await goTo(ben, "home");
  await ben.click("a:has-text('Deliver')");
  await ben.waitForSelector("button:has-text('Add a file')");
  const [work] = await Promise.all([ben.waitForEvent("filechooser"), ben.click("button:has-text('Add a file')")]);
  await work.setFiles({ name: "Regras.txt", mimeType: "text/plain", buffer: Buffer.from("As regras.") });
  await ben.locator(".files").getByText("Regras.txt").waitFor();
  await ben.click("button:has-text('Deliver')");
  await ben.fill("dialog [name=note]", "Both pages, as agreed.");
  await ben.click("dialog button.main");
  await ben.getByText("Delivered. If nobody objects").waitFor();
  await ben.shot("delivered");

  await ada.getByText("Both pages, as agreed.").waitFor();
  const [read] = await Promise.all([ada.waitForEvent("download"), ada.click(".files a")]);
  check((await readFile(await read.path(), "utf8")) === "As regras.", "the employer reads what was delivered");
  await ada.click("button:has-text('Accept and pay')");
  await ada.getByText("Accepted and paid.", { exact: true }).waitFor();
  await ada.shot("paid");
  await ben.getByText("Accepted and paid.", { exact: true }).waitFor();

  await goTo(ben, "pay");
  await ben.waitForSelector(".statement li:has-text('Paid for work')");
  await ben.shot("statement");
  for (const [words, said] of [["Keep as CSV", "closing balance"], ["Keep as Beancount", " balance Assets:"]]) {
    const [kept] = await Promise.all([ben.waitForEvent("download"), ben.click(`button:has-text('${words}')`)]);
    check((await readFile(await kept.path(), "utf8")).includes(said), `${words} keeps the statement`);
  }
  const [receipt] = await Promise.all([ben.waitForEvent("download"), ben.locator(".statement li").first().getByText("Receipt").click()]);
  const proven = JSON.parse(await readFile(await receipt.path(), "utf8"));
  check(proven.kind === "receipt" && proven.signature.split(".").length === 3, "a receipt is kept, signed");
  const earned = await ben.locator(".statement li:has-text('Paid for work') .in .money").innerText();
  await goTo(ada, "pay");
  await ada.waitForSelector(".statement li:has-text('Reserved for work')");
  await ada.shot("statement");
  const spent = await ada.locator(".statement li:has-text('Reserved for work') .out .money").innerText();
  check(earned.replace("+", "") === spent.replace("−", ""), `both see the same amount: ${earned} and ${spent}`);
  check(earned.startsWith("+25.00"), `25 were earned: ${earned}`);
  return { seconds: (Date.now() - began) / 1000, earned, spent };
});
