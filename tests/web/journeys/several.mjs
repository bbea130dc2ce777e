// One amount is split among several, with and without a fee, as it was shown before; another is collected from two by their mandates.
import { accessible } from "./accessible.mjs";
import { check, filled, found, goTo, invitation, join, settled, travel } from "./people.mjs";

const ALLOTMENTS = "**/v1/unions/*/allotments/*";
const BEN = "several-ben";
const CARA = "several-cara";
const GETS = "dialog .gets";
const RECEIVED = ".mandates-received > li";

travel(async (person) => {
  const ada = await person("several-ada", { bypassCSP: true });
  await found(ada, "Guild of Shares", "Several Ada");
  const link = await invitation(ada);
  const ben = await person(BEN, { locale: "de-DE" });
  await join(ben, link, "Several Ben");
  const cara = await person(CARA);
  await join(cara, link, "Several Cara");
  for (const page of [ada, ben, cara]) await goTo(page, "pay");
  const before = await spoken(ada);

  // Three payees with equal shares, one of them the common purse: the odd unit goes to whom the id draws.
  await ada.click("main button:has-text('Among several')");
  await ada.click("dialog button:has-text('One more')");
  check((await ada.locator("dialog fieldset").count()) === 3, "a payee is added");
  await ada.locator("dialog [name=handle]").nth(0).fill(BEN);
  await ada.locator("dialog [name=handle]").nth(1).fill(CARA);
  await ada.locator("dialog [name=purse]").nth(2).check();
  check(!(await ada.locator("dialog [name=handle]").nth(2).isVisible()), "the common purse has no handle");
  await ada.fill("dialog [name=amount]", "10");
  await ada.locator(GETS).first().getByText("gets").waitFor();
  const equal = await shown(ada);
  check([...equal].sort().join() === "3.333333,3.333333,3.333334", `the odd unit is somebody's: ${equal}`);
  check(!(await ada.locator("dialog .arrival").innerText()), "where there is no fee, none is mentioned");
  await accessible(ada, "a split");
  await ada.shot("split");

  // The answer is lost: sent again, it is the same one, and what was shown is what was moved.
  const asked = [];
  await ada.route(ALLOTMENTS, async (route) => {
    asked.push(route.request().url());
    if (asked.length > 1) return route.continue();
    await route.fetch();
    await route.abort("connectionreset");
  });
  const first = await moved(ada);
  await ada.unroute(ALLOTMENTS);
  check(asked.length === 2 && asked[0] === asked[1], "the same one is sent again");
  check(first.result === "exists", `it had gone through: ${first.result}`);
  check(first.parts.join() === equal.join(), `shown ${equal}, moved ${first.parts}`);
  check(drawn(asked[0], 3) === equal.indexOf("3.333334"), "the id says with whom the odd unit is");
  check((await told(ada)).join() === ["Several Ben", "Several Cara", "The common purse"].map((name, place) => `${name} ${equal[place]}`).join(), "each is told with their part");
  await accessible(ada, "what was split");
  await ada.shot("split-told");
  await ada.click("dialog .close");
  await ada.waitForFunction((expected) => document.querySelector(".great bdi").textContent.replaceAll(",", "") === expected, (before - 10).toFixed(2));
  await ada.locator(".statement > li", { hasText: "Payment to the common purse" }).waitFor();
  await ben.locator(".statement > li", { hasText: "Several Ada" }).locator(".in", { hasText: `+${equal[0].replace(".", ",")}` }).waitFor();

  // With a fee: what arrives is less, but not with the common purse.
  await goTo(ada, "rules");
  await ada.click("button:has-text('Change the rules')");
  await filled(ada, { payment_fee: "1.25" });
  await ada.getByText("1.25% to the common purse").waitFor();
  await goTo(ada, "pay");
  await ada.click("main button:has-text('Among several')");
  await ada.locator("dialog [name=handle]").nth(0).fill(BEN);
  await ada.locator("dialog [name=handle]").nth(1).fill(CARA);
  await ada.click("dialog button:has-text('One more')");
  await ada.locator("dialog [name=purse]").nth(2).check();
  await ada.click("dialog button:has-text('One more')");
  await ada.click("dialog button:has-text('Remove no. 4')");
  await ada.locator("dialog [name=shares]").nth(0).fill("4");
  await ada.locator("dialog [name=shares]").nth(1).fill("0");
  await ada.fill("dialog [name=amount]", "70.000001");
  check(!(await ada.locator(GETS).first().innerText()), "no shares are no parts");
  await ada.locator("dialog [name=shares]").nth(1).fill("2");
  await ada.locator(GETS).nth(0).getByText(/^gets 40\.000001 [A-Z]+, of which 39\.500001 [A-Z]+ arrive$/).waitFor();
  await ada.locator(GETS).nth(1).getByText(/^gets 20\.00 [A-Z]+, of which 19\.75 [A-Z]+ arrive$/).waitFor();
  await ada.locator(GETS).nth(2).getByText(/^gets 10\.00 [A-Z]+$/).waitFor();
  await ada.locator("dialog .arrival").getByText(/^69\.250001 [A-Z]+ arrive; 0\.75 [A-Z]+ go to the common purse as a fee \(1\.25%\)\.$/).waitFor();
  await accessible(ada, "a split with a fee");
  await ada.shot("split-fee");
  // A refusal moves nothing, and the next try is another one.
  await ada.fill("dialog [name=amount]", String(before * 2));
  const refused = await moved(ada);
  await ada.locator("dialog").getByText("There is not enough money in your account.").waitFor();
  await ada.fill("dialog [name=amount]", "70.000001");
  const second = await moved(ada);
  check(refused.id !== second.id, "what was refused is not sent again");
  check(second.parts.join() === "40.000001,20,10", `as shown: ${second.parts}`);
  await ada.click("dialog .close");
  await ben.locator(".statement > li", { hasText: "Abgabe an die gemeinsame Kasse" }).locator(".out", { hasText: "−0,50" }).waitFor();
  await cara.locator(".statement > li", { hasText: "Fee to the common purse" }).locator(".out", { hasText: "−0.25" }).waitFor();

  // Mandates of two: collected in the order listed, the newest first.
  await mandate(ben, "Abbuchungen", "Abbuchen erlauben", "5");
  await ada.click("summary:has-text('Mandates')");
  await ada.locator(RECEIVED, { hasText: "Several Ben" }).waitFor();
  check((await ada.locator("button:has-text('Collect')").count()) === 0, "one mandate is no collecting");
  await mandate(cara, "Mandates", "Give a mandate", "5");
  await ada.click("button:has-text('Collect')");
  await ada.locator("dialog fieldset", { hasText: "Several Ben" }).waitFor();
  check((await ada.locator("dialog legend").allInnerTexts()).join() === "Several Cara,Several Ben", "in the order listed");
  await ada.getByText(/In all you may take up to 10\.00 [A-Z]+\./).waitFor();
  await ada.getByText("Of what arrives, a fee is taken: 1.25% to the common purse.").waitFor();
  await accessible(ada, "collecting");
  await ada.shot("collect");
  await filled(ada, { amount: "10.01" });
  await ada.locator("dialog").getByText("All of them together do not give so much now.").waitFor();
  for (const place of [0, 1]) await ada.locator("dialog [name=most]").nth(place).fill("0");
  await filled(ada, { amount: "6" });
  await ada.locator("dialog").getByText("Everybody is left out.").waitFor();
  for (const [place, most] of [[0, "2"], [1, ""]]) await ada.locator("dialog [name=most]").nth(place).fill(most);
  await ada.click("dialog button.main");
  await ada.locator("dialog .parts").waitFor();
  const capped = await told(ada);
  check(capped.join() === "Several Cara 2.00,Several Ben 4.00", `within the cap: ${capped}`);
  await ada.locator("dialog").getByText(/^5\.925 [A-Z]+ arrive; 0\.075 [A-Z]+ go to the common purse as a fee \(1\.25%\)\.$/).waitFor();
  await accessible(ada, "what was collected");
  await ada.shot("collected");
  await ada.click("dialog .close");
  await ada.locator(RECEIVED, { hasText: "Several Ben" }).getByText("1.00").waitFor();
  await ada.locator(RECEIVED, { hasText: "Several Cara" }).getByText("3.00").waitFor();
  await ada.click("button:has-text('Collect')");
  await filled(ada, { amount: "3.5" });
  await ada.locator("dialog .parts").waitFor();
  const ordered = await told(ada);
  check(ordered.join() === "Several Cara 3.00,Several Ben 0.50", `all of the first before the next: ${ordered}`);
  await ada.click("dialog .close");
  await ben.locator(".statement > li", { hasText: "Abbuchung" }).locator(".out", { hasText: "−0,50" }).waitFor();

  // What has ended is folded away, with both.
  await ben.click(".mandates-given button:has-text('Widerrufen')");
  await ben.click("dialog button.main");
  await ben.locator(".mandates-given").waitFor({ state: "hidden" });
  const revoked = ada.locator(".ended li", { hasText: "Several Ben" });
  await revoked.waitFor({ state: "attached" });
  check(!(await revoked.isVisible()) && (await ada.locator(RECEIVED).count()) === 1, "it is listed among the living no more");
  check((await ada.locator("button:has-text('Collect')").count()) === 0, "nor collected from");
  await ada.click(".ended summary:visible");
  await revoked.getByText("Revoked", { exact: true }).waitFor();
  await accessible(ada, "what has ended");
  await ada.shot("ended");
  // It stays unfolded when the list is read anew.
  await mandate(ben, null, "Abbuchen erlauben", "1");
  await ada.locator(RECEIVED, { hasText: "Several Ben" }).waitFor();
  check(await revoked.isVisible(), "what was unfolded stays so");

  // A page at a time: what has ended is folded away wherever it comes.
  await ada.route("**/mandates?side=received&limit=100*", (route) => route.continue({ url: route.request().url().replace("limit=100", "limit=1") }));
  await ada.reload();
  await ada.click("summary:has-text('Mandates')");
  const next = ada.locator(".folded button:has-text('Show more')");
  await next.click();
  await ada.locator(RECEIVED, { hasText: "Several Cara" }).waitFor();
  check((await ada.locator(".ended").count()) === 0, "nothing that has ended was read yet");
  await next.click();
  await revoked.waitFor({ state: "attached" });
  await next.waitFor({ state: "detached" });
  check((await ada.locator(RECEIVED).count()) === 2, "two are living");
  return { equal, capped, ordered };
});

