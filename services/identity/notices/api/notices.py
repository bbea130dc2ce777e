"""A member's notices: read, and marked as read."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.notices.store.notices import (
    UNREAD_COUNTED_MAX,
    Notice,
    count_unread,
    list_notices,
    mark_read,
)

router = APIRouter(prefix="/v1/me", route_class=TransactionRoute, tags=["notices"])


class NoticeView(BaseModel):
    """Something that happened to the member. Clients have words for the kinds that they know."""

    id: UUID
    union_id: UUID | None = Field(description="Null: it is about one's own account.")
    union_slug: str | None
    union_name: str | None
    kind: str = Field(examples=["bid.placed"])
    subject: str = Field(description="The noun of the API that `subject_id` is one of.", examples=["offers"])
    subject_id: UUID
    actor_id: UUID | None = Field(description="Whose doing the newest was.")
    happened_count: int = Field(ge=1, description="How often, since the member last read of it.")
    made_at: datetime
    read_at: datetime | None

    @classmethod
    def of(cls, notice: Notice) -> "NoticeView":
        return cls(
            id=notice.notice_id,
            union_id=notice.union_id,
            union_slug=notice.slug,
            union_name=notice.name,
            kind=notice.kind,
            subject=notice.subject,
            subject_id=notice.subject_id,
            actor_id=notice.actor_id,
            happened_count=notice.happened_count,
            made_at=notice.made_at,
            read_at=notice.read_at,
        )


class NoticesPage(Page[NoticeView]):
    """Notices, the newest first."""

    unread_count: int = Field(description=f"Of all, at most {UNREAD_COUNTED_MAX}: there may be more.")


class ReadMarkBody(BaseModel):
    """Up to which notice the member has read."""

    model_config = ConfigDict(extra="forbid")

    through: UUID


@router.get("/notices", responses=problem_responses(400, 401, 422, 503))
async def get_my_notices(unit: Unit, claims: SignedIn, paging: Paging) -> NoticesPage:
    """What happened to oneself, in all unions."""
    rows = await list_notices(unit, claims.member_id, paging.after_id, paging.limit + 1)
    page = paging.page_by_id(rows, NoticeView.of, lambda notice: notice.notice_id)
    unread = await count_unread(unit, claims.member_id)
    return NoticesPage(items=page.items, next_cursor=page.next_cursor, unread_count=unread)


@router.put("/notices/read-mark", status_code=204, responses=problem_responses(400, 401, 422, 503))
async def put_read_mark(unit: Unit, claims: SignedIn, body: ReadMarkBody) -> None:
    """Mark all notices up to one as read."""
    await mark_read(unit, claims.member_id, body.through)
