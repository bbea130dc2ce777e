"""Deletion's part of identity's table from facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.identity.deletion.domain import errors

DELETION_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.FounderOfOthers: ProblemType(
        "founder-of-others",
        409,
        "Others are in unions whose founder's office you hold",
        "Hand it over first, or be the last to leave: {unions}.",
    ),
    errors.RecoveryWaits: ProblemType(
        "recovery-waits",
        409,
        "A recovery of this account waits",
        "Cancel it if you have lost nothing; until it is decided nobody deletes the account.",
    ),
    errors.NoDeletion: ProblemType("no-deletion", 404, "Not found", "No deletion of your account waits."),
    errors.DeletionBegun: ProblemType(
        "deletion-begun", 409, "The deletion has begun", "It was due at {due_at}: nothing takes it back."
    ),
    errors.AccountErasing: ProblemType(
        "account-erasing",
        403,
        "This account is being deleted",
        "Once that is done, your keys are free for a new one.",
    ),
}
