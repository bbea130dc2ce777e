// The link that the demo prints: it signs in once, and leaves nothing of itself in the address.
import { asked, settled, travel } from "./people.mjs";

travel(async (person) => {
  const visitor = await person("demo-visitor");
  await visitor.goto(asked.link);
  await visitor.getByText("This device").waitFor();
  await settled(visitor);
  const devices = await visitor.locator("section.card:has(h2:text-is('Devices')) li").count();
  const address = await visitor.evaluate(() => location.pathname + location.hash);
  const second = await person("demo-second");
  await second.goto(asked.link);
  await settled(second);
  return { devices, address, again: await second.locator("h1").innerText() };
});
