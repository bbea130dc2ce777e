/** The pages by their names in the routes; each is fetched when it is opened. */

/** @typedef {import("../app/context.js").Page} Page */

/** @type {Record<string, Page> & {missing: Page}} */
export const PAGES = {
  agreement: async (context) => (await import("./agreement.js")).agreement(context),
  directory: async (context) => (await import("./directory.js")).directory(context),
  found: async (context) => (await import("./found.js")).found(context),
  fund: async (context) => (await import("./fund.js")).fund(context),
  home: async (context) => (await import("./home.js")).home(context),
  leader: async (context) => (await import("./leader.js")).leader(context),
  leaders: async (context) => (await import("./leaders.js")).leaders(context),
  me: async (context) => (await import("./me.js")).me(context),
  missing: async (context) => (await import("./missing.js")).missing(context),
  notices: async (context) => (await import("./notices.js")).notices(context),
  offer: async (context) => (await import("./offer.js")).offer(context),
  operators: async (context) => (await import("./operators.js")).operators(context),
  pay: async (context) => (await import("./pay.js")).pay(context),
  project: async (context) => (await import("./project.js")).project(context),
  recover: async (context) => (await import("./recover.js")).recover(context),
  rules: async (context) => (await import("./rules.js")).rules(context),
  union: async (context) => (await import("./union.js")).union(context),
  unsubscribe: async (context) => (await import("./unsubscribe.js")).unsubscribe(context),
  work: async (context) => (await import("./work.js")).work(context),
  "sign-in": async (context) => (await import("./sign_in.js")).signIn(context),
};
