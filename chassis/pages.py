"""Cursor pages: `?limit=&cursor=`, opaque cursors, `Link: rel="next"`."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import orjson
from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, Field

from chassis.problems import CURSOR_INVALID, LIMIT_INVALID, Problem

Item = TypeVar("Item")
Row = TypeVar("Row")


class Page(BaseModel, Generic[Item]):
    """Some rows of a longer list; `next_cursor` is null on the last page."""

    items: list[Item]
    next_cursor: str | None = Field(description="Send it back as `cursor` for the rows that follow.")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What part of a list is asked for: at most `limit` rows after the values in `after`."""

    limit: int
    after: tuple[str | int, ...] | None
    _request: Request
    _response: Response

    @property
    def after_id(self) -> UUID | None:
        """Where a list by id goes on; Problem 400 for another list's cursor."""
        return None if self.after is None else cursor_id(cursor_fields(self.after, str)[0])

    def page_by_id(
        self, rows: Sequence[Row], view: Callable[[Row], Item], id_of: Callable[[Row], UUID]
    ) -> Page[Item]:
        """A page of a list by id; of `rows` one more than `limit` was fetched, to see if more follow."""
        shown = rows[: self.limit]
        last = (str(id_of(shown[-1])),) if len(rows) > self.limit else None
        return self.page([view(row) for row in shown], last)

    def page(self, rows: Sequence[Item], cursor_of_last: tuple[str | int, ...] | None) -> Page[Item]:
        """A page of `rows`; `cursor_of_last` is None when nothing follows."""
        if cursor_of_last is None:
            return Page(items=list(rows), next_cursor=None)
        cursor = encode_cursor(cursor_of_last)
        following = self._request.url.include_query_params(cursor=cursor, limit=self.limit)
        self._response.headers["Link"] = f'<{following.path}?{following.query}>; rel="next"'
        return Page(items=list(rows), next_cursor=cursor)


def encode_cursor(values: tuple[str | int, ...]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> tuple[str | int, ...]:
    """The values of a cursor that `encode_cursor` made; anything else is a Problem 400."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, UnicodeEncodeError, binascii.Error, orjson.JSONDecodeError):
        raise Problem(CURSOR_INVALID) from None
    if not isinstance(values, list) or not all(type(value) in (str, int) for value in values):
        raise Problem(CURSOR_INVALID)
    return tuple(values)


def cursor_fields(after: tuple[str | int, ...], *kinds: type) -> tuple[str | int, ...]:
    """`after` when its values have these kinds, else a Problem 400."""
    if len(after) != len(kinds) or any(type(v) is not k for v, k in zip(after, kinds, strict=True)):
        raise Problem(CURSOR_INVALID)
    return after


def cursor_id(value: str | int) -> UUID:
    """An id in a cursor; Problem 400 for what is none."""
    try:
        return UUID(str(value))
    except ValueError:
        raise Problem(CURSOR_INVALID) from None


async def page_request(
    request: Request,
    response: Response,
    limit: Annotated[int | None, Query(description="Rows wanted.")] = None,
    cursor: Annotated[str | None, Query(max_length=512, description="The last page's `next_cursor`.")] = None,
) -> PageRequest:
    settings = request.app.state.chassis.settings
    wanted = settings.page_size_default if limit is None else limit
    if not 1 <= wanted <= settings.page_size_max:
        raise Problem(LIMIT_INVALID, {"limit_max": settings.page_size_max})
    after = None if cursor is None else decode_cursor(cursor)
    return PageRequest(wanted, after, request, response)


Paging = Annotated[PageRequest, Depends(page_request)]
