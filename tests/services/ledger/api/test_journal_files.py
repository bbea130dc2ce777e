"""What the ledger gives out to be verified, and what `guildhall verify` says of it, whole and altered."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.auth.keys import SigningKey
from guildhall.verify.command import ALTERED, SOUND, UNREADABLE, verify
from guildhall.verify.hashes import digest_of_format_1, entry_hash, leaf_of
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import FOUNDER, PATH, LedgerHouse, account_of

Objects = list[dict[str, Any]]


async def lived(house: LedgerHouse) -> None:
    """Payments, one with a memo, and a batch of five."""
    for number in range(3):
        await house.pay(1, 2, 10, UUID(int=number))
    await house.pay(2, 3, 5, named("lunch"), memo="Lunch")
    batch = [
        {
            "id": str(named(f"batch {place}")),
            "debit_account": str(account_of(1)),
            "credit_account": str(account_of(2 + place % 3)),
            "asset": "GLD",
            "minor": str(place + 1),
            "code": "pay",
        }
        for place in range(5)
    ]
    assert (await house.act("POST", "/transfers", {"transfers": batch})).status_code == 200


async def file_of(house: LedgerHouse, path: str, number: int | None) -> Objects:
    answer = await house.get(path, number)
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


async def receipts(house: LedgerHouse, number: int) -> Objects:
    lines = (await house.get(f"/accounts/{account_of(number)}/statement", number)).json()["items"]
    paths = [f"/accounts/{account_of(number)}/statement/{line['sequence']}/receipt" for line in lines]
    return [(await house.get(path, number)).json() for path in paths]


@pytest.fixture
def verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """The exit code and what was printed."""

    def run(*files: Objects, as_json: bool = False) -> tuple[int, str]:
        paths = [tmp_path / f"{place}.jsonl" for place in range(len(files))]
        for path, objects in zip(paths, files, strict=True):
            path.write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
        return verify(paths, as_json=as_json), capsys.readouterr().out

    return run


Verified = Callable[..., tuple[int, str]]


async def test_everybody_verifies_the_entries_and_officers_the_rows(
    house: LedgerHouse, verified: Verified
) -> None:
    await lived(house)
    entries = await file_of(house, "/journal.jsonl", None)
    assert {one["kind"] for one in entries} == {"entry"}
    code, printed = verified(entries)
    assert (code, printed.startswith("Sound: entries 1 to ")) == (SOUND, True)
    rows = await file_of(house, "/journal/rows.jsonl", FOUNDER)
    code, printed = verified(rows)
    assert code == SOUND and " transfers." in printed
    assert "Lunch" not in json.dumps(rows), "a memo is for its two members"
    said = json.loads(verified(rows, as_json=True)[1])
    assert said["transfers_count"] == (await house.rows("SELECT count(*) FROM transfers"))[0][0]
    assert said["last_hash"] == entries[-1]["hash"]


async def test_rows_that_are_left_out_are_said(house: LedgerHouse, verified: Verified) -> None:
    await lived(house)
    rows = await file_of(house, "/journal/rows.jsonl", FOUNDER)
    assert "not in these files" not in verified(rows)[1]
    last = [one for one in rows if one["kind"] == "entry"][-1]
    kept = [one for one in rows if one["kind"] == "entry" or one["sequence"] <= last["last_sequence"] - 5]
    code, printed = verified(kept)
    assert code == SOUND and "The transfers of 1 of these entries are not in these files." in printed


async def test_the_rows_are_for_officers_alone(house: LedgerHouse) -> None:
    assert (await house.get("/journal/rows.jsonl", 1)).status_code == 403
    assert (await house.serve("market", "GET", "/journal/rows.jsonl")).status_code in {401, 403}
    assert (await house.get("/journal/rows.jsonl", None)).status_code == 401


async def test_the_public_file_names_no_account_and_no_amount(house: LedgerHouse) -> None:
    await lived(house)
    text = (await house.get("/journal.jsonl", None)).text
    for number in range(5):
        assert str(account_of(number)) not in text
    assert "minor" not in text and "Lunch" not in text and "salt" not in text


async def test_files_follow_one_another(
    house: LedgerHouse, verified: Verified, monkeypatch: pytest.MonkeyPatch
) -> None:
    await lived(house)
    monkeypatch.setitem(vars(house.settings), "journal_file_entries_max", 2)
    monkeypatch.setitem(vars(house.settings), "journal_file_rows_max", 3)
    for path, number in (("/journal.jsonl", None), ("/journal/rows.jsonl", FOUNDER)):
        files: list[Objects] = []
        following: str | None = path
        while following is not None:
            answer = await house.get(following, number)
            files.append([json.loads(line) for line in answer.text.splitlines()])
            link = answer.headers.get("link")
            following = None if link is None else link[1 : link.index(">")].removeprefix(PATH)
        assert len(files) > 2
        assert verified(*files)[0] == SOUND
        code, printed = verified(files[0], *files[2:])
        assert code == ALTERED and "is missing" in printed
        assert "What was before entry" in verified(*files[1:])[1]


ALTERATIONS: list[tuple[str, str, dict[str, Any], str]] = [
    ("entry", "count", {"count": 2}, "count on"),
    ("entry", "time", {"time": "2030-01-01T00:00:00.000000+00:00"}, "does not fit its hash"),
    ("entry", "supply", {"supply": "GLD=1"}, "does not fit its hash"),
    ("entry", "digest", {"digest": "00" * 32}, "does not fit its hash"),
    ("entry", "hash", {"hash": "00" * 32}, "does not fit its hash"),
    ("entry", "previous_hash", {"previous_hash": "00" * 32}, "its previous hash is another"),
    ("entry", "union", {"union_id": str(named("another"))}, "is of the union"),
    ("row", "minor", {"minor": "11"}, "does not fit its leaf"),
    ("row", "account", {"credit_account": str(named("mine"))}, "does not fit its leaf"),
    ("row", "code", {"code": 11}, "does not fit its leaf"),
    ("row", "salt", {"salt": "00" * 32}, "does not fit its leaf"),
    ("row", "leaf", {"leaf": "00" * 32}, "does not fit its leaf"),
    ("row", "sequence", {"sequence": 99}, "is missing in entry"),
]


@pytest.mark.parametrize(("kind", "what", "changed", "said"), ALTERATIONS, ids=[a[1] for a in ALTERATIONS])
async def test_the_first_altered_row_is_named(
    house: LedgerHouse, verified: Verified, kind: str, what: str, changed: dict[str, Any], said: str
) -> None:
    await lived(house)
    objects = await file_of(house, "/journal/rows.jsonl", FOUNDER)
    of_kind = [one for one in objects if one["kind"] == kind]
    for one in of_kind[4:6]:
        one.update(changed)
    code, printed = verified(objects)
    name = f"entry {of_kind[4].get('number')}" if kind == "entry" else "transfer"
    assert code == ALTERED, what
    assert name in printed and said in printed, printed
    if kind == "row" and what != "sequence":
        assert f"transfer {of_kind[4]['sequence']} was altered" in printed


async def test_the_first_entry_counts_from_nothing(house: LedgerHouse, verified: Verified) -> None:
    (first, *_) = await file_of(house, "/journal.jsonl", None)
    first["last_sequence"] += 1
    code, printed = verified([first])
    assert code == ALTERED and "entry 1 does not count on" in printed


async def test_a_row_altered_with_its_leaf_does_not_fit_its_entry(
    house: LedgerHouse, verified: Verified
) -> None:
    await lived(house)
    objects = await file_of(house, "/journal/rows.jsonl", FOUNDER)
    row = [one for one in objects if one["kind"] == "row"][-2]
    row["minor"] = "400"
    row["leaf"] = leaf_of(row)
    code, printed = verified(objects)
    assert code == ALTERED and "are not those that were hashed" in printed


async def test_a_memo_is_proven_while_it_is_there_and_the_rest_when_it_is_erased(
    house: LedgerHouse, verified: Verified
) -> None:
    await lived(house)
    (receipt,) = [one for one in await receipts(house, 2) if one["row"]["memo"] == "Lunch"]
    assert verified([receipt])[0] == SOUND
    receipt["row"]["memo"] = "Supper"
    code, printed = verified([receipt])
    assert code == ALTERED and "its memo is not the one that was hashed" in printed
    receipt["row"] |= {"memo": None, "memo_salt": None}
    assert verified([receipt])[0] == SOUND


async def test_a_receipt_proves_one_transfer_to_whoever_knows_the_journal(
    house: LedgerHouse, verified: Verified
) -> None:
    await lived(house)
    entries = await file_of(house, "/journal.jsonl", None)
    mine = await receipts(house, 1)
    assert len(mine) > 8
    code, printed = verified(entries, *[[one] for one in mine])
    assert code == SOUND and printed.count("Sound: receipt of transfer") == len(mine)
    assert "Give the journal's file besides" in verified([mine[0]])[1]
    (big, *_) = [one for one in mine if one["entry"]["count"] == 5]
    for other in entries, big["path"]:
        assert str(account_of(4)) not in json.dumps(other), "a receipt shows no neighbour"


async def test_a_receipt_is_signed_with_the_head_of_its_time(house: LedgerHouse, verified: Verified) -> None:
    await lived(house)
    entries, keys = await file_of(house, "/journal.jsonl", None), await file_of(house, "/journal/keys", None)
    one, other, *_ = await receipts(house, 1)
    code, printed = verified(entries, keys, [one])
    assert code == SOUND and "to check signatures" not in printed
    assert "to check signatures" in verified(entries, [one])[1]
    stranger = {"keys": [SigningKey.of(Ed25519PrivateKey.generate()).jwk()]}
    forged = keys[0]["keys"][0] | {"x": stranger["keys"][0]["x"]}
    for wrong_keys, wrong, said in (
        ([{"keys": [forged]}], one, "not by the key that it names"),
        (keys, one | {"signature": other["signature"]}, "the ledger signed another one"),
        (keys, one | {"signature": "a.b.c"}, "cannot be read"),
        (
            keys,
            one | {"signature": house.bearer(1)["authorization"][7:]},
            "no signature of the type guildhall-receipt+jwt",
        ),
    ):
        code, printed = verified(wrong_keys, [wrong])
        assert code == ALTERED and said in printed, printed
    code, printed = verified([stranger], [one])
    assert code == UNREADABLE and "none of those that are given" in printed, printed


async def test_a_history_written_anew_behind_a_receipt_is_found(
    house: LedgerHouse, verified: Verified
) -> None:
    """The transfer's own entry is as it was; what came between it and the head of that time is not."""
    await lived(house)
    keys = await file_of(house, "/journal/keys", None)
    oldest = (await receipts(house, 1))[-1]
    head = (await file_of(house, "/journal.jsonl", None))[-1]["number"]
    connection = await asyncpg.connect(house.database.owner_url)
    await connection.execute("UPDATE journal_entries SET hash = previous_hash WHERE number = $1", head)
    await connection.close()
    entries = await file_of(house, "/journal.jsonl", None)
    entries[-1]["digest"] = "11" * 32
    entries[-1]["hash"] = entry_hash(entries[-1])
    code, printed = verified(entries, keys, [oldest])
    assert code == ALTERED and "history was written anew" in printed, printed


