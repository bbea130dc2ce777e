/** The passkeys and wallets by which I sign in: one more, called otherwise, removed after a delay, kept after all. */
import { OF_ACCOUNT } from "../../api/live.js";
import { browserHasPasskeys } from "../../api/passkey.js";
import { findWallets } from "../../api/wallet.js";
import { h } from "../../ui/dom.js";
import { LiveSection } from "../../ui/section.js";
import { actButton, openForm } from "../../ui/sheet.js";
import { dayElement } from "../../ui/time.js";
import { t } from "../../texts/texts.js";
import { renaming } from "./rename.js";

const KEYS_READ_MAX = 200;
/** Of a key: 0x and 65 bytes in hex. */
const KEY_SIGNATURE_CHARACTERS = 132;

/**
 * @typedef {import("../../app/context.js").Shapes} Shapes
 * @typedef {import("../../app/context.js").Context} Context
 * @typedef {{path: string, name: string, told: string, added_at: string, removed_at: string | null}} Key
 */

/** @param {Context} context */
export function keys(context) {
  const { client, live } = context;
  /** @type {LiveSection} */
  const list = LiveSection.of({
    load: async (signal) => {
      /** @type {Shapes["PasskeyView"][]} */
      const passkeys = await client.all("/v1/me/passkeys?limit=100", KEYS_READ_MAX, { signal });
      /** @type {Shapes["WalletListView"]} */
      const wallets = await client.get("/v1/me/wallets", { signal });
      return [...passkeys.map(ofPasskey), ...wallets.items.map(ofWallet)];
    },
    render: (/** @type {Key[]} */ found) => h("ul", { class: "rows" }, found.map((key) => row(context, key, () => list.reload()))),
    types: [OF_ACCOUNT],
    live,
  });
  return h("div", null, list, adding(context, () => list.reload()));
}

/** @param {Shapes["PasskeyView"]} passkey @returns {Key} */
const ofPasskey = ({ id, name, backed_up, added_at, removed_at }) => ({
  path: `/v1/me/passkeys/${id}`,
  name: name || t("me.passkey"),
  told: t(backed_up ? "me.synced" : "me.only-here"),
  added_at,
  removed_at,
});

/** A contract's address has its chain before it (CAIP-10). @param {Shapes["WalletView"]} wallet @returns {Key} */
const ofWallet = ({ address, name, added_at, removed_at }) => ({
  path: `/v1/me/wallets/${address}`,
  name: name || t("me.wallet"),
  told: address.replace(/^.*?(0x.{4}).*(.{4})$/, "$1…$2"),
  added_at,
  removed_at,
});

/** @param {Context} context @param {Key} key @param {() => Promise<void>} changed */
function row(context, key, changed) {
  const { path, name, told, added_at, removed_at } = key;
  return h(
    "li",
    null,
    h("span", null, name),
    removed_at ? h("strong", null, t("me.leaves"), " ", dayElement(removed_at)) : h("span", { class: "faint" }, told, " · ", dayElement(added_at)),
    removed_at ? keeping(context, path, changed) : h("span", null, renaming(context, path, name, changed), removing(context, key, changed)),
  );
}

/** @param {Context} context @param {string} path @param {() => Promise<void>} changed */
const keeping = ({ client }, path, changed) =>
  actButton(t("me.keep"), async (onWait) => {
    await client.send("DELETE", `${path}/removal`, { act: true, onWait });
    await changed();
  }, { "data-key": `keep ${path}` });

/** @param {Context} context @param {Key} key @param {() => Promise<void>} changed */
const removing = ({ client }, { path, name }, changed) =>
  actButton(t("me.remove"), async () => {
    openForm({
      title: t("me.remove-key", { name }),
      content: h("p", null, t("me.remove-key-text")),
      submit: t("me.remove"),
      dangerous: true,
      run: async (_, onWait) => {
        await client.send("DELETE", path, { act: true, onWait });
        await changed();
      },
    });
  }, { class: "quiet", "data-key": `remove ${path}` });

/** A key is proven before the new one is made: neither can be asked for in the middle of the other. @param {Context} context @param {() => Promise<void>} changed */
function adding({ client, session, signal }, changed) {
  /** @param {string} words @param {string} path @param {() => Promise<object>} make the body */
  const way = (words, path, make) =>
    actButton(words, async (onWait) => {
      await client.proveFirst();
      const body = await make();
      // What a contract gave is taken once by its nonce, and under no key.
      const isContracts = "signature" in body && String(body.signature).length > KEY_SIGNATURE_CHARACTERS;
      const once = isContracts ? {} : { idempotencyKey: crypto.randomUUID() };
      await client.send("POST", path, { body, act: true, onWait, ...once });
      await changed();
    });
  const ways = h("div", { class: "buttons" });
  if (browserHasPasskeys()) {
    ways.append(way(t("me.add-passkey"), "/v1/me/passkeys", () => session.proofs.newPasskey(session.deviceKey().publicKey, session.member?.handle ?? "")));
  }
  findWallets((wallet) => {
    ways.append(way(t("me.add-wallet", { wallet: wallet.name }), "/v1/me/wallets", async () => ({
      ...(await session.proofs.wallet(session.deviceKey().publicKey, wallet)),
      name: wallet.name.slice(0, 80),
    })));
  }, signal);
  return ways;
}
