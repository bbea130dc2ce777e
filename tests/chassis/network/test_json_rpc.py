"""A node's answer: a result, a refusal that may say what it has not kept, or nothing that can be used."""

from typing import Any

import orjson
import pytest

from chassis.network.json_rpc import RpcNode, RpcRefused, RpcUnavailable
from tests.support.receiver import receiving

KEY = "https://node.example/v3/secret"


def told(**answer: Any) -> bytes:
    body = orjson.dumps({"jsonrpc": "2.0", "id": 1} | answer)
    return b"HTTP/1.1 200 Told\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


async def asked(answer: bytes) -> Any:
    async with receiving(answer) as node:
        return await RpcNode(node.url, 2).ask("eth_call", {}, "latest")


async def test_a_result_is_told_as_json_has_it() -> None:
    assert await asked(told(result="0x01")) == "0x01"
    assert await asked(told(result=None, error=None)) is None


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (-32000, "missing trie node 8b1604e0d19d9be9a94cab027e74134e674bccdbf8d6a3f0 (path )"),
        (-32000, "missing trie node 8b16 (path ) state 0x8b16 is not available, not found"),
        (-32000, "required historical state unavailable (reexec=128)"),
        (-32000, "historical state 0x8b1604e0d19d9be9a94cab027e74134e674bccdb is not available"),
        (-32000, "header not found"),
        (4444, "pruned history unavailable"),
        (4444, "told otherwise"),
        (-32002, "No state available for block 0x1b4"),
        (-32000, "World state unavailable"),
        (-32000, "Block not found"),
        (-32000, "block not found 11185311"),
        (-32000, "history has been pruned for this block"),
        (-32603, "state at block #11185311 is pruned"),
        (-32603, "no state found for block number 11185311"),
        (-32602, "BlockOutOfRangeError: block height is 30 but requested was 1"),
        (-32002, "project ID does not have access to archive state"),
    ],
)
async def test_a_refusal_for_a_state_that_is_not_kept_is_known(code: int, said: str) -> None:
    with pytest.raises(RpcRefused) as caught:
        await asked(told(error={"code": code, "message": said}))
    assert caught.value.says_state_missing


@pytest.mark.parametrize(
    "error",
    [
        {"code": -32005, "message": "daily request count exceeded, request rate limited"},
        {"code": -32601, "message": "the method eth_call does not exist/is not available"},
        {"code": -32601, "message": "Method not found"},
        {"code": -32602, "message": "invalid argument 1: hex string without 0x prefix"},
        {"code": -32603, "message": "Internal error"},
        {"code": -32603, "message": "EVM error InvalidFEOpcode"},
        {"code": -32000, "message": "execution aborted (timeout = 5s)"},
        {"code": -32000, "message": "gas limit is too high"},
        {"code": 3, "message": "execution reverted"},
        {"code": 401, "message": "Unauthorized"},
        {"code": "4444", "message": 7},
        {"message": None},
        "missing trie node",
        True,
        {},
    ],
)
async def test_a_refusal_for_whatever_else_says_nothing_of_what_is_kept(error: Any) -> None:
    with pytest.raises(RpcRefused) as caught:
        await asked(told(error=error))
    assert not caught.value.says_state_missing


async def test_what_a_node_says_in_its_own_words_is_not_repeated() -> None:
    with pytest.raises(RpcRefused) as caught:
        await asked(told(error={"code": -32000, "message": f"no {KEY} today"}, result="0x01"))
    assert str(caught.value) == "an error in place of a result (-32000)"


@pytest.mark.parametrize("answer", [b"[]", b"7", b"null", b"", b"{", b"<html>"])
async def test_what_is_no_answer_is_none(answer: bytes) -> None:
    with pytest.raises(RpcUnavailable) as caught:
        await asked(b"HTTP/1.1 200 Told\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer))
    assert not isinstance(caught.value, RpcRefused)


async def test_neither_result_nor_error_is_a_refusal() -> None:
    with pytest.raises(RpcRefused, match="in place of a result"):
        await asked(told())
