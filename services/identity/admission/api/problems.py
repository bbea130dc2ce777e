"""Admission's part of identity's table from facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.identity.admission.domain import errors

ADMISSION_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.PeopleFileUnreadable: ProblemType(
        "people-file-unreadable", 400, "This list of people cannot be read", "Of the list: {ground}."
    ),
    errors.InvitationListNotFound: ProblemType(
        "invitation-list-not-found", 404, "Not found", "This union has no list of people {list_id}."
    ),
    errors.InvitationListEnded: ProblemType(
        "invitation-list-ended", 409, "This list is over", "It takes no more people: begin another one."
    ),
    errors.InvitationListLimit: ProblemType(
        "invitation-list-limit", 409, "More than a list of people may", "At most, for {bound}: {limit}."
    ),
}
