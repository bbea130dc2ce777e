import { h } from "./dom.js";
import { language } from "../texts/texts.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** A twelfth of 365 days. */
export const MONTH_SECONDS = (365 * DAY) / 12;
export const YEAR_SECONDS = 12 * MONTH_SECONDS;
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [["day", DAY], ["hour", HOUR], ["minute", MINUTE]];

/** @param {string} moment */
export const dayText = (moment) => new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(moment));

/** A moment as its day, with the minute in the tooltip. @param {string} moment */
export const dayElement = (moment) => timeElement(moment, dayText(moment));

/** A moment as its day and minute. @param {string} moment */
export const momentElement = (moment) =>
  timeElement(moment, new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(moment)));

/** A moment as its distance from now. @param {string} moment */
export function agoElement(moment) {
  const seconds = (new Date(moment).getTime() - Date.now()) / 1000;
  const relative = new Intl.RelativeTimeFormat(language(), { numeric: "auto" });
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ["minute", MINUTE];
  return timeElement(moment, relative.format(Math.round(seconds / length), unit));
}

/** @param {string} moment @param {string} text */
function timeElement(moment, text) {
  const whole = new Intl.DateTimeFormat(language(), { dateStyle: "full", timeStyle: "short" }).format(new Date(moment));
  return h("time", { datetime: moment, title: whole }, text);
}

/** @param {number} seconds */
export function durationText(seconds) {
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? ["minute", MINUTE];
  return new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "long" }).format(Math.round(seconds / length));
}

/** A long time, in years or months where it is whole ones. @param {number} seconds */
export function spanText(seconds) {
  const months = seconds / MONTH_SECONDS;
  if (months === 0 || !Number.isInteger(months)) return durationText(seconds);
  const [unit, count] = seconds % YEAR_SECONDS === 0 ? ["year", seconds / YEAR_SECONDS] : ["month", months];
  return new Intl.NumberFormat(language(), { style: "unit", unit, unitDisplay: "long" }).format(count);
}

/** A day as fields of dates have it, so many days from today. @param {number} days */
export function dayValue(days) {
  const date = new Date();
  date.setDate(date.getDate() + days);
  return [String(date.getFullYear()).padStart(4, "0"), ...[date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0"))].join("-");
}

/** The moment that a day and a time of fields are here. @param {string} day @param {string} time */
export const momentOf = (day, time) => new Date(`${day}T${time}`).toISOString();

/** The moment at which a day of a field ends here. @param {string} day */
export const endOfDay = (day) => momentOf(day, "23:59:59");
