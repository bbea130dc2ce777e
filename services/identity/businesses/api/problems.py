"""Businesses' part of identity's table from facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.identity.businesses.domain import errors

BUSINESS_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.BusinessNotFound: ProblemType(
        "business-not-found", 404, "Not found", "The union has no business {business}."
    ),
    errors.BusinessClosed: ProblemType(
        "business-closed",
        409,
        "This business is closed",
        "It is wound up: its managers pay out what is left, and its owners appoint and dismiss them still.",
    ),
    errors.BusinessNameTaken: ProblemType(
        "business-name-taken",
        409,
        "Another business has this name",
        "An open business of the union is called {name}.",
    ),
    errors.BusinessRefused: ProblemType("business-refused", 422, "This cannot be so", "The rule is: {rule}."),
    errors.BusinessLimit: ProblemType(
        "business-limit", 409, "As many as there may be", "Of {what} there may be {limit}."
    ),
    errors.BusinessRightMissing: ProblemType(
        "business-right-missing", 403, "Not yours to do in this business", "Only {who} may {act}."
    ),
    errors.SharesRefused: ProblemType(
        "shares-refused", 409, "These shares cannot go there", "The rule is: {rule}."
    ),
    errors.AppointmentRefused: ProblemType(
        "appointment-refused", 409, "This member cannot be appointed", "The rule is: {rule}."
    ),
    errors.PostNotFound: ProblemType(
        "post-not-found", 404, "Not found", "{post} is no manager or hire of this business."
    ),
    errors.ResolutionNotFound: ProblemType(
        "resolution-not-found", 404, "Not found", "The business has no resolution {resolution}."
    ),
    errors.ResolutionOver: ProblemType("resolution-over", 409, "This resolution is over", "It has {state}."),
}
