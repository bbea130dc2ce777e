// What hostile members write is text on every page; the policy is never violated.
import { asked, check, DOT, found, goTo, handleOf, invitation, join, settled, travel } from "./people.mjs";

travel(async (person) => {
  const seen = {};
  const ada = await person("hostile-ada");
  await found(ada, asked.vectors[0], asked.vectors[1].slice(0, 80), asked.vectors[2]);
  const link = await invitation(ada);
  const ben = await person("hostile-ben");
  await join(ben, link, asked.vectors[3].slice(0, 80));

  for (const [number, vector] of asked.vectors.entries()) {
    await goTo(ben, "work");
    await ben.click("button:has-text('Post a gig')");
    await ben.fill("dialog [name=title]", vector.slice(0, 120).replaceAll("\n", " "));
    await ben.fill("dialog [name=description]", vector);
    await ben.fill("dialog [name=price]", "1");
    await ben.click("dialog button.main");
    await ben.waitForURL(/\/work\/[0-9a-f-]{36}$/);
    await settled(ben);
    check((await ben.locator("main .written").innerText()).trim() === vector.trim(), `the offer says ${vector}`);
    await added(ben, vector.replaceAll("/", "∕"), Buffer.from(DOT, "base64"));
    await ben.waitForSelector(".files img");
    const name = await ben.locator(".files img").getAttribute("alt");
    check(name === vector.replaceAll("/", "∕").replaceAll("\n", " ").slice(-120), `the photo is called ${name}`);
    if (number === 0) {
      await added(ben, "photo.png", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'));
      await ben.getByText("Files of this kind are not taken").waitFor();
      await ada.goto(ben.url());
      await settled(ada);
      await ada.click("button:has-text('Bid')");
      await ada.fill("dialog [name=message]", vector);
      await ada.click("dialog button.main");
      await ada.waitForSelector(".bid .written");
      seen.bid = await ada.locator(".bid .written").innerText();
    }
  }
  await goTo(ada, "pay");
  await ada.click("button:has-text('Pay')");
  await ada.fill("dialog [name=handle]", await handleOf(ben));
  await ada.fill("dialog [name=amount]", "1");
  await ada.fill("dialog [name=memo]", asked.vectors[4].slice(0, 140));
  await ada.click("dialog button.main");
  await ada.waitForSelector(".statement .memo");
  seen.memo = await ada.locator(".statement .memo").first().innerText();
  for (const way of ["home", "leaders", "work", "pay", "fund", "rules"]) {
    await goTo(ada, way);
    await goTo(ben, way);
  }
  for (const path of ["/", `/?q=${encodeURIComponent(asked.vectors[0])}`, "/me", `/sign-in?next=${encodeURIComponent("javascript:alert(1)")}`, "/unions/%3Cimg%20src=x%3E"]) {
    await ben.goto(asked.url + path);
    await ben.waitForSelector("main h1");
  }
  const planted = await ben.evaluate(() => document.querySelectorAll("main img, main script, main iframe, main svg[onload]").length);
  check(planted === 0, "no element came of what was written");
  return seen;
});

async function added(page, name, buffer) {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.click("button:has-text('Add a photo')")]);
  await chooser.setFiles({ name, mimeType: "image/png", buffer });
}
