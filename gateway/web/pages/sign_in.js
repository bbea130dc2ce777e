import { findWallets } from "../api/wallet.js";
import { h } from "../ui/dom.js";
import { actButton } from "../ui/sheet.js";
import { t } from "../texts/texts.js";
import { colour } from "../app/frame.js";
import { placeOf } from "../ui/router.js";
import { entered } from "./recover/locked_out.js";

/** @type {import("../app/context.js").Page} */
export const signIn = (context) => {
  colour(null);
  const { session, url, go, signal } = context;
  const wanted = url.searchParams.get("next") ?? "/";
  const next = placeOf(new URL(wanted, url.origin)) && wanted.startsWith("/") ? wanted : "/";
  /** @param {string} words @param {() => Promise<void>} enter @param {string} [kind] */
  const way = (words, enter, kind) =>
    h("li", null, actButton(words, async () => {
      if (await entered(context, enter)) go(next, { replace: true });
    }, { class: kind }));
  const ways = h("ul", { class: "ways" }, way(t("sign-in.passkey"), () => session.usePasskey(), "main"));
  findWallets((wallet) => ways.append(way(t("entrance.wallet", { wallet: wallet.name }), () => session.useWallet(wallet))), signal);
  return {
    title: t("sign-in"),
    content: [
      h("h1", null, t("sign-in")),
      ways,
      h("p", null, h("a", { href: "/recover" }, t("sign-in.lost"))),
      h("p", { class: "faint" }, t("sign-in.new"), " ", h("a", { href: "/" }, t("directory.all")), " · ", h("a", { href: "/found" }, t("found.title"))),
    ],
  };
};
