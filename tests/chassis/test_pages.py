"""Pages of a list by id: cut where asked, gone on from a cursor, another list's cursor refused."""

from uuid import UUID

import pytest
from fastapi import Request, Response

from chassis.pages import PageRequest, decode_cursor, encode_cursor
from chassis.problems import Problem

IDS = [UUID(int=number) for number in range(1, 4)]


def _request(limit: int = 2, after: tuple[str | int, ...] | None = None) -> tuple[PageRequest, Response]:
    scope = {
        "type": "http",
        "path": "/v1/things",
        "query_string": b"mine=true",
        "headers": [],
        "method": "GET",
    }
    response = Response()
    return PageRequest(limit, after, Request(scope), response), response


def test_one_row_more_than_the_limit_says_that_others_follow() -> None:
    paging, response = _request()
    page = paging.page_by_id(IDS, str, lambda row: row)
    assert page.items == [str(row) for row in IDS[:2]]
    assert page.next_cursor is not None
    assert decode_cursor(page.next_cursor) == (str(IDS[1]),)
    link = response.headers["link"]
    assert link.startswith("</v1/things?mine=true&cursor=")
    assert link.endswith('&limit=2>; rel="next"')


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_last_page_has_no_cursor(count: int) -> None:
    paging, response = _request()
    assert paging.page_by_id(IDS[:count], str, lambda row: row).next_cursor is None
    assert "link" not in response.headers


def test_a_page_goes_on_after_the_id_of_its_cursor() -> None:
    after = decode_cursor(encode_cursor((str(IDS[1]),)))
    assert _request(after=after)[0].after_id == IDS[1]
    assert _request()[0].after_id is None


@pytest.mark.parametrize("after", [(), (1,), ("no id",), (str(IDS[0]), 2)])
def test_another_lists_cursor_is_refused(after: tuple[str | int, ...]) -> None:
    with pytest.raises(Problem) as refusal:
        _ = _request(after=after)[0].after_id
    assert refusal.value.type.status == 400
