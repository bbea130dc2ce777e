"""Holding a token as a way in, on a real node: at the finalized block, and some blocks before it."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from chassis.network.json_rpc import RpcNode, RpcRefused
from services.identity.admission.domain.errors import HistoryMissing
from services.identity.admission.token_node import TokenNode
from services.identity.domain.admission_rule import Way, parse_rule
from tests.services.identity.admission.api.test_applications import (
    applied,
    founded,
    path_of,
    state_in,
)
from tests.services.identity.admission.people import sign_in_again, told
from tests.services.identity.contract_house import house_at_node
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.passkey_member import passkey_member
from tests.services.identity.token_ways.tokens import HELD_BLOCKS, TokenChain
from tests.support.chain import running_devnet
from tests.support.postgres import Databases

pytestmark = pytest.mark.slow


async def looked(member: Member, union: dict[str, Any]) -> httpx.Response:
    return await member.act("PUT", path_of(union, "admission-proofs/mine/balance"))


async def ways(member: Member, union: dict[str, Any]) -> list[str]:
    answer = await looked(member, union)
    assert answer.status_code == 200, answer.text
    return answer.json()["ways"]


async def test_who_holds_enough_for_long_enough_comes_in(house: IdentityHouse, chain: TokenChain) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Holders", rule=chain.way(500))
    assert await ways(worker, union) == []
    refused = await worker.join(union)
    assert (told(refused), refused.json()["unmet"]) == ((403, "admission-unmet"), chain.way(500))
    chain.give(worker.wallet.address, 499)
    chain.settle()
    assert await ways(worker, union) == []
    chain.give(worker.wallet.address, 1)
    assert await ways(worker, union) == []  # it is not final yet
    chain.finalize()
    assert await ways(worker, union) == []  # it may be lent for a minute
    chain.settle()
    answer = (await looked(worker, union)).json()
    assert (answer["ways"], answer["has_joined"]) == ([chain.way(500)], False)
    [shown] = (await worker.ask("GET", path_of(union, "admission-proofs/mine"))).json()["ways"]
    assert (shown["name"], shown["is_so"]) == ("token", True)
    assert shown["valid_until"] == answer["valid_until"]
    assert (await worker.join(union)).status_code == 201
    assert told(await looked(worker, union)) == (409, "already-member")
    [proof] = await house.rows("SELECT * FROM admission_proofs WHERE member_id = $1", worker.id)
    assert (proof["digest"], proof["block_number"] > 0) == (None, True)


async def test_what_was_seen_lets_in_for_a_time_and_another_look_ends_it(
    house: IdentityHouse, chain: TokenChain
) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Holders for a Time", rule=chain.way(10))
    chain.give(worker.wallet.address, 10)
    chain.settle()
    assert await ways(worker, union) == [chain.way(10)]
    house.clock.advance(timedelta(seconds=house.settings.token_proof_seconds))
    await sign_in_again(founder, worker)
    assert told(await worker.join(union)) == (403, "admission-unmet")
    assert await ways(worker, union) == [chain.way(10)]
    raised = await founder.ask("GET", path_of(union, "charter"))
    amended = await founder.act(
        "PATCH",
        path_of(union, "charter"),
        {"parameters": {"admission": f"{chain.way(10)} and {chain.way(11)}"}},
        **{"if-match": raised.headers["etag"]},
    )
    assert amended.status_code == 200, amended.text
    refused = await worker.join(union)
    assert refused.json()["unmet"] == chain.way(11)
    chain.take(worker.wallet.address, 10)
    chain.settle()
    assert await ways(worker, union) == []
    shown = (await worker.ask("GET", path_of(union, "admission-proofs/mine"))).json()["ways"]
    assert [one["is_so"] for one in shown] == [False, False]


async def test_an_application_that_waited_for_a_balance_lets_in_by_it(
    house: IdentityHouse, chain: TokenChain
) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Holders Who Apply", rule=f"application and {chain.way(1)}")
    path = await applied(worker, union)
    await founder.act("PUT", f"{path}/admission")
    chain.give(worker.wallet.address, 1)
    chain.settle()
    assert (await looked(worker, union)).json()["has_joined"] is True
    assert await state_in(worker, union) == "active"


async def test_what_is_no_token_holds_nothing(house: IdentityHouse, chain: TokenChain) -> None:
    founder, worker = await house.member(), await house.member()
    for name, address in (("Nobody's", f"0x{'11' * 20}"), ("Somebody's", worker.wallet.address)):
        union = await founded(founder, f"No Token of {name}", rule=chain.way(1, address))
        assert await ways(worker, union) == []


async def test_who_may_have_what_looked_at(house: IdentityHouse, chain: TokenChain) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Holders Alone", rule=chain.way(1))
    path = path_of(union, "admission-proofs/mine/balance")
    assert told(await worker.ask("PUT", path)) == (401, "act-unsigned")
    assert told(await looked(worker, {"id": "nowhere"})) == (404, "union-not-found")
    unasked = await founded(founder, "Not Asked", rule="open")
    assert told(await looked(worker, unasked)) == (409, "balance-not-asked")
    without = await passkey_member(house)
    assert told(await looked(without, union)) == (409, "no-wallet")
    with house.limited(token_looks_max=2):
        for _ in range(2):
            assert await ways(worker, union) == []
        assert told(await looked(worker, union)) == (429, "attempt-limit-reached")


async def test_a_rule_names_no_chain_that_nobody_is_asked_of(
    house: IdentityHouse, chain: TokenChain, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    founder = await house.member()
    elsewhere = {
        "name": "Elsewhere",
        "purpose": "Hold.",
        "parameters": {"admission": chain.way(1, chain_id=1)},
    }
    refused = await founder.act("POST", "/v1/unions", elsewhere)
    assert told(refused) == (400, "parameter-refused")
    assert "ETH_CHAIN_ID" in refused.text
    union = await founded(founder, "Open Holders", rule="open")
    etag = (await founder.ask("GET", path_of(union, "charter"))).headers["etag"]
    body = {"parameters": {"admission": f"open and {chain.way(1, chain_id=1)}"}}
    refused = await founder.act("PATCH", path_of(union, "charter"), body, **{"if-match": etag})
    assert told(refused) == (400, "parameter-refused")
    async with house_at_node(databases, tmp_path_factory, None, chain_id=1) as without:
        founder = await without.member()
        named = {"name": "No Node", "purpose": "Hold.", "parameters": {"admission": chain.way(1)}}
        refused = await founder.act("POST", "/v1/unions", named)
        assert told(refused) == (400, "parameter-refused")
        assert "ETH_RPC_URL" in refused.text


async def test_a_node_without_history_or_voice_lets_nobody_in(
    house: IdentityHouse, chain: TokenChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Holders Unasked", rule=chain.way(1))
    chain.give(worker.wallet.address, 1)
    chain.settle()
    ask = RpcNode.ask

    def refusing(error: RpcRefused, *, finalized: bool) -> None:
        async def refused(node: RpcNode, method: str, *parameters: Any) -> Any:
            if (parameters[1] == "finalized") is finalized:
                raise error
            return await ask(node, method, *parameters)

        monkeypatch.setattr(RpcNode, "ask", refused)

    missing, limited = (
        RpcRefused(-32000, "missing trie node 8b16 (path )"),
        RpcRefused(-32005, "rate limited"),
    )
    refusing(missing, finalized=False)
    refused = await looked(worker, union)
    assert told(refused) == (409, "history-missing")
    assert "IDENTITY_TOKEN_HELD_BLOCKS_COUNT" in refused.json()["detail"]
    for error, finalized in ((limited, False), (limited, True), (missing, True)):
        refusing(error, finalized=finalized)
        assert (await looked(worker, union)).status_code == 503
    for answer in ("0x", "0x00", "nothing", None, f"0x{'00' * 95}"):

        async def says(*_: object, answer: object = answer) -> object:
            return answer

        monkeypatch.setattr(RpcNode, "ask", says)
        assert (await looked(worker, union)).status_code == 503

    async def other_chain(*_: object) -> str:
        return f"0x{1:064x}{100:064x}{10**18:064x}"

    monkeypatch.setattr(RpcNode, "ask", other_chain)
    assert told(await looked(worker, union)) == (409, "chain-not-asked")
    assert told(await worker.join(union)) == (403, "admission-unmet")


async def test_a_node_that_has_begun_anew_says_that_it_knows_nothing_of_before(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with running_devnet(tmp_path_factory.mktemp("young-devnet")) as devnet:
        chain = TokenChain(devnet)
        changed = {"chain_id": 1, "token_held_blocks_count": HELD_BLOCKS}
        async with house_at_node(databases, tmp_path_factory, devnet.url, **changed) as house:
            founder, worker, other = await house.member(), await house.member(), await house.member()
            union = await founded(founder, "Holders of Old", rule=chain.way(1))
            chain.give(worker.wallet.address, 1)
            chain.settle()
            assert await ways(worker, union) == [chain.way(1)]
            devnet.stop()
            devnet.start()
            assert told(await looked(worker, union)) == (409, "history-missing")
            assert await ways(other, union) == []  # who holds nothing is not asked about before
            chain.settle()
            assert await ways(worker, union) == [chain.way(1)]


async def test_a_members_wallets_are_looked_at_together(
    house: IdentityHouse, chain: TokenChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each look waits until all of its round are asked: one after the other would never end."""
    holders = [f"0x{number:040x}" for number in (1, 2, 3)]
    for holder in holders[1:]:
        chain.give(holder, 5)
    chain.settle()
    way = parse_rule(chain.way(5))
    assert isinstance(way, Way)
    ask, rounds = RpcNode.ask, list[str]()
    together = {"finalized": asyncio.Barrier(3), "before": asyncio.Barrier(2)}

    async def waited(node: RpcNode, method: str, *parameters: Any) -> Any:
        named = "finalized" if parameters[1] == "finalized" else "before"
        rounds.append(named)
        await together[named].wait()
        return await ask(node, method, *parameters)

    monkeypatch.setattr(RpcNode, "ask", waited)
    [seen] = await TokenNode(house.settings).look([way], holders)
    assert seen.way == way
    assert rounds == ["finalized"] * 3 + ["before"] * 2