/** What each one gets, before it is sent. */
async function shown(page) {
  return (await page.locator(GETS).allInnerTexts()).map((text) => /^gets ([\d.]+)/.exec(text)?.[1]);
}

/** Sends the sheet; what the house moved. */
async function moved(page) {
  const answer = page.waitForResponse((answer) => answer.request().method() === "PUT" && answer.url().includes("/allotments/") && answer.ok());
  await page.click("dialog button.main");
  const { id, result, parts } = await (await answer).json();
  if (result === "posted" || result === "exists") await page.locator("dialog .parts").waitFor();
  return { id, result, parts: parts.map(({ amount }) => String(Number(amount.text))) };
}

/** The place that an allotment's id draws, of so many. */
function drawn(url, count) {
  return Number(BigInt(`0x${new URL(url).pathname.split("/").pop().replaceAll("-", "")}`) % BigInt(count));
}

/** The parts as the sheet tells them. */
async function told(page) {
  await page.waitForFunction(() => !document.querySelector("dialog .parts")?.textContent.includes("…"));
  return page.locator("dialog .parts > li").evaluateAll((lines) => lines.map((line) => `${line.firstElementChild.textContent} ${line.querySelector(".money bdi").textContent}`));
}

/** Let Ada take so much. */
async function mandate(page, folded, give, amount) {
  if (folded) await page.click(`summary:has-text('${folded}')`);
  await page.click(`button:has-text('${give}')`);
  await filled(page, { handle: "several-ada", amount });
  await page.locator("dialog").waitFor({ state: "detached" });
  await settled(page);
}

/** The balance. */
async function spoken(page) {
  return Number((await page.locator("main .great .money bdi").innerText()).replaceAll(",", ""));
}
