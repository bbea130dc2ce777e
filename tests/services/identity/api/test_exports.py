"""Exports: everything that identity keeps of a member, for them alone, sealed so that others can check it."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from guildhall.verify.command import ALTERED, SOUND, UNREADABLE, verify
from services.identity.store.export import LEFT_OUT, PARTS
from services.identity.store.tables import identity_metadata
from tests.services.identity.house import IdentityHouse, Member

PATH = "/v1/me/exports"


async def exported(member: Member) -> bytes:
    answer = await member.act("POST", PATH)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("application/jsonl")
    return answer.content


def rows(content: bytes, table: str) -> list[dict[str, Any]]:
    lines = [orjson.loads(line) for line in content.splitlines()]
    return [line["row"] for line in lines if line.get("table") == table]


async def kept(house: IdentityHouse, folder: Path, content: bytes) -> list[Path]:
    file, keys = folder / "export.jsonl", folder / "keys.json"
    file.write_bytes(content)
    keys.write_bytes((await house.get("/v1/export-keys")).content)
    return [file, keys]


def test_every_table_is_exported_or_says_why_not() -> None:
    assert PARTS.keys() & LEFT_OUT.keys() == set()
    assert PARTS.keys() | LEFT_OUT.keys() == identity_metadata.tables.keys() | {"signed_acts"}


async def test_an_export_has_what_its_member_did_and_nobody_elses(house: IdentityHouse) -> None:
    member, other = await house.member(), await house.member()
    edited = {"name": "Ada Lima", "bio": "Draws.", "skills": ["law"], "links": ["https://ada.example/"]}
    await member.ask("PATCH", "/v1/me", edited, **{"if-match": "*"})
    union = await member.found("Exported")
    await other.found("Not mine")
    await other.act("PUT", "/v1/me/encryption-key", {"public_key": "A" * 42 + "E"})
    content = await exported(member)
    [profile] = rows(content, "members")
    assert (profile["id"], profile["name"], profile["links"]) == (str(member.id), "Ada Lima", edited["links"])
    assert [row["skill"] for row in rows(content, "member_skills")] == ["law"]
    assert [row["union_id"] for row in rows(content, "memberships")] == [union["id"]]
    assert [row["identifier"] for row in rows(content, "member_keys")] == [member.wallet.address.lower()]
    [certificate] = rows(content, "device_certificates")
    assert certificate["issuer"] == member.wallet.address
    acts = [row["target_uri"] for row in rows(content, "signed_acts")]
    assert any(target.endswith("/v1/unions") for target in acts)
    assert all(secret not in content.decode() for secret in (str(other.id), other.wallet.address, "refresh"))
    logged = await house.rows("SELECT changed FROM act_log WHERE actor = $1", f"member:{member.id}")
    assert any("exported_rows" in str(row["changed"]) for row in logged)


async def test_the_seal_is_checked_without_the_deployment(
    house: IdentityHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    member = await house.member()
    files = await kept(house, tmp_path, await exported(member))
    assert verify(files, as_json=False) == SOUND
    assert f"Sound: export of member {member.id}" in capsys.readouterr().out
    assert verify(files, as_json=True) == SOUND
    assert json.loads(capsys.readouterr().out)["exports"][0]["member_id"] == str(member.id)
    assert verify(files[:1], as_json=False) == UNREADABLE, "without keys there is nothing to check it by"


@pytest.mark.parametrize(
    "change", ["a line altered", "a line removed", "no seal", "another's seal", "a token"]
)
async def test_an_altered_export_is_named(house: IdentityHouse, tmp_path: Path, change: str) -> None:
    member = await house.member()
    content = await exported(member)
    lines = content.splitlines(keepends=True)
    if change == "a line altered":
        lines[1] = lines[1].replace(b'"name":""', b'"name":"Eve"')
    elif change == "a line removed":
        del lines[1]
    elif change == "no seal":
        lines.pop()
    elif change == "another's seal":
        lines[-1] = (await exported(await house.member())).splitlines(keepends=True)[-1]
    else:
        lines[-1] = orjson.dumps({"kind": "export-seal", "signature": member.session["access_token"]}) + b"\n"
    assert lines != content.splitlines(keepends=True)
    assert verify(await kept(house, tmp_path, b"".join(lines)), as_json=False) == ALTERED


@pytest.mark.parametrize("as_json", [False, True])
async def test_by_other_keys_a_seal_is_not_read_and_not_called_altered(
    house: IdentityHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    file, keys = await kept(house, tmp_path, await exported(await house.member()))
    keys.write_bytes((await house.get("/.well-known/jwks.json")).content)
    assert verify([file, keys], as_json=as_json) == UNREADABLE
    assert "cannot be checked: it is by the key" in capsys.readouterr().out


async def test_a_part_that_is_cut_says_so(
    house: IdentityHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    member = await house.member()
    with house.limited(export_part_rows_max=1):
        await exported(member)
        content = await exported(member)
    assert len(rows(content, "signed_acts")) == 1
    assert verify(await kept(house, tmp_path, content), as_json=False) == SOUND
    assert "Of signed_acts there is more" in capsys.readouterr().out


async def test_the_others_parts_are_under_the_same_seal(
    house: IdentityHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows of the market; the ledger has more than it gives; funding does not answer, and that is said."""
    member = await house.member()
    offer = {"offer_id": "0193", "title": "A bench"}
    house.others |= {
        "market": httpx.Response(
            200, json={"parts": [{"table": "offers", "rows": [offer], "is_cut": False}]}
        ),
        "ledger": httpx.Response(200, json={"parts": [{"table": "transfers", "rows": [], "is_cut": True}]}),
        "funding": httpx.Response(503),
    }
    try:
        content = await exported(member)
    finally:
        house.others.clear()
    [line] = [one for one in map(orjson.loads, content.splitlines()) if one.get("table") == "offers"]
    assert line == {"kind": "export-row", "service": "market", "table": "offers", "row": offer}
    files = await kept(house, tmp_path, content)
    assert verify(files, as_json=False) == SOUND
    said = capsys.readouterr().out
    assert "Of ledger.transfers there is more" in said
    assert "Of funding there is more" in said
    assert (
        verify(await kept(house, tmp_path, content.replace(b"A bench", b"A table")), as_json=False) == ALTERED
    )


