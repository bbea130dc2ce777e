/** The voice tree as a picture: it grows as voices come, and is walked by touch, mouse and keys. The same is beside it as a list. */
import { h } from "../ui/dom.js";
import { nameText } from "../ui/names.js";
import { t } from "../texts/texts.js";
import { layOut } from "./layout.js";

const GROWS_MS = 450;
const LABELS_MAX = 24;
const ZOOM_MAX = 4;
const ZOOM_STEP = 1.25;
const EDGE = 28;

/** @typedef {import("./layout.js").Placed} Placed */

export class VoiceTree extends HTMLElement {
  /** @type {Placed[]} */
  #nodes = [];
  /** Where each stood when the last change came. @type {Map<string, {x: number, y: number}>} */
  #before = new Map();
  #changedAt = -Infinity;
  #view = { x: 0, y: 0, scale: 1 };
  #isFitted = true;
  /** @type {Placed | null} */
  #chosen = null;
  /** @type {Map<number, {x: number, y: number}>} */
  #pointers = new Map();
  #isDrawing = false;
  /** @type {Map<string, string>} */
  #labels = new Map();
  #canvas = h("canvas", { tabindex: 0, role: "application", "aria-roledescription": t("picture.kind"), "aria-label": t("picture.keys") });
  #said = h("p", { class: "faint", role: "status" });
  /** @type {import("../ui/names.js").Names | null} */
  names = null;
  /** @type {(id: string) => void} */
  open = () => {};

