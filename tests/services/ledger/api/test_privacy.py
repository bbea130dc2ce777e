"""Whoever is curious gathers all that they are shown and tries to learn what another member has, and fails.

The limit: totals over time reveal a single mover. Who knows that nobody but one member moved money into the
treasury or an escrow between two looks at the totals knows the amount; nothing here hides that, nor
that who has just joined has their joining grant.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import orjson

from events.catalogue import CATALOGUE
from events.declaration import Audience
from guildhall.verify.hashes import leaf_of
from services.ledger.domain.rights import CODES, Code
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import GRANT_MINOR, UNION, LedgerHouse, account_of, member_id

PAYER, CURIOUS, WATCHED, PAYEE, STRANGER = 1, 2, 3, 4, 5
"""The watched member has dealings with the payer and the payee, the curious one with the payer and the
stranger."""
MEMBERS = 5
RENT_MINOR, WAGE_MINOR, HELD_MINOR = 31_337_001, 5_550_007, 1_234_003
MINUTE = timedelta(minutes=1)
SHOWN_TO_MEMBERS = (Audience.PUBLIC, Audience.UNION)
HASH = re.compile(r"\b[0-9a-f]{64}\b")
TIME = re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
Guess = tuple[int, int, int]
"""A transfer's sequence number, who paid, whom."""


def transfer(payer: int, payee: int, minor: int, name: str, code: str = "pay", **more: Any) -> dict[str, Any]:
    return {
        "id": str(named(name)),
        "debit_account": str(account_of(payer)),
        "credit_account": str(account_of(payee)),
        "asset": "GLD",
        "minor": str(minor),
        "code": code,
    } | more


async def posted(house: LedgerHouse, number: int, *batch: dict[str, Any]) -> None:
    house.clock.advance(MINUTE)
    answer = await house.act("POST", "/transfers", {"transfers": list(batch)}, number=number)
    assert {one["result"] for one in answer.json()["results"]} == {"posted"}


async def lived(house: LedgerHouse, watched: int = WATCHED) -> None:
    """A wage beside the curious member's own, rents, a hold that is taken."""
    await house.found(MEMBERS)
    wages = [
        transfer(PAYER, payee, WAGE_MINOR, f"wage {place}") for place, payee in enumerate((watched, CURIOUS))
    ]
    await posted(house, PAYER, *wages)
    await posted(house, watched, transfer(watched, PAYEE, RENT_MINOR, "rent", memo="Rent"))
    await posted(house, watched, transfer(watched, PAYEE, RENT_MINOR, "rent again"))
    await posted(house, CURIOUS, transfer(CURIOUS, PAYER, 10, "lunch"))
    held = transfer(watched, PAYEE, HELD_MINOR, "deposit", "hold", timeout_seconds=3_600)
    await posted(house, watched, held)
    taken = transfer(watched, PAYEE, HELD_MINOR, "taken", "hold_post", pending_id=held["id"])
    await posted(house, PAYEE, taken)


@dataclass
class Gathered:
    """What somebody was shown, by where; `salts`: of their own transfers; `own`: their sequence numbers."""

    shown: dict[str, str] = field(default_factory=dict[str, str])
    salts: set[str] = field(default_factory=set[str])
    own: set[int] = field(default_factory=set[int])
    paths: set[str] = field(default_factory=set[str])
    """Of their receipts: hashes of neighbours."""
    entries: dict[int, Any] = field(default_factory=dict[int, Any])

    @property
    def text(self) -> str:
        return "\n".join(self.shown.values())

    @property
    def hashes(self) -> set[str]:
        return set(HASH.findall(self.text))


async def gather(house: LedgerHouse, number: int | None) -> Gathered:
    """As a member of that number, or as nobody."""
    gathered = Gathered()
    for path in ("/journal?limit=200", "/journal.jsonl", "/totals", "/journal/keys"):
        gathered.shown[path] = await _seen(house, path, number)
    for line in gathered.shown["/journal.jsonl"].splitlines():
        entry = orjson.loads(line)
        gathered.entries[entry["number"]] = entry
    gathered.shown["events"] = await _events(house, number)
    if number is not None:
        await _gather_own(house, number, gathered)
    return gathered


