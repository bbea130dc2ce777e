/** What of a price for work arrives with its worker, by the rules in force. */
import { h } from "../ui/dom.js";
import { LiveSection } from "../ui/section.js";
import { arrivesText, takesFee } from "./fees.js";
import { readParameters } from "./parameters.js";

/** Nothing where there is no fee. @param {import("./parameters.js").Parameters | null} parameters @param {import("../ui/money.js").Money} price */
export const workFeeLine = (parameters, price) =>
  parameters &&
  takesFee(parameters.work_fee_basis_points, parameters) &&
  h("p", { class: "arrival" }, arrivesText(parameters.work_fee_basis_points, parameters, BigInt(price.minor)));

/** It reads the rules itself. @param {import("../app/context.js").Context} context @param {import("../app/context.js").Shapes["UnionView"]} union @param {import("../ui/money.js").Money} price */
export const workFee = (context, union, price) =>
  LiveSection.of(
    { load: (signal) => readParameters(context, union, signal), render: (parameters) => workFeeLine(parameters, price), types: ["union"], live: context.live },
    "inline",
  );
