"""Whatever members ask for over the API: the answers, the balances and the journal are the reference's."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ledger.domain.accounts import AccountKind
from tests.services.ledger.businesses import ACCOUNT, BAKERY, business_event, held
from tests.services.ledger.businesses import pay as pay_for_business
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import GRANT_MINOR, LedgerHouse, account_of, account_of_union, member_id
from tests.services.ledger.offices import LATER, grant
from tests.services.ledger.reference import (
    BUSINESS,
    FEE_MAX,
    FEE_PERCENT,
    HOLDS_MAX,
    ISSUANCE,
    NAMES,
    TREASURY,
    WEEK,
    Asked,
    Given,
    Reference,
    Told,
)

PAYER, PAYEE, HIRE = 1, 2, 3
MANAGER = PAYER
MEMBERS = (PAYER, PAYEE, HIRE)
ACCOUNTS = [*MEMBERS, TREASURY, BUSINESS, ISSUANCE, None]
LIMIT = 40
"""Of the hire."""
AMOUNTS = st.sampled_from([0, 1, 7, GRANT_MINOR // 2, GRANT_MINOR, GRANT_MINOR + 1, 2**62])
DAY = 24 * 60 * 60
MANDATES = (0, 1)
JITTER = timedelta(milliseconds=1)
"""Entries at one reading of the clock are a microsecond apart: what ends after a second has ended then."""


@dataclass(frozen=True)
class Batch:
    member: int
    transfers: list[Asked]


@dataclass(frozen=True)
class Wait:
    seconds: int
    with_timers: bool


@dataclass(frozen=True)
class Give:
    mandate: int
    cap: int
    until: int


@dataclass(frozen=True)
class Revoke:
    mandate: int


@dataclass(frozen=True)
class Freeze:
    """The payer's account, or its thaw."""

    until: int | None


@dataclass(frozen=True)
class Spend:
    """From the account of the business, which the payer manages and in which another is hired."""

    member: int
    id: int
    credit: int | str | None
    amount: int


Step = Batch | Wait | Give | Revoke | Freeze | Spend


