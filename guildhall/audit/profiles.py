"""Identity's promises about profiles: no two members' handles look alike, and a key is of who signed it."""

from __future__ import annotations

import base64
from typing import Any

import orjson

from guildhall.audit.promises import Checked, House, Promise, none_of

# Written out a second time: what Unicode UTS 39 finds alike among a-z, 0-9; hyphens, and vv for w.
_LOOKS = """
SELECT h.handle, h.member_id, h.taken_at,
       replace(replace(replace(translate(h.handle, '01', 'ol'), '-', ''), 'm', 'rn'), 'vv', 'w') AS look
FROM handles h
"""
_UNKEPT = f"""
SELECT h.handle, h.member_id, h.look FROM ({_LOOKS}) h
WHERE NOT EXISTS (SELECT FROM handle_looks l WHERE l.look = h.look)
"""  # noqa: S608 - made of this file's own text
# What was taken before looks were kept stays: they were first recorded at the newest of those times.
_ALIKE = f"""
SELECT h.handle, h.member_id, l.member_id AS holder_id
FROM ({_LOOKS}) h JOIN handle_looks l USING (look)
WHERE l.member_id <> h.member_id AND h.taken_at > l.recorded_at
"""  # noqa: S608 - made of this file's own text
_BORROWED = """
SELECT m.id AS member_id, m.handle FROM members m
WHERE NOT EXISTS (SELECT FROM handles h WHERE (h.handle, h.member_id) = (m.handle, m.id))
  AND NOT EXISTS (SELECT FROM erased_members e WHERE e.member_id = m.id)
"""
_KEYS = """
SELECT k.member_id, k.version, k.public_key, a.member_id AS signer_id, a.method, a.target_uri, a.body
FROM encryption_keys k LEFT JOIN signed_acts a USING (device_key_id, nonce)
ORDER BY k.member_id, k.version
"""


async def handles(house: House) -> Checked:
    """Every handle is its member's alone, and so is what looks like it."""
    checked = Checked()
    checked.numbers["handles"] = await house.number("identity", "SELECT count(*) FROM handles")
    await none_of(house, checked, "identity", _BORROWED, "the handle {handle} was never taken by its member")
    await none_of(house, checked, "identity", _UNKEPT, "nobody holds its look {look}")
    await none_of(house, checked, "identity", _ALIKE, "looks like a handle of {holder_id}")
    return checked


async def encryption_keys(house: House) -> Checked:
    """Behind every key stands an act of its member that says so; other promises hold that acts are signed."""
    checked = Checked({"encryption keys": 0})
    for row in await house.rows("identity", _KEYS):
        checked.count("encryption keys", 1)
        if not _said(row):
            named = f"member_id={row['member_id']} version={row['version']}"
            checked.wrong("identity", named, "an encryption key that its member did not sign")
    return checked


def _said(row: Any) -> bool:
    if row["signer_id"] != row["member_id"] or not row["target_uri"].endswith("/v1/me/encryption-key"):
        return False
    if row["public_key"] is None:
        return row["method"] == "DELETE"
    key = base64.urlsafe_b64encode(row["public_key"]).rstrip(b"=").decode()
    try:
        return row["method"] == "PUT" and orjson.loads(row["body"])["public_key"] == key
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return False


PROMISES = (
    Promise("identity", "identity.handles", "no two members' handles look alike", handles),
    Promise("identity", "identity.encryption-keys", "a key is of who signed it", encryption_keys),
)
