"""No node, a dead, a slow or a babbling one: a key signs in all the same, a contract is told why not."""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from eth_account import Account

from tests.services.identity.contract_house import house_at_node, message_of, present, problem
from tests.services.identity.house import IdentityHouse, Member
from tests.support.contract_wallets import ContractWallet
from tests.support.postgres import Databases
from tests.support.receiver import receiving

OWNER = Account.from_key("0x" + "4c" * 32)
WALLET = ContractWallet("0x71C7656EC7ab88b098defB751B7401B5f6d8976F", OWNER, OWNER.address, "0x00")
UNAVAILABLE = (503, "unavailable")
Opening = Callable[..., Any]


def answered(body: bytes, status: int = 200) -> bytes:
    return b"HTTP/1.1 %d Told\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


def result(*words: int, code_bytes: int = 40) -> bytes:
    data = "0x" + "00" * code_bytes + b"".join(word.to_bytes(32) for word in words).hex()
    return answered(orjson.dumps({"jsonrpc": "2.0", "id": 1, "result": data}))


class Silent:
    """A node that takes a question and does not answer it while the test lasts."""

    def __init__(self) -> None:
        self.asked, self.released = asyncio.Event(), asyncio.Event()

    async def __call__(self, _: asyncio.StreamWriter) -> None:
        self.asked.set()
        await self.released.wait()


@pytest.fixture
def at_node(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Opening:
    def opening(url: str | None, **changed: Any) -> Any:
        return house_at_node(databases, tmp_path_factory, url, **({"contract_wallet_seconds": 1} | changed))

    return opening


async def key_signs_in(house: IdentityHouse) -> bool:
    member = Member(house)
    nonce = await member.nonce()
    message = member.message(nonce.nonce, chain_id=house.settings.chain_id)
    return (await member.present(message, nonce.cookie)).status_code == 201


async def test_without_a_node_a_contract_is_told_the_setting_and_its_nonce_is_used_up(
    at_node: Opening,
) -> None:
    async with at_node(None) as house:
        member = Member(house)
        nonce = await member.nonce()
        message = message_of(house, WALLET, member, nonce.nonce)
        signature = WALLET.wrapped_signature(message)
        refused = await member.present(message, nonce.cookie, signature)
        assert problem(refused) == (409, "contract-wallets-unavailable")
        assert "ETH_RPC_URL" in refused.json()["detail"]
        late = await member.present(message, nonce.cookie, signature)
        assert problem(late) == (401, "nonce-not-usable")
        assert problem(await present(house, WALLET, signature="0x1234")) == (
            409,
            "contract-wallets-unavailable",
        )
        wrong = await present(house, WALLET)
        assert problem(wrong) == (401, "wallet-signature-wrong")
        assert "ETH_RPC_URL" in wrong.json()["detail"]
        assert await key_signs_in(house)


async def test_a_node_of_another_chain_than_messages_name_is_not_asked(at_node: Opening) -> None:
    async with receiving(result(1, 2)) as node, at_node(node.url, chain_id=1, eth_chain_id=5) as house:
        refused = await present(house, WALLET, signature="0x1234")
        assert problem(refused) == (409, "contract-wallets-unavailable")
        assert "CHAIN_ID" in refused.json()["reason"]
        assert node.got == []


async def test_a_node_that_says_another_chain_is_refused(at_node: Opening) -> None:
    async with receiving(result(5, 2)) as node, at_node(node.url, chain_id=1, eth_chain_id=1) as house:
        refused = await present(house, WALLET)
        assert problem(refused) == (409, "contract-wallets-unavailable")
        assert "chain 5" in refused.json()["reason"]


async def test_a_keys_signature_needs_no_node(at_node: Opening) -> None:
    async with receiving(Silent()) as node, at_node(node.url) as house:
        assert await key_signs_in(house)
        assert node.got == []


async def test_a_node_that_is_down_is_an_outage_and_the_nonce_is_used_up(at_node: Opening) -> None:
    async with at_node("http://127.0.0.1:1/") as house:
        member = Member(house)
        nonce = await member.nonce()
        message = message_of(house, WALLET, member, nonce.nonce)
        down = await member.present(message, nonce.cookie, WALLET.signature(message))
        assert problem(down) == UNAVAILABLE
        assert "retry-after" in down.headers
        late = await member.present(message, nonce.cookie, WALLET.signature(message))
        assert problem(late) == (401, "nonce-not-usable")
        assert await house.rows("SELECT 1 FROM member_keys") == []
        assert await key_signs_in(house)


@pytest.mark.parametrize(
    "told",
    [
        answered(b"<html>"),
        answered(b"[]"),
        answered(b'{"jsonrpc":"2.0","id":1,"error":{"code":-32000,"message":"out of gas"}}'),
        answered(b'{"jsonrpc":"2.0","id":1,"result":"0x"}'),
        answered(b'{"jsonrpc":"2.0","id":1,"result":"0x02"}'),
        answered(b'{"jsonrpc":"2.0","id":1,"result":7}'),
        result(31_337, 2, code_bytes=40_000),
        answered(b"", 500),
        b"HTTP/1.1 307 Told\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        result(31_337, 3),
        result(31_337, 2**256 - 1),
    ],
)
async def test_an_answer_that_says_nothing_is_an_outage(at_node: Opening, told: bytes) -> None:
    async with receiving(told) as node, at_node(node.url) as house:
        assert problem(await present(house, WALLET)) == UNAVAILABLE
        assert len(node.got) == 1, "asked once"


async def test_the_two_words_at_the_end_are_what_counts(at_node: Opening) -> None:
    async with receiving(result(31_337, 1), result(31_337, 0), result(31_337, 2)) as node:
        async with at_node(node.url) as house:
            assert problem(await present(house, WALLET)) == (401, "contract-wallet-signature-wrong")
            assert problem(await present(house, WALLET)) == (401, "wallet-signature-wrong")
            assert (await present(house, WALLET)).status_code == 201
        asked = orjson.loads(node.got[0].body)
        assert asked["method"] == "eth_call"
        call, block = asked["params"]
        assert set(call) == {"from", "data", "gas"} and block == "latest"
        assert int(call["gas"], 16) == 10_000_000


async def test_while_a_slow_node_is_asked_no_transaction_is_open(at_node: Opening) -> None:
    silent = Silent()
    async with receiving(silent) as node, at_node(node.url, contract_wallets_at_once_max=1) as house:
        asking = asyncio.create_task(present(house, WALLET))
        await silent.asked.wait()
        [row] = await house.rows(
            "SELECT count(*) AS open FROM pg_stat_activity "
            "WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
        )
        assert row["open"] == 0
        waiting = asyncio.create_task(present(house, WALLET))
        assert await key_signs_in(house), "others go on"
        assert len(node.got) == 1, "one at once"
        assert problem(await asking) == problem(await waiting) == UNAVAILABLE
        assert await house.rows("SELECT 1 FROM nonces") == [], "used up all the same"
        silent.released.set()
