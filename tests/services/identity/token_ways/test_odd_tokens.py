"""Tokens that answer what they should not, and pieces that are counted: what BalanceAnswer says of them."""

import pytest

from services.identity.admission.token_node import TokenNode
from services.identity.domain.admission_rule import BALANCE_MAX, Way, parse_rule
from tests.services.identity.admission.api.test_applications import founded
from tests.services.identity.house import IdentityHouse
from tests.services.identity.token_ways.test_holding import ways
from tests.services.identity.token_ways.tokens import HELD_BLOCKS, HOSTILE, TokenChain, bytecode

pytestmark = pytest.mark.slow

HOLDER, OTHER = f"0x{'31' * 20}", f"0x{'32' * 20}"


def way_of(chain: TokenChain, minimum: int, token: str) -> Way:
    way = parse_rule(chain.way(minimum, token))
    assert isinstance(way, Way)
    return way


async def seen(house: IdentityHouse, *asked: Way, **changed: object) -> list[Way]:
    node = TokenNode(house.settings.model_copy(update=changed))
    return [one.way for one in await node.look(asked, [HOLDER])]


@pytest.mark.parametrize("answer", HOSTILE[:-1])
async def test_what_a_hostile_token_answers_is_nothing_held_and_hides_no_other(
    house: IdentityHouse, chain: TokenChain, answer: str
) -> None:
    hostile = way_of(chain, 1, chain.hostile(answer))
    chain.give(HOLDER, 1)
    chain.settle()
    honest = way_of(chain, 1, chain.token)
    assert await seen(house, hostile, honest) == [honest]
    assert await seen(house, hostile, token_held_blocks_count=0) == []


async def test_a_token_that_answers_one_thing_now_and_another_then_lets_nobody_in(
    house: IdentityHouse, chain: TokenChain
) -> None:
    token = way_of(chain, BALANCE_MAX, chain.hostile("NOW_AND_THEN"))
    chain.settle()
    at_once = 0
    for _ in range(2 * HELD_BLOCKS):
        assert await seen(house, token) == []
        at_once += len(await seen(house, token, token_held_blocks_count=0))
        chain.mine(1)
    assert at_once == HELD_BLOCKS, "it answers so at each second turn"


async def test_beside_a_token_that_burns_all_gas_one_comes_in_by_an_honest_one(
    house: IdentityHouse, chain: TokenChain
) -> None:
    founder, worker = await house.member(), await house.member()
    burning = chain.way(1, chain.hostile("BURN"))
    union = await founded(founder, "Holders of Odd Ones", rule=f"{burning} or {chain.way(1)}")
    chain.give(worker.wallet.address, 1)
    chain.settle()
    assert await ways(worker, union) == [chain.way(1)]
    assert (await worker.join(union)).status_code == 201


async def test_pieces_of_an_erc_721_are_counted(house: IdentityHouse, chain: TokenChain) -> None:
    pieces = chain.deployed(bytecode("Pieces"))
    one, two = way_of(chain, 1, pieces), way_of(chain, 2, pieces)
    chain.settle()
    assert await seen(house, one, two) == []
    chain.piece(pieces, HOLDER)
    chain.finalize()
    assert await seen(house, one) == []
    chain.settle()
    assert await seen(house, one, two) == [one]
    chain.piece(pieces, HOLDER)
    chain.settle()
    assert await seen(house, one, two) == [one, two]
    chain.hand_on(pieces, 0, HOLDER, OTHER)
    chain.finalize()
    assert await seen(house, one, two) == [one]
