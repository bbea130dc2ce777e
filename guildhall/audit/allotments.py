"""Allotments: each moved what its asker signed, to the unit, in the order of its sources, or nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

import orjson

from chassis.ids import derived_id
from guildhall.audit.kept_acts import KEPT_ACTS
from guildhall.audit.promises import Checked, House, Promise
from services.ledger.domain.accounts import LEDGER_NAMESPACE, referred_account

_ALLOTMENTS = f"""
SELECT l.*, s.member_id AS signer_id, s.target_uri, s.body, s.is_erased FROM allotments l
LEFT JOIN {KEPT_ACTS} s ON (s.device_key_id, s.nonce) = (l.device_key_id, l.nonce)
"""  # noqa: S608 - made of the audit's own text
_PARTS = """
SELECT t.union_id, t.principal_id, t.id, t.sequence, t.amount_minor, d.id AS debit_account,
       c.id AS credit_account, d.asset
FROM transfers t
JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
WHERE (t.union_id, t.principal_id) IN (SELECT union_id, principal_id FROM allotments)
"""


def part_ids(allotment_id: UUID, count: int) -> list[UUID]:
    """Of its transfers, under the principal who asked."""
    return [
        derived_id(LEDGER_NAMESPACE, "allotment", str(allotment_id), str(index)) for index in range(count)
    ]


async def allotments(house: House) -> Checked:
    """The terms are those of the signed act; the parts make the amount, each destination's its share by
    largest remainder, each source's in order and within its cap; what was refused has none."""
    rows = await house.rows("ledger", _ALLOTMENTS)
    checked = Checked({"allotments": len(rows)})
    posted: dict[tuple[UUID, UUID], dict[UUID, Any]] = defaultdict(dict)
    for part in await house.rows("ledger", _PARTS) if rows else ():
        posted[part["union_id"], part["principal_id"]][part["id"]] = part
    for row in rows:
        terms = orjson.loads(row["terms"])
        most = len(terms["sources"]) + len(terms["destinations"])
        ids = part_ids(row["id"], most)
        own = posted[row["union_id"], row["principal_id"]]
        parts = [own[name] for name in ids if name in own]
        checked.count("parts of allotments", len(parts))
        wrong = _act_fault(row, terms) or _parts_fault(row, terms, parts, ids)
        if wrong:
            named = f"union_id={row['union_id']} principal_id={row['principal_id']} allotment_id={row['id']}"
            checked.wrong("ledger", named, wrong)
    return checked


def _act_fault(row: Any, terms: Any) -> str | None:
    if row["device_key_id"] is None:
        return None  # a service's, out of its own escrow: see ledger.rights
    if row["signer_id"] != row["principal_id"] or not row["target_uri"].endswith(f"/allotments/{row['id']}"):
        return "its asker did not sign it"
    if row["is_erased"]:
        return None  # what it said went with them, for the memo in it
    try:
        said = orjson.loads(row["body"])
        told = {
            "asset": said["amount"]["asset"],
            "minor": said["amount"]["minor"],
            "code": said.get("code", "pay"),
            "sources": [
                {
                    "account": source["account"],
                    "max_minor": (source.get("max") or {}).get("minor"),
                    "mandate_id": source.get("mandate_id"),
                }
                for source in said["sources"]
            ],
            "destinations": [
                {"account": one["account"], "shares": one["shares"]} for one in said["destinations"]
            ],
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return "the act's body names no allotment"
    return None if told == terms else "its terms are not those that were signed"


def _parts_fault(row: Any, terms: Any, parts: list[Any], ids: list[UUID]) -> str | None:
    if row["result"] != "posted":
        return "it was refused, and has parts" if parts else None
    amount = int(terms["minor"])
    if [part["id"] for part in parts] != ids[: row["parts_count"]]:
        return f"{len(parts)} parts are posted of {row['parts_count']}"
    if sum(part["amount_minor"] for part in parts) != amount:
        return "its parts do not make its amount"
    wanted: Counter[UUID] = Counter()
    shares = [one["shares"] for one in terms["destinations"]]
    for one, minor in zip(terms["destinations"], _split(amount, shares, row["id"].int), strict=True):
        wanted[referred_account(row["union_id"], one["account"])] += minor
    got: Counter[UUID] = Counter()
    for part in parts:
        got[part["credit_account"]] += part["amount_minor"]
    if +wanted != got:
        return "a destination got another share than its own"
    return _sources_fault(row["union_id"], terms["sources"], parts)


def _sources_fault(union_id: UUID, sources: list[Any], parts: list[Any]) -> str | None:
    """Whether the parts can be walked along the sources, none going back, none above its cap."""
    place, taken = 0, 0
    for part in parts:
        while place < len(sources):
            most = sources[place]["max_minor"]
            is_own = referred_account(union_id, sources[place]["account"]) == part["debit_account"]
            if is_own and (most is None or taken + part["amount_minor"] <= int(most)):
                break
            place, taken = place + 1, 0
        else:
            return "a source gave out of turn, or more than its cap"
        taken += part["amount_minor"]
    return None


def _split(amount: int, shares: list[int], turn: int) -> list[int]:
    """Every part rounded down; one unit more to the largest remainders, equal ones beginning at the turn."""
    whole, count = sum(shares), len(shares)
    down = [divmod(amount * share, whole) for share in shares]
    more = amount - sum(part for part, _ in down)
    order = [(turn + step) % count for step in range(count)]
    lucky = set(sorted(order, key=lambda place: -down[place][1])[:more])
    return [part + (place in lucky) for place, (part, _) in enumerate(down)]


PROMISES = (Promise("ledger", "ledger.allotments", "an allotment is exact, whole or nothing", allotments),)
