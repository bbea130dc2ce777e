"""A member's act that a service forwards: the ledger checks it itself, and it pays once."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.peers import PeerAnswer
from chassis.revocations.log import Revocation, RevocationKind, RevocationPage
from chassis.signatures import content_digest, sign_act
from tests.services.ledger.escrows import (
    AGREEMENT,
    BACKER,
    EMPLOYER,
    ESCROW,
    forwarded,
    fund_agreement,
    funding,
    open_agreement,
    post,
)
from tests.services.ledger.house import (
    LONG_AGO,
    UNION,
    LedgerHouse,
    member_id,
    membership_event,
    union_event,
)
from tests.services.ledger.identity_edge import certified_device


async def test_the_act_is_stored_and_the_key_pinned_so_that_identity_is_asked_once(
    house: LedgerHouse,
) -> None:
    await fund_agreement(house)
    (act,) = await house.rows(
        "SELECT s.member_id, s.body FROM transfer_acts JOIN signed_acts s USING (device_key_id, nonce)"
    )
    assert act["member_id"] == member_id(EMPLOYER)
    assert orjson.loads(act["body"])["debit"]["minor"] == "100"
    again = forwarded(house, EMPLOYER, "5", f"agreements/{AGREEMENT}")
    assert await post(house, "market", funding("5", again, name="more")) == ["posted"]
    assert sum("device-keys" in path for path in house.identity.asked) == 1
    assert await house.count("device_keys") == 1


async def test_one_act_pays_once(house: LedgerHouse) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", f"agreements/{AGREEMENT}")
    assert await post(house, "market", funding("100", act)) == ["posted"]
    assert await post(house, "market", funding("100", act)) == ["exists"]
    assert await post(house, "market", funding("100", act, name="twice")) == ["act_already_used"]


async def test_an_act_that_was_sent_to_the_ledger_itself_cannot_be_forwarded(house: LedgerHouse) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", f"agreements/{AGREEMENT}")
    await house.rows(
        "INSERT INTO signed_acts SELECT $1, $2, $3, now(), '', '', '', NULL, '', '', '', now()",
        certified_device(house.device(EMPLOYER), member_id(EMPLOYER), house.clock.now())["id"],
        f"{house._acts_count:022d}",  # pyright: ignore[reportPrivateUsage]
        member_id(EMPLOYER),
    )
    assert await post(house, "market", funding("100", act)) == ["act_already_used"]


async def test_an_act_has_to_fit_owner_amount_asset_and_destination(house: LedgerHouse) -> None:
    await open_agreement(house)
    right = f"agreements/{AGREEMENT}"
    misfits = [
        forwarded(house, BACKER, "100", right),
        forwarded(house, EMPLOYER, "99", right),
        forwarded(house, EMPLOYER, "100", right, asset="SLV"),
        forwarded(house, EMPLOYER, "100", "agreements/another"),
    ]
    for place, act in enumerate(misfits):
        transfer = funding("100", act, name=f"misfit {place}")
        assert await post(house, "market", transfer) == ["act_does_not_fit"]
    assert await post(house, "market", funding("100", None)) == ["act_missing"]
    assert await house.balance(AGREEMENT) == 0


async def test_an_act_that_does_not_hold_is_invalid(house: LedgerHouse) -> None:
    await open_agreement(house)
    to = f"agreements/{AGREEMENT}"
    good = forwarded(house, EMPLOYER, "100", to)
    stranger = Ed25519PrivateKey.generate()
    unknown_key = dict(good)
    unknown_key["headers"] = sign_act(
        private_key=stranger,
        key_id=certified_device(stranger, member_id(9), house.clock.now())["id"],
        method="POST",
        target_uri=good["target_uri"],
        body=b"{}",
        created=house.clock.now(),
        nonce="n" * 22,
    )
    bad = {
        "altered body": good | {"body": "e30="},
        "altered digest": good
        | {"body": "e30=", "headers": good["headers"] | {"content-digest": content_digest(b"{}")}},
        "another method": good | {"method": "PUT"},
        "another target": good | {"target_uri": good["target_uri"] + "x"},
        "another host": good | {"target_uri": good["target_uri"].replace("localhost", "evil")},
        "no signature": good | {"headers": {}},
        "an unknown key": unknown_key,
        "no debit block": forwarded(house, EMPLOYER, "1", to, body=b'{"price": 1}'),
        "a body that is no JSON": forwarded(house, EMPLOYER, "1", to, body=b"{"),
        "another union": forwarded(house, EMPLOYER, "100", to, slug="smiths"),
        "too old": forwarded(
            house, EMPLOYER, "100", to, created=house.clock.now() - timedelta(days=7, seconds=1)
        ),
        "from the future": forwarded(
            house, EMPLOYER, "100", to, created=house.clock.now() + timedelta(seconds=31)
        ),
    }
    for name, act in bad.items():
        assert await post(house, "market", funding("100", act, name=name)) == ["act_invalid"], name
    assert await house.balance(AGREEMENT) == 0
    assert await house.count("transfer_acts") == 0


async def test_a_key_whose_certificate_no_wallet_signed_is_no_key(house: LedgerHouse) -> None:
    await open_agreement(house)
    to = f"agreements/{AGREEMENT}"
    act = forwarded(house, EMPLOYER, "100", to)
    record = next(iter(house.identity.device_keys.values()))
    other = certified_device(Ed25519PrivateKey.generate(), member_id(EMPLOYER), house.clock.now())
    true_certificate = dict(record["certificates"][0])
    for place, certificate in enumerate(
        (
            true_certificate | {"signature": other["certificates"][0]["signature"]},
            other["certificates"][0],
        )
    ):
        record["certificates"] = [certificate]
        name = f"forged {place}"
        assert await post(house, "market", funding("100", act, name=name)) == ["act_invalid"]
    record["certificates"] = [true_certificate]
    record["revoked_at"] = LONG_AGO.isoformat()
    assert await post(house, "market", funding("100", act, name="revoked")) == ["act_invalid"]
    record["revoked_at"] = None
    assert await post(house, "market", funding("100", act, name="true")) == ["posted"]


async def test_a_certificate_that_has_ended_covers_no_later_act(house: LedgerHouse) -> None:
    await fund_agreement(house)
    house.clock.advance(timedelta(days=91))
    to = f"agreements/{AGREEMENT}"
    late = forwarded(house, EMPLOYER, "5", to)
    assert await post(house, "market", funding("5", late, name="late")) == ["act_invalid"]
    renewed = certified_device(house.device(EMPLOYER), member_id(EMPLOYER), house.clock.now())
    house.identity.device_keys[renewed["id"]] = renewed
    assert await post(house, "market", funding("5", late, name="renewed")) == ["posted"]


async def test_an_act_may_wait_out_an_outage(house: LedgerHouse) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", f"agreements/{AGREEMENT}")
    house.clock.advance(timedelta(days=6))
    assert await post(house, "market", funding("100", act)) == ["posted"]


async def test_without_identity_nothing_is_decided(house: LedgerHouse) -> None:
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "100", f"agreements/{AGREEMENT}")
    house.identity.is_away = True
    answer = await house.serve("market", "POST", "/transfers", {"transfers": [funding("100", act)]})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    house.identity.is_away = False
    assert await post(house, "market", funding("100", act)) == ["posted"]


def _revoke(house: LedgerHouse) -> str:
    """The employer's device key; its id."""
    known = house.identity.device_keys
    (key_id,) = [one for one, record in known.items() if record["member_id"] == str(member_id(EMPLOYER))]
    known[key_id]["revoked_at"] = house.clock.now().isoformat()
    return key_id