async def _seen(house: LedgerHouse, path: str, number: int | None) -> str:
    answer = await house.get(path, number)
    assert answer.status_code == 200, answer.text
    return answer.text


async def _events(house: LedgerHouse, number: int | None) -> str:
    """What a live stream shows them of the ledger's."""
    lines: list[str] = []
    for row in await house.rows("SELECT type, data FROM outbox ORDER BY position"):
        declared, data = CATALOGUE[row["type"]].declaration, orjson.loads(row["data"])
        is_named = number is not None and str(member_id(number)) in {
            data.get(name) for name in declared.named
        }
        shown = (
            declared.audience is Audience.PUBLIC if number is None else declared.audience in SHOWN_TO_MEMBERS
        )
        if shown or (is_named and declared.audience is Audience.MEMBERS_NAMED):
            lines.append(orjson.dumps({"type": row["type"]} | data).decode())
    return "\n".join(lines)


async def _gather_own(house: LedgerHouse, number: int, gathered: Gathered) -> None:
    account = f"/accounts/{account_of(number)}"
    for path in ("/accounts", account, f"{account}/statement", "/holds", "/holds?ended=true"):
        gathered.shown[path] = await _seen(house, path, number)
    for line in orjson.loads(gathered.shown[f"{account}/statement"])["items"]:
        path = f"{account}/statement/{line['sequence']}/receipt"
        receipt = orjson.loads(await _seen(house, path, number))
        receipt.pop("signature")
        gathered.shown[path] = orjson.dumps(receipt).decode()
        gathered.salts.add(receipt["row"]["salt"])
        gathered.own.add(receipt["row"]["sequence"])
        gathered.paths |= set(receipt["path"])


def guesses(gathered: Gathered) -> list[tuple[Guess, dict[str, Any]]]:
    """Every payment that was told of, between every two members: who they were is all that is not known."""
    made: list[tuple[Guess, dict[str, Any]]] = []
    for event in map(orjson.loads, gathered.shown["events"].splitlines()):
        if event["type"] != "transfer.posted":
            continue
        entry = gathered.entries[event["entry_number"]]
        for place, one in enumerate(event["transfers"]):
            if one["code"] != Code.PAY.word:
                continue
            sequence = entry["last_sequence"] - entry["count"] + 1 + place
            for payer, payee in permutations(range(MEMBERS + 1), 2):
                made.append(((sequence, payer, payee), _row(sequence, payer, payee, one)))
    return made


def _row(sequence: int, payer: int, payee: int, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "sequence": sequence,
        "id": told["id"],
        "principal_id": str(member_id(payer)),
        "debit_account": str(account_of(payer)),
        "credit_account": str(account_of(payee)),
        "asset": told["asset"],
        "minor": told["minor"],
        "code": CODES[told["code"]],
        "flags": 0,
        **dict.fromkeys(("timeout_seconds", "pending_id", "mandate_id", "memo_commitment")),
    }


def confirmed(
    guessed: Iterable[tuple[Guess, dict[str, Any]]], salts: Iterable[str], hashes: set[str]
) -> set[Guess]:
    """The guesses whose leaf, under one of these salts, is among the hashes that are known."""
    tried = list(salts)
    return {guess for guess, row in guessed if any(leaf_of(row | {"salt": salt}) in hashes for salt in tried)}


def salts_to_try(gathered: Gathered, sequences: Iterable[int]) -> set[str]:
    """None, zeros, every salt and hash that they know, and what these make as keys of other salts."""
    known = {"", bytes(32).hex(), *gathered.salts, *gathered.hashes}
    keys = [bytes.fromhex(one) for one in known] + [UNION.bytes, str(UNION).encode()]
    made = {
        hmac.digest(key, sequence.to_bytes(8, "big"), "sha256").hex()
        for key in keys
        for sequence in sequences
    }
    return known | made


