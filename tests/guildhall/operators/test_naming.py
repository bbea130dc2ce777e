"""Operators are named on the machine, beside what runs: once, with a reason, and never through the API."""

import asyncpg
import pytest

from guildhall.events.operated import Operated
from guildhall.operators.naming import listed, name, remove
from guildhall.refusals import StartRefused
from tests.support.deployment import WholeDeployment


async def test_a_member_is_named_told_and_removed_beside_what_runs(
    deployment: WholeDeployment, house: Operated
) -> None:
    warden = await deployment.persona("warden")
    handle = (await warden.get("/v1/me")).json()["handle"]
    assert "operator" in await name(house, handle, "elected  by the\nassociation")
    shown = (await deployment.http.get("/v1/operators")).json()["items"]
    assert [one["handle"] for one in shown] == [handle]
    assert f"@{handle}\t" in await listed(house)
    assert (await listed(house)).endswith("\telected by the association")
    notices = (await warden.get("/v1/me/notices")).json()["items"]
    assert notices[0]["kind"] == "operator.named"
    with pytest.raises(StartRefused, match="is an operator already"):
        await name(house, handle, "again")
    assert "no operator any more" in await remove(house, str(warden.id), "their term is over")
    with pytest.raises(StartRefused, match="is no operator"):
        await remove(house, handle, "again")
    assert (await deployment.http.get("/v1/operators")).json()["items"] == []
    assert "Nobody is an operator" in await listed(house)
    connection = await asyncpg.connect(deployment.databases["identity"].url)
    try:
        logged = await connection.fetch(
            "SELECT actor, act_right, changed FROM act_log WHERE subject = $1", f"operators/{warden.id}"
        )
        kept = await connection.fetch(
            "SELECT number, is_operator, because FROM operator_changes WHERE member_id = $1", warden.id
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE operator_changes SET is_operator = true")
    finally:
        await connection.close()
    assert [(row["actor"], row["act_right"]) for row in logged] == [("machine", "machine")] * 2
    assert sorted(tuple(row) for row in kept) == [
        (1, True, "elected by the association"),
        (2, False, "their term is over"),
    ]


@pytest.mark.parametrize(
    ("member", "because", "line"),
    [
        ("nobody-at-all", "so", "nobody is called nobody-at-all here"),
        ("nobody-at-all", "  ", "--because says why"),
        ("nobody-at-all", "x" * 1_001, "--because says why"),
    ],
)
async def test_what_is_refused_says_why(house: Operated, member: str, because: str, line: str) -> None:
    with pytest.raises(StartRefused, match=line):
        await name(house, member, because)


async def test_not_more_than_the_setting_says(
    deployment: WholeDeployment, house: Operated, monkeypatch: pytest.MonkeyPatch
) -> None:
    identity = house.chassis["identity"]
    monkeypatch.setattr(identity, "settings", identity.settings.model_copy(update={"operators_max": 1}))
    first, second = await deployment.persona("first"), await deployment.persona("second")
    await name(house, str(first.id), "so")
    with pytest.raises(StartRefused, match="there are 1 operators, as many as may be"):
        await name(house, str(second.id), "so")
    await remove(house, str(first.id), "over")