async def test_one_wallet_that_held_it_is_enough_whatever_is_said_of_the_others(
    house: IdentityHouse, chain: TokenChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    lately, long = f"0x{21:040x}", f"0x{22:040x}"
    for holder in (lately, long):
        chain.give(holder, 5)
    chain.settle()
    way = parse_rule(chain.way(5))
    assert isinstance(way, Way)
    ask = RpcNode.ask

    async def of_one(node: RpcNode, method: str, *parameters: Any) -> Any:
        if parameters[1] != "finalized" and lately[2:] in parameters[0]["data"]:
            raise RpcRefused(4444, "pruned history unavailable")
        return await ask(node, method, *parameters)

    monkeypatch.setattr(RpcNode, "ask", of_one)
    node = TokenNode(house.settings)
    for wallets in ([lately, long], [long, lately]):
        assert [one.way for one in await node.look([way], wallets)] == [way]
    with pytest.raises(HistoryMissing):
        await node.look([way], [lately])


async def test_no_connection_is_held_while_the_node_is_asked(
    house: IdentityHouse, chain: TokenChain, monkeypatch: pytest.MonkeyPatch
) -> None:
    founder, worker = await house.member(), await house.member()
    union = await founded(founder, "Holders in Peace", rule=chain.way(1))
    ask, open_ones = TokenNode.look, list[int]()

    async def watched(node: TokenNode, *asked: Any) -> Any:
        [row] = await house.rows(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND state LIKE 'idle in transaction%'"
        )
        open_ones.append(row["count"])
        return await ask(node, *asked)

    monkeypatch.setattr(TokenNode, "look", watched)
    assert await ways(worker, union) == []
    assert open_ones == [0]
