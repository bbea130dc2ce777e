"""Skills, links and names: what is taken, what is refused, and that nothing is followed or run."""

from typing import Any

import httpx
import pytest

from services.identity.domain.skills import SKILLS
from tests.services.identity.house import IdentityHouse, Member


async def edit(member: Member, **wanted: object) -> httpx.Response:
    return await member.ask("PATCH", "/v1/me", wanted, **{"if-match": "*"})


async def test_the_vocabulary_is_everybodys(house: IdentityHouse) -> None:
    answer = await house.get("/v1/skills")
    assert answer.status_code == 200
    items = answer.json()["items"]
    assert len(items) == len(SKILLS) > 100
    assert all(set(item) == {"slug", "en", "de"} and all(item.values()) for item in items)
    assert [item["slug"] for item in items] == sorted({item["slug"] for item in items}), "each once, in order"


async def test_skills_and_links_are_kept_each_once(house: IdentityHouse) -> None:
    member = await house.member()
    links = ["https://ada.example/work?q=a%20b#top", "HTTPS://ADA.example/", "https://xn--bcher-kva.example"]
    edited = await edit(member, skills=["law", "drawing", "law"], links=[*links, links[0]])
    assert edited.status_code == 200, edited.text
    assert edited.json()["skills"] == ["drawing", "law"]
    assert edited.json()["links"] == [links[0], "https://ada.example/", links[2]]
    assert (await member.ask("GET", "/v1/me")).json() == edited.json()
    fewer = await edit(member, skills=["law"], links=[])
    assert (fewer.json()["skills"], fewer.json()["links"]) == (["law"], [])
    again = await edit(member, skills=["law"], links=[])
    assert again.headers["etag"] == fewer.headers["etag"], "nothing differs"


LINKS = [
    "http://ada.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "//ada.example",
    "https://bank.example@evil.example/",
    "https://user:secret@ada.example/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://localhost/",
    "https://169.254.169.254/latest/meta-data/",
    "https://ada.example:8443/",
    "https://ada.example:99999999/",
    "https://аda.example/",
    "https://ada.example/ü",
    "https://ada.example/<script>",
    'https://ada.example/"onclick=',
    "https://ada.example/a b",
    "https://ada.example\\@evil.example",
    "https://",
    "https://a..example/",
    "https://-ada.example/",
    "=HYPERLINK(1)",
]


@pytest.mark.parametrize("link", LINKS)
async def test_links_that_mislead_or_lead_inside_are_refused(house: IdentityHouse, link: str) -> None:
    """The house opens no socket for any of them: identity's tests have no other service to call."""
    refused = await edit(await house.member(), links=[link])
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/link-refused")
    assert refused.json()["ground"]


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        ({"skills": ["time-travel"]}, 400, "skill-unknown"),
        ({"skills": [skill.slug for skill in SKILLS[:21]]}, 400, "too-many-skills"),
        ({"skills": ["Law"]}, 422, "malformed-body"),
        ({"skills": ["law"] * 101}, 422, "malformed-body"),
        ({"links": [f"https://ada.example/{number}" for number in range(9)]}, 400, "too-many-links"),
        ({"links": [f"https://ada.example/{'x' * 300}"]}, 400, "link-refused"),
        ({"links": ["https://ada.example/\nx"]}, 422, "malformed-body"),
        ({"name": "Ada\u202eamiL"}, 422, "malformed-body"),
        ({"name": "\u2066Ada"}, 422, "malformed-body"),
        ({"avatar": None}, 422, "malformed-body"),
        ({"encryption_key": "x"}, 422, "malformed-body"),
    ],
)
async def test_a_profile_outside_the_rules_is_refused(
    house: IdentityHouse, body: dict[str, Any], status: int, problem: str
) -> None:
    member = await house.member()
    before = (await member.ask("GET", "/v1/me")).json()
    refused = await edit(member, **body)
    assert (refused.status_code, refused.json()["type"]) == (status, f"/problems/{problem}")
    assert (await member.ask("GET", "/v1/me")).json() == before


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "=1+1", "@SUM(A1)", "+1", "-1", "{{7*7}}", "%s' OR 1=1 --"]
)
async def test_markup_and_formulas_are_text_as_they_were_written(house: IdentityHouse, text: str) -> None:
    member = await house.member()
    edited = await edit(member, name=text, bio=text)
    assert (edited.json()["name"], edited.json()["bio"]) == (text, text)
    assert edited.headers["content-type"] == "application/json"


async def test_members_with_a_skill_are_listed_in_pages(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Skilled")
    invitation = await founder.act("POST", f"/v1/unions/{union['id']}/invitations", {"uses_max": 9})
    skilled: list[str] = []
    for number in range(6):
        member = await house.member()
        assert (await member.join(union, invitation.json()["code"])).status_code == 201
        if number % 2:
            await edit(member, skills=["welding", "law"])
            skilled.append(str(member.id))
    path, found = f"/v1/unions/{union['id']}/memberships?skill=welding&limit=2", list[str]()
    cursor = ""
    while True:
        page = (await founder.ask("GET", path + cursor)).json()
        found += [row["member"]["id"] for row in page["items"]]
        assert page["members_count"] == 7
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found == sorted(skilled)
    outsider = (await (await house.member()).ask("GET", path)).json()
    assert (outsider["items"], outsider["names_shown"]) == ([], False)
    await house.rows("UPDATE memberships SET state = 'left' WHERE member_id = $1", skilled[0])
    assert len((await founder.ask("GET", path)).json()["items"]) == 2
