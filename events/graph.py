"""What graph publishes: who supports whom, and who speaks for whom."""

from typing import ClassVar

from events.declaration import (
    Audience,
    Declaration,
    Id,
    StateEvent,
    Topic,
    Word,
    fact,
    state,
)
from events.notices import NOTICE_KEY, NoticeRequested


class BacklinkState(StateEvent):
    """One member's support for one leader. States: active, withdrawn. The general topic is ''."""

    declaration: ClassVar[Declaration] = state(
        "backlink", "graph", ("union_id", "supporter_id", "leader_id"), Audience.UNION
    )

    union_id: Id
    supporter_id: Id
    leader_id: Id
    state: Word
    topic: Topic = ""


class VoiceState(StateEvent):
    """Who speaks for a member; no leader means that the member speaks for themself."""

    declaration: ClassVar[Declaration] = state("voice", "graph", ("union_id", "member_id"), Audience.UNION)

    union_id: Id
    member_id: Id
    leader_id: Id | None
    topic: Topic = ""


class GraphNotice(NoticeRequested):
    """Kinds: backed, voice.given."""

    declaration: ClassVar[Declaration] = fact(
        "notice.requested.graph", "graph", NOTICE_KEY, Audience.SERVICES
    )
