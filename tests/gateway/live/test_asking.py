"""What may be asked of the live events, and what is refused."""

from typing import Any

import pytest

from chassis.problems import Problem
from gateway.live.asking import Asked, read_asked


def asked(query: str = "", **headers: str) -> Asked:
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {"headers": lines, "query_string": query.encode()}
    return read_asked(scope, 200)


def test_nothing_asked_is_everything_from_now_as_a_stream() -> None:
    assert asked() == Asked(None, None, None, 200, False, None)


def test_union_types_position_and_ticket() -> None:
    seen = asked("union=weavers&types=offer,membership&after=abc_-&limit=7&ticket=t")
    assert seen == Asked("weavers", frozenset({"offer", "membership"}), "abc_-", 7, False, "t")


def test_a_reconnecting_browser_has_seen_more_than_its_address_says() -> None:
    assert asked("after=old", last_event_id="new").after == "new"
    assert asked("after=old", last_event_id="").after == "old"


@pytest.mark.parametrize(
    ("accept", "by_page"),
    [
        ("", False),
        ("*/*", False),
        ("text/event-stream", False),
        ("application/json", True),
        ("Application/JSON;q=0.9, */*", True),
        ("application/json, text/event-stream", False),
    ],
)
def test_who_names_json_and_no_stream_reads_by_the_page(accept: str, by_page: bool) -> None:
    assert asked(accept=accept).by_page is by_page


def test_a_field_that_is_not_ours_is_passed_over() -> None:
    assert asked("_=1234") == asked()


@pytest.mark.parametrize(
    ("query", "slug"),
    [
        ("union=", "events-question-invalid"),
        ("union=a/b", "events-question-invalid"),
        ("union=" + "x" * 65, "events-question-invalid"),
        ("union=a&union=b", "events-question-invalid"),
        ("types=", "events-question-invalid"),
        ("types=offer,nothing", "events-question-invalid"),
        ("ticket=" + "x" * 65, "events-question-invalid"),
        ("after=%0Aevent:x", "position-unknown"),
        ("after=" + "x" * 4_097, "position-unknown"),
        ("limit=0", "limit-invalid"),
        ("limit=201", "limit-invalid"),
        ("limit=x", "limit-invalid"),
        ("union=%FF", "events-question-invalid"),
        ("&".join(f"a{number}=" for number in range(30)), "events-question-invalid"),
    ],
)
def test_a_question_that_cannot_be_read_is_refused(query: str, slug: str) -> None:
    with pytest.raises(Problem) as refused:
        asked(query)
    assert (refused.value.type.slug, refused.value.type.status) == (slug, 400)
