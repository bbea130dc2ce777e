"""Presets, versions and what differs between them, over HTTP."""

from typing import Any

import pytest

from services.identity.domain.parameters import PARAMETERS, PresetName
from tests.services.identity.house import IdentityHouse
from tests.services.identity.ruled import ruled_union, told


async def test_the_presets_are_listed_with_every_parameter_and_its_limits(house: IdentityHouse) -> None:
    shown = (await house.get("/v1/charter-presets")).json()
    assert [preset["name"] for preset in shown["presets"]] == list(PresetName)
    limits = {one["name"]: one for one in shown["parameters"]}
    assert list(limits) == list(PARAMETERS)
    assert (limits["supply_minor"]["least"], limits["supply_minor"]["most"]) == ("1", str(2**62))
    assert (limits["admission"]["kind"], limits["admission"]["choices"]) == ("rule", [])
    assert (limits["admission"]["material"], limits["review_seconds"]["material"]) == (False, True)
    assert (limits["token_scale"]["fixed_at_founding"], limits["fee_max_minor"]["default"]) == (
        True,
        str(2**62),
    )


@pytest.mark.parametrize("preset", PresetName)
async def test_a_union_is_founded_by_each_preset(house: IdentityHouse, preset: PresetName) -> None:
    union = await (await house.member()).found(f"By {preset.value}", preset=preset.value)
    document = (await house.get(f"/v1/unions/{union['id']}/charter")).json()["document"]
    shown = (await house.get("/v1/charter-presets")).json()["presets"]
    [text] = [one for one in shown if one["name"] == preset.value]
    assert (document["bylaws"], document["values"]) == (text["bylaws"], text["values"])
    told_parameters: dict[str, Any] = document["parameters"]
    assert told_parameters.items() >= {"preset": preset.value}.items()
    assert {name: text["parameters"][name] for name in told_parameters if name != "token_symbol"} == {
        name: value for name, value in told_parameters.items() if name != "token_symbol"
    }


async def test_a_preset_that_is_none_is_refused(house: IdentityHouse) -> None:
    founder = await house.member()
    body = {"name": "Odd", "purpose": "P", "preset": "anarchy"}
    assert told(await founder.act("POST", "/v1/unions", body)) == (422, "malformed-body")


async def test_a_founder_differs_from_the_preset_within_the_limits(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Differing", preset="open_source_project", parameters={"review_seconds": 60})
    document = (await house.get(f"/v1/unions/{union['id']}/charter")).json()["document"]
    assert document["parameters"]["review_seconds"] == 60
    assert document["parameters"]["work_fee_basis_points"] == 200
    body = {
        "name": "Odd",
        "purpose": "P",
        "preset": "consumers_and_tenants",
        "parameters": {"founder_share_basis_points": 1},
    }
    assert told(await founder.act("POST", "/v1/unions", body)) == (400, "parameter-refused")


async def test_the_versions_are_listed_by_pages_the_newest_first(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Versioned", "suspends", members=0)
    for number in range(4):
        await ruled.amend({"purpose": f"Purpose {number}"})
    await ruled.amend({"parameters": {"admission": "invitation"}})
    path = f"{ruled.path}/charter/versions"
    first = (await house.get(path, limit=4)).json()
    second = (await house.get(path, limit=4, cursor=first["next_cursor"])).json()
    listed = first["items"] + second["items"]
    assert [one["version"] for one in listed] == [6, 5, 4, 3, 2, 1]
    assert second["next_cursor"] is None
    assert [one["in_force"] for one in listed] == [True, *[False] * 5]
    assert [one["asking"] is not None for one in listed] == [False, True, True, True, True, False]
    assert {one["allowed_by"] for one in listed[:5]} == {"founders_free_time"}
    assert (listed[5]["allowed_by"], listed[5]["author_id"]) == ("founding", str(ruled.founder.id))
    for one in listed:
        charter = (await house.get(f"{ruled.path}/charter", version=one["version"])).json()
        assert (charter["hash"], charter["adopted_at"]) == (one["hash"], one["adopted_at"])


@pytest.mark.parametrize("cursor", ["!", "W10", "WyJhIl0", "Wy0xXQ"])
async def test_a_cursor_of_another_list_is_refused(house: IdentityHouse, cursor: str) -> None:
    union = await (await house.member()).found("Cursors")
    refused = await house.get(f"/v1/unions/{union['id']}/charter/versions", cursor=cursor)
    assert told(refused) == (400, "cursor-invalid")


async def test_the_diff_says_what_differs_in_either_direction(house: IdentityHouse) -> None:
    ruled = await ruled_union(house, "Differences", "suspends", members=0)
    old = (await house.get(f"{ruled.path}/charter")).json()["document"]
    new = await ruled.amend(
        {
            "purpose": "Rest.",
            "values": [*old["values"][1:], "Rest is work."],
            "bylaws": old["bylaws"].replace("These rules", "Our rules"),
            "parameters": {"review_seconds": 60, "fee_max_minor": "7", "admission": "invitation"},
        }
    )
    there = (await house.get(f"{ruled.path}/charter/diff", **{"from": 1, "to": 2})).json()
    assert there["purpose"] == {"old": "Work together.", "new": "Rest."}
    assert (there["values_added"], there["values_removed"]) == (["Rest is work."], old["values"][:1])
    assert there["parameters"] == [
        {"name": "admission", "old": "open", "new": "invitation"},
        {"name": "review_seconds", "old": 604_800, "new": 60},
        {"name": "fee_max_minor", "old": str(2**62), "new": "7"},
    ]
    assert "-5. **These rules.**" in there["bylaws"] and "+5. **Our rules.**" in there["bylaws"]
    back = (await house.get(f"{ruled.path}/charter/diff", **{"from": 2, "to": 1})).json()
    assert back["purpose"] == {"old": "Rest.", "new": "Work together."}
    assert back["values_added"] == there["values_removed"]
    none = (await house.get(f"{ruled.path}/charter/diff", **{"from": 2, "to": 2})).json()
    assert (none["purpose"], none["parameters"], none["bylaws"]) == (None, [], "")
    assert new["version"] == 2


@pytest.mark.parametrize(
    ("asked", "status", "problem"),
    [
        ({"from": 1, "to": 9}, 404, "charter-version-not-found"),
        ({"from": 9, "to": 1}, 404, "charter-version-not-found"),
        ({"from": 0, "to": 1}, 422, "malformed-body"),
        ({"to": 1}, 422, "malformed-body"),
    ],
)
async def test_a_diff_of_versions_that_are_not_there_is_refused(
    house: IdentityHouse, asked: dict[str, int], status: int, problem: str
) -> None:
    union = await (await house.member()).found("No Versions")
    refused = await house.get(f"/v1/unions/{union['id']}/charter/diff", **asked)
    assert told(refused)[0] == status
    if status == 404:
        assert told(refused)[1] == problem


@pytest.mark.parametrize(
    ("path", "asked"), [("versions", {}), ("diff", {"from": 1, "to": 1}), ("acceptances", {})]
)
async def test_an_unknown_union_is_not_found(house: IdentityHouse, path: str, asked: dict[str, int]) -> None:
    refused = await house.get(f"/v1/unions/nowhere/charter/{path}", **asked)
    assert told(refused) == (404, "union-not-found")
