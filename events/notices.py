"""What a service asks identity to tell a member: ids alone. Each publisher declares a type of its own."""

from events.declaration import Count, Event, Id, Moment, Word

NOTICE_KEY = ("union_id", "member_id")


class NoticeRequested(Event):
    """A member shall be told of something. Identity keeps the notice and tells it as the member wishes.

    `kind` says what happened to `subject_id`, one of the union's `subject` (a noun of the API); `actor_id`
    whose doing it was. Notices of one kind about one thing become one while nobody has read it.
    """

    union_id: Id
    notice_id: Id
    member_id: Id
    kind: Word
    subject: Word
    subject_id: Id
    actor_id: Id | None = None
    happened_count: Count = 1
    """How often it happened at once; `actor_id` is whose doing the last was."""
    requested_at: Moment
