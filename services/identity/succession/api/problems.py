"""What identity answers when the founder's office is not passed on."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.identity.succession.domain import errors

SUCCESSION_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.HeirNotNamed: ProblemType(
        "heir-not-named", 404, "This union has no heir", "Whoever holds the founder's office names one."
    ),
    errors.HeirRefused: ProblemType("heir-refused", 409, "Not this heir", "The heir is refused: {why}."),
    errors.NotTheHeir: ProblemType(
        "not-the-heir", 403, "You are not the heir", "Only the heir agrees to succeed, and claims the office."
    ),
    errors.HeirNotWilling: ProblemType(
        "heir-not-willing",
        409,
        "The heir has not agreed",
        "An heir agrees by a signed act, and is an active member.",
    ),
    errors.ClaimRests: ProblemType(
        "claim-rests", 409, "Your last claim was objected to", "You may claim the office again after {until}."
    ),
    errors.ClaimNotOpen: ProblemType(
        "claim-not-open", 409, "There is no claim", "The heir has not claimed the office."
    ),
}
