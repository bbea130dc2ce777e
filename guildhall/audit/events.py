"""State and event commit together: what the tables say has been said on the bus, and consumers have it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from guildhall.audit.promises import Checked, House, Promise, none_of

SERVICES = ("identity", "graph", "market", "ledger", "funding")
ATTEMPTS_BEFORE_ALARM = 5
LATE = timedelta(minutes=2)


async def outboxes(house: House) -> Checked:
    """What is marked as relayed is on the bus; what is not is still to come."""
    checked = Checked()
    on_bus: set[UUID] = {
        row["event_id"]
        for row in await house.rows("bus", "SELECT event_id FROM log UNION SELECT event_id FROM states")
    }
    checked.numbers["events on the bus"] = len(on_bus)
    for service in SERVICES:
        rows = await house.rows(service, "SELECT event_id, type, key, position, relayed FROM outbox")
        checked.numbers[f"events of {service}"] = len(rows)
        waiting = [row for row in rows if not row["relayed"]]
        if waiting:
            first = min(row["position"] for row in waiting)
            checked.wrong(service, f"position={first}", f"{len(waiting)} events from here are not relayed")
        for row in rows:
            if row["relayed"] and row["event_id"] not in on_bus:
                named = f"position={row['position']} event_id={row['event_id']} type={row['type']}"
                checked.wrong(service, named, "an event is marked as relayed and not on the bus")
    return checked


async def consumed(house: House) -> Checked:
    """Nothing is parked, and every group has passed the heads of the bus."""
    checked = Checked()
    checked.numbers["consumer groups"] = await house.number("bus", "SELECT count(*) FROM consumer_groups")
    await none_of(
        house,
        checked,
        "bus",
        """
        SELECT g.name AS group_name, o.partition, o.position, h.position AS head
        FROM group_offsets o JOIN consumer_groups g ON g.id = o.group_id JOIN heads h USING (partition)
        WHERE o.position < h.position
        """,
        "the group stands still, the head is {head}",
    )
    for service in SERVICES:
        await none_of(
            house,
            checked,
            service,
            "SELECT group_name, type, key, event_id, error FROM parked_events ORDER BY sequence",
            "parked: {error}",
        )
    for service, (name, query, wrong) in _EFFECTS.items():
        checked.numbers[name] = await house.number(
            service, "SELECT count(*) FROM memberships WHERE state = 'active'"
        )
        await none_of(house, checked, service, query, wrong)
    await _settlements_noted(house, checked)
    return checked


_EFFECTS = {
    "graph": (
        "members in the graph",
        """
        SELECT m.union_id, m.member_id, m.version, m.state FROM memberships m
        LEFT JOIN graph_members g USING (union_id, member_id)
        WHERE (m.state = 'active') <> coalesce(g.active, false)
        """,
        "the graph does not count the member as the membership ({state}) says",
    ),
    "ledger": (
        "members with an account",
        """
        SELECT m.union_id, m.member_id, m.version FROM memberships m
        WHERE m.state = 'active' AND NOT EXISTS (
            SELECT FROM accounts a
            WHERE (a.union_id, a.owner_id, a.kind) = (m.union_id, m.member_id, 'member'))
        """,
        "an active member has no account",
    ),
}
"""By service: what a number is called, and the memberships that it heard of and did nothing about."""


async def _settlements_noted(house: House, checked: Checked) -> None:
    """The ledger has heard of every agreement that was paid: their parties are those who have worked."""
    noted = {
        (row["union_id"], row["member_id"])
        for row in await house.rows(
            "ledger", "SELECT union_id, member_id FROM joining_grants WHERE settled_at IS NOT NULL"
        )
    }
    paid = await house.rows(
        "market", "SELECT union_id, agreement_id, employer_id, worker_id FROM agreements WHERE state = 'paid'"
    )
    checked.numbers["agreements noted"] = len(paid)
    for row in paid:
        if not {(row["union_id"], row["employer_id"]), (row["union_id"], row["worker_id"])} <= noted:
            named = f"union_id={row['union_id']} agreement_id={row['agreement_id']}"
            checked.wrong("ledger", named, "the ledger has not noted that the agreement was paid")


async def intents(house: House) -> Checked:
    """Every recorded intent has its answer, or is still being asked."""
    checked = Checked()
    for service in SERVICES:
        checked.numbers[f"intents of {service}"] = await house.number(service, "SELECT count(*) FROM intents")
        await none_of(
            house,
            checked,
            service,
            "SELECT id, kind, key, attempts_count, last_error FROM intents "
            "WHERE state = 'waiting' AND attempts_count >= $1",
            "no answer in {attempts_count} attempts, the last: {last_error}",
            ATTEMPTS_BEFORE_ALARM,
        )
        await none_of(
            house,
            checked,
            service,
            "SELECT id, kind, key, state FROM intents WHERE (state = 'waiting') <> (answer IS NULL) "
            "OR state NOT IN ('waiting', 'done', 'refused')",
            "the intent is {state}, and its answer does not fit that",
        )
    checked.numbers["waiting"] = await _summed(house, "SELECT count(*) FROM intents WHERE state = 'waiting'")
    checked.numbers["tried and waiting"] = await _summed(
        house, "SELECT count(*) FROM intents WHERE state = 'waiting' AND attempts_count > 0"
    )
    return checked


async def timers(house: House) -> Checked:
    """What has come due was done: no timer fails again and again."""
    checked = Checked()
    for service in SERVICES:
        await none_of(
            house,
            checked,
            service,
            "SELECT kind, key, due, attempts_count, last_error FROM timers "
            "WHERE attempts_count > 0 AND due < $1",
            "failed {attempts_count} times, the last: {last_error}",
            house.now - LATE,
        )
    checked.numbers["timers"] = await _summed(house, "SELECT count(*) FROM timers")
    checked.numbers["failing"] = await _summed(house, "SELECT count(*) FROM timers WHERE attempts_count > 0")
    return checked


async def _summed(house: House, query: str) -> int:
    return sum([await house.number(service, query) for service in SERVICES])


PROMISES = (
    Promise("house", "house.outbox", "state and event commit together", outboxes),
    Promise("house", "house.consumed", "every event has its effect, once", consumed),
    Promise("house", "house.intents", "money moves by recorded intent", intents),
    Promise("house", "house.timers", "what has come due was done", timers),
)
