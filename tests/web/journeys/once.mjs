// An answer that got lost, and the same form sent again by hand: each is one act.
import { readFile } from "node:fs/promises";
import { asked, check, filled, found, goTo, invitation, join, settled, travel } from "./people.mjs";

travel(async (person) => {
  const ada = await person("once-ada");
  const slug = await found(ada, "Guild of Repeats", "Once Ada");
  const ben = await person("once-ben");
  await join(ben, await invitation(ada), "Once Ben");
  const bens = asked.url + (await ben.getAttribute("main a[href*='/leaders/']", "href"));

  /** Loses the first answer to such a request, and has the sheet sent again. */
  const losing = async (method, path, values) => {
    let sent = 0;
    const lose = async (route) => {
      if (route.request().method() !== method || sent++ > 0) return route.fallback();
      await route.fetch();
      await route.fulfill({ status: 500, contentType: "application/problem+json", json: { type: "/problems/internal", title: "Lost", status: 500 } });
    };
    await ada.route(path, lose);
    await filled(ada, values);
    await ada.locator("dialog .status.wrong").waitFor();
    await ada.click("dialog button.main");
    await ada.locator("dialog").waitFor({ state: "detached" });
    await ada.unroute(path, lose);
  };

  await goTo(ada, "rules");
  await ada.click("main a[href$='?offices']");
  await ada.click("button:has-text('New office')");
  await losing("POST", "**/offices", { name: "Scribe" });
  await ada.click("button:has-text('Appoint')");
  await losing("POST", "**/holders", { handle: "once-ben" });
  await ada.locator(".holders").getByText("Once Ben").waitFor();
  await settled(ada);
  check((await ada.locator(".office").count()) === 1, "one office is founded");
  check((await ada.locator(".holders li").count()) === 1, "one holder is appointed");

  await goTo(ada, "rules");
  await ada.click("button:has-text('Invite a list')");
  const people = (...names) => ({ name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(["name", ...names].join("\r\n")) });
  await ada.setInputFiles("dialog [name=people]", people("Dora", "Emil", "Fay"));
  const saved = ada.waitForEvent("download");
  await losing("PUT", "**/rows/*", {});
  const links = String(await readFile(await (await saved).path())).trim().split("\r\n");
  check(links.length === 4 && links[3].startsWith("4,"), `each row has its link: ${links}`);
  await settled(ada);
  const lists = await ada.locator("li", { hasText: "3 links" }).count();
  // Another file in the same form is another list.
  await ada.click("button:has-text('Invite a list')");
  await ada.setInputFiles("dialog [name=people]", people("Gus", "Hal"));
  const fail = (route) => route.fulfill({ status: 500, contentType: "application/problem+json", json: { type: "/problems/internal", title: "Lost", status: 500 } });
  await ada.route("**/rows/*", fail);
  await ada.click("dialog button.main");
  await ada.locator("dialog .status.wrong").waitFor();
  await ada.unroute("**/rows/*", fail);
  await ada.setInputFiles("dialog [name=people]", people("Ida"));
  await ada.click("dialog button.main");
  await ada.locator("li", { hasText: "One link" }).waitFor();

  await ada.goto(bens);
  await ada.click("button:has-text('Propose to expel')");
  await losing("POST", "**/expulsions", { ground: "Rang twice." });
  await ada.waitForURL(new RegExp(`/unions/${slug}/rules$`));
  await ada.locator("li.card", { hasText: "Rang twice." }).waitFor();
  await ada.goto(bens);
  await ada.click("button:has-text('Suspend')");
  await losing("POST", "**/suspensions", { ground: "And again." });
  await ada.waitForURL(new RegExp(`/unions/${slug}/rules$`));
  await ada.locator("li.card", { hasText: "And again." }).waitFor();
  await settled(ada);
  return { lists, cards: await ada.locator("li.card").count() };
});
