"""Who ended their account: their words are nowhere, whatever the lists say; their payments stay."""

from pathlib import Path

import orjson
from asyncpg import connect

from guildhall.verify.command import SOUND, verify
from tests.guildhall.audit.gone import SECRET
from tests.guildhall.audit.town import Town

IN_PASSING = {"idempotency_keys", "idempotency"}
"""Answers under their key, dropped after the days of a setting; their partitions are named alike."""


async def test_their_words_are_in_no_table_of_any_database(town: Town) -> None:
    gone = town.people["gone"]
    secrets = (SECRET.lower(), str(gone.wallet.address)[2:].lower())
    for service, url in town.urls.items():
        connection = await connect(url)
        try:
            tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for table in (row["tablename"] for row in tables):
                if table.startswith(tuple(IN_PASSING)):
                    continue
                for secret in secrets:
                    found = await connection.fetchval(
                        f"SELECT count(*) FROM {table} t WHERE position($1 in lower(t::text)) > 0 "
                        "OR position($2 in lower(t::text)) > 0",
                        secret,
                        secret.encode().hex(),
                    )
                    assert found == 0, (service, table, secret)
        finally:
            await connection.close()


async def test_what_the_books_need_stays_under_the_id(town: Town) -> None:
    gone = town.people["gone"].id
    connection = await connect(town.urls["ledger"])
    try:
        paid = await connection.fetchval(
            "SELECT count(*) FROM transfers t JOIN accounts a ON (a.union_id, a.number) = "
            "(t.union_id, t.debit_number) WHERE a.owner_id = $1",
            gone,
        )
        leaf = "SELECT count(*) FROM transfer_memos WHERE memo IS NULL AND commitment IS NOT NULL"
        assert paid >= 2, "what they paid, and its fee"
        assert await connection.fetchval(leaf) == 1
    finally:
        await connection.close()
    connection = await connect(town.urls["market"])
    try:
        bids = await connection.fetch("SELECT state, message FROM bids WHERE bidder_id = $1", gone)
        assert [tuple(row) for row in bids] == [("withdrawn", "")]
        offers = await connection.fetch("SELECT state, title FROM offers WHERE owner_id = $1", gone)
        assert [tuple(row) for row in offers] == [("withdrawn", "")]
    finally:
        await connection.close()


async def test_others_read_on_and_find_nobody(town: Town) -> None:
    gone, leader = town.people["gone"].id, town.people["leader"]
    await leader.sign_in()
    assert (await leader.get(f"/v1/members/{gone}")).status_code == 404
    assert (await leader.get(f"/v1/members?ids={gone}")).json()["items"] == []
    account = (await town.accounts("leader"))["member"]
    lines = await leader.get(f"{town.path}/accounts/{account}/statement")
    assert lines.status_code == 200, lines.text


async def test_an_export_has_what_every_service_keeps_and_its_seal_holds(town: Town, tmp_path: Path) -> None:
    """Of who did most in this town."""
    leader = town.people["leader"]
    await leader.sign_in()
    answer = await leader.act("POST", "/v1/me/exports")
    assert answer.status_code == 200, answer.text
    lines = [orjson.loads(line) for line in answer.content.splitlines()]
    given = {(line["service"], line["table"]) for line in lines if "service" in line and "table" in line}
    assert {
        ("graph", "backlinks"),
        ("graph", "voices"),
        ("ledger", "accounts"),
        ("ledger", "transfers"),
        ("ledger", "signed_acts"),
        ("funding", "projects"),
    } <= given
    moved = [line["row"] for line in lines if line.get("table") == "transfers"]
    assert all(isinstance(row["amount_minor"], str) for row in moved)
    file, keys = tmp_path / "export.jsonl", tmp_path / "keys.json"
    file.write_bytes(answer.content)
    keys.write_bytes((await leader.get("/v1/export-keys")).content)
    assert verify([file, keys], as_json=False) == SOUND
