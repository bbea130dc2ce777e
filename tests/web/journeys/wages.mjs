// What a worker receives of a price is said at the bid and at the agreement; why money was not reserved is said to each side in words.
import { accessible } from "./accessible.mjs";
import { check, filled, found, goTo, invitation, join, travel } from "./people.mjs";

const ARRIVES = /^19\.60 [A-Z]+ arrive; 0\.40 [A-Z]+ go to the common purse as a fee \(2%\)\.$/;

travel(async (person) => {
  const ada = await person("wages-ada", { bypassCSP: true });
  await found(ada, "Guild of Wages", "Wages Ada");
  const ben = await person("wages-ben", { locale: "de-DE" });
  await join(ben, await invitation(ada), "Wages Ben");
  await gig(ada, "A chair", "10", "Post a gig");
  await goTo(ben, "work");
  await ben.click("text=A chair");
  await ben.click("button:text-is('Bieten')");
  await ben.waitForFunction(() => document.querySelector("dialog live-section") && !document.querySelector("dialog live-section[aria-busy]"));
  check((await ben.locator("dialog .arrival").count()) === 0, "no fee is mentioned to who bids");
  await filled(ben, { price: "20", message: "Oak" });
  await ada.locator(".bid").waitFor();
  check((await ada.locator(".arrival").count()) === 0, "where there is no fee, none is mentioned");

  // The rules change: the bids that are shown say so by themselves.
  const rules = await ada.context().newPage();
  await rules.goto(ada.url());
  await goTo(rules, "rules");
  await rules.click("button:has-text('Change the rules')");
  await filled(rules, { work_fee: "2" });
  await rules.getByText("2% to the common purse").waitFor();
  await rules.close();
  await ada.locator(".bid .arrival").getByText(ARRIVES).waitFor();
  await ben.locator(".bid .arrival").getByText(/^19,60 [A-Z]+ kommen an; 0,40 /).waitFor();
  await ada.click(".bid button:has-text('Accept this bid')");
  await ada.locator("dialog .arrival").getByText(ARRIVES).waitFor();
  await accessible(ada, "a bid with a fee");
  await ada.click("dialog button.main");
  await ada.waitForURL(/\/agreements\//);
  await ada.getByText("The money is reserved for this work").waitFor();
  await ada.locator(".arrival").getByText(ARRIVES).waitFor();
  await ada.shot("agreed");

  // Who has too little orders work: each side reads why nothing was reserved.
  await gig(ben, "A table", "1000", "Auftrag anbieten");
  await goTo(ada, "work");
  await ada.click("text=A table");
  await ada.click("button:text-is('Bid')");
  await ada.fill("dialog [name=price]", "30000");
  await ada.locator("dialog .arrival").getByText(/^29,400\.00 [A-Z]+ arrive; 600\.00 /).waitFor();
  await filled(ada, { message: "Ash" });
  await ben.click(".bid button:has-text('Dieses Gebot annehmen')");
  await ben.click("dialog button.main");
  await ben.locator("dialog .wrong").getByText("Auf deinem Konto ist nicht genug Geld.").waitFor();
  await ben.click("dialog .close");
  await goTo(ben, "work");
  await ben.locator("main a[href*='/agreements/']", { hasText: "Erledigt von" }).click();
  await ben.getByText("Das Geld ließ sich nicht reservieren.").waitFor();
  const own = await ben.locator("main .problem").innerText();
  await goTo(ada, "work");
  await ada.locator("main a[href*='/agreements/']", { hasText: "For" }).click();
  await ada.getByText("The money could not be reserved.").waitFor();
  await accessible(ada, "an agreement that is not funded");
  await ada.shot("unfunded");
  return { own, theirs: await ada.locator("main .problem").innerText() };
});

async function gig(page, title, price, words) {
  await goTo(page, "work");
  await page.click(`button:has-text('${words}')`);
  await filled(page, { title, price });
  await page.waitForURL(/\/work\/[0-9a-f-]{36}$/);
}
