"""Identity's promises: counts, charters, and that every service knows who is in."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import UUID

import orjson

from guildhall.audit.promises import Checked, House, Promise, none_of

PROJECTIONS = ("graph", "market", "ledger", "funding")


async def members(house: House) -> Checked:
    """The number of members is what counting them gives."""
    checked = Checked()
    checked.numbers["memberships"] = await house.number("identity", "SELECT count(*) FROM memberships")
    await none_of(
        house,
        checked,
        "identity",
        """
        SELECT union_id, coalesce(c.counted, 0) AS members_count, coalesce(m.counted, 0) AS memberships_count
        FROM (SELECT union_id, sum(active_members) AS counted FROM member_counts GROUP BY union_id) c
        FULL JOIN (SELECT union_id, count(*) AS counted FROM memberships WHERE state = 'active'
                   GROUP BY union_id) m USING (union_id)
        WHERE coalesce(c.counted, 0) <> coalesce(m.counted, 0)
        """,
        "{members_count} members by the count, {memberships_count} by counting",
    )
    return checked


async def charters(house: House) -> Checked:
    """A charter's versions have no gap, and each document has the hash that members accepted."""
    checked = Checked()
    rows = await house.rows("identity", "SELECT * FROM charters ORDER BY union_id, version")
    checked.numbers["charters"] = len(rows)
    versions: dict[UUID, int] = {}
    for row in rows:
        named = f"union_id={row['union_id']} version={row['version']}"
        if row["version"] != versions.get(row["union_id"], 0) + 1:
            checked.wrong("identity", named, "a version of the charter is missing before it")
        versions[row["union_id"]] = row["version"]
        if _charter_hash(row["document"]) != row["hash"]:
            checked.wrong("identity", named, "the charter is not what its hash says")
    newest = {row["union_id"]: row["hash"] for row in rows}
    for union in await house.rows("identity", "SELECT id, charter_version, charter_hash FROM unions"):
        in_force = (union["charter_version"], union["charter_hash"])
        if (versions.get(union["id"]), newest.get(union["id"])) != in_force:
            checked.wrong("identity", f"union_id={union['id']}", "the newest charter is not the one in force")
    await none_of(
        house,
        checked,
        "identity",
        """
        SELECT m.union_id, m.member_id, m.charter_version FROM memberships m
        WHERE NOT EXISTS (SELECT FROM charters c
                          WHERE (c.union_id, c.version) = (m.union_id, m.charter_version))
        """,
        "a membership under a charter that does not exist",
    )
    return checked


def _charter_hash(document: Any) -> str:
    """SHA-256 over canonical JSON (RFC 8785): sorted keys, compact, UTF-8."""
    parsed = orjson.loads(document) if isinstance(document, str) else document
    return hashlib.sha256(orjson.dumps(parsed, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def projections(house: House) -> Checked:
    """Who is out is out everywhere: no service knows another membership than identity's."""
    owned = {
        (row["union_id"], row["member_id"]): (row["version"], row["state"])
        for row in await house.rows("identity", "SELECT union_id, member_id, version, state FROM memberships")
    }
    checked = Checked({"memberships": len(owned)})
    for service in PROJECTIONS:
        known = {
            (row["union_id"], row["member_id"]): (row["version"], row["state"])
            for row in await house.rows(
                service, "SELECT union_id, member_id, version, state FROM memberships"
            )
        }
        behind = [key for key, value in owned.items() if known.get(key, (0, ""))[0] < value[0]]
        checked.numbers[f"behind in {service}"] = len(behind)
        for key, (version, state) in known.items():
            identity_version, identity_state = owned.get(key, (0, "unknown"))
            if version > identity_version or (version == identity_version and state != identity_state):
                named = f"union_id={key[0]} member_id={key[1]}"
                checked.wrong(
                    service, named, f"known as {state} (version {version}), in identity {identity_state}"
                )
        for union_id, member_id in behind:
            named = f"union_id={union_id} member_id={member_id} version={owned[union_id, member_id][0]}"
            checked.wrong(service, named, "the membership is behind identity's")
        await _compare_unions(house, checked, service)
    return checked


async def _compare_unions(house: House, checked: Checked, service: str) -> None:
    owned = {
        row["id"]: row
        for row in await house.rows(
            "identity", "SELECT id, version, slug, state, charter_version, charter_hash FROM unions"
        )
    }
    checked.numbers["unions"] = len(owned)
    known = {
        row["union_id"]: row
        for row in await house.rows(
            service, "SELECT union_id, version, slug, state, charter_version, charter_hash FROM unions"
        )
    }
    for union_id in owned.keys() | known.keys():
        theirs, ours = known.get(union_id), owned.get(union_id)
        if theirs is None or ours is None or tuple(theirs)[1:] != tuple(ours)[1:]:
            version = None if ours is None else ours["version"]
            checked.wrong(
                service, f"union_id={union_id} version={version}", "the union is not as identity has it"
            )


async def invitations(house: House) -> Checked:
    """An invitation is used no oftener than it says."""
    checked = Checked()
    checked.numbers["invitations"] = await house.number("identity", "SELECT count(*) FROM invitations")
    await none_of(
        house,
        checked,
        "identity",
        """
        SELECT i.union_id, i.id AS invitation_id, i.uses_count, i.uses_max, count(m.member_id) AS joined_count
        FROM invitations i LEFT JOIN memberships m ON (m.union_id, m.invitation_id) = (i.union_id, i.id)
        GROUP BY i.union_id, i.id, i.uses_count, i.uses_max
        HAVING i.uses_count > i.uses_max OR count(m.member_id) > i.uses_count
        """,
        "used {uses_count} times of {uses_max}, and by {joined_count} members",
    )
    return checked


PROMISES = (
    Promise("identity", "identity.members", "the number of members is what counting them gives", members),
    Promise("identity", "identity.charters", "members accepted the charter that its hash names", charters),
    Promise("identity", "identity.projections", "who is out is out everywhere", projections),
    Promise("identity", "identity.invitations", "an invitation is used no oftener than it says", invitations),
)
