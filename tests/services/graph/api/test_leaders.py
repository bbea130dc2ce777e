"""Leaders, one leader, tree and explanation: figures with their version, names for members alone."""

import base64
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import orjson
import pytest

from services.graph.domain.tree_picture import SVG
from tests.services.graph.house import UNION, GraphHouse, member_id


@pytest.fixture
async def small_union(house: GraphHouse) -> GraphHouse:
    """0 backs 1; 2, 3 and 4 back 1; 1 backs 2; 3 speaks through 1, 1 through 2."""
    await house.engine.view(UNION)
    await house.back(0, 1)
    for supporter in (2, 3, 4):
        await house.back(supporter, 1)
    await house.back(1, 2)
    await house.act("PUT", "/voice", {"leader": str(member_id(1))}, number=3)
    await house.act("PUT", "/voice", {"leader": str(member_id(2))}, number=1)
    await fresh(house)
    return house


async def fresh(house: GraphHouse) -> None:
    """Two seconds on, the engine has everything and the next epoch is out."""
    house.clock.advance(timedelta(seconds=2))
    await house.engine.round()


async def leaders(house: GraphHouse, query: str = "", number: int | None = 1) -> dict[str, Any]:
    answer = await house.get(f"/leaders{query}", number)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_leaders_have_four_figures(small_union: GraphHouse) -> None:
    page = await leaders(small_union, "?sort=supporters")
    assert [
        (row["rank"], row["member_id"], row["supporters_count"], row["speaks_for_count"], row["reach_count"])
        for row in page["items"]
    ] == [(1, str(member_id(1)), 4, 1, 4), (2, str(member_id(2)), 1, 2, 4)]
    assert (page["members_count"], page["leaders_count"]) == (5, 2)
    assert (page["backlinks_count"], page["voices_count"], page["sorted_by"]) == (5, 2, "supporters")


async def test_every_answer_names_its_version_and_its_epoch(small_union: GraphHouse) -> None:
    page = await leaders(small_union)
    assert page["version"] == 5 + 5 + 2
    assert page["standing"]["version"] == page["version"]
    assert page["standing"]["age_seconds"] == 0
    small_union.clock.advance(timedelta(seconds=7))
    assert (await leaders(small_union))["standing"]["age_seconds"] == 7


async def test_standing_sums_to_one_and_sorts_by_default(small_union: GraphHouse) -> None:
    standings = await small_union.rows(
        "SELECT unnest(standings) AS standing FROM standing_chunks WHERE epoch = 2"
    )
    assert sum(row["standing"] for row in standings) == pytest.approx(1.0)
    items = (await leaders(small_union))["items"]
    assert [row["standing"] for row in items] == sorted((row["standing"] for row in items), reverse=True)


@pytest.mark.parametrize("sort", ["supporters", "speaks_for", "reach", "standing"])
async def test_pages_of_any_order_are_the_whole_list(small_union: GraphHouse, sort: str) -> None:
    whole = (await leaders(small_union, f"?sort={sort}"))["items"]
    first = await leaders(small_union, f"?sort={sort}&limit=1")
    second = await leaders(small_union, f"?sort={sort}&limit=1&cursor={first['next_cursor']}")
    assert first["items"] + second["items"] == whole
    assert second["next_cursor"] is None


async def test_a_cursor_of_another_order_is_refused(small_union: GraphHouse) -> None:
    first = await leaders(small_union, "?sort=reach&limit=1")
    answer = await small_union.get(f"/leaders?sort=standing&cursor={first['next_cursor']}")
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/cursor-invalid")
    assert (await small_union.get("/leaders?sort=beauty")).status_code == 422


@pytest.mark.parametrize("outsider", [None, 77])
async def test_outsiders_see_counts_and_no_ids(small_union: GraphHouse, outsider: int | None) -> None:
    page = await leaders(small_union, number=outsider)
    assert {row["member_id"] for row in page["items"]} == {None}
    assert {row["supporters_count"] for row in page["items"]} == {4, 1}
    for member in range(5):
        assert str(member_id(member)) not in {str(value) for row in page["items"] for value in row.values()}
    for path in ("", "/tree", "/tree.svg", "/explanation"):
        answer = await small_union.get(f"/leaders/{member_id(1)}{path}", outsider)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/names-for-members-only")


async def test_a_client_reads_its_own_backlink(house: GraphHouse) -> None:
    await leaders(house)
    answer = await house.act("PUT", f"/backlinks/{member_id(2)}")
    page = (await house.get("/leaders", after=answer)).json()
    assert [row["supporters_count"] for row in page["items"]] == [1]


async def test_one_member_is_shown_with_their_rank(small_union: GraphHouse) -> None:
    answer = (await small_union.get(f"/leaders/{member_id(2)}")).json()
    page = (await leaders(small_union))["items"]
    row = next(row for row in page if row["member_id"] == str(member_id(2)))
    assert {name: answer[name] for name in row} == row
    assert (answer["version"], answer["standing_epoch"]["epoch"]) == (12, 2)


