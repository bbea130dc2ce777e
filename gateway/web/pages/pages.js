/** The pages by their names in the routes. */
import { agreement } from "./agreement.js";
import { directory } from "./directory.js";
import { found } from "./found.js";
import { fund } from "./fund.js";
import { home } from "./home.js";
import { leader } from "./leader.js";
import { leaders } from "./leaders.js";
import { me } from "./me.js";
import { missing } from "./missing.js";
import { notices } from "./notices.js";
import { offer } from "./offer.js";
import { pay } from "./pay.js";
import { project } from "./project.js";
import { recover } from "./recover.js";
import { rules } from "./rules.js";
import { signIn } from "./sign_in.js";
import { union } from "./union.js";
import { unsubscribe } from "./unsubscribe.js";
import { work } from "./work.js";

/** @type {Record<string, import("../app/context.js").Page> & {missing: import("../app/context.js").Page}} */
export const PAGES = {
  agreement, directory, found, fund, home, leader, leaders, me, missing, notices, offer, pay, project, recover, rules, union, unsubscribe, work,
  "sign-in": signIn,
};
