"""No state without its event, and no settled fact: what the tables say is what the bus was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from guildhall.audit.promises import Checked, House, Promise

FACTS_LOOKED_AT = timedelta(days=13)
"""The bus keeps facts for 14 days; older ones are gone by right."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A state event: `kept` gives the key and what is so (`told`) of each aggregate; `told` reads it from
    the newest event's data `d`."""

    service: str
    event_type: str
    kept: str
    told: str = "d ->> 'version'"


STATES = (
    Spoken("identity", "union", "SELECT id::text AS key, version::text AS told FROM unions"),
    Spoken(
        "identity",
        "membership",
        "SELECT union_id || ':' || member_id AS key, version::text AS told FROM memberships",
    ),
    Spoken(
        "identity",
        "office.grant",
        "SELECT union_id || ':' || member_id AS key, version::text AS told FROM office_grants",
    ),
    Spoken(
        "identity",
        "business",
        "SELECT union_id || ':' || id AS key, version || ' ' || state AS told FROM businesses",
        "(d ->> 'version') || ' ' || (d ->> 'state')",
    ),
    Spoken(
        "identity",
        "business.grant",
        "SELECT union_id || ':' || business_id || ':' || member_id AS key, version::text AS told "
        "FROM business_grants",
    ),
    Spoken(
        "graph",
        "backlink",
        "SELECT DISTINCT ON (union_id, subject_id, object_id) union_id || ':' || subject_id || ':' || "
        "object_id AS key, version || CASE WHEN holds THEN ' active' ELSE ' withdrawn' END AS told "
        "FROM graph_changes WHERE kind = 2 ORDER BY union_id, subject_id, object_id, version DESC",
        "(d ->> 'version') || ' ' || (d ->> 'state')",
    ),
    Spoken(
        "graph",
        "voice",
        "SELECT DISTINCT ON (union_id, subject_id) union_id || ':' || subject_id AS key, version || ' ' || "
        "CASE WHEN holds THEN coalesce(object_id::text, '') ELSE '' END AS told "
        "FROM graph_changes WHERE kind = 3 ORDER BY union_id, subject_id, version DESC",
        "(d ->> 'version') || ' ' || coalesce(d ->> 'leader_id', '')",
    ),
    Spoken("market", "offer", "SELECT union_id || ':' || offer_id AS key, version::text AS told FROM offers"),
    Spoken(
        "market",
        "agreement",
        "SELECT union_id || ':' || agreement_id AS key, version::text AS told FROM agreements",
    ),
    Spoken(
        "funding",
        "project",
        "SELECT union_id || ':' || project_id AS key, state || ' ' || pledged_minor AS told FROM projects",
        "(d ->> 'state') || ' ' || (d ->> 'pledged_minor')",
    ),
    Spoken(
        "ledger",
        "mandate",
        "SELECT u.union_id || ':' || d.owner_id || ':' || mandate_id AS key, version::text AS told "
        "FROM mandate_uses u JOIN accounts d ON (d.union_id, d.number) = (u.union_id, u.debit_number)",
    ),
    Spoken(
        "ledger",
        "schedule",
        "SELECT u.union_id || ':' || d.owner_id || ':' || schedule_id AS key, version::text AS told "
        "FROM schedule_progress u JOIN accounts d ON (d.union_id, d.number) = (u.union_id, u.debit_number)",
    ),
    Spoken(
        "ledger",
        "freeze",
        "SELECT f.union_id || ':' || a.id AS key, max(f.number)::text AS told FROM account_freezes f "
        "JOIN accounts a ON (a.union_id, a.number) = (f.union_id, f.account_number) "
        "WHERE a.kind = 'member' GROUP BY f.union_id, a.id",
    ),
    Spoken("ledger", "run", "SELECT union_id || ':' || id AS key, version::text AS told FROM runs"),
)


