"""The one table from funding's facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.funding.domain import errors

FUNDING_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.ProjectNotFound: ProblemType(
        "project-not-found", 404, "No such project", "This union has no project {project_id}."
    ),
    errors.ProjectNotOpen: ProblemType(
        "project-not-open", 409, "The project is not open", "The project is {state}; this needs an open one."
    ),
    errors.DeadlinePassed: ProblemType(
        "project-deadline-passed", 409, "Too late", "The project's deadline was {deadline_at}."
    ),
    errors.OwnProject: ProblemType(
        "own-project", 409, "This is your own project", "A member cannot pledge to their own project."
    ),
    errors.WrongAsset: ProblemType(
        "wrong-asset",
        422,
        "Targets are in the union's own token",
        "The asset is {asset}; here it has to be {expected_asset}.",
    ),
    errors.OutOfBounds: ProblemType(
        "out-of-bounds", 422, "Out of bounds", "{field} is {value}; it has to be {least} to {most}."
    ),
    errors.TooManyOpenProjects: ProblemType(
        "too-many-open-projects", 409, "Too many open projects", "A member has at most {limit} open projects."
    ),
    errors.TooManyPledges: ProblemType(
        "too-many-pledges", 409, "Too many pledges", "A project has at most {limit} pledges."
    ),
    errors.PledgeNotFound: ProblemType(
        "pledge-not-found", 404, "No such pledge", "This union has no pledge {pledge_id}."
    ),
    errors.PledgeNotHeld: ProblemType(
        "pledge-not-held", 409, "Not in escrow", "The pledge is {state}; only a held one can be withdrawn."
    ),
    errors.NotBacker: ProblemType(
        "not-backer", 403, "This is another member's pledge", "Only who made the pledge may do this."
    ),
    errors.DebitMismatch: ProblemType(
        "debit-mismatch",
        422,
        "The signed debit is another one",
        "debit.{field} is {value}; it has to be {expected}.",
    ),
    errors.SettlementNotWaiting: ProblemType(
        "settlement-not-waiting", 409, "Nothing is awaited", "It is {state}; no transfer is awaited."
    ),
}
