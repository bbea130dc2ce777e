"""Who is named is named once, removed once, and no more than may be."""

import pytest

from services.identity.domain.errors import MemberNotFound
from services.identity.operators.domain.errors import AlreadyOperator, NoOperator, OperatorsReached
from services.identity.operators.use_cases.name_operator import name_operator, remove_operator
from tests.services.identity.operators.watch import Watch


async def test_who_is_one_is_not_named_again_and_who_is_none_is_not_removed(watch: Watch) -> None:
    operator, stranger = await watch.operator(), await watch.house.member()
    async with watch.house.unit() as unit:
        with pytest.raises(AlreadyOperator):
            await name_operator(unit, watch.house.settings, str(operator.id), "again")
        with pytest.raises(NoOperator):
            await remove_operator(unit, str(stranger.id), "again")
        with pytest.raises(MemberNotFound):
            await name_operator(unit, watch.house.settings, "nobody-at-all", "so")


async def test_not_more_are_named_than_may_be(watch: Watch) -> None:
    await watch.operator()
    stranger = await watch.house.member()
    narrow = watch.house.settings.model_copy(update={"operators_max": 1})
    async with watch.house.unit() as unit:
        with pytest.raises(OperatorsReached):
            await name_operator(unit, narrow, str(stranger.id), "so")
