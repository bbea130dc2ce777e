"""Attempts are limited by wallet, member and address, in rows; whose address it is only the gateway tells."""

import asyncio
from datetime import timedelta

import httpx
import pytest

from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.errors import AttemptLimitReached
from services.identity.use_cases.forget_expired import forget_expired
from services.identity.use_cases.limit_attempts import limit_attempts, limit_of
from tests.services.identity.house import IdentityHouse, Member

LIMITED = "/problems/attempt-limit-reached"


def vouched(house: IdentityHouse, address: str | None, service: str = "gateway") -> dict[str, str]:
    told = {"guildhall-gateway": house.keys[service].token_for("identity")}
    return told if address is None else told | {"guildhall-client-address": address}


def refused(answer: httpx.Response) -> bool:
    """Whether it is the refusal of a limit; with the wait that it asks for."""
    if answer.status_code != 429:
        return False
    assert answer.json()["type"] == LIMITED
    assert 1 <= int(answer.headers["retry-after"]) <= answer.json()["window_seconds"] + 1
    return True


@pytest.mark.parametrize("kind", list(AttemptKind))
async def test_at_the_limit_one_passes_and_one_more_is_refused_until_the_window_is_over(
    house: IdentityHouse, kind: AttemptKind
) -> None:
    limits = house.settings.model_copy(
        update={
            "wallet_sign_ins_max": 3,
            "passkey_sign_ins_max": 3,
            "member_refreshes_max": 3,
            "address_new_members_max": 3,
            "address_invitations_max": 3,
        }
    )
    limit, window_seconds = limit_of(limits, kind)

    async def attempt(subject: str | None) -> bool:
        try:
            async with house.unit() as unit:
                await limit_attempts(unit, limits, kind, subject)
        except AttemptLimitReached:
            return False
        return True

    taken = await asyncio.gather(*(attempt("somebody") for _ in range(limit + 5)))
    assert sum(taken) == limit, "counted atomically, however many come at once"
    assert await attempt("somebody else")
    assert all([await attempt(None) for _ in range(limit + 1)])
    house.clock.advance(timedelta(seconds=window_seconds))
    assert await attempt("somebody")


async def test_a_wallet_signs_in_so_often_and_others_are_not_touched(house: IdentityHouse) -> None:
    member = Member(house)
    with house.limited(wallet_sign_ins_max=2):
        assert [(await member.sign_in()).status_code for _ in range(2)] == [201, 201]
        assert refused(await member.sign_in())
        assert (await Member(house).sign_in()).status_code == 201


async def test_nobody_uses_up_anothers_sign_ins_by_naming_their_wallet(house: IdentityHouse) -> None:
    victim, forger = Member(house), Member(house)
    with house.limited(wallet_sign_ins_max=1):
        for _ in range(3):
            nonce = await victim.nonce()
            message = victim.message(nonce.nonce)
            assert (await victim.present(message, nonce.cookie, forger.signature(message))).status_code == 401
        assert (await victim.sign_in()).status_code == 201


async def test_a_member_refreshes_so_often(house: IdentityHouse) -> None:
    member = await house.member()
    token = member.session["refresh_token"]
    with house.limited(member_refreshes_max=2):
        async with house.http() as http:
            for _ in range(2):
                answer = await http.post("/v1/auth/refreshes", json={"refresh_token": token})
                token = answer.json()["refresh_token"]
            assert refused(await http.post("/v1/auth/refreshes", json={"refresh_token": token}))


async def test_an_address_brings_so_many_new_members_and_known_ones_still_sign_in(
    house: IdentityHouse,
) -> None:
    known = await house.member()
    with house.limited(address_new_members_max=2, address_requests_max=100):
        from_there = vouched(house, "198.51.100.20")
        assert [(await Member(house).sign_in(**from_there)).status_code for _ in range(2)] == [201, 201]
        assert refused(await Member(house).sign_in(**from_there))
        assert (await known.sign_in(**from_there)).status_code == 201
        assert (await Member(house).sign_in(**vouched(house, "198.51.100.21"))).status_code == 201


