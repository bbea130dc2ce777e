// The house down, slow, busy, refusing and still working: the page says so, and money moves once.
import { check, found, goTo, invitation, join, settled, travel } from "./people.mjs";

const TRANSFERS = "**/v1/unions/*/transfers";

travel(async (person) => {
  const said = {};
  const ada = await person("trouble-ada");
  await ada.addInitScript(() => {
    // What a form says may stand for half a second: all of it is kept.
    globalThis.statuses = [];
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const said = (target instanceof Element ? target : target.parentElement)?.closest(".status")?.textContent;
        if (said) globalThis.statuses.push(said);
      }
    }).observe(document, { subtree: true, childList: true, characterData: true });
  });
  await found(ada, "Guild of Troubles", "Ada Lima");
  const ben = await person("trouble-ben");
  await join(ben, await invitation(ada), "Trouble Ben");
  await goTo(ada, "pay");

  const pay = async (amount) => {
    await ada.click("main button:has-text('Pay')");
    await ada.fill("dialog [name=handle]", "trouble-ben");
    await ada.fill("dialog [name=amount]", amount);
    await ada.click("dialog button.main");
  };
  const lines = () => ada.locator(".statement li:has-text('Payment')").count();
  const status = (text) => ada.waitForFunction((wanted) => globalThis.statuses.some((said) => said.includes(wanted)), text, { timeout: 15_000 });
  const paid = async (count) => {
    await ada.locator("dialog").waitFor({ state: "detached", timeout: 30_000 });
    await ada.waitForFunction((wanted) => document.querySelectorAll(".statement li").length >= wanted, count + 1);
    check((await lines()) === count, `${count} payments are in the statement: ${await lines()}`);
  };

  // The answer is lost after the payment was made: sent again, it is the same payment.
  let lost = 0;
  await ada.route(TRANSFERS, async (route) => {
    if (lost++ > 0) return route.continue();
    await route.fetch();
    await route.abort("connectionreset");
  });
  await pay("1");
  await status("No answer");
  await paid(1);
  await ada.unroute(TRANSFERS);
  said.lost = lost;

  // Busy, then still running, then through.
  const answers = [
    { status: 503, headers: { "retry-after": "1" }, json: { type: "/problems/unavailable", title: "Not available", status: 503 } },
    { status: 429, headers: { "retry-after": "1" }, json: { type: "/problems/too-many-requests", title: "Too many", status: 429 } },
    { status: 409, headers: { "retry-after": "1" }, json: { type: "/problems/request-in-progress", title: "Running", status: 409 } },
  ];
  await ada.route(TRANSFERS, (route) => (answers.length ? route.fulfill({ ...answers.shift(), contentType: "application/problem+json" }) : route.continue()));
  await pay("2");
  await status("Busy");
  await status("Still under way");
  await paid(2);
  await ada.unroute(TRANSFERS);

  // Refused for good: said at once, and nothing moves.
  await pay("99999999");
  await status("not enough money");
  // A smaller amount in the same form is another payment.
  await ada.fill("dialog [name=amount]", "4");
  await ada.click("dialog button.main");
  await paid(3);

  // Pressed twice: one payment.
  await ada.click("main button:has-text('Pay')");
  await ada.fill("dialog [name=handle]", "trouble-ben");
  await ada.fill("dialog [name=amount]", "3");
  await ada.dblclick("dialog button.main");
  await paid(4);

  // An acceptance that the ledger has not answered (202) is shown as waiting, until it is there.
  await goTo(ben, "work");
  await ben.click("button:has-text('Post a gig')");
  await ben.fill("dialog [name=title]", "Wait for the money");
  await ben.fill("dialog [name=price]", "1");
  await ben.click("dialog button.main");
  await ben.waitForURL(/\/work\/[0-9a-f-]{36}$/);
  await ada.goto(ben.url());
  await settled(ada);
  await ada.click("button:has-text('Bid')");
  await ada.click("dialog button.main");
  await ben.click(".bid button:has-text('Accept this bid')");
  let held = 0;
  await ben.route("**/v1/unions/*/agreements/*", async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    if (held++ < 2) Object.assign(body, { state: "funding", funded_at: null });
    await route.fulfill({ response: answer, json: body });
  });
  await ben.click("dialog button.main");
  await ben.getByText("The money is being reserved").waitFor();
  await ben.getByText("The money is reserved for this work").waitFor({ timeout: 15_000 });

  // Nothing answers: the page stays, says it, and goes on when told to.
  await ada.route("**/v1/**", (route) => route.abort("connectionrefused"));
  await ada.click("#ways a[href$='/fund']");
  await ada.getByText("The house does not answer").waitFor();
  await ada.shot("away");
  await ada.unroute("**/v1/**");
  await ada.locator("button:has-text('Try again')").first().click();
  await ada.getByText("All or nothing").waitFor();

  // A slow answer is announced as such.
  await ada.route("**/projects?*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 900));
    await route.continue();
  });
  await ada.click("#ways a[href$='/home']");
  await ada.click("#ways a[href$='/fund']");
  await ada.getByText("One moment").waitFor();
  await ada.getByText("No project is open").waitFor();
  await ada.unroute("**/projects?*");
  return said;
});