async def true_salts(house: LedgerHouse, sequences: Iterable[int]) -> set[str]:
    ((key,),) = await house.rows("SELECT salt_key FROM journal_keys")
    return {hmac.digest(key, sequence.to_bytes(8, "big"), "sha256").hex() for sequence in sequences}


async def test_nobody_confirms_by_hashing_who_paid_whom(empty_house: LedgerHouse) -> None:
    house = empty_house
    await lived(house)
    member, outsider = await gather(house, CURIOUS), await gather(house, None)
    guessed = guesses(member)
    sequences = {guess[0] for guess, _ in guessed}
    assert len(sequences) == 5
    for one in (outsider, member):
        known = confirmed(guessed, salts_to_try(one, sequences), one.hashes)
        assert {sequence for sequence, _, _ in known} == one.own & sequences


async def test_with_its_salt_the_guess_would_be_confirmed(empty_house: LedgerHouse) -> None:
    """By a neighbour's hash in the curious member's own receipt, and by an entry of one transfer."""
    house = empty_house
    await lived(house)
    member, outsider = await gather(house, CURIOUS), await gather(house, None)
    guessed = guesses(member)
    wage, _, _, rent_again, _ = sequences = sorted({guess[0] for guess, _ in guessed})
    salts = await true_salts(house, sequences)
    assert confirmed(guessed, salts, member.paths) == {(wage, PAYER, WATCHED)}
    assert (rent_again, WATCHED, PAYEE) in confirmed(guessed, salts, outsider.hashes)


async def test_what_is_shown_names_no_other_member_and_no_balance(empty_house: LedgerHouse) -> None:
    house = empty_house
    await lived(house)
    balance = await house.balance(account_of(WATCHED))
    assert balance == GRANT_MINOR + WAGE_MINOR - 2 * RENT_MINOR - HELD_MINOR
    secrets = [str(member_id(WATCHED)), str(account_of(WATCHED)), str(balance), "Rent"]
    for number in (None, CURIOUS):
        text = (await gather(house, number)).text
        assert [secret for secret in secrets if secret in text] == []
    own = (await gather(house, WATCHED)).text
    assert [secret for secret in secrets if secret not in own] == []


async def test_nobody_is_let_in_where_it_is_written(empty_house: LedgerHouse) -> None:
    house = empty_house
    await lived(house)
    account = f"/accounts/{account_of(WATCHED)}"
    sequences = [
        line["sequence"] for line in (await house.get(f"{account}/statement", WATCHED)).json()["items"]
    ]
    paths = [
        account,
        *(f"{account}/{file}" for file in ("statement", "statement.csv", "statement.beancount")),
    ]
    for whose in (account, f"/accounts/{account_of(CURIOUS)}"):
        paths += [f"{whose}/statement/{sequence}/receipt" for sequence in sequences]
    for path in [*paths, "/journal/rows.jsonl"]:
        assert (await house.get(path, None)).status_code == 401, path
        assert (await house.get(path, CURIOUS)).status_code in {403, 404}, path


async def test_two_histories_that_differ_in_who_paid_look_the_same(empty_house: LedgerHouse) -> None:
    """The watched member's balance is another, and the curious one is shown the same: nothing computes it."""
    house, seen, balances = empty_house, [], []
    for watched in (WATCHED, STRANGER):
        await house.forget_everything()
        began = house.clock.now()
        await lived(house, watched)
        seen.append([_blinded(await gather(house, number), began) for number in (None, CURIOUS)])
        balances.append(await house.balance(account_of(WATCHED)))
    assert balances[0] != balances[1]
    assert seen[0] == seen[1]


def _blinded(gathered: Gathered, began: datetime) -> dict[str, str]:
    """Hashes and salts are random to who has no key; times are told from the beginning on."""

    def since(found: re.Match[str]) -> str:
        return str(datetime.fromisoformat(found[0]) - began)

    return {where: TIME.sub(since, HASH.sub("#", text)) for where, text in gathered.shown.items()}