async def test_an_address_tries_so_many_invitations_whether_it_looks_or_joins(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    union = await founder.found("Guild of Locks")
    root = f"/v1/unions/{union['id']}"
    wrong = "A" * 22
    body = {
        "charter_version": union["charter_version"],
        "charter_hash": union["charter_hash"],
        "invitation": wrong,
    }
    with house.limited(address_invitations_max=4):
        there = vouched(house, "198.51.100.30")
        statuses = [
            (await member.ask("GET", f"{root}/invitations/{wrong}", None, **there)).status_code,
            (await member.act("POST", f"{root}/memberships", body, key="one", **there)).status_code,
            (await member.ask("GET", f"{root}/invitations/{wrong}", None, **there)).status_code,
            (await member.act("POST", f"{root}/memberships", body, key="one", **there)).status_code,
        ]
        assert statuses == [404] * 4, "a refusal is not stored under its key, and counts"
        assert refused(await member.ask("GET", f"{root}/invitations/{wrong}", None, **there))
        assert refused(await member.act("POST", f"{root}/memberships", body, key="two", **there))
        assert refused(await member.ask("GET", f"{root}?invitation={wrong}", None, **there))
        assert (await member.ask("GET", root, None, **there)).status_code == 200
        elsewhere = vouched(house, "198.51.100.31")
        assert (await member.ask("GET", f"{root}/invitations/{wrong}", None, **elsewhere)).status_code == 404
        assert (await member.join(union)).status_code == 201, "without an invitation nothing is tried"


async def _nonce(house: IdentityHouse, address: str, headers: dict[str, str]) -> int:
    async with house.http(address) as http:
        return (await http.post("/v1/auth/nonces", headers=headers)).status_code


async def test_the_gateways_word_counts_and_not_its_own_address(house: IdentityHouse) -> None:
    with house.limited(address_requests_max=2):
        one, other = vouched(house, "198.51.100.40"), vouched(house, "198.51.100.41")
        assert [await _nonce(house, "10.0.0.9", one) for _ in range(3)] == [201, 201, 429]
        assert await _nonce(house, "10.0.0.9", other) == 201
        left_out = vouched(house, None)
        assert [await _nonce(house, "10.0.0.9", left_out) for _ in range(4)] == [201] * 4


@pytest.mark.parametrize("forger", ["nobody", "market", "member"])
async def test_nobody_else_tells_whose_request_it_is(house: IdentityHouse, forger: str) -> None:
    address = {"nobody": "198.51.100.50", "market": "198.51.100.51", "member": "198.51.100.52"}[forger]
    tokens = {
        "nobody": "e30.e30.c2ln",
        "market": house.keys["market"].token_for("identity"),
        "member": (await house.member()).token,
    }
    with house.limited(address_requests_max=2):
        statuses: list[int] = []
        for number in range(3):
            told = {"guildhall-gateway": tokens[forger], "guildhall-client-address": f"203.0.113.{number}"}
            statuses.append(await _nonce(house, address, told))
        assert statuses == [201, 201, 429]
        without = {"guildhall-client-address": "203.0.113.99"}
        assert await _nonce(house, address, without) == 429


async def test_windows_that_are_over_are_dropped(house: IdentityHouse) -> None:
    async with house.unit() as unit:
        await limit_attempts(unit, house.settings, AttemptKind.REFRESH_OF_MEMBER, "old")
    longest = max(limit_of(house.settings, kind)[1] for kind in AttemptKind)
    house.clock.advance(timedelta(seconds=2 * longest))
    async with house.unit() as unit:
        await limit_attempts(unit, house.settings, AttemptKind.REFRESH_OF_MEMBER, "new")
        await forget_expired(unit, house.settings)
    subjects = {row["subject"] for row in await house.rows("SELECT subject FROM attempt_windows")}
    assert "old" not in subjects and "new" in subjects
