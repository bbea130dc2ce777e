"""The refusals of the live events."""

from chassis.problems import ProblemType

EVENTS_QUESTION_INVALID = ProblemType(
    "events-question-invalid", 400, "The question about events cannot be read", "{reason}."
)
POSITION_UNKNOWN = ProblemType(
    "position-unknown",
    400,
    "This is no position of ours",
    "A position is the `id` of an event of a stream, or the `next_after` of a page.",
)
POSITION_GONE = ProblemType(
    "position-gone",
    410,
    "The events after this position are gone",
    "Read the resources anew, and begin without `after`.",
)
STREAM_TICKET_REFUSED = ProblemType(
    "stream-ticket-refused",
    401,
    "The ticket opens no stream",
    "It is unknown, used or expired, or its session is over: ask for a new one.",
)
TOO_MANY_STREAMS = ProblemType(
    "too-many-streams", 429, "Too many streams are open", "At most {limit} are open at once {per}."
)
