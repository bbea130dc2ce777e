"""Operators' part of identity's table from facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.identity.operators.domain import errors

OPERATOR_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.OperatorOnly: ProblemType(
        "operator-only", 403, "Not yours to do", "Only an operator of this house may; GET /v1/operators."
    ),
    errors.OperatorNotLocked: ProblemType(
        "operator-not-locked",
        409,
        "An operator is locked by nobody",
        "On the machine, guildhall operator remove takes the role from them first.",
    ),
    errors.LockTooLong: ProblemType(
        "lock-too-long", 409, "This lock is too long", "At most {days_max} days at once."
    ),
    errors.OperatorActInForce: ProblemType(
        "operator-act-in-force", 409, "This is in force already", "By the act {act_id}."
    ),
    errors.GroundNamesMember: ProblemType(
        "ground-names-member",
        409,
        "This names whom it is about",
        "Everybody reads it: say what was done, not by whom.",
    ),
    errors.PictureNotShown: ProblemType(
        "picture-not-shown", 404, "Not found", "The member does not show this picture."
    ),
    errors.PictureTakenDown: ProblemType(
        "picture-taken-down",
        403,
        "This picture was taken down",
        "By an operator: the act {act_id} says why, and how to appeal.",
    ),
    errors.UnionHidden: ProblemType(
        "union-hidden",
        403,
        "This union is hidden from outsiders",
        "By an operator of this house; GET /v1/operator-acts/{act_id} says why. Its members see it when they "
        "are signed in, and who has an invitation.",
    ),
    errors.OperatorActNotFound: ProblemType(
        "operator-act-not-found", 404, "Not found", "No operator did {act_id} here."
    ),
    errors.OperatorActOver: ProblemType(
        "operator-act-over", 409, "This is not in force any more", "It is {state} by now."
    ),
    errors.NotConcerned: ProblemType(
        "not-concerned",
        403,
        "This is for whom it is about",
        "The member, or who holds the founder's office of the union, appeals.",
    ),
    errors.AppealMade: ProblemType(
        "operator-appeal-made", 409, "One appeal was made", "Against what an operator did, one appeals once."
    ),
    errors.NoAppealWaits: ProblemType(
        "no-appeal-waits", 409, "No appeal waits", "Nobody has appealed, or it is decided."
    ),
    errors.OwnOperatorAct: ProblemType(
        "own-operator-act", 403, "You did this", "Another operator decides the appeal: there is one."
    ),
    errors.AboutOneself: ProblemType(
        "about-oneself", 403, "This is about you", "An operator does and decides nothing about themselves."
    ),
    errors.AlreadyOperator: ProblemType(
        "already-operator", 409, "They are an operator", "guildhall operator list says since when."
    ),
    errors.NoOperator: ProblemType("no-operator", 409, "They are no operator", "guildhall operator list."),
    errors.OperatorsReached: ProblemType(
        "operators-reached", 409, "Enough operators", "At most {limit}: remove one."
    ),
}