  connectedCallback() {
    /** @param {string} words @param {() => void} run */
    const button = (words, run) => h("button", { type: "button", "aria-label": t(`picture.${words}`), onclick: run }, { in: "+", out: "−", whole: "⤢" }[words]);
    const tools = h("div", { class: "tools" }, button("in", () => this.#zoom(ZOOM_STEP)), button("out", () => this.#zoom(1 / ZOOM_STEP)), button("whole", () => this.#fit()));
    this.replaceChildren(this.#canvas, tools, this.#said);
    this.#canvas.addEventListener("keydown", (event) => this.#walk(event));
    this.#canvas.addEventListener("pointerdown", (event) => this.#press(event));
    this.#canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) this.#canvas.addEventListener(name, (event) => this.#release(event));
    this.#canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    new ResizeObserver(() => (this.#isFitted ? this.#fit() : this.#draw())).observe(this.#canvas);
  }

  /** Show this tree; who was there moves, who is new grows out of whom they speak through. @param {import("./layout.js").Branch} tree */
  update(tree) {
    const stood = new Map(this.#nodes.map((node) => [node.id, this.#placeOf(node)]));
    this.#nodes = layOut(tree);
    this.#before = new Map();
    for (const node of this.#nodes) {
      const place = stood.get(node.id) ?? (node.parent ? this.#before.get(node.parent.id) : undefined) ?? { x: 0, y: 0 };
      this.#before.set(node.id, place);
    }
    this.#changedAt = matchMedia("(prefers-reduced-motion: reduce)").matches ? -Infinity : performance.now();
    this.#chosen = this.#nodes.find(({ id }) => id === this.#chosen?.id) ?? null;
    const labelled = [...this.#nodes].sort((one, other) => other.speaksFor - one.speaksFor).slice(0, LABELS_MAX);
    for (const { id } of labelled) {
      this.names?.ask(id, (named) => {
        this.#labels.set(id, nameText(named));
        this.#draw();
      });
    }
    if (this.#isFitted) this.#fit();
    this.#draw();
  }

  /** @param {Placed} node where it is now, on its way */
  #placeOf(node) {
    const done = Math.min(1, (performance.now() - this.#changedAt) / GROWS_MS);
    const eased = 1 - (1 - done) ** 3;
    const from = this.#before.get(node.id) ?? node;
    return { x: from.x + (node.x - from.x) * eased, y: from.y + (node.y - from.y) * eased };
  }

  #fit() {
    const reach = Math.max(60, ...this.#nodes.map(({ x, y, size }) => Math.max(Math.abs(x), Math.abs(y)) + size));
    const { clientWidth, clientHeight } = this.#canvas;
    this.#view = { x: 0, y: 0, scale: Math.min(1.6, Math.max(0.02, (Math.min(clientWidth, clientHeight) / 2 - EDGE) / reach)) };
    this.#isFitted = true;
    this.#draw();
  }

  /** @param {number} factor @param {{x: number, y: number}} [at] what stays where it is, from the middle of the canvas */
  #zoom(factor, at = { x: 0, y: 0 }) {
    const scale = Math.min(ZOOM_MAX, Math.max(0.02, this.#view.scale * factor));
    const grown = scale / this.#view.scale;
    this.#view = { x: at.x - (at.x - this.#view.x) * grown, y: at.y - (at.y - this.#view.y) * grown, scale };
    this.#isFitted = false;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const chosen = this.#chosen ?? this.#nodes[0];
    if (!chosen) return;
    const beside = chosen.parent?.children ?? [chosen];
    const place = beside.indexOf(chosen);
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowUp: () => this.#choose(chosen.parent ?? chosen),
      ArrowDown: () => this.#choose(this.#chosen ? (chosen.children[0] ?? chosen) : chosen),
      ArrowLeft: () => this.#choose(beside[Math.max(0, place - 1)] ?? chosen),
      ArrowRight: () => this.#choose(beside[Math.min(beside.length - 1, place + 1)] ?? chosen),
      Home: () => this.#choose(this.#nodes[0] ?? chosen),
      Enter: () => this.open(chosen.id),
      "+": () => this.#zoom(ZOOM_STEP),
      "-": () => this.#zoom(1 / ZOOM_STEP),
      "0": () => this.#fit(),
    };
    const run = keys[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  }

  /** @param {Placed} node */
  #choose(node) {
    this.#chosen = node;
    this.#draw();
    /** @param {string} name */
    const say = (name) => (this.#said.textContent = [name, t("branch.speaks-for", { count: node.speaksFor }), node.folded > 0 && t("branch.folded", { count: node.folded })].filter(Boolean).join(", "));
    this.names?.ask(node.id, (named) => {
      this.#labels.set(node.id, nameText(named));
      say(nameText(named));
      this.#draw();
    });
  }

  /** From the middle of the canvas. @param {MouseEvent} event */
  #at(event) {
    const box = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }

  /** @param {PointerEvent} event */
  #press(event) {
    this.#canvas.setPointerCapture(event.pointerId);
    const at = this.#at(event);
    this.#pointers.set(event.pointerId, at);
    if (this.#pointers.size > 1) return;
    const { x, y, scale } = this.#view;
    const near = this.#nodes
      .map((node) => ({ node, distance: Math.hypot(node.x * scale + x - at.x, node.y * scale + y - at.y) - node.size * scale }))
      .sort((one, other) => one.distance - other.distance)[0];
    if (near && near.distance < 14) {
      if (near.node === this.#chosen) this.open(near.node.id);
      else this.#choose(near.node);
    }
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const at = this.#at(event);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, at);
    if (other) {
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      const is = Math.hypot(at.x - other.x, at.y - other.y);
      if (was > 0) this.#zoom(is / was, { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
      return;
    }
    this.#view = { ...this.#view, x: this.#view.x + at.x - before.x, y: this.#view.y + at.y - before.y };
    this.#isFitted = false;
    this.#draw();
  }

  /** @param {PointerEvent} event */
  #release(event) {
    this.#pointers.delete(event.pointerId);
  }

  /** The wheel scrolls the page; with Ctrl, and by a trackpad's pinch, it zooms. @param {WheelEvent} event */
  #wheel(event) {
    if (!event.ctrlKey) return;
    event.preventDefault();
    this.#zoom(Math.exp(-event.deltaY / 200), this.#at(event));
  }

  #draw() {
    if (this.#isDrawing || !this.isConnected) return;
    this.#isDrawing = true;
    requestAnimationFrame((now) => {
      this.#isDrawing = false;
      this.#paint();
      if (now - this.#changedAt < GROWS_MS) this.#draw();
    });
  }

  /** One path for all lines, one for all dots: what costs is how often a path is stroked or filled. */
  #paint() {
    const pen = this.#canvas.getContext("2d");
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (!pen || !width) return;
    const ratio = devicePixelRatio;
    if (this.#canvas.width !== Math.round(width * ratio)) this.#canvas.width = Math.round(width * ratio);
    if (this.#canvas.height !== Math.round(height * ratio)) this.#canvas.height = Math.round(height * ratio);
    const { color: ink, borderTopColor: line, outlineColor: accent, backgroundColor: paper } = getComputedStyle(this);
    const { x, y, scale } = this.#view;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const drawn = this.#nodes.map((node) => {
      const place = this.#placeOf(node);
      return { node, x: width / 2 + x + place.x * scale, y: height / 2 + y + place.y * scale, size: Math.max(1.5, node.size * Math.min(1, scale)) };
    });
    const places = new Map(drawn.map((dot) => [dot.node, dot]));
    pen.beginPath();
    for (const dot of drawn) {
      const above = dot.node.parent && places.get(dot.node.parent);
      if (above) (pen.moveTo(above.x, above.y), pen.lineTo(dot.x, dot.y));
    }
    pen.lineWidth = Math.max(0.5, Math.min(2, scale * 2));
    pen.strokeStyle = line;
    pen.stroke();
    const seen = drawn.filter((dot) => dot.x > -40 && dot.y > -40 && dot.x < width + 40 && dot.y < height + 40);
    for (const [isLeader, colour] of /** @type {const} */ ([[false, line], [true, accent]])) {
      pen.beginPath();
      for (const dot of seen) {
        if (dot.node.speaksFor > 0 !== isLeader) continue;
        pen.moveTo(dot.x + dot.size, dot.y);
        pen.arc(dot.x, dot.y, dot.size, 0, 2 * Math.PI);
      }
      pen.fillStyle = colour;
      pen.fill();
    }
    pen.beginPath();
    for (const dot of seen) {
      if (dot.node.folded === 0 && dot.node !== this.#chosen) continue;
      pen.moveTo(dot.x + dot.size + 4, dot.y);
      pen.arc(dot.x, dot.y, dot.size + 4, 0, 2 * Math.PI);
    }
    pen.strokeStyle = accent;
    pen.lineWidth = 2;
    pen.stroke();
    this.#write(pen, seen, ink, paper);
  }

  /** Names of the greatest, where they do not cover each other. @param {CanvasRenderingContext2D} pen @param {{node: Placed, x: number, y: number, size: number}[]} seen @param {string} ink @param {string} paper */
  #write(pen, seen, ink, paper) {
    pen.font = "13px system-ui, sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "top";
    pen.lineJoin = "round";
    pen.lineWidth = 3;
    /** @type {{left: number, right: number, top: number}[]} */
    const taken = [];
    const wanted = seen.filter(({ node }) => this.#labels.has(node.id)).sort((one, other) => Number(other.node === this.#chosen) - Number(one.node === this.#chosen) || other.node.speaksFor - one.node.speaksFor);
    for (const { node, x, y, size } of wanted) {
      const label = (this.#labels.get(node.id) ?? "").slice(0, 40) + (node.folded > 0 ? ` +${node.folded}` : "");
      const half = pen.measureText(label).width / 2 + 4;
      const box = { left: x - half, right: x + half, top: y + size + 3 };
      if (taken.some((other) => other.left < box.right && box.left < other.right && Math.abs(other.top - box.top) < 17)) continue;
      taken.push(box);
      pen.strokeStyle = paper;
      pen.strokeText(label, x, box.top);
      pen.fillStyle = ink;
      pen.fillText(label, x, box.top);
    }
  }
}

customElements.define("voice-tree", VoiceTree);
