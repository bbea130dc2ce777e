"""The ledger's benchmark: what it sends, and how it counts."""

import asyncio
from collections import Counter

import orjson
import pytest

from bench.ledger.load import Measured, sent_of
from bench.ledger.sending import Payer, Plan, Spread, Where, streams_of
from guildhall.client.device_key import DeviceKey

WHERE = Where("localhost:1", "http://localhost:1", "/v1/unions/u", "GLD")
PAYERS = [Payer(f"member {number}", "token", DeviceKey.create()) for number in range(4)]


def bodies(plan: Plan) -> list[list[dict[str, str]]]:
    return [
        orjson.loads(request.partition(b"\r\n\r\n")[2])["transfers"]
        for stream in streams_of(plan, WHERE, PAYERS)
        for request in stream
    ]


def test_every_id_is_new_and_every_payer_pays_the_others_alike() -> None:
    sent = bodies(Plan("uniform", 8, 6, 2))
    assert [len(batch) for batch in sent] == [6] * 16
    transfers = [transfer for batch in sent for transfer in batch]
    assert len({transfer["id"] for transfer in transfers}) == 96
    pairs = Counter((one["debit_account"], one["credit_account"]) for one in transfers)
    assert len(pairs) == 12 and set(pairs.values()) == {8}


def test_all_to_one_account_is_one_account_that_pays_nobody() -> None:
    transfers = [one for batch in bodies(Plan("to one", 6, 3, 1, Spread.TO_ONE)) for one in batch]
    assert {one["credit_account"] for one in transfers} == {"members/member 3"}
    assert {one["debit_account"] for one in transfers} == {f"members/member {number}" for number in range(3)}


def test_by_zipf_the_first_is_paid_more_often_than_the_next() -> None:
    transfers = [one for batch in bodies(Plan("zipf", 4, 600, 1, Spread.ZIPF)) for one in batch]
    of_first = [one for one in transfers if one["debit_account"] == "members/member 0"]
    paid = Counter(one["credit_account"] for one in of_first)
    ranked = [paid[f"members/member {number}"] for number in (1, 2, 3)]
    assert ranked == sorted(ranked, reverse=True) and ranked[0] > 1.5 * ranked[1]


def test_what_is_held_is_taken_by_its_payee() -> None:
    sent = [one for batch in bodies(Plan("held", 2, 1, 4, is_held=True)) for one in batch]
    assert [one["code"] for one in sent] == ["hold", "hold_post"] * 4
    for hold, taking in zip(sent[::2], sent[1::2], strict=True):
        assert taking["pending_id"] == hold["id"] != taking["id"]
        assert taking["credit_account"] == hold["credit_account"]


def test_a_rate_is_of_what_was_answered_behind_the_first_answer() -> None:
    measured = Measured()
    for ended in (1.0, 2.0, 3.0):
        measured.note(ended - 0.5, ended, b"200", b'{"result":"posted"},{"result":"posted"}')
    measured.note(0, 9.0, b"503", b"")
    result = measured.result()
    assert (result.transfers_per_second, result.requests_per_second, result.seconds) == (2, 1, 2)
    assert (result.posted_count, result.refused_count, result.p50_ms) == (6, 1, 500)


def test_too_little_to_measure_is_said() -> None:
    measured = Measured()
    measured.note(0, 1, b"200", b"")
    with pytest.raises(ValueError, match="too few"):
        measured.result()


async def test_what_was_prepared_is_sent_in_order_and_counted() -> None:
    got: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                got.append(head + await reader.readexactly(length))
                told = b'{"results":[{"result":"posted"}]}'
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(told), told))
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    streams = streams_of(Plan("few", 2, 1, 3), WHERE, PAYERS)
    sent = await asyncio.to_thread(sent_of, server.sockets[0].getsockname()[1], streams)
    server.close()
    assert (sent.posted_count, sent.refused_count) == (6, 0)
    assert sorted(got) == sorted(request for stream in streams for request in stream)
