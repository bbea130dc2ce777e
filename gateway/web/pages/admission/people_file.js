/** A file of people, cut into requests between its records. */

const ROWS_AT_ONCE = 1_000;
const CHARACTERS_AT_ONCE = 150_000;

/**
 * @typedef {{line: number, text: string}} Row `line` counts from 1, as in an editor
 * @typedef {{header: string, rows: Row[]}} PeopleFile
 */

/** By its mark, else UTF-8 where it is that, else Windows-1252. @param {ArrayBuffer} content */
function decoded(content) {
  const [first, second] = new Uint8Array(content);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(content);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(content);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    return new TextDecoder("windows-1252").decode(content);
  }
}

/** Null where it names nobody. @param {ArrayBuffer} content @returns {PeopleFile | null} */
export function readPeople(content) {
  /** @type {Row[]} */
  const rows = [];
  /** @type {string[]} */
  let held = [];
  let quotes = 0;
  let line = 0;
  for (const written of decoded(content).replace(/\r\n?/g, "\n").split("\n")) {
    line += 1;
    held.push(written);
    quotes += written.split('"').length - 1;
    if (quotes % 2) continue;
    rows.push({ line: line - held.length + 1, text: held.join("\n") });
    held = [];
    quotes = 0;
  }
  if (held.length) rows.push({ line: line - held.length + 1, text: held.join("\n") });
  const [header, ...people] = rows.filter(({ text }) => text.trim());
  return header && people.length ? { header: header.text, rows: people } : null;
}

/** In the order of the file. @param {PeopleFile} file @returns {Generator<Row[]>} */
export function* pieces({ rows }) {
  /** @type {Row[]} */
  let held = [];
  let size = 0;
  for (const row of rows) {
    if (held.length && (held.length >= ROWS_AT_ONCE || size + row.text.length > CHARACTERS_AT_ONCE)) {
      yield held;
      held = [];
      size = 0;
    }
    held.push(row);
    size += row.text.length;
  }
  if (held.length) yield held;
}

/** With the blank lines between them, so that the lines count as in the file. @param {Row[]} rows */
export function recordsOf(rows) {
  let text = "";
  let at = rows[0]?.line ?? 1;
  for (const row of rows) {
    text += `${"\n".repeat(row.line - at)}${row.text}\n`;
    at = row.line + row.text.split("\n").length;
  }
  return text;
}
