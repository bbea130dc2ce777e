/** What every page is given. */

/**
 * @typedef {import("guildhall-api").components["schemas"]} Shapes
 *
 * @typedef {object} Context
 * @property {import("../api/client.js").Client} client
 * @property {import("../api/session.js").Session} session
 * @property {import("../api/live.js").Live} live
 * @property {import("../ui/names.js").Names} names
 * @property {import("./unions.js").Unions} unions
 * @property {import("./bell.js").Bell} bell
 * @property {Record<string, string>} params of the address
 * @property {URL} url
 * @property {AbortSignal} signal ends with the page
 * @property {(path: string, how?: {replace?: boolean}) => void} go
 *
 * @typedef {object} Shown
 * @property {string} title
 * @property {import("../ui/dom.js").Child[]} content
 *
 * @typedef {(context: Context) => Shown | Promise<Shown>} Page
 */

export {};
