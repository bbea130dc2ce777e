"""When and in which language one is told."""

from datetime import time
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from chassis.auth.dependencies import SignedIn
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.joined import Joined
from services.identity.api.members import IfMatch
from services.identity.notices.domain.choice import NoticeChoice, QuietHours
from services.identity.notices.store.choices import choice_of
from services.identity.notices.use_cases.choose_notices import choice_etag, choose_notices

router = APIRouter(prefix="/v1/me", route_class=TransactionRoute, tags=["notices"])

LocalTime = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class NoticeChoiceBody(BaseModel):
    """Local times are of `zone`. What comes due in the quiet hours waits for their end."""

    model_config = ConfigDict(extra="forbid")

    language: Literal["en", "de"] = Field(examples=["en"])
    zone: Annotated[str, StringConstraints(min_length=1, max_length=64)] = Field(
        description="A time zone of the IANA database.", examples=["Europe/Lisbon"]
    )
    quiet_from: LocalTime | None = Field(None, examples=["22:00"])
    quiet_until: LocalTime | None = Field(None, examples=["07:00"])
    digest_at: LocalTime | None = Field(
        None, description="Once a day at this time; null: at once.", examples=["18:00"]
    )

    @model_validator(mode="after")
    def quiet_hours_are_whole(self) -> "NoticeChoiceBody":
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise ValueError("quiet_from and quiet_until belong together")
        return self

    def choice(self) -> NoticeChoice:
        quiet = None
        if self.quiet_from is not None and self.quiet_until is not None:
            quiet = QuietHours(time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until))
        digest_at = None if self.digest_at is None else time.fromisoformat(self.digest_at)
        return NoticeChoice(self.language, self.zone, quiet, digest_at)


class NoticeChoiceView(BaseModel):
    """A member's choice; who has made none is told in English, at once."""

    language: str
    zone: str
    quiet_from: str | None
    quiet_until: str | None
    digest_at: str | None
    version: int = Field(ge=0)

    @classmethod
    def of(cls, choice: NoticeChoice) -> "NoticeChoiceView":
        quiet = choice.quiet
        return cls(
            language=choice.language,
            zone=choice.zone,
            quiet_from=None if quiet is None else f"{quiet.begin:%H:%M}",
            quiet_until=None if quiet is None else f"{quiet.end:%H:%M}",
            digest_at=None if choice.digest_at is None else f"{choice.digest_at:%H:%M}",
            version=choice.version,
        )


@router.get("/notice-choice", responses=problem_responses(401, 503))
async def get_my_notice_choice(unit: Unit, response: Response, claims: SignedIn) -> NoticeChoiceView:
    """When one is told beyond the page, with the ETag that a change needs."""
    choice = await choice_of(unit, claims.member_id)
    response.headers["ETag"] = choice_etag(choice)
    return NoticeChoiceView.of(choice)


@router.put("/notice-choice", responses=problem_responses(400, 401, 412, 422, 428, 503))
async def put_my_notice_choice(
    body: NoticeChoiceBody,
    unit: Unit,
    identity: Joined,
    response: Response,
    claims: SignedIn,
    if_match: IfMatch = None,
) -> NoticeChoiceView:
    """Choose anew; what waits to be sent is sent by the new choice."""
    gather = identity.settings.notice_gather
    choice = await choose_notices(unit, claims.member_id, body.choice(), if_match, gather)
    response.headers["ETag"] = choice_etag(choice)
    return NoticeChoiceView.of(choice)