async def test_a_key_that_was_revoked_after_it_was_pinned_pays_nothing_that_was_signed_later(
    house: LedgerHouse,
) -> None:
    """Whatever the service that forwards it says: identity's last word is too old for this act."""
    await fund_agreement(house)
    house.clock.advance(timedelta(seconds=house.settings.device_key_trusted_seconds))
    to = f"agreements/{AGREEMENT}"
    before = forwarded(house, EMPLOYER, "5", to)
    house.clock.advance(timedelta(seconds=1))
    _revoke(house)
    after = forwarded(house, EMPLOYER, "5", to)
    assert await post(house, "market", funding("5", after, name="after")) == ["act_invalid"]
    assert await post(house, "market", funding("5", before, name="before")) == ["posted"]
    house.clock.advance(timedelta(days=6))
    assert await post(house, "market", funding("5", after, name="later")) == ["act_invalid"]


async def test_a_revocation_that_was_heard_asks_identity_at_once(house: LedgerHouse) -> None:
    await fund_agreement(house)
    house.clock.advance(timedelta(seconds=1))
    key_id, until = _revoke(house), house.clock.now() + timedelta(minutes=10)
    act = forwarded(house, EMPLOYER, "5", f"agreements/{AGREEMENT}")
    heard = Revocation(1, RevocationKind.DEVICE_KEY, key_id, member_id(EMPLOYER), until)
    house.chassis.revocations.view.take(RevocationPage((heard,), 1, 1, 0), 0)
    assert await post(house, "market", funding("5", act, name="heard")) == ["act_invalid"]


