"""Recovery's part of identity's table from facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.identity.recovery.domain import errors

RECOVERY_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.GuardiansRefused: ProblemType(
        "guardians-refused", 422, "These guardians cannot be named", "The rule is: {rule}."
    ),
    errors.GuardianUnknown: ProblemType(
        "guardian-unknown", 422, "There is no such member", "Nobody here is called {guardian}."
    ),
    errors.NoGuardianChange: ProblemType(
        "no-guardian-change", 404, "Not found", "No change of your guardians waits."
    ),
    errors.WardNotFound: ProblemType(
        "ward-not-found", 404, "Not found", "You are no guardian of {member_id}."
    ),
    errors.RecoveryNotPossible: ProblemType(
        "recovery-not-possible",
        409,
        "This account cannot be recovered so",
        "There is no such member, they have no guardians, or the code is none of theirs.",
    ),
    errors.RecoveriesOpenReached: ProblemType(
        "recoveries-open-reached",
        409,
        "Enough recoveries of this account are open",
        "At most {limit}: their guardians refuse what is not theirs, or they expire.",
    ),
    errors.RecoveryNotFound: ProblemType(
        "recovery-not-found",
        404,
        "Not found",
        "You and your wards have no recovery {recovery_id}.",
    ),
    errors.RecoveryOver: ProblemType(
        "recovery-over", 409, "This recovery is decided", "It is {state} by now."
    ),
    errors.RecoveryFinal: ProblemType(
        "recovery-final",
        409,
        "No key cancels this recovery",
        "It was cancelled once, and the guardians overrode that.",
    ),
    errors.VoteCast: ProblemType(
        "vote-cast",
        409,
        "You have voted",
        "A guardian votes once, and once more after a cancellation.",
    ),
    errors.AnotherRecoveryWaits: ProblemType(
        "another-recovery-waits",
        409,
        "Another recovery of this account waits",
        "A key of theirs cancels it, or it is done after its delay.",
    ),
    errors.NotAKeyOfTheirs: ProblemType(
        "not-a-key-of-theirs",
        403,
        "This is no key of theirs",
        "Only a living key of that account cancels it.",
    ),
    errors.NewKeyTaken: ProblemType(
        "new-key-taken",
        409,
        "This key is somebody's",
        "It is or was a member's, or another recovery asks for it: use a new one.",
    ),
    errors.KeyAwaitsRecovery: ProblemType(
        "key-awaits-recovery",
        409,
        "This key waits for a recovery",
        "It signs in once recovery {recovery_id} is done.",
    ),
    errors.AccountLocked: ProblemType(
        "account-locked",
        403,
        "This account is locked",
        "Its guardians replace its keys: recovery {recovery_id}. Cancel it if you have lost nothing.",
    ),
}
