"""What was found in a journal, its receipts and signed acts, said to people and to programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from guildhall.verify.acts import CheckedAct
from guildhall.verify.findings import ALTERED, SOUND, UNREADABLE
from guildhall.verify.journal import Journal


def as_text(journal: Journal, acts: Sequence[CheckedAct], found: str, code: int) -> str:
    """For a person; `found`: what is wrong, where something is."""
    if code in (ALTERED, UNREADABLE):
        return f"{'ALTERED' if code == ALTERED else 'NOT READ'}: {found}."
    told = [_act_text(act) for act in acts]
    if journal.entries:
        first, last = min(journal.entries), max(journal.entries)
        rows = f", {journal.rows_count:,} transfers" if journal.rows_count else ""
        told.append(f"Sound: entries {first} to {last} of union {journal.union_id}{rows}.")
        bare_count = len(journal.entries) - journal.entries_with_rows_count
        if journal.rows_count and bare_count:
            told.append(f"The transfers of {bare_count:,} of these entries are not in these files.")
        if first > 1:
            told.append(f"What was before entry {first} is not in these files.")
        newest = journal.entries[last]
        told.append(f"Supply {newest['supply'] or 'not told'}; the hash of entry {last} is {newest['hash']}.")
    for receipt in journal.receipts:
        row, entry = receipt["row"], receipt["entry"]
        told.append(
            f"Sound: receipt of transfer {row['sequence']}, {row['minor']} minor units of {row['asset']} "
            f"from {row['debit_account']} to {row['credit_account']}, in entry {entry['number']} of "
            f"{entry['time']}."
        )
    if journal.receipts and not journal.entries:
        told.append("Give the journal's file besides, to see that these entries are in it.")
    if journal.receipts and not journal.keys:
        told.append("Give the ledger's keys besides (/v1/unions/UNION/journal/keys), to check signatures.")
    return "\n".join(told)


def _act_text(act: CheckedAct) -> str:
    what = f"{act.method} {act.target_uri}, signed at {act.signed_at.isoformat()}"
    if act.is_by_wallet:
        return f"Sound: {what} by the wallet {act.key} itself, in the place of device {act.device_key_id}."
    what = f"{what} by device {act.device_key_id}"
    key = act.key if act.fingerprint is None else f"{act.key} (its public key's SHA-256: {act.fingerprint})"
    named = f"{act.issuer_kind.replace('_', ' ')} {key}"
    if act.is_signed:
        return f"Sound: {what}, which the {named} certified."
    why = (
        "whether it signed, only the chain can say"
        if act.fingerprint is None
        else "the passkey was made there then, and nothing signs that"
    )
    return f"UNSIGNED: {what}. That fits. The device is said to be of the {named}: {why}."


def printable(text: str) -> str:
    """A file may hold what a terminal would obey."""
    return "".join(one if one.isprintable() or one == "\n" else "?" for one in text)


def as_json(journal: Journal, acts: Sequence[CheckedAct], found: str, code: int) -> str:
    """For a program: one object."""
    last = max(journal.entries, default=None)
    return json.dumps(
        {
            "sound": code == SOUND,
            "found": found or None,
            "union_id": journal.union_id,
            "first_entry": min(journal.entries, default=None),
            "last_entry": last,
            "last_hash": None if last is None else journal.entries[last]["hash"],
            "transfers_count": journal.rows_count,
            "entries_with_transfers_count": journal.entries_with_rows_count,
            "receipts_count": len(journal.receipts),
            "acts": [
                {
                    "method": act.method,
                    "target_uri": act.target_uri,
                    "signed_at": act.signed_at.isoformat(),
                    "device_key_id": act.device_key_id,
                    "issuer_kind": act.issuer_kind,
                    "issuer": act.key,
                    "certificate_signed": act.is_signed,
                    "signed_by_wallet": act.is_by_wallet,
                }
                for act in acts
            ],
        }
    )
