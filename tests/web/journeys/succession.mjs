// The founder's office passes: an heir is named, agrees, claims, is objected to, and is handed it over; the page follows at once.
import { asked, check, filled, found, goTo, invitation, join, settled, travel } from "./people.mjs";

travel(async (person) => {
  const ada = await person("succession-ada");
  const slug = await found(ada, "Guild of Torches", "Succession Ada");
  const link = await invitation(ada);
  const ben = await person("succession-ben", { locale: "de-DE" });
  await join(ben, link, "Succession Ben");
  const offices = `${asked.url}/unions/${slug}/rules?offices`;
  for (const each of [ada, ben]) await each.goto(offices);
  await ada.getByText("No heir is named.").waitFor();
  check((await ben.locator(".succession button").count()) === 0, "a member like others does nothing here");

  await ada.click("button:has-text('Name an heir')");
  await filled(ada, { handle: "succession-ben" });
  await ben.click("button:has-text('Annehmen')");
  await ada.getByText("has agreed").waitFor();
  await ben.click("button:has-text('Amt beanspruchen')");
  await ben.click("dialog button.main");
  await ada.getByText("passes to them, unless its holder objects").waitFor();
  await ada.shot("claimed");
  await ada.click("button:has-text('Object')");
  await ada.getByText("passes to them, unless its holder objects").waitFor({ state: "detached" });

  await ada.click("button:has-text('Hand the office over')");
  await ada.click("dialog button.main");
  await ben.locator("button:has-text('Neues Amt')").waitFor();
  await settled(ada);
  check((await ada.locator("button:has-text('New office')").count()) === 0, "who handed over founds no office");
  await ben.shot("holds");
  await goTo(ada, "rules");
  await ada.locator("button:has-text('Leave')").waitFor();
  return { passed: await ben.locator(".succession details li").count() };
});
