"""The deployment that tests get: a person signs in through the gateway, founds a union, and time is moved."""

from datetime import timedelta

from tests.support.deployment import WholeDeployment


async def test_a_member_signs_in_and_founds_a_union(deployment: WholeDeployment) -> None:
    founder = await deployment.persona("founder")
    assert (await founder.get("/v1/me")).json()["id"] == str(founder.id)
    founded = await founder.act(
        "POST", "/v1/unions", {"name": "Weavers of the North", "purpose": "To weave."}
    )
    assert founded.status_code == 201, founded.text
    listed = await deployment.http.get("/v1/unions")
    assert [union["name"] for union in listed.json()["items"]] == ["Weavers of the North"]


async def test_a_session_is_renewed_when_the_clock_has_passed_it(deployment: WholeDeployment) -> None:
    member = await deployment.persona("member")
    first = member.session["access_token"]
    await deployment.advance(timedelta(hours=1))
    assert (await member.get("/v1/me")).status_code == 200
    assert member.session["access_token"] != first


async def test_what_another_service_learns_by_events_is_there(deployment: WholeDeployment) -> None:
    founder = await deployment.persona("founder")
    founded = await founder.act("POST", "/v1/unions", {"name": "Bakers", "purpose": "To bake."})
    union = founded.json()["slug"]
    answer = await deployment.eventually(
        lambda: founder.get(f"/v1/unions/{union}/accounts"),
        lambda answer: answer.status_code == 200 and len(answer.json()["items"]) > 0,
    )
    assert answer.json()["items"][0]["kind"]
