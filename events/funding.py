"""What funding publishes: projects, pledges and how projects ended."""

from typing import ClassVar

from events.declaration import (
    AssetSymbol,
    Audience,
    Count,
    Declaration,
    Event,
    Id,
    Minor,
    Moment,
    StateEvent,
    Word,
    fact,
    state,
)
from events.notices import NOTICE_KEY, NoticeRequested


class ProjectState(StateEvent):
    """Something proposed for funding. States: open, reached, paying, paid_out, refunding, refunded."""

    declaration: ClassVar[Declaration] = state(
        "project", "funding", ("union_id", "project_id"), Audience.UNION
    )

    union_id: Id
    project_id: Id
    state: Word
    owner_id: Id
    asset: AssetSymbol
    pledged_minor: Minor
    target_minor: Minor
    deadline_at: Moment


class ProjectPaid(Event):
    """The target was reached and the whole escrow paid to the project's owner."""

    declaration: ClassVar[Declaration] = fact(
        "project.paid", "funding", ("union_id", "project_id"), Audience.UNION
    )

    union_id: Id
    project_id: Id
    owner_id: Id
    asset: AssetSymbol
    paid_minor: Minor
    paid_at: Moment


class ProjectRefunded(Event):
    """The deadline was missed and every pledge went back."""

    declaration: ClassVar[Declaration] = fact(
        "project.refunded", "funding", ("union_id", "project_id"), Audience.UNION
    )

    union_id: Id
    project_id: Id
    asset: AssetSymbol
    refunded_minor: Minor
    pledges_count: Count
    refunded_at: Moment


class PledgeMade(Event):
    """A pledge is in its project's escrow."""

    declaration: ClassVar[Declaration] = fact(
        "pledge.made", "funding", ("union_id", "project_id"), Audience.UNION
    )

    union_id: Id
    project_id: Id
    pledge_id: Id
    backer_id: Id
    asset: AssetSymbol
    pledged_minor: Minor
    pledged_at: Moment


class PledgeWithdrawn(Event):
    """A backer took a pledge back before the deadline."""

    declaration: ClassVar[Declaration] = fact(
        "pledge.withdrawn", "funding", ("union_id", "project_id"), Audience.UNION
    )

    union_id: Id
    project_id: Id
    pledge_id: Id
    backer_id: Id
    asset: AssetSymbol
    withdrawn_minor: Minor
    withdrawn_at: Moment


class FundingNotice(NoticeRequested):
    """Kinds: pledge.made, project.paid, project.refunded."""

    declaration: ClassVar[Declaration] = fact(
        "notice.requested.funding", "funding", NOTICE_KEY, Audience.SERVICES
    )
