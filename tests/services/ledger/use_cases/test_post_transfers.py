"""A batch above the limit burns no id, whoever asks."""

from uuid import UUID

import pytest

from services.ledger.domain.errors import BadAccountReference, BatchTooLarge
from services.ledger.domain.rights import member_principal
from services.ledger.use_cases.cancel_transfers import cancel_transfers
from services.ledger.use_cases.post_transfers import PostingLimits, TransferDraft, post_transfers
from tests.services.ledger.house import LedgerHouse, member_id

DRAFT = TransferDraft(UUID(int=1), "treasury", "treasury", "GLD", 1, "pay")
LIMITS = PostingLimits(9, 0)


async def test_a_batch_or_cancellation_above_the_limit_is_refused_whole(house: LedgerHouse) -> None:
    principal = member_principal(member_id(1))
    async with house.unit() as unit:
        union = await house.union(unit)
        with pytest.raises(BatchTooLarge):
            await post_transfers(unit, union, principal, [DRAFT, DRAFT], PostingLimits(1, 0))
        with pytest.raises(BatchTooLarge):
            await cancel_transfers(unit, union, principal, [DRAFT.id, DRAFT.id], 1)
    assert await house.count("refused_transfers") == 0


async def test_one_bad_reference_refuses_the_batch_before_anything_is_burnt(house: LedgerHouse) -> None:
    bad = TransferDraft(UUID(int=2), "nobody", "treasury", "GLD", 1, "pay")
    async with house.unit() as unit:
        with pytest.raises(BadAccountReference):
            await post_transfers(
                unit,
                await house.union(unit),
                member_principal(member_id(1)),
                [DRAFT, bad],
                LIMITS,
            )
    assert await house.count("refused_transfers") == 0
