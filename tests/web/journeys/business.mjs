// A member founds a business, manages it and hires another, who pays from its account within a limit; the founder pays it.
import { asked, check, filled, found, goTo, invitation, join, settled, travel } from "./people.mjs";

travel(async (person) => {
  const ada = await person("business-ada");
  const slug = await found(ada, "Guild of Ovens", "Business Ada");
  const link = await invitation(ada);
  const ben = await person("business-ben");
  await join(ben, link, "Business Ben");
  const cara = await person("business-cara", { locale: "de-DE" });
  await join(cara, link, "Business Cara");

  await goTo(ben, "rules");
  await ben.click("main a[href$='?businesses']");
  await ben.getByText("There are no businesses yet.").waitFor();
  await ben.click("button:has-text('Found a business')");
  await filled(ben, { name: "Stone Oven", shares: "10" });
  await ben.getByRole("heading", { name: "Stone Oven" }).waitFor();
  await ben.click("button:has-text('Propose a resolution')");
  await filled(ben, { handle: "business-ben" });
  await ben.click("button:has-text('Hire')");
  await ben.check("dialog [value=spend]");
  await filled(ben, { handle: "business-cara", limit: "5" });
  await ben.locator(".posts").getByText("Business Cara").waitFor();
  await ben.shot("hired");

  await ada.goto(ben.url());
  check((await ada.locator("button:has-text('Hire')").count()) === 0, "the founder of the union does nothing in it");
  await ada.click("button:has-text('Pay this business')");
  await filled(ada, { amount: "9", memo: "Bread for a week" });
  await ada.getByText("paid to Stone Oven").waitFor();

  await cara.goto(`${asked.url}/unions/${slug}/pay`);
  await settled(cara);
  await cara.getByText("Konten von Betrieben").click();
  await cara.getByRole("link", { name: "Stone Oven" }).waitFor();
  await cara.click("button:has-text('Für den Betrieb zahlen')");
  await filled(cara, { handle: "business-ada", amount: "6" });
  await cara.getByText("Das ist mehr, als du").waitFor();
  await cara.shot("too-much");
  await filled(cara, { amount: "4" });
  await cara.locator("dialog").waitFor({ state: "detached" });

  await goTo(ben, "pay");
  await ben.getByText("Accounts of businesses").click();
  await ben.locator(".card", { hasText: "Stone Oven" }).waitFor();
  const left = await ben.locator(".card", { hasText: "Stone Oven" }).locator(".great").innerText();
  await ben.shot("account");
  return { left: left.replace(/[^\d.,]/g, "") };
});
