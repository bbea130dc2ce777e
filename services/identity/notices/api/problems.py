"""The notices' part of identity's table from facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.identity.notices.domain import errors

NOTICE_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.ZoneUnknown: ProblemType(
        "zone-unknown", 422, "There is no such time zone", "The IANA database has no zone {zone}."
    ),
    errors.QuietHoursEmpty: ProblemType(
        "quiet-hours-empty",
        422,
        "The quiet hours are empty",
        "They end when they begin: leave both out to have none.",
    ),
    errors.ChannelOff: ProblemType(
        "channel-off", 409, "Nobody is told so here", "This deployment sends nothing by {what}."
    ),
    errors.NoEmailAddress: ProblemType(
        "no-email-address", 404, "Not found", "You have named no e-mail address."
    ),
    errors.EmailCodeWrong: ProblemType(
        "email-code-wrong",
        409,
        "This is not the code",
        "{tries_left} more tries with the code that was sent.",
    ),
    errors.EmailCodeUsedUp: ProblemType(
        "email-code-used-up",
        409,
        "The code is good no more",
        "It has expired, or too many others were tried: name the address again for a new one.",
    ),
    errors.PushUrlRefused: ProblemType(
        "push-url-refused", 400, "Nothing may be sent to this browser", "Of its address: {ground}."
    ),
}
