// A union founded with a founder's share that vests and a fixed supply: what everybody may see of it, and why each step came.
import { asked, check, goTo, invitation, join, settled, travel } from "./people.mjs";

const QUICK_SECONDS = 96;
const YEAR_SECONDS = 31_536_000;

travel(async (person) => {
  // As it is meant: over years, nothing in the first one.
  const ada = await person("supply-ada");
  const slow = await founded(ada, "Guild of Patience", "Supply Ada", async (page) => {
    check(await page.isDisabled("[name=cliff_months]"), "what is the founder's at once has no waiting");
    await page.selectOption("[name=vesting_years]", "4");
    await page.selectOption("[name=cliff_months]", "24");
    await page.selectOption("[name=vesting_years]", "1");
    check((await page.inputValue("[name=cliff_months]")) === "0", "nobody waits longer than it takes");
    await page.selectOption("[name=vesting_years]", "4");
    await page.selectOption("[name=cliff_months]", "12");
    await page.check("[name=fixed]");
    await page.shot("found");
  });
  check(JSON.stringify(slow.sent.parameters) === JSON.stringify({ founder_vesting_seconds: 4 * YEAR_SECONDS, founder_cliff_seconds: YEAR_SECONDS, supply_policy: "fixed" }), `this was sent: ${JSON.stringify(slow.sent)}`);
  await ada.getByText("Founder's share, not yours yet").waitFor();
  await goTo(ada, "rules");
  await ada.getByText("Step by step, over 4 years; nothing for 1 year at first").waitFor();
  await ada.getByText("Nothing more is ever issued.").waitFor();
  await ada.click("dl.told a[href$='/rules?supply']");
  await ada.locator("h1", { hasText: "All the money there is" }).waitFor();
  await settled(ada);
  const figures = await figuresOf(ada, ".vesting");
  check(figures["Planned by now"] === "0.00" && figures["Released"] === "0.00", `nothing yet: ${JSON.stringify(figures)}`);
  check(figures["Still locked"] !== "0.00" && /\d{4}/.test(figures["Next step"]), "the rest is locked, and its next step known");
  await ada.click("summary:has-text('All steps')");
  await ada.locator(".steps-of-vesting > li").first().waitFor();
  for (const count of [24, 36, 48]) {
    await ada.locator(".folded button:has-text('Show more')").click();
    await ada.waitForFunction((count) => document.querySelectorAll(".steps-of-vesting > li").length === count, count);
  }
  check((await ada.locator(".folded button:has-text('Show more')").count()) === 0, "there are 48 steps");
  const dues = await ada.locator(".steps-of-vesting time").evaluateAll((all) => all.map((time) => time.dateTime));
  check(new Set(dues.slice(0, 12)).size === 1 && new Set(dues.slice(11)).size === 37, "the first year's steps come together");
  await ada.shot("supply");
  check(await ada.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "it fits a phone");

  // Who is signed in nowhere sees the same.
  const visitor = await person("supply-visitor", { locale: "de-DE" });
  await visitor.goto(`${asked.url}/unions/${slow.slug}`);
  await settled(visitor);
  await visitor.click("a:has-text('Alles Geld, das es gibt')");
  await visitor.getByText("Mehr wird nie ausgegeben.").waitFor();
  await settled(visitor);
  const told = await figuresOf(visitor, ":not(.vesting)");
  check(told["Jetzt"] === told["Bei der Gründung"] && told["Vernichtet"] === "0,00", `as issued: ${JSON.stringify(told)}`);
  await visitor.locator(".changes > li", { hasText: "Bei der Gründung" }).first().locator(".in").waitFor();
  await visitor.getByText("Das nächste Mitglied bekommt").waitFor();
  await visitor.shot("signed-out");

  // A quick one, over some seconds: each step is a line with its reason.
  const eve = await person("supply-eve");
  const quick = await founded(eve, "Guild of Haste", "Supply Eve", async (page) => {
    await page.locator("[name=vesting_years]").evaluate((field, years) => field.append(new Option("soon", String(years), true, true)), QUICK_SECONDS / YEAR_SECONDS);
  });
  check(JSON.stringify(quick.sent.parameters) === JSON.stringify({ founder_vesting_seconds: QUICK_SECONDS }), "what was left alone is not sent");
  await goTo(eve, "pay");
  const step = eve.locator(".statement > li", { hasText: "Founder's share, freed" });
  await step.first().waitFor({ timeout: 30_000 });
  // Each new step reads the list anew, so that the reason may have to be opened again.
  const first = await eve.waitForFunction(() => {
    const line = [...document.querySelectorAll(".statement > li")].findLast((line) => line.textContent.includes("Founder's share, freed"));
    if (line && !line.querySelector("details").open) line.querySelector("summary").click();
    return /Step (\d+) of 48: with it, ([\d,.]+) [A-Z]+ of [\d,.]+ [A-Z]+ are yours\. .*floor\(total_minor \* step \/ steps_count\)/.exec(line?.textContent ?? "");
  });
  const [, number, after] = await first.jsonValue();
  check(number === "1", `the oldest line is the first step: ${number}`);
  await eve.shot("why");
  await eve.getByText("Founder's share, not yours yet").waitFor();
  check(await eve.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "amounts with all their digits fit a phone");
  await eve.locator("main a[href$='/rules?supply']").first().evaluate((link) => link.closest("details").setAttribute("open", ""));
  await eve.click("main a[href$='/rules?supply']");
  await settled(eve);
  await eve.locator(".vesting").waitFor();
  const far = await figuresOf(eve, ".vesting");
  check(amount(far["Released"]) > 0 && amount(far["Planned by now"]) >= amount(far["Released"]), `it goes on: ${JSON.stringify(far)}`);

  // A member's welcome money has its reason, too.
  const ben = await person("supply-ben");
  await join(ben, await invitationOf(eve), "Supply Ben");
  await goTo(ben, "pay");
  const grant = ben.locator(".statement > li", { hasText: "Welcome money" });
  await grant.locator("summary").click();
  await grant.getByText(/^Every new member is given [\d,.]+ [A-Z]+\. So say the rules in version 1\.$/).waitFor();

  // What nobody touched is not sent.
  const plain = await person("supply-plain");
  const usual = await founded(plain, "Guild of Custom", "Supply Plain", async () => {});
  await goTo(plain, "pay");
  const genesis = plain.locator(".statement > li", { hasText: "At the founding" });
  await genesis.locator("summary").click();
  await genesis.getByText(/^\d+% of the [\d,.]+ [A-Z]+ that were issued at the founding\./).waitFor();
  await plain.goto(`${asked.url}/unions/${usual.slug}/rules?supply`);
  await plain.getByText("It was theirs at once.").waitFor();
  await plain.getByText("More is issued by a decision of the union alone.").waitFor();
  return { untouched: Object.keys(usual.sent), first: after };
});

/** Found a union with what is folded away; returns what was sent, too. */
async function founded(page, name, member, choose) {
  let sent = null;
  page.on("request", (request) => {
    if (request.method() === "POST" && new URL(request.url()).pathname === "/v1/unions") sent = request.postDataJSON();
  });
  await page.goto(`${asked.url}/found`);
  await settled(page);
  await page.click(".folded summary");
  await choose(page);
  await page.fill("[name=name]", name);
  await page.fill("[name=purpose]", "We count what there is.");
  await page.fill("[name=member_name]", member);
  await page.click("form.act footer button.main");
  await page.waitForURL(/\/home$/);
  await page.waitForSelector(".great");
  return { slug: decodeURIComponent(new URL(page.url()).pathname.split("/")[2]), sent };
}

async function invitationOf(page) {
  await goTo(page, "home");
  return invitation(page);
}

/** The figures of a list by their names, amounts without the token. */
async function figuresOf(page, of) {
  return page.locator(`main dl.figures${of}`).first().evaluate((list) => Object.fromEntries([...list.children].map((figure) => [figure.querySelector("dt").textContent, (figure.querySelector("dd bdi") ?? figure.querySelector("dd")).textContent])));
}

const amount = (text) => Number(text.replaceAll(",", ""));
