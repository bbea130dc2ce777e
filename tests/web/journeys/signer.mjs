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
  await ada.click("button:has-text('Let this device sign again')");
  await ada.locator(`button:has-text('Let ${NAME} sign')`).waitFor();
  await rename("Bench");
  check(signed.length === 2, "the device signs again");
  return { signed: signed.length };
});