async def test_under_a_key_nothing_is_exported(house: IdentityHouse) -> None:
    """Its answer would be kept."""
    member = await house.member()
    refused = await member.act("POST", PATH, key="once-and-again-0001")
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/export-under-key")
    kept_rows = await house.rows("SELECT 1 FROM idempotency_keys WHERE position('export' in body::text) > 0")
    assert kept_rows == []


async def test_a_large_export_ends_at_its_bytes_and_says_what_it_leaves_out(
    house: IdentityHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    member = await house.member()
    for _ in range(4):
        assert (await member.act("PUT", "/v1/me/encryption-key", {"public_key": "A" * 42 + "E"})).is_success
    whole = await exported(member)
    limit_bytes = len(whole) - 1_000
    with house.limited(export_max_bytes=limit_bytes):
        content = await exported(member)
    sealed = content[: content.rindex(b'{"kind":"export-seal"')]
    assert len(sealed) <= limit_bytes
    assert 0 < len(rows(content, "signed_acts")) < len(rows(whole, "signed_acts"))
    assert rows(content, "members") == rows(whole, "members")
    assert verify(await kept(house, tmp_path, content), as_json=False) == SOUND
    assert "Of signed_acts there is more" in capsys.readouterr().out


async def test_so_many_exports_a_day_and_no_more(house: IdentityHouse) -> None:
    member, other = await house.member(), await house.member()
    with house.limited(exports_max=2):
        await exported(member)
        await exported(member)
        refused = await member.act("POST", PATH)
        assert (refused.status_code, refused.json()["type"]) == (429, "/problems/attempt-limit-reached")
        assert refused.json()["kind"] == "export_of_member"
        await exported(other)


async def test_a_stolen_token_exports_nothing(house: IdentityHouse) -> None:
    member, thief = await house.member(), await house.member()
    unsigned = await member.ask("POST", PATH)
    assert (unsigned.status_code, unsigned.json()["type"]) == (401, "/problems/act-unsigned")
    token, thief.token = thief.token, member.token
    signed_by_another = await thief.act("POST", PATH)
    assert (signed_by_another.status_code, signed_by_another.json()["type"]) == (
        401,
        "/problems/act-key-unknown",
    )
    thief.token = token
    await exported(thief)


async def test_an_old_proof_exports_nothing(house: IdentityHouse) -> None:
    member = await house.member()
    house.clock.advance(timedelta(seconds=house.settings.fresh_proof_max_seconds + 1))
    await member.renew_internal_token()
    assert (await member.ask("GET", "/v1/me")).status_code == 200, "the token is good"
    refused = await member.act("POST", PATH)
    assert (refused.status_code, refused.json()["type"]) == (
        401,
        "/problems/insufficient-user-authentication",
    )


async def test_a_seal_is_no_token(house: IdentityHouse) -> None:
    content = await exported(await house.member())
    seal = orjson.loads(content.splitlines()[-1])["signature"]
    async with house.http() as http:
        refused = await http.get("/v1/me", headers={"authorization": f"Bearer {seal}"})
    assert refused.status_code == 401
    assert (await house.exchange(seal)).status_code >= 400