@pytest.mark.parametrize(
    ("where", "changed", "said"),
    [
        ("row", {"minor": "9999"}, "does not fit its leaf"),
        ("entry", {"count": 6}, "does not fit its hash"),
        (None, {"index": 0}, "another place"),
        (None, {"path": []}, "does not lead to the root"),
    ],
)
async def test_an_altered_receipt_is_named(
    house: LedgerHouse, verified: Verified, where: str | None, changed: dict[str, Any], said: str
) -> None:
    await lived(house)
    receipt = next(
        one for one in await receipts(house, 1) if one["entry"]["count"] == 5 and one["index"] == 3
    )
    (receipt if where is None else receipt[where]).update(changed)
    code, printed = verified([receipt])
    assert code == ALTERED and said in printed, printed


async def test_a_receipt_of_a_journal_that_was_rewritten_is_found(
    house: LedgerHouse, verified: Verified
) -> None:
    await lived(house)
    (receipt, *_) = await receipts(house, 1)
    before = await file_of(house, "/journal.jsonl", None)
    code, printed = verified(before[:-1], [receipt])
    assert code == ALTERED and "has no entry" in printed
    await house.forget_everything()
    await house.found()
    await lived(house)
    after = await file_of(house, "/journal.jsonl", None)
    code, printed = verified(after, [receipt])
    assert code == ALTERED and "is not the journal's" in printed


