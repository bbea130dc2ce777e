"""Check a receipt: its transfer, the way to its entry, and the ledger's signature over both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from guildhall.verify.findings import Altered, Unreadable
from guildhall.verify.hashes import commitment_of, entry_hash, leaf_of, root_by_path
from guildhall.verify.signatures import KeyUnknown, NotSigned, signed_claims

Shown = Mapping[str, Any]


def check_receipt(receipt: Shown, entries: Mapping[int, Shown], keys: Sequence[Shown]) -> None:
    """Against the journal's entries and the ledger's keys, where these are given. Raises Altered, Unreadable,
    and what reading malformed fields raises."""
    entry, row = receipt["entry"], receipt["row"]
    named = f"the receipt of transfer {row['sequence']}"
    if entry_hash(entry) != entry["hash"]:
        raise Altered(f"{named}: its entry {entry['number']} does not fit its hash")
    check_row(row)
    first = entry["last_sequence"] - entry["count"] + 1
    if row["sequence"] != first + receipt["index"]:
        raise Altered(f"{named}: it has another place in its entry")
    root = root_by_path(row["leaf"], receipt["index"], entry["count"], receipt["path"])
    if root != entry["digest"]:
        raise Altered(f"{named}: its path does not lead to the root of entry {entry['number']}")
    if entries:
        known = entries.get(entry["number"])
        if known is None:
            raise Altered(f"{named}: the journal that is given has no entry {entry['number']}")
        if known["hash"] != entry["hash"]:
            raise Altered(f"{named}: its entry {entry['number']} is not the journal's")
    if keys:
        _check_signature(named, receipt, entries, keys)


def _check_signature(named: str, receipt: Shown, entries: Mapping[int, Shown], keys: Sequence[Shown]) -> None:
    try:
        claims = signed_claims(receipt["signature"], keys)
    except NotSigned as fault:
        raise Altered(f"{named}: {fault}") from fault
    except KeyUnknown as unknown:
        raise Unreadable(f"{named} cannot be checked: {unknown}") from unknown
    entry, row = receipt["entry"], receipt["row"]
    signed = {
        "union_id": entry["union_id"],
        "sequence": row["sequence"],
        "leaf": row["leaf"],
        "entry_number": entry["number"],
        "entry_hash": entry["hash"],
    }
    if any(claims.get(name) != value for name, value in signed.items()):
        raise Altered(f"{named}: the ledger signed another one")
    head = entries.get(claims["head_number"])
    if head is not None and head["hash"] != claims["head_hash"]:
        raise Altered(
            f"{named}: when it was signed, entry {claims['head_number']} had another hash than in the "
            "journal that is given: history was written anew"
        )


def check_row(row: Shown) -> None:
    """Whether a transfer fits its own leaf and memo. Raises Altered."""
    named = f"transfer {row['sequence']}"
    if row["memo"] is not None and commitment_of(row["memo"], row["memo_salt"]) != row["memo_commitment"]:
        raise Altered(f"{named} was altered: its memo is not the one that was hashed")
    if leaf_of(row) != row["leaf"]:
        raise Altered(f"{named} was altered: it does not fit its leaf")
