// Who wants to come in sees what of the rule is so for them, presents a credential and joins; a target of growth shows how far it is.
import { generateKeyPairSync, sign } from "node:crypto";
import { asked, check, filled, found, goTo, settled, travel } from "./people.mjs";

const LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const bytes = Buffer.concat([Buffer.from([0xed, 0x01]), publicKey.export({ type: "spki", format: "der" }).subarray(-32)]);
let letters = "";
for (let number = BigInt(`0x${bytes.toString("hex")}`); number; number /= 58n) letters = LETTERS[Number(number % 58n)] + letters;
const issuer = `did:key:z${letters}`;

/** A credential of the Data Model 2.0. @param {string} subject */
function issued(subject) {
  const payload = { "@context": ["https://www.w3.org/ns/credentials/v2"], type: ["VerifiableCredential", "Baker"], issuer, credentialSubject: { id: subject } };
  const text = [{ alg: "Ed25519", typ: "vc+jwt" }, payload].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${text}.${sign(null, Buffer.from(text), privateKey).toString("base64url")}`;
}

travel(async (person) => {
  const ada = await person("proving-ada");
  const slug = await found(ada, "Guild of Bakers", "Proving Ada");
  await goTo(ada, "rules");
  await ada.click("button:has-text('Set a target')");
  await filled(ada, { members: "4" });
  await ada.getByText("1 of 4 members by").waitFor();
  await ada.click("button:has-text('Change the rules')");
  await filled(ada, { admission: `application or credential:Baker@${issuer}` });
  await ada.locator("dialog").waitFor({ state: "detached" });

  const ben = await person("proving-ben", { locale: "de-DE" });
  await ben.goto(`${asked.url}/unions/${slug}`);
  await ben.getByText("Melde dich zuerst an; dann kannst du nachweisen").waitFor();
  await found(ben, "Guild of Millers", "Proving Ben");
  await ben.goto(`${asked.url}/unions/${slug}`);
  await ben.getByText("1 von 4 Mitgliedern bis").waitFor();
  await ben.getByText("noch nicht", { exact: true }).first().waitFor();
  await ben.locator("live-section button.main:has-text('Bewerben')").waitFor();
  await ben.click("button:has-text('Nachweis vorlegen')");
  const subject = await ben.locator("dialog code").textContent();
  check(subject.startsWith(`${asked.url}/v1/members/`), "the member is told whom it has to be about");
  await filled(ben, { credential: issued(`${subject}x`) });
  await ben.locator("dialog [role=status]:not(:empty)").waitFor();
  await filled(ben, { credential: issued(subject) });
  await ben.locator("dialog").waitFor({ state: "detached" });
  await ben.getByText("✓").waitFor();
  await ben.shot("proven");
  await ben.locator("live-section button.main").last().click();
  await ben.waitForURL(new RegExp(`/unions/${slug}/home$`));
  await settled(ben);
  return { joined: true };
});
