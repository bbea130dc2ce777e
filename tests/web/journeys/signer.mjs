// A wallet that signed its member in signs what they do, and shows it; then the device does so again.
import { browserWallet, NAME } from "./browser_wallet.mjs";
import { asked, check, filled, settled, travel } from "./people.mjs";

travel(async (person) => {
  const signed = [];
  const ada = await person("signer-ada");
  await browserWallet(ada, { signed });
  await ada.goto(`${asked.url}/sign-in?next=/me`);
  await settled(ada);
  await ada.click(`button:has-text('${NAME}')`);
  const device = ada.locator("li", { hasText: "This device" });
  await device.waitFor();

  async function rename(name) {
    await device.getByText("Rename").click();
    await filled(ada, { name });
    await device.getByText(name).waitFor();
  }
  await rename("Loom");
  check(signed.length === 1, "the device signed by itself");
  await ada.click(`button:has-text('Let ${NAME} sign')`);
  await ada.getByText(`${NAME} signs what you do here`).waitFor();
  await rename("Kiln");
  check(signed.length === 2, "the wallet was asked");
  const { message, primaryType } = JSON.parse(signed[1]);
  check(primaryType === "Act" && message.method === "PATCH" && message.body === '{"name":"Kiln"}', signed[1]);

  async function found(name) {
    await ada.goto(`${asked.url}/found`);
    await ada.fill("[name=name]", name);
    await ada.fill("[name=purpose]", "We sign what we do.");
    await ada.click("form.act footer button.main");
    await ada.waitForURL(/\/home$/);
    await settled(ada);
  }
  // The answer is lost: what the wallet has signed is sent again, and it is not asked a second time.
  let sent = [];
  await ada.route("**/v1/unions", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    sent.push(route.request().headers()["signature"]);
    if (sent.length > 1) return route.continue();
    await route.fetch();
    await route.abort("connectionreset");
  });
  await found("Guild of Signers");
  check(sent.length === 2 && sent[0] === sent[1], "the same signature was sent twice");
  check(signed.length === 3 && JSON.parse(signed[2]).message.method === "POST", `the wallet was asked once: ${signed.length}`);
  await ada.unroute("**/v1/unions");

  // A house that does not take it a second time gets a new one.
  sent = [];
  const answers = [
    { status: 503, headers: { "retry-after": "1" }, json: { type: "/problems/unavailable", title: "Not available", status: 503 } },
    { status: 409, json: { type: "/problems/act-replayed", title: "Done already", status: 409 } },
  ];
  await ada.route("**/v1/unions", (route) => {
    if (route.request().method() !== "POST") return route.continue();
    sent.push(route.request().headers()["signature"]);
    return answers.length ? route.fulfill({ ...answers.shift(), contentType: "application/problem+json" }) : route.continue();
  });
  await found("Guild of Signers Anew");
  check(sent.length === 3 && sent[0] === sent[1] && sent[1] !== sent[2], "signed anew");
  check(signed.length === 5, "the wallet was asked again");
  await ada.unroute("**/v1/unions");

  await ada.goto(`${asked.url}/me`);
  await ada.click("button:has-text('Let this device sign again')");
  await ada.locator(`button:has-text('Let ${NAME} sign')`).waitFor();
  await rename("Bench");
  check(signed.length === 5, "the device signs again");
  return { signed: signed.length };
});
