"""Chapter six: gigs are bid for, agreed, delivered and paid; some are cancelled and refunded."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from guildhall.demo.cloth import cloth
from guildhall.demo.story import Person, Story

UNIT_MINOR = 1_000_000
PRICE_UNITS = (5, 60)
WITH_FILES = 6
"""So many gigs of a season are shown with a photo and delivered with a file."""
TITLES = (
    "Translate the charter",
    "Draw the guild's mark",
    "Proofread a grant application",
    "Record the spring meeting",
    "Repair the booking page",
    "Photograph the workshop",
    "Keep the books of a month",
    "Teach an evening on contracts",
)


@dataclass(frozen=True, slots=True)
class Gig:
    """One piece of work of a season."""

    number: int
    employer: Person
    bidders: tuple[Person, ...]
    price_minor: int
    is_cancelled: bool

    @property
    def worker(self) -> Person:
        return self.bidders[0]


def gigs_of(story: Story) -> list[Gig]:
    """The season's gigs, each with an employer and one to three bidders of its own."""
    stream = story.seed.stream("work", story.season)
    employers = stream.sample(story.people, story.scale.paid_gigs + story.scale.cancelled_gigs)
    gigs: list[Gig] = []
    for number, employer in enumerate(employers):
        others = [person for person in stream.sample(story.people, 4) if person is not employer]
        gigs.append(
            Gig(
                number,
                employer,
                tuple(others[: stream.randint(1, 3)]),
                stream.randint(*PRICE_UNITS) * UNIT_MINOR,
                is_cancelled=number >= story.scale.paid_gigs,
            )
        )
    return gigs


async def work(story: Story) -> None:
    """From the offer to the payment, each gig by its own people."""
    story.chapter("Work")
    gigs = gigs_of(story)
    paid = [gig for gig in gigs if not gig.is_cancelled]
    cancelled = [gig for gig in gigs if gig.is_cancelled]
    await story.each("bid, agree, deliver, pay", paid, lambda gig: _do(story, gig))
    await story.each("agree, cancel, refund", cancelled, lambda gig: _cancel(story, gig))


async def _do(story: Story, gig: Gig) -> None:
    agreement = await _agree(story, gig)
    path = f"{story.union_path}/agreements/{agreement}"
    label = f"{story.season}/{gig.number}"
    note: dict[str, object] = {"note": "Done as agreed."}
    if gig.number < WITH_FILES:
        title = TITLES[gig.number % len(TITLES)]
        report = f"{title}: done as agreed, season {story.season}.\n".encode()
        digest = sha256(report).hexdigest()
        target = f"{path}/files/{digest}?name=Report.txt"
        await story.act(gig.worker, f"file/{label}", "PUT", target, report, signed=False, keep=("digest",))
        note["files"] = [digest]
    await story.act(gig.worker, f"deliver/{label}", "POST", f"{path}/deliveries", note, keep=("id", "state"))
    await story.act(gig.employer, f"pay/{label}", "POST", f"{path}/acceptance", keep=("id", "state"))


async def _cancel(story: Story, gig: Gig) -> None:
    agreement = await _agree(story, gig)
    path = f"{story.union_path}/agreements/{agreement}/cancellation"
    await story.act(gig.worker, f"refund/{story.season}/{gig.number}", "POST", path, keep=("id", "state"))


async def _agree(story: Story, gig: Gig) -> str:
    """Offer, bids, acceptance; returns the id of the agreement, whose price is in escrow then."""
    label = f"{story.season}/{gig.number}"
    offer = await story.act(
        gig.employer,
        f"offer/{label}",
        "POST",
        f"{story.union_path}/offers",
        {"kind": "gig", "title": TITLES[gig.number % len(TITLES)], "price": story.money(gig.price_minor)},
        signed=False,
    )
    if gig.number < WITH_FILES:
        photo = cloth(story.seed.stream("cloth", story.season, gig.number))
        digest = sha256(photo).hexdigest()
        target = f"{story.union_path}/offers/{offer['id']}/photos/{digest}?name=Cloth.png"
        await story.act(gig.employer, f"photo/{label}", "PUT", target, photo, signed=False, keep=("digest",))
    bids: list[str] = []
    for place, bidder in enumerate(gig.bidders):
        body = {
            "price": story.money(gig.price_minor + place * UNIT_MINOR),
            "delivery_seconds": 604_800,
            "message": "I have done this before.",
        }
        path = f"{story.union_path}/offers/{offer['id']}/bids"
        bids.append((await story.act(bidder, f"bid/{label}/{place}", "POST", path, body))["id"])
    debit = story.money(gig.price_minor) | {"to": f"agreements/{bids[0]}"}
    accepted = await story.act(
        gig.employer,
        f"agree/{label}",
        "POST",
        f"{story.union_path}/bids/{bids[0]}/acceptance",
        {"debit": debit},
        keep=("id", "state"),
    )
    return accepted["id"]