@pytest.mark.parametrize("path", ["", "/tree", "/tree.svg", "/explanation"])
async def test_a_stranger_has_no_figures(house: GraphHouse, path: str) -> None:
    answer = await house.get(f"/leaders/{member_id(99)}{path}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/leader-not-found")


async def test_the_tree_is_the_branch(small_union: GraphHouse) -> None:
    answer = (await small_union.get(f"/leaders/{member_id(2)}/tree")).json()
    tree = answer["tree"]
    assert (tree["member_id"], tree["speaks_for_count"]) == (str(member_id(2)), 2)
    assert [child["member_id"] for child in tree["children"]] == [str(member_id(1))]
    folded = (await small_union.get(f"/leaders/{member_id(2)}/tree?members=1")).json()["tree"]
    assert (folded["children"], folded["folded_members_count"], folded["folded_branches_count"]) == ([], 2, 1)
    assert (await small_union.get(f"/leaders/{member_id(2)}/tree?members=0")).status_code == 422


async def test_the_explanation_sums_to_the_standing(small_union: GraphHouse) -> None:
    for number in range(5):
        answer = (await small_union.get(f"/leaders/{member_id(number)}/explanation")).json()
        shares = sum(row["share"] for row in answer["backlinks"]) + answer["other_backlinks_share"]
        assert answer["from_roots"] + shares == pytest.approx(answer["standing"], abs=1e-9)


async def test_the_explanation_is_of_the_published_epoch_not_of_later_changes(
    small_union: GraphHouse,
) -> None:
    before = (await small_union.get(f"/leaders/{member_id(1)}/explanation")).json()
    await small_union.act("DELETE", f"/backlinks/{member_id(1)}", number=4)
    await small_union.engine.round()
    assert (await small_union.get(f"/leaders/{member_id(1)}/explanation")).json() == before
    await fresh(small_union)
    after = (await small_union.get(f"/leaders/{member_id(1)}/explanation")).json()
    assert after["epoch"]["epoch"] == before["epoch"]["epoch"] + 1
    assert len(after["backlinks"]) == len(before["backlinks"]) - 1


async def test_a_standing_that_no_epoch_has_is_not_explained(small_union: GraphHouse) -> None:
    await small_union.join(6)
    await small_union.engine.catch_up()
    answer = await small_union.get(f"/leaders/{member_id(5)}/explanation")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/standing-not-published")


async def test_who_left_counts_no_more(small_union: GraphHouse) -> None:
    await small_union.leave(4)
    await fresh(small_union)
    page = await leaders(small_union, "?sort=supporters")
    assert page["items"][0]["supporters_count"] == 3
    assert page["members_count"] == 4


async def test_an_unknown_union_is_not_found(house: GraphHouse) -> None:
    answer = await house.client.get("/v1/unions/nowhere/leaders")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    assert house.identity.asked == ["/internal/unions/nowhere"]


@pytest.mark.parametrize("name", ["%00", "a%00b", "%ff", "..", "a%3Fb", "a%23b", "a%20b", "%C3%A9"])
async def test_what_is_no_name_of_a_union_is_asked_of_nobody(house: GraphHouse, name: str) -> None:
    answer = await house.client.get(f"/v1/unions/{name}/leaders")
    assert answer.status_code in {404, 422}
    assert house.identity.asked == []


@pytest.mark.parametrize(
    "place",
    [
        ["standing", "nan", "x"],
        ["standing", "0x1p+99999", str(member_id(1))],
        ["standing", 1, 2],
        ["standing"],
        7,
    ],
)
async def test_a_cursor_that_is_none_of_ours_is_refused(house: GraphHouse, place: object) -> None:
    cursor = base64.urlsafe_b64encode(orjson.dumps(place)).rstrip(b"=").decode()
    answer = await house.get(f"/leaders?cursor={cursor}")
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/cursor-invalid")


async def picture(house: GraphHouse, path: str, number: int | None) -> ElementTree.Element:
    answer = await house.get(path, number)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml"), answer.text
    for member in range(5):
        assert str(member_id(member)) not in answer.text
    return ElementTree.fromstring(answer.text)


async def test_everybody_sees_the_shape_of_the_voices_and_no_ids(small_union: GraphHouse) -> None:
    await small_union.act("PUT", "/voice", {"leader": str(member_id(1))}, number=4)
    await fresh(small_union)
    for_all = await picture(small_union, "/tree.svg", None)
    of_one = await picture(small_union, f"/leaders/{member_id(2)}/tree.svg", 1)
    assert len(for_all.findall(f".//{{{SVG}}}circle")) == len(of_one.findall(f".//{{{SVG}}}circle")) == 4
    assert for_all.findtext(f"{{{SVG}}}title") == "5 members, 3 spoken for by another"


async def test_a_union_without_voices_has_a_picture_of_its_middle(house: GraphHouse) -> None:
    await house.engine.view(UNION)
    assert len((await picture(house, "/tree.svg", None)).findall(f".//{{{SVG}}}circle")) == 1
