"""What charters make public is asked of identity as outsiders ask, and believed for a moment."""

from uuid import UUID

import pytest

from chassis.ids import IdSource
from guildhall.publisher.charters import Charters, CharterUnknown
from guildhall.publisher.settings import PublisherSettings
from guildhall.reading_settings import read_settings
from tests.guildhall.publisher.house import Identity
from tests.support.deployment import WholeDeployment


def _settings(**said: int) -> PublisherSettings:
    return read_settings(PublisherSettings, None, bus_url="kafka://x:1", **said)


async def test_identity_tells_an_outsider_what_a_charter_makes_public(
    deployment: WholeDeployment, ids: IdSource
) -> None:
    founder = await deployment.persona("founder")
    wishes = {"visibility_members": "public"}
    founded = await founder.act(
        "POST", "/v1/unions", {"name": "Weavers", "purpose": "To weave.", "parameters": wishes}
    )
    assert founded.status_code == 201, founded.text
    charters = Charters(deployment.http, _settings())
    parameters = await charters.of(UUID(founded.json()["id"]))
    assert parameters["visibility_members"] == "public"
    assert parameters["visibility_backlinks"] == "members"
    assert await charters.of(ids.new()) == {}


async def test_an_answer_is_believed_for_a_moment(ids: IdSource) -> None:
    union_id = ids.new()
    identity = Identity({union_id: {"visibility_members": "public"}})
    kept, asked_anew = (
        Charters(identity, _settings(charter_age_max_ms=60_000)),
        Charters(identity, _settings(charter_age_max_ms=1)),
    )
    for charters in (kept, asked_anew):
        assert (await charters.of(union_id))["visibility_members"] == "public"
    identity.parameters[union_id] = {"visibility_members": "nobody"}
    assert (await kept.of(union_id))["visibility_members"] == "public"
    while (await asked_anew.of(union_id))["visibility_members"] == "public":
        assert identity.asked_count < 1_000


async def test_no_more_unions_are_remembered_than_the_setting_says(ids: IdSource) -> None:
    unions = [ids.new() for _ in range(3)]
    identity = Identity({union_id: {} for union_id in unions})
    charters = Charters(identity, _settings(charter_age_max_ms=60_000, charters_max_count=2))
    for union_id in (*unions, unions[2], unions[0]):
        await charters.of(union_id)
    assert identity.asked_count == 4


@pytest.mark.parametrize("status", [401, 429, 500, 503])
async def test_without_an_answer_nothing_is_known(status: int, ids: IdSource) -> None:
    union_id = ids.new()
    with pytest.raises(CharterUnknown):
        await Charters(Identity({union_id: {}}, status), _settings()).of(union_id)