async def test_nobody_gets_the_receipt_of_anothers_transfer(house: LedgerHouse) -> None:
    await lived(house)
    (mine, *_) = await receipts(house, 1)
    sequence = mine["row"]["sequence"]
    foreign = await house.get(f"/accounts/{account_of(1)}/statement/{sequence}/receipt", 3)
    assert (foreign.status_code, foreign.json()["type"].rsplit("/", 1)[-1]) == (404, "account-not-found")
    not_of_it = await house.get(f"/accounts/{account_of(4)}/statement/1/receipt", 4)
    assert not_of_it.json()["type"].rsplit("/", 1)[-1] == "transfer-not-found"
    nowhere = await house.get(f"/accounts/{account_of(1)}/statement/999999/receipt", 1)
    assert nowhere.status_code == 404


async def test_what_is_older_than_the_leaves_is_verified_whole_and_has_no_receipt(
    house: LedgerHouse, verified: Verified
) -> None:
    """The journal's first format, as a release before wrote it."""
    rows = await file_of(house, "/journal/rows.jsonl", FOUNDER)
    connection = await asyncpg.connect(house.database.owner_url)
    previous = bytes(32).hex()
    for entry in [one for one in rows if one["kind"] == "entry"]:
        first = entry["last_sequence"] - entry["count"] + 1
        own = [one for one in rows if first <= one.get("sequence", 0) <= entry["last_sequence"]]
        entry |= {"format": 1, "digest": digest_of_format_1(own), "previous_hash": previous, "supply": None}
        previous = entry_hash(entry)
        await connection.execute(
            "UPDATE journal_entries SET format = 1, supply = NULL, digest = $2, previous_hash = $3, "
            "hash = $4 WHERE number = $1",
            entry["number"],
            *(bytes.fromhex(one) for one in (entry["digest"], entry["previous_hash"], previous)),
        )
    await connection.execute("UPDATE journal_heads SET hash = $1", bytes.fromhex(previous))
    await connection.execute("DELETE FROM journal_keys")
    await connection.close()
    await lived(house)
    objects = await file_of(house, "/journal/rows.jsonl", FOUNDER)
    assert {one["format"] for one in objects if one["kind"] == "entry"} == {1, 2}
    assert verified(objects)[0] == SOUND
    old = await house.get(f"/accounts/{account_of(1)}/statement", 1)
    sequence = old.json()["items"][-1]["sequence"]
    refused = await house.get(f"/accounts/{account_of(1)}/statement/{sequence}/receipt", 1)
    assert (refused.status_code, refused.json()["type"].rsplit("/", 1)[-1]) == (409, "receipt-too-old")
    of_row = next(one for one in objects if one["kind"] == "row" and one["leaf"] is None)
    of_row["minor"] = "1"
    code, printed = verified(objects)
    assert code == ALTERED and "are not those that were hashed" in printed


