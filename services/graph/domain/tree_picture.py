"""Voice trees as an SVG: their shape and their counts, no member's id or name.

A radial tree whose wedges are as wide as their leaves are many (P. Eades, Drawing free trees, 1992), drawn
the same for the same trees. Its colours read on white and on black paper alike; it has no style sheet and
no script, so that it may stand in any page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from xml.etree import ElementTree

from services.graph.domain.branch_tree import BranchNode

SVG = "http://www.w3.org/2000/svg"
LINE = "#8a8a86"
NUMERAL = "#ffffff"
DOT_WITHOUT_OKLCH = "#55554f"
"""What programs draw that do not know CSS Color 4."""
RING_STEP = 72.0
LEAF_ARC = 20.0
MARGIN = 16.0
NUMERAL_RADIUS_MIN = 9.0
HUES = 360
ElementTree.register_namespace("", SVG)


@dataclass(frozen=True, slots=True)
class _Place:
    x: float
    y: float
    parent: _Place | None
    node: BranchNode | None

    @property
    def radius(self) -> float:
        return 5.0 if self.node is None else 5.0 + min(16.0, 1.5 * math.sqrt(self.node.branch_count))


def draw_trees(union_id: UUID, trees: Sequence[BranchNode], title: str) -> str:
    """One tree around its leader; several around a middle that stands for the union.

    Every dot that has room says how many speak through it. `title` is what a screen reader says.
    """
    places = _placed(trees)
    reach = max((math.hypot(place.x, place.y) + place.radius for place in places), default=0.0) + MARGIN
    edge = _number(-reach)
    size = _number(2 * reach)
    svg = ElementTree.Element(f"{{{SVG}}}svg", {"viewBox": f"{edge} {edge} {size} {size}", "role": "img"})
    ElementTree.SubElement(svg, f"{{{SVG}}}title").text = title
    lines = ElementTree.SubElement(svg, f"{{{SVG}}}path", {"fill": "none", "stroke": LINE})
    lines.set("d", "".join(_line(place) for place in places))
    plain = ElementTree.SubElement(svg, f"{{{SVG}}}g", {"fill": DOT_WITHOUT_OKLCH})
    dots = ElementTree.SubElement(plain, f"{{{SVG}}}g", {"fill": _accent(union_id)})
    numerals = ElementTree.SubElement(
        svg,
        f"{{{SVG}}}g",
        {"fill": NUMERAL, "font-family": "sans-serif", "text-anchor": "middle"},
    )
    for place in places:
        at = {"cx": _number(place.x), "cy": _number(place.y), "r": _number(place.radius)}
        ElementTree.SubElement(dots, f"{{{SVG}}}circle", at)
        if place.node is not None and place.radius >= NUMERAL_RADIUS_MIN:
            numerals.append(_numeral(place, place.node.branch_count))
    return ElementTree.tostring(svg, encoding="unicode")


def _placed(trees: Sequence[BranchNode]) -> list[_Place]:
    """Parents before their children."""
    leaves = _leaves(trees)
    depth = max((_depth(tree) for tree in trees), default=0)
    middle = None if len(trees) == 1 else _Place(0.0, 0.0, None, None)
    rings = depth if middle is None else depth + 1
    whole = sum(leaves[id(tree)] for tree in trees)
    step = max(RING_STEP, whole * LEAF_ARC / (2 * math.pi) / max(1, rings))
    places = [] if middle is None else [middle]
    first_ring = 0 if middle is None else 1
    open_: list[tuple[BranchNode, _Place | None, int, float, float]] = []
    begin = 0.0
    for tree in trees:
        end = begin + 2 * math.pi * leaves[id(tree)] / whole
        open_.append((tree, middle, first_ring, begin, end))
        begin = end
    while open_:
        node, parent, ring, begin, end = open_.pop()
        angle = (begin + end) / 2 - math.pi / 2
        place = _Place(math.cos(angle) * ring * step, math.sin(angle) * ring * step, parent, node)
        places.append(place)
        arc_of_leaf = (end - begin) / leaves[id(node)]
        for child in node.children:
            child_end = begin + arc_of_leaf * leaves[id(child)]
            open_.append((child, place, ring + 1, begin, child_end))
            begin = child_end
    return places


def _leaves(trees: Sequence[BranchNode]) -> dict[int, int]:
    """How many ends are below each node, itself where it is one."""
    order = list(trees)
    for node in order:
        order.extend(node.children)
    counted: dict[int, int] = {}
    for node in reversed(order):
        counted[id(node)] = sum(counted[id(child)] for child in node.children) or 1
    return counted


def _depth(tree: BranchNode) -> int:
    depth, level = 0, tree.children
    while level:
        depth += 1
        level = tuple(child for node in level for child in node.children)
    return depth


def _line(place: _Place) -> str:
    if place.parent is None:
        return ""
    return f"M{_number(place.parent.x)} {_number(place.parent.y)}L{_number(place.x)} {_number(place.y)}"


def _numeral(place: _Place, count: int) -> ElementTree.Element:
    text = str(count)
    size = min(place.radius, 3.2 * place.radius / len(text))
    written = ElementTree.Element(
        f"{{{SVG}}}text",
        {"x": _number(place.x), "y": _number(place.y), "dy": ".35em", "font-size": _number(size)},
    )
    written.text = text
    return written


def _accent(union_id: UUID) -> str:
    """The page's colour of the union, dark enough for white numerals (WCAG 2.2, 1.4.3)."""
    return f"oklch(46% 0.11 {int(str(union_id)[-6:], 16) % HUES})"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
