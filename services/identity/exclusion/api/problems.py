"""Exclusion's part of identity's table from facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.identity.exclusion.domain import errors

EXCLUSION_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.FounderNotExcluded: ProblemType(
        "founder-not-excluded",
        409,
        "The founder is not kept out",
        "Only the charter's own rule ends a founder's office.",
    ),
    errors.NotExcludable: ProblemType(
        "not-excludable", 409, "This member cannot be kept out now", "Their membership is {state}."
    ),
    errors.SuspensionTooLong: ProblemType(
        "suspension-too-long",
        409,
        "This suspension is too long",
        "At most {seconds_max} seconds at once. To end a membership for good, propose an expulsion.",
    ),
    errors.SuspensionNotFound: ProblemType(
        "suspension-not-found", 404, "Not found", "The union has no suspension {suspension_id}."
    ),
    errors.SuspensionOver: ProblemType(
        "suspension-over", 409, "This suspension is over", "It has ended, or was lifted."
    ),
    errors.ExpulsionNotFound: ProblemType(
        "expulsion-not-found", 404, "Not found", "You may see no expulsion {expulsion_id} of this union."
    ),
    errors.ExpulsionOpen: ProblemType(
        "expulsion-open",
        409,
        "A case about this member is open",
        "Decide expulsion {expulsion_id} first.",
    ),
    errors.HearingRuns: ProblemType(
        "hearing-runs",
        409,
        "The member is being heard",
        "Nobody is expelled before {hearing_until}; the case can be dropped at any time.",
    ),
    errors.ExpulsionDecided: ProblemType(
        "expulsion-decided", 409, "This case is past that", "It is {state} by now."
    ),
    errors.OwnCase: ProblemType(
        "own-case", 403, "This case is about you", "Another officer, or the founder, decides it."
    ),
    errors.OwnDecision: ProblemType(
        "own-decision",
        403,
        "You decided this expulsion",
        "Another officer, or the founder, hears the appeal.",
    ),
    errors.NotTheMemberConcerned: ProblemType(
        "not-the-member-concerned",
        403,
        "This is for the member concerned",
        "Only they speak for themselves, and appeal.",
    ),
    errors.AppealTooLate: ProblemType(
        "appeal-too-late", 409, "The time to appeal is over", "It ended at {appeal_until}."
    ),
}