async def test_a_file_cannot_speak_to_the_terminal(house: LedgerHouse, verified: Verified) -> None:
    entries = await file_of(house, "/journal.jsonl", None)
    entries[1]["number"] = "\x1b[2J\x1b]0;owned\x07"
    printed = verified(entries)[1]
    assert printed.rstrip("\n").isprintable()


async def test_numbers_that_no_row_can_have_are_said(house: LedgerHouse, verified: Verified) -> None:
    await lived(house)
    (receipt, *_) = await receipts(house, 1)
    for changed in ({"minor": str(2**70)}, {"code": 2**20}, {"sequence": 2**70}, {"asset": "A" * 300}):
        assert verified([receipt | {"row": receipt["row"] | changed}])[0] == UNREADABLE, changed


def test_what_is_no_journal_is_said_to_be_none(
    tmp_path: Path, verified: Verified, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verified([])[0] == UNREADABLE
    assert verified([{"kind": "other"}])[0] == UNREADABLE
    assert verified([{"kind": "entry"}])[0] == UNREADABLE
    assert verified([{"kind": "row", "sequence": 1}])[0] == UNREADABLE
    assert verified([{"kind": "receipt"}])[0] == UNREADABLE
    assert verify([tmp_path / "nowhere.jsonl"], as_json=False) == UNREADABLE
    for text in ("not json", "[1]", "\xff", "[" * 2_000):
        (tmp_path / "wrong.jsonl").write_bytes(text.encode("latin-1"))
        assert verify([tmp_path / "wrong.jsonl"], as_json=True) == UNREADABLE
    assert "no JSON" in capsys.readouterr().out