OPENING: list[Step] = [
    Give(0, 30, 3 * DAY),
    Batch(
        PAYER,
        [
            Asked(0, PAYER, PAYEE, 20, code="hold", timeout=60),
            Asked(1, PAYER, PAYEE, 10, code="hold", timeout=DAY),
            Asked(2, PAYER, PAYEE, GRANT_MINOR // 2, code="hold", timeout=WEEK),
        ],
    ),
    Batch(HIRE, [Asked(3, HIRE, BUSINESS, 1_000)]),
]


def fitting(asked: Asked, stray: bool) -> Asked:
    """Mostly only what its code has."""
    fits = NAMES.get(asked.code, set())
    return asked if stray else replace(asked, **dict.fromkeys({"timeout", "hold", "mandate"} - fits))


def plain(codes: list[str]) -> st.SearchStrategy[Asked]:
    """Nothing is wrong with it but what came before it. Holds have ids of their own, so that they are met."""
    asked = st.sampled_from(codes).flatmap(
        lambda code: st.builds(
            Asked,
            id=st.integers(0, 5) if code == "hold" else st.sampled_from(range(10, 2_000)),
            debit=st.just(PAYER),
            credit=st.just(ISSUANCE)
            if code == "burn"
            else st.sampled_from([PAYEE] * 4 + [BUSINESS] * (code == "pay")),
            amount=st.one_of(st.integers(1, 20), st.sampled_from([GRANT_MINOR // 3, GRANT_MINOR // 2])),
            code=st.just(code),
            linked=st.sampled_from([False] * 5 + [True]),
            balancing_debit=st.sampled_from([False, False, code == "hold_void"]),
            timeout=st.sampled_from([60, 60, DAY, WEEK]),
            hold=st.integers(0, 3),
            mandate=st.sampled_from(MANDATES),
        )
    )
    return st.builds(fitting, asked, st.just(False))


def wild(codes: list[str]) -> st.SearchStrategy[Asked]:
    """Anything may be wrong with it."""
    asked = st.builds(
        Asked,
        id=st.integers(0, 12),
        debit=st.sampled_from([PAYER, *ACCOUNTS]),
        credit=st.sampled_from([PAYEE, *ACCOUNTS]),
        amount=st.one_of(AMOUNTS, st.integers(1, 20)),
        asset=st.sampled_from(["GLD"] * 7 + ["SLV"]),
        code=st.sampled_from(
            [*codes, "escrow_pay", "hold_expire", "fee", "issue", "business_pay", "nothing"]
        ),
        linked=st.booleans(),
        balancing_debit=st.booleans(),
        balancing_credit=st.booleans(),
        timeout=st.sampled_from([None, 0, 1, 60, WEEK + 1]),
        hold=st.integers(0, 9),
        mandate=st.sampled_from([*MANDATES, 2]),
    )
    return st.builds(fitting, asked, st.booleans())


def transfers(codes: list[str]) -> st.SearchStrategy[Asked]:
    return st.sampled_from([plain(codes)] * 6 + [wild(codes)]).flatmap(lambda chosen: chosen)


of_payer = transfers(["pay", "pay", "burn", "hold", "hold", "hold"])
of_payee = transfers(["hold_post", "hold_post", "hold_void", "mandate_pay", "mandate_pay"])
batches = st.one_of(
    st.builds(Batch, st.just(PAYER), st.lists(of_payer, min_size=1, max_size=8)),
    st.builds(Batch, st.just(PAYEE), st.lists(of_payee, min_size=1, max_size=8)),
)
other_steps = st.one_of(
    st.builds(Wait, st.sampled_from([1, 59, 60, 60, DAY]), st.booleans()),
    st.builds(
        Give,
        st.sampled_from(MANDATES),
        st.sampled_from([20, 30, GRANT_MINOR]),
        st.sampled_from([60, DAY, 3 * DAY]),
    ),
    st.builds(Revoke, st.sampled_from(MANDATES)),
    st.builds(Freeze, st.sampled_from([None, 59, DAY])),
    *[
        st.builds(
            Spend,
            st.sampled_from([MANAGER, HIRE]),
            st.sampled_from(range(8)),
            st.sampled_from([PAYEE, *ACCOUNTS]),
            st.one_of(st.integers(0, 30), st.sampled_from([LIMIT, LIMIT + 1, 900, 2_000])),
        )
    ]
    * 3,
)
plans = st.lists(
    # A batch that is sent again is answered as what was done before.
    st.one_of(
        st.tuples(batches, st.booleans()).map(lambda sent: [sent[0]] * (1 + sent[1])),
        other_steps.map(lambda step: [step]),
    ),
    min_size=1,
    max_size=14,
).map(lambda plan: [*OPENING, *(step for sent in plan for step in sent)])


def written(asked: Asked) -> dict[str, Any]:
    def reference(account: int | str | None) -> str:
        if account is None:
            return str(named("nobody's"))
        if account == BUSINESS:
            return f"businesses/{BAKERY}"
        return account if isinstance(account, str) else f"members/{member_id(account)}"

    return {
        "id": str(named(f"asked {asked.id}")),
        "debit_account": reference(asked.debit),
        "credit_account": reference(asked.credit),
        "asset": asked.asset,
        "minor": str(asked.amount),
        "code": asked.code,
        "linked": asked.linked,
        "balancing_debit": asked.balancing_debit,
        "balancing_credit": asked.balancing_credit,
        "timeout_seconds": asked.timeout,
        "pending_id": None if asked.hold is None else str(named(f"asked {asked.hold}")),
        "mandate_id": None if asked.mandate is None else str(named(f"mandate {asked.mandate}")),
    }


async def begun(house: LedgerHouse) -> Reference:
    await house.forget_everything()
    fees = {"payment_fee_basis_points": 100 * FEE_PERCENT, "fee_max_minor": str(FEE_MAX)}
    await house.found(len(MEMBERS), **fees)
    await house.consume(
        business_event(),
        held(MANAGER, grant("audit"), grant("spend")),
        held(HIRE, grant("spend", LATER, (3, LIMIT))),
    )
    own = {name: await house.balance(account_of_union(AccountKind(name))) for name in (TREASURY, ISSUANCE)}
    balances = {**dict.fromkeys(MEMBERS, GRANT_MINOR), **own, BUSINESS: 0}
    return Reference(balances, limits={HIRE: LIMIT})


def account_named(account: int | str) -> UUID:
    if account == BUSINESS:
        return ACCOUNT
    return account_of(account) if isinstance(account, int) else account_of_union(AccountKind(account))


async def spend(house: LedgerHouse, reference: Reference, step: Spend) -> None:
    asked = Asked(step.id, BUSINESS, step.credit, step.amount, code="business_pay")
    terms = {"account": written(asked)["credit_account"]}
    answer = await pay_for_business(house, f"asked {step.id}", step.amount, step.member, **terms)
    said = answer.json()
    if answer.status_code == 200:
        moved = None if said["amount"] is None else int(said["amount"]["minor"])
        told: Told | str = (said["result"], said["first_result"], moved)
    else:
        told = said["type"].rpartition("/")[2]
    assert told == reference.spend(step.member, asked)


async def take_step(house: LedgerHouse, reference: Reference, step: Step) -> None:
    match step:
        case Batch(member, asked):
            body = {"transfers": [written(one) for one in asked]}
            answer = await house.act("POST", "/transfers", body, number=member)
            assert answer.status_code == 200, answer.text
            told: list[Told] = [
                (one["result"], one["first_result"], None if one["minor"] is None else int(one["minor"]))
                for one in answer.json()["results"]
            ]
            assert told == reference.post(member, asked)
        case Wait(seconds, with_timers):
            house.clock.advance(timedelta(seconds=seconds) + JITTER)
            reference.now += seconds
            if with_timers:
                await house.run_timers()
        case Give(mandate, cap, until):
            if (PAYER, mandate) not in reference.mandates:
                ends = reference.now + until
                reference.mandates[PAYER, mandate] = Given(PAYEE, cap, DAY, ends, reference.now)
                body = {
                    "payee_id": str(member_id(PAYEE)),
                    "cap": {"asset": "GLD", "minor": str(cap)},
                    "renews_every_days": 1,
                    "expires_at": (house.clock.now() + timedelta(seconds=until)).isoformat(),
                }
                given = await house.act("PUT", f"/mandates/{named(f'mandate {mandate}')}", body)
                assert given.status_code == 200, given.text
        case Spend():
            await spend(house, reference, step)
        case Freeze(until):
            reference.frozen_until[PAYER] = reference.now + (until or 0)
            path = f"/accounts/{account_of(PAYER)}/freeze"
            if until is None:
                answer = await house.act("DELETE", path, number=0)
            else:
                ends = (house.clock.now() + timedelta(seconds=until)).isoformat()
                answer = await house.act("PUT", path, {"until": ends, "reason": "A test"}, number=0)
            assert answer.status_code == 200, answer.text
        case Revoke(mandate):
            known = reference.mandates.get((PAYER, mandate))
            revoked = await house.act("DELETE", f"/mandates/{named(f'mandate {mandate}')}")
            assert revoked.status_code == (404 if known is None else 200)
            if known is not None:
                known.revoked = True


async def played(house: LedgerHouse, plan: list[Step]) -> None:
    reference = await begun(house)
    for step in plan:
        await take_step(house, reference, step)
        for account, balance in reference.balances.items():
            seen_by = account if isinstance(account, int) else MANAGER if account == BUSINESS else 0
            shown = (await house.get(f"/accounts/{account_named(account)}", seen_by)).json()
            amounts = [int(shown[name]["minor"]) for name in ("balance", "reserved", "expected")]
            assert amounts == [balance, reference.reserved(account), reference.expected(account)]
    sequences = [row[0] for row in await house.rows("SELECT sequence FROM transfers ORDER BY sequence")]
    assert sequences == list(range(1, len(sequences) + 1))


async def test_the_ledger_answers_what_the_reference_answers(
    running_house: LedgerHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(running_house.settings), "holds_per_account_max", HOLDS_MAX)
    loop = asyncio.get_running_loop()
    running_house.advance_to_noon()

    @given(plans)
    @settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def play(plan: list[Step]) -> None:
        asyncio.run_coroutine_threadsafe(played(running_house, plan), loop).result(60)

    await asyncio.to_thread(play)
