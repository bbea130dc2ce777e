"""Who is shown what: every audience, every word of the charter, everybody who may look."""

from typing import Any

import pytest

from chassis.bus.transport import Tailed
from chassis.visibility.event import SHOWN_TYPES, LiveEvent
from chassis.visibility.rights import Standing, Viewer, may_see
from events.catalogue import CATALOGUE
from events.declaration import Audience
from events.visibility import NAMES_SHOWN
from tests.gateway.live.bus import FOUNDER, LEADER, MEMBER, OTHER_UNION, OUTSIDER, UNION, envelope

VIEWERS = {
    "nobody": Viewer(),
    "outsider": Viewer(OUTSIDER),
    "elsewhere": Viewer(OUTSIDER, {OTHER_UNION: Standing(1, "active", "founder")}),
    "left": Viewer(OUTSIDER, {UNION: Standing(2, "left", "member")}),
    "suspended": Viewer(OUTSIDER, {UNION: Standing(2, "suspended", "founder")}),
    "colleague": Viewer(OUTSIDER, {UNION: Standing(1, "active", "member")}),
    "self": Viewer(MEMBER, {UNION: Standing(1, "active", "member")}),
    "leader": Viewer(LEADER, {UNION: Standing(1, "active", "member")}),
    "founder": Viewer(FOUNDER, {UNION: Standing(1, "active", "founder")}),
}
ACTIVE = {"colleague", "self", "leader", "founder"}


def event(event_type: str, **data: Any) -> LiveEvent:
    made = LiveEvent.of(Tailed(envelope(1, event_type, **data), "1"))
    assert made is not None
    return made


def seen_by(shown: LiveEvent, **parameters: object) -> set[str]:
    return {name for name, viewer in VIEWERS.items() if may_see(viewer, shown, parameters)}


def test_what_is_public_is_shown_to_everybody() -> None:
    assert seen_by(event("union")) == set(VIEWERS)


def test_what_is_the_unions_is_shown_to_its_active_members() -> None:
    assert seen_by(event("offer")) == ACTIVE
    assert seen_by(event("transfer.posted")) == ACTIVE


def test_what_is_the_officers_is_shown_to_them() -> None:
    assert seen_by(event("run")) == {"founder"}


def test_what_names_members_is_shown_to_those_named() -> None:
    agreement = event("agreement", employer_id=MEMBER, worker_id=LEADER)
    assert seen_by(agreement) == {"self", "leader"}


def test_what_is_of_no_union_is_shown_to_who_is_named() -> None:
    noticed = event("member.noticed", member_id=MEMBER)
    assert noticed.union_id is None
    assert seen_by(noticed) == {"self"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("public", set(VIEWERS)),
        ("members", ACTIVE),
        ("leaders", {"self", "leader", "founder"}),
        ("nobody", {"self"}),
        ("a-word-of-a-later-release", {"self"}),
    ],
)
@pytest.mark.parametrize(("event_type", "own"), [("backlink", "supporter_id"), ("voice", "member_id")])
def test_names_are_shown_as_the_charter_says(
    event_type: str, own: str, word: str, expected: set[str]
) -> None:
    shown = event(event_type, **{own: MEMBER, "leader_id": LEADER})
    assert seen_by(shown, **{NAMES_SHOWN[event_type].parameter: word}) == expected


@pytest.mark.parametrize(
    ("event_type", "own"),
    [("membership", "member_id"), ("pledge.made", "backer_id"), ("pledge.withdrawn", "backer_id")],
)
def test_where_no_leader_is_concerned_the_founder_is_the_leader(event_type: str, own: str) -> None:
    shown = event(event_type, **{own: MEMBER})
    parameter = NAMES_SHOWN[event_type].parameter
    assert seen_by(shown, **{parameter: "leaders"}) == {"self", "founder"}
    assert seen_by(shown, **{parameter: "nobody"}) == {"self"}
    assert seen_by(shown, **{parameter: "public"}) == set(VIEWERS)


def test_a_charter_that_says_nothing_shows_names_to_members() -> None:
    assert seen_by(event("backlink", supporter_id=MEMBER)) == ACTIVE


def test_the_table_speaks_of_the_unions_own_events_and_of_fields_that_they_have() -> None:
    for name, shown in NAMES_SHOWN.items():
        kind = CATALOGUE[name]
        assert kind.declaration.audience is Audience.UNION
        assert set(shown.own + shown.leaders) <= set(kind.model_fields), name


def test_what_is_for_services_alone_is_no_live_event() -> None:
    for name, kind in CATALOGUE.items():
        assert (name in SHOWN_TYPES) is (kind.declaration.audience is not Audience.SERVICES)


def test_an_event_that_cannot_be_read_is_shown_to_nobody() -> None:
    for data in (b"{}", b"no json", b'{"union_id": 7}'):
        made = envelope(1)._replace(data=data)
        assert LiveEvent.of(Tailed(made, "1")) is None
