"""Offices' part of identity's table from facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.identity.offices.domain import errors

OFFICE_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.OfficeNotFound: ProblemType(
        "office-not-found", 404, "Not found", "The union has no office {office_id}, or it has ended."
    ),
    errors.OfficeRefused: ProblemType(
        "office-refused", 422, "There can be no such office", "The rule is: {rule}."
    ),
    errors.OfficeLimit: ProblemType(
        "office-limit", 409, "As many as there may be", "Of {what} there may be {limit}."
    ),
    errors.HolderRefused: ProblemType(
        "holder-refused", 409, "This member cannot be appointed", "The rule is: {rule}."
    ),
    errors.HolderNotFound: ProblemType(
        "holder-not-found", 404, "Not found", "{member} does not hold this office."
    ),
}
