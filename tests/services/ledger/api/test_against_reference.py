"""Whatever members ask for over the API: the answers, the balances and the journal are the reference's."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.ledger.domain.accounts import AccountKind
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import GRANT_MINOR, LedgerHouse, account_of, account_of_union, member_id
from tests.services.ledger.reference import TREASURY, Asked, Reference, Told

MEMBERS = (1, 2, 3)
ACCOUNTS = [*MEMBERS, TREASURY, None]
AMOUNTS = st.sampled_from([0, 1, 7, GRANT_MINOR // 2, GRANT_MINOR, GRANT_MINOR + 1, 2**62])

transfers = st.builds(
    Asked,
    id=st.integers(0, 9),
    # Mostly one's own account and another's: whatever else is wrong is found behind it.
    debit=st.one_of(st.just(1), st.sampled_from(ACCOUNTS)),
    credit=st.one_of(st.sampled_from([2, TREASURY]), st.sampled_from(ACCOUNTS)),
    amount=st.one_of(AMOUNTS, st.integers(1, 20)),
    asset=st.sampled_from(["GLD"] * 7 + ["SLV"]),
    code=st.sampled_from(["pay"] * 7 + ["escrow_pay", "nothing"]),
    linked=st.sampled_from([False, False, True]),
    balancing_debit=st.sampled_from([False, False, True]),
    balancing_credit=st.booleans(),
)
one_batch = st.tuples(st.sampled_from([1, 1, 2]), st.lists(transfers, min_size=1, max_size=8))
batches = st.lists(
    # A batch that is sent again is answered as what was done before.
    st.tuples(one_batch, st.booleans()).map(lambda sent: [sent[0]] * (1 + sent[1])),
    min_size=1,
    max_size=5,
).map(lambda plan: [batch for sent in plan for batch in sent])


def written(asked: Asked) -> dict[str, Any]:
    def reference(account: int | str | None) -> str:
        if account is None:
            return str(named("nobody's"))
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
    }


async def begun(house: LedgerHouse) -> Reference:
    await house.forget_everything()
    await house.found(members_count=len(MEMBERS))
    treasury = await house.balance(account_of_union(AccountKind.TREASURY))
    return Reference({**dict.fromkeys(MEMBERS, GRANT_MINOR), TREASURY: treasury})


async def played(house: LedgerHouse, plan: list[tuple[int, list[Asked]]]) -> None:
    reference = await begun(house)
    for member, batch in plan:
        body = {"transfers": [written(asked) for asked in batch]}
        answer = await house.act("POST", "/transfers", body, number=member)
        assert answer.status_code == 200, answer.text
        told: list[Told] = [
            (one["result"], one["first_result"], None if one["minor"] is None else int(one["minor"]))
            for one in answer.json()["results"]
        ]
        assert told == reference.post(member, batch)
        for account, balance in reference.balances.items():
            is_member = isinstance(account, int)
            account_id = account_of(account) if is_member else account_of_union(AccountKind.TREASURY)
            assert await house.balance(account_id) == balance
    sequences = [row[0] for row in await house.rows("SELECT sequence FROM transfers ORDER BY sequence")]
    assert sequences == list(range(1, len(sequences) + 1))


async def test_the_ledger_answers_what_the_reference_answers(running_house: LedgerHouse) -> None:
    loop = asyncio.get_running_loop()
    running_house.advance_to_noon()

    @given(batches)
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def play(plan: list[tuple[int, list[Asked]]]) -> None:
        asyncio.run_coroutine_threadsafe(played(running_house, plan), loop).result(60)

    await asyncio.to_thread(play)
