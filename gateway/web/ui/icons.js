import { svg } from "./dom.js";

/** Paths on a grid of 24, drawn with a line of 1.75. */
const PATHS = {
  home: "M4 11.5 12 5l8 6.5M6 10v9h12v-9M10 19v-5h4v5",
  leaders: "M12 4.5v5M12 9.5 5.5 15M12 9.5l6.5 5.5M12 9.5V15M12 4.5a1.6 1.6 0 1 0 0-.01M5.5 17.5a1.6 1.6 0 1 0 0-.01M12 17.5a1.6 1.6 0 1 0 0-.01M18.5 17.5a1.6 1.6 0 1 0 0-.01",
  work: "M4 8h16v11H4zM9 8V5.5h6V8M4 13h16",
  pay: "M3.5 12a8.5 8.5 0 1 0 17 0 8.5 8.5 0 1 0-17 0M9 14.5c.6 1 1.7 1.5 3 1.5 1.7 0 3-.8 3-2s-1-1.7-3-2-3-.8-3-2 1.3-2 3-2c1.3 0 2.4.5 3 1.5M12 6.5v11",
  fund: "M12 20v-8M12 12c0-3.5-2.5-6-6.5-6C5.5 9.5 8 12 12 12M12 14c0-3 2-5 6-5 0 3-2 5-6 5M7 20h10",
  rules: "M6.5 4h11v16h-11zM9.5 8h5M9.5 12h5M9.5 16h3",
  notices: "M6 17h12l-1.5-2.5V10a4.5 4.5 0 0 0-9 0v4.5zM10 19.5a2 2 0 0 0 4 0",
  me: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M5 20c.5-3.7 3.3-5.5 7-5.5s6.5 1.8 7 5.5",
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {IconName} name */
export const icon = (name) =>
  svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" }, svg("path", { d: PATHS[name] }));
