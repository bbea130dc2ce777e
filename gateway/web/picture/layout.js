/**
 * Where the members of a branch are drawn: a radial tree whose wedges are as wide as their leaves are many
 * (P. Eades, Drawing free trees, 1992). The same tree is always drawn the same.
 */

const STEP = 72;
const LEAF_ARC = 20;

/**
 * @typedef {object} Branch
 * @property {string} member_id
 * @property {number} speaks_for_count
 * @property {number} folded_members_count
 * @property {Branch[]} children
 *
 * @typedef {object} Placed
 * @property {string} id
 * @property {Placed | null} parent
 * @property {Placed[]} children
 * @property {number} depth
 * @property {number} x in units of the drawing, the leader at 0, 0
 * @property {number} y
 * @property {number} size of the dot: its radius grows with the square root of the branch
 * @property {number} speaksFor
 * @property {number} folded members that are counted and not drawn
 */

/** @param {Branch} root @returns {Placed[]} the leader first, parents before their children */
export function layOut(root) {
  const leaves = countLeaves(root);
  // The ring of each depth is wide enough for all leaves, so that no two dots of it touch.
  const step = Math.max(STEP, ((leaves.get(root) ?? 1) * LEAF_ARC) / (2 * Math.PI) / depthOf(root));
  /** @type {Placed[]} */
  const placed = [];
  /** @type {[Branch, Placed | null, number, number][]} */
  const open = [[root, null, 0, 2 * Math.PI]];
  for (let item = open.shift(); item; item = open.shift()) {
    const [branch, parent, from, to] = item;
    const depth = parent ? parent.depth + 1 : 0;
    const angle = (from + to) / 2 - Math.PI / 2;
    /** @type {Placed} */
    const node = {
      id: branch.member_id,
      parent,
      children: [],
      depth,
      x: Math.cos(angle) * depth * step,
      y: Math.sin(angle) * depth * step,
      size: 5 + Math.min(16, Math.sqrt(branch.speaks_for_count) * 1.5),
      speaksFor: branch.speaks_for_count,
      folded: branch.folded_members_count,
    };
    placed.push(node);
    parent?.children.push(node);
    let begin = from;
    for (const child of branch.children) {
      const end = begin + ((to - from) * (leaves.get(child) ?? 1)) / (leaves.get(branch) ?? 1);
      open.push([child, node, begin, end]);
      begin = end;
    }
  }
  return placed;
}

/** @param {Branch} root @returns {Map<Branch, number>} */
function countLeaves(root) {
  const counted = new Map();
  /** @type {Branch[]} */
  const order = [root];
  for (const branch of order) order.push(...branch.children);
  for (const branch of order.reverse()) {
    counted.set(branch, branch.children.reduce((sum, child) => sum + counted.get(child), 0) || 1);
  }
  return counted;
}

/** @param {Branch} root the longest way down, at least 1 */
function depthOf(root) {
  let depth = 0;
  for (let level = root.children; level.length; level = level.flatMap(({ children }) => children)) depth += 1;
  return Math.max(1, depth);
}