async def test_a_pinned_key_pays_while_identity_is_away_until_its_word_is_too_old(house: LedgerHouse) -> None:
    await fund_agreement(house)
    house.identity.is_away = True
    to = f"agreements/{AGREEMENT}"
    act = forwarded(house, EMPLOYER, "5", to)
    house.clock.advance(timedelta(days=1))
    assert await post(house, "market", funding("5", act, name="waited")) == ["posted"]
    late = forwarded(house, EMPLOYER, "5", to)
    answer = await house.serve(
        "market", "POST", "/transfers", {"transfers": [funding("5", late, name="late")]}
    )
    assert answer.status_code == 503
    house.identity.is_away = False
    assert await post(house, "market", funding("5", late, name="late")) == ["posted"]


async def test_an_act_for_one_union_debits_nobody_in_another(house: LedgerHouse) -> None:
    other = UUID(int=UNION.int + 1)
    await house.consume(union_event(other, "smiths"), membership_event(EMPLOYER, union_id=other))
    body = ESCROW | {"payees": ["treasury"]}
    opening = await house.serve("market", "PUT", f"/accounts/{AGREEMENT}", body, slug="smiths")
    assert opening.status_code == 200, opening.text
    act = forwarded(house, EMPLOYER, "100", f"agreements/{AGREEMENT}")
    answer = await house.serve(
        "market", "POST", "/transfers", {"transfers": [funding("100", act)]}, slug="smiths"
    )
    assert answer.json()["results"][0]["result"] == "act_invalid"


async def test_no_connection_is_held_while_identity_is_asked(
    house: LedgerHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    await open_agreement(house)
    peers, database = house.chassis.peers, house.chassis.database
    asked, held = peers.call, list[tuple[str, int, int]]()

    async def noted(service: str, method: str, path: str, *rest: Any, **named: Any) -> PeerAnswer:
        writing, reading = 1, 1
        for _ in range(200):  # relay and timers take one, too, and give it back
            writing = database.writes.pool.checkedout()  # type: ignore[attr-defined]
            reading = database.hot_reads().lent_count
            if writing == reading == 0:
                break
            await asyncio.sleep(0.02)
        if "revocations" not in path:  # is watched all the time
            held.append((path.rsplit("/", 1)[0], writing, reading))
        return await asked(service, method, path, *rest, **named)

    monkeypatch.setattr(peers, "call", noted)
    act = forwarded(house, EMPLOYER, "100", f"agreements/{AGREEMENT}")
    assert await post(house, "market", funding("100", act)) == ["posted"]
    assert held == [("/internal/device-keys", 0, 0)]


async def test_two_acts_of_one_request_ask_for_their_key_once(house: LedgerHouse) -> None:
    await open_agreement(house)
    acts = [forwarded(house, EMPLOYER, minor, f"agreements/{AGREEMENT}") for minor in ("1", "2")]
    transfers = [funding(minor, act, name=minor) for minor, act in zip(("1", "2"), acts, strict=True)]
    assert await post(house, "market", *transfers) == ["posted", "posted"]
    assert sum("device-keys" in path for path in house.identity.asked) == 1
