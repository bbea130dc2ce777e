"""How large the story is told. The shipped size is the defaults; a smaller one has the same chapters."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import dataclass

PAID_OUT_COUNT = 6
MISSED_COUNT = 4
PEOPLE_MIN = 30
FOLLOWINGS_EACH = 25
WEAVERS_MIN = 8


@dataclass(frozen=True, slots=True)
class Scale:
    """Counts of a season; `deadline_seconds` is how long projects that will miss collect pledges."""

    people: int = 1_000
    paid_gigs: int = 200
    cancelled_gigs: int = 20
    pledges_each: int = 200
    deadline_seconds: int = 40

    @property
    def voices(self) -> int:
        """Eight of ten name who speaks for them."""
        return self.people * 8 // 10

    @property
    def changes(self) -> int:
        """Half change their mind."""
        return self.people // 2

    @property
    def weavers(self) -> int:
        """One of twenty rents the loom, and as many are of the cloth club."""
        return max(WEAVERS_MIN, self.people // 20)

    def fault(self) -> str | None:
        """Why no story of this size can be told, in one line."""
        if self.people < PEOPLE_MIN:
            return f"a story takes at least {PEOPLE_MIN} people, as each follows {FOLLOWINGS_EACH}"
        if self.paid_gigs + self.cancelled_gigs > self.people:
            return "a story takes an employer of their own for each gig: fewer gigs, or more people"
        if self.pledges_each >= self.people:
            return "nobody pledges twice to a project, nor to their own: fewer pledges, or more people"
        return None


def add_scale(parser: ArgumentParser) -> None:
    shipped = Scale()
    for name, default, meaning in (
        ("--people", shipped.people, "members of the union"),
        ("--gigs", shipped.paid_gigs, "gigs that are delivered and paid"),
        ("--cancelled-gigs", shipped.cancelled_gigs, "gigs that are cancelled and refunded"),
        ("--pledges", shipped.pledges_each, f"pledges to each of {PAID_OUT_COUNT + MISSED_COUNT} projects"),
        ("--deadline-seconds", shipped.deadline_seconds, "how long a project that will miss collects"),
    ):
        parser.add_argument(name, type=int, default=default, help=f"{meaning} (default {default:,})")


def chosen_scale(chosen: Namespace) -> Scale:
    return Scale(chosen.people, chosen.gigs, chosen.cancelled_gigs, chosen.pledges, chosen.deadline_seconds)