async def states(house: House) -> Checked:
    """The newest state event of each aggregate says what its row says, and none speaks of an unknown row."""
    checked = Checked()
    for spoken in STATES:
        newest = {
            row["key"]: row["told"]
            for row in await house.rows(
                "bus",
                f"SELECT key, {spoken.told} AS told "  # noqa: S608 - a constant
                "FROM (SELECT key, convert_from(data, 'UTF8')::jsonb AS d FROM states WHERE type = $1) s",
                spoken.event_type,
            )
        }
        kept = {row["key"]: row["told"] for row in await house.rows(spoken.service, spoken.kept)}
        checked.numbers[f"{spoken.event_type} states"] = len(kept)
        for key in sorted(kept.keys() | newest.keys()):
            if kept.get(key) != newest.get(key):
                named = f"{spoken.event_type}={key} is='{kept.get(key, 'unknown')}'"
                told = newest.get(key, "nothing")
                checked.wrong(spoken.service, named, f"the bus was told '{told}': an event is lost")
    return checked


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact event: `happened` gives `named` of all that happened since $1; `told` names it in the data."""

    service: str
    event_type: str
    happened: str
    told: str


FACTS = (
    *(
        Fact(
            "market",
            f"agreement.{state}",
            "SELECT union_id || ':' || agreement_id AS named FROM agreements "  # noqa: S608 - constants
            f"WHERE state = '{state}' AND settled_at > $1",
            "(d ->> 'union_id') || ':' || (d ->> 'agreement_id')",
        )
        for state in ("paid", "refunded")
    ),
    *(
        Fact(
            "funding",
            event_type,
            "SELECT union_id || ':' || project_id AS named FROM projects "  # noqa: S608 - constants
            f"WHERE state = '{state}' AND settled_at > $1",
            "(d ->> 'union_id') || ':' || (d ->> 'project_id')",
        )
        for event_type, state in (("project.paid", "paid_out"), ("project.refunded", "refunded"))
    ),
    Fact(
        "ledger",
        "asset.issued",
        "SELECT union_id || ':' || symbol AS named FROM assets WHERE issued_at > $1",
        "(d ->> 'union_id') || ':' || (d ->> 'asset')",
    ),
    Fact(
        "ledger",
        "decision.effect.ledger",
        "SELECT union_id || ':' || decision_id AS named FROM decision_effects WHERE settled_at > $1",
        "(d ->> 'union_id') || ':' || (d ->> 'decision_id')",
    ),
    *(
        Fact(
            "ledger",
            event_type,
            "SELECT DISTINCT e.union_id || ':' || e.number AS named FROM journal_entries e "  # noqa: S608 - constants
            "JOIN transfers t ON (t.union_id, t.entry_number) = (e.union_id, e.number) "
            f"WHERE e.time > $1 AND t.code {which}",
            "(d ->> 'union_id') || ':' || (d ->> 'entry_number')",
        )
        for event_type, which in (
            ("transfer.posted", "NOT IN (11, 13, 14)"),
            ("hold.changed", "IN (11, 12, 13, 14)"),
        )
    ),
)


async def facts(house: House) -> Checked:
    """Whatever was settled or posted lately was told."""
    checked = Checked()
    since = house.now - FACTS_LOOKED_AT
    for fact in FACTS:
        told = {
            row["named"]
            for row in await house.rows(
                "bus",
                f"SELECT {fact.told} AS named "  # noqa: S608 - a constant
                "FROM (SELECT convert_from(data, 'UTF8')::jsonb AS d FROM log WHERE type = $1) l",
                fact.event_type,
            )
        }
        happened = {row["named"] for row in await house.rows(fact.service, fact.happened, since)}
        checked.numbers[fact.event_type] = len(happened)
        for named in sorted(happened - told):
            checked.wrong(fact.service, named, f"{fact.event_type} was never told: an event is lost")
    return checked


PROMISES = (
    Promise("house", "house.said", "no state without its event", states),
    Promise("house", "house.facts", "nothing is settled or posted without its event", facts),
)
