// A stream that breaks goes on where it was: nothing that happened meanwhile is missed. A stolen token reads, and acts not.
import { asked, check, found, goTo, invitation, join, travel } from "./people.mjs";

travel(async (person) => {
  const ada = await person("stream-ada");
  let token = "";
  const positions = [];
  ada.on("request", (request) => {
    token = request.headers().authorization ?? token;
    if (request.url().includes("/v1/events")) positions.push(request.headers()["last-event-id"] ?? "");
  });
  const slug = await found(ada, "Guild of Streams", "Ada Lima");
  const link = await invitation(ada);
  // The stream ends after its first word; what happens before the next one is asked for is in the gap.
  const { next_after: position } = await (await fetch(`${asked.url}/v1/events?union=${slug}`, { headers: { accept: "application/json", authorization: token } })).json();
  let open;
  const gapEnds = new Promise((resolve) => (open = resolve));
  let streams = 0;
  await ada.route("**/v1/events?*", async (route) => {
    if (streams++ === 0) return route.fulfill({ contentType: "text/event-stream", body: `id: ${position}\n\n` });
    await gapEnds;
    await route.continue();
  });
  await ada.reload();
  await goTo(ada, "leaders");
  await ada.getByText("Nobody has been backed yet").waitFor();
  while (streams < 2) await ada.waitForTimeout(100);
  const ben = await person("stream-ben");
  await join(ben, link, "Stream Ben");
  await ada.waitForTimeout(1_000);
  check(await ada.getByText("Nobody has been backed yet").isVisible(), "nothing is heard in the gap");
  open();
  await ada.getByText("1 leader, 2 members").waitFor();
  check(positions.at(-1) === position, `the stream went on where it was: ${positions}`);

  const stolen = { authorization: token, "content-type": "application/json" };
  const read = await fetch(`${asked.url}/v1/unions/${slug}/home`, { headers: stolen });
  const acted = await fetch(`${asked.url}/v1/unions/${slug}/voice`, {
    method: "PUT", headers: stolen, body: JSON.stringify({ leader: (await read.clone().json()).membership.member_id }),
  });
  const extractable = await ada.evaluate(async () => {
    const database = await new Promise((resolve) => { const request = indexedDB.open("guildhall", 1); request.onsuccess = () => resolve(request.result); });
    const kept = await new Promise((resolve) => { const request = database.transaction("kept").objectStore("kept").get("device key"); request.onsuccess = () => resolve(request.result); });
    return [kept.privateKey.extractable, kept.privateKey.algorithm.name];
  });
  return { read: read.status, acted: acted.status, problem: (await acted.json()).type, extractable };
});
