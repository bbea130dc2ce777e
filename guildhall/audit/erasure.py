"""The house's promise about who is gone: nothing personal of an erased member is left, in any database."""

from __future__ import annotations

from uuid import UUID

from chassis.erasure import Erasure, PersonalData
from guildhall.audit.promises import Checked, House, Promise, none_of
from services.funding.store.personal import PERSONAL as OF_FUNDING
from services.graph.store.personal import PERSONAL as OF_GRAPH
from services.identity.store.personal import PERSONAL as OF_IDENTITY
from services.ledger.store.personal import PERSONAL as OF_LEDGER
from services.market.store.personal import PERSONAL as OF_MARKET

LISTS: dict[str, PersonalData] = {
    "identity": OF_IDENTITY,
    "graph": OF_GRAPH,
    "market": OF_MARKET,
    "ledger": OF_LEDGER,
    "funding": OF_FUNDING,
}
OTHERS = tuple(service for service in LISTS if service != "identity")

# Written out a second time, past the lists: columns of which nothing is left, whoever said what goes.
_BY_HAND = (
    (
        "identity",
        "SELECT m.id AS member_id FROM erased_members e JOIN members m ON m.id = e.member_id "
        "WHERE m.name <> '' OR m.bio <> '' OR m.links <> '{}' OR m.avatar IS NOT NULL "
        "OR m.handle !~ '^m-[a-z2-7]{12}$' OR m.erasing_since IS NULL",
        "a profile of who was erased",
    ),
    (
        "identity",
        "SELECT e.member_id, k.kind FROM erased_members e JOIN member_keys k USING (member_id)",
        "a key of who was erased: {kind}",
    ),
    (
        "identity",
        "SELECT e.member_id, h.handle FROM erased_members e JOIN handles h USING (member_id)",
        "a handle of who was erased",
    ),
    (
        "identity",
        "SELECT e.member_id, m.union_id FROM erased_members e JOIN memberships m USING (member_id) "
        "WHERE m.state IN ('active', 'suspended')",
        "in a union, and erased",
    ),
    (
        "identity",
        "SELECT e.member_id, s.id AS session_id FROM erased_members e JOIN sessions s USING (member_id) "
        "WHERE s.ended_at IS NULL",
        "a session of who was erased",
    ),
    (
        "identity",
        "SELECT d.member_id, d.number, d.state FROM account_deletions d "
        "LEFT JOIN erased_members e USING (member_id) "
        "WHERE (d.state = 'done') <> (e.member_id IS NOT NULL)",
        "a deletion that is {state}, and its member is not so",
    ),
    (
        "ledger",
        "SELECT e.member_id, s.device_key_id, s.nonce FROM erased_members e "
        "JOIN signed_acts s USING (member_id) "
        """WHERE encode(s.body, 'escape') ~ '"memo"\\s*:\\s*"[^"]'""",
        "an act with a memo in it",
    ),
    (
        "market",
        "SELECT e.member_id, o.union_id, o.offer_id FROM erased_members e "
        "JOIN offers o ON o.owner_id = e.member_id WHERE o.state = 'open'",
        "an open offer of who was erased",
    ),
)


async def erasure(house: House) -> Checked:
    """Who identity erased is erased by everybody, and of what a list says that it goes nothing is there."""
    checked = Checked()
    erased = await _erased_by(house, "identity")
    checked.numbers["erased members"] = len(erased)
    for service in OTHERS:
        known = await _erased_by(house, service)
        for member_id in erased - known:
            checked.wrong(service, f"member_id={member_id}", "has not heard that they were erased")
        for member_id in known - erased:
            checked.wrong(service, f"member_id={member_id}", "erased, and identity knows nothing of it")
    for service, personal in LISTS.items():
        checked.count("tables and columns", len(personal.erased))
        for one in personal.erased:
            await none_of(house, checked, service, _left(one), f"something is left in {one.table}")
    for service, query, wrong in _BY_HAND:
        await none_of(house, checked, service, query, wrong)
    return checked


async def _erased_by(house: House, service: str) -> set[UUID]:
    return {row["member_id"] for row in await house.rows(service, "SELECT member_id FROM erased_members")}


def _left(one: Erasure) -> str:
    """By member, how many rows have something left in them."""
    rows = f"SELECT count(*) AS number FROM {one.table} WHERE {one.left.replace('$1', 'e.member_id')}"  # noqa: S608 - a declaration's
    return f"SELECT e.member_id, l.number FROM erased_members e, LATERAL ({rows}) l WHERE l.number > 0"  # noqa: S608 - a declaration's


PROMISES = (Promise("house", "house.erasure", "nothing personal of an erased member is left", erasure),)
