// A founder sees what goes and what stays with their account, asks for it to be deleted, and keeps it after all.
import { accessible } from "./accessible.mjs";
import { asked, check, found, settled, travel } from "./people.mjs";

travel(async (person) => {
  const ada = await person("deleting-ada");
  await found(ada, "Guild of Leavers", "Leaving Ada");
  await ada.goto(`${asked.url}/me`);
  await settled(ada);
  const card = ada.locator("section.card:has(h2:text-is('Delete your account'))");
  await card.getByText("See what that means").click();
  const told = ada.locator("dialog", { hasText: "What stays" });
  await told.waitFor();
  const said = await told.innerText();
  check(said.includes("these unions end with you: Guild of Leavers"), `what ends is named: ${said}`);
  check(!/deletion\.|_/.test(said), `everything has words: ${said}`);
  await accessible(ada, "what goes and what stays");
  await ada.shot("told");
  await told.locator("button.main").click();
  await card.getByText("Your account will be deleted").waitFor();
  await ada.shot("waiting");
  await card.getByText("Keep my account").click();
  await card.getByText("See what that means").waitFor();
  return { kept: true };
});
