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
    errors.AdmissionUnmet: ProblemType(
        "admission-unmet",
        403,
        "The rule of this union does not let you in yet",
        "The rule is: {rule}. Not so is: {unmet}. Ask who admits, or a member to invite or vouch for you.",
    ),
    errors.ApplicationNotAsked: ProblemType(
        "application-not-asked", 409, "Nobody applies here", "One comes in so: {rule}."
    ),
    errors.AnswersWrong: ProblemType(
        "answers-wrong", 400, "Answer each question", "There are {questions} questions: read them again."
    ),
    errors.QuestionsLimit: ProblemType("questions-limit", 409, "Too many questions", "At most {limit}."),
    errors.ApplicationOpen: ProblemType(
        "application-open", 409, "You have applied", "Your application is: {state}."
    ),
    errors.ApplicationRefusedLately: ProblemType(
        "application-refused-lately",
        409,
        "Your application was refused",
        "Its ground stands in your application, where you may appeal once. You may apply anew from "
        "{again_at} on.",
    ),
    errors.ApplicationNotFound: ProblemType(
        "application-not-found", 404, "Not found", "There is no such application here."
    ),
    errors.ApplicationDecided: ProblemType(
        "application-decided", 409, "This is decided", "The application is {state} by now."
    ),
    errors.ApplicantBarred: ProblemType(
        "applicant-barred",
        409,
        "They cannot be admitted",
        "They are a member already, or may not come back now.",
    ),
    errors.AppealedOnce: ProblemType(
        "appealed-once",
        409,
        "You have appealed",
        "A refusal is looked at once more. You may apply anew later.",
    ),
    errors.OwnApplication: ProblemType(
        "own-application", 403, "Nobody decides on themselves", "Somebody else who admits has to."
    ),
    errors.VouchRefused: ProblemType("vouch-refused", 409, "Nobody can be vouched for so", "{ground}."),
    errors.VouchLimit: ProblemType(
        "vouch-limit",
        409,
        "You vouch for enough people",
        "At most {limit} at a time: withdraw one, or wait until they have joined.",
    ),
    errors.CredentialRefused: ProblemType(
        "credential-refused", 400, "This credential does not count", "Of it: {ground}."
    ),
    errors.CredentialNotAsked: ProblemType(
        "credential-not-asked",
        409,
        "The rule asks for no such credential",
        "One comes in so: {rule}. Type and issuer are those that it names.",
    ),
    errors.CredentialUsed: ProblemType(
        "credential-used", 409, "This credential has been used", "One credential lets one member in."
    ),
    errors.BalanceNotAsked: ProblemType(
        "balance-not-asked", 409, "The rule asks for no token", "One comes in so: {rule}."
    ),
    errors.NoWallet: ProblemType(
        "no-wallet", 409, "You sign in by no wallet", "Add the wallet that holds the token as a key of yours."
    ),
    errors.ChainNotAsked: ProblemType(
        "chain-not-asked", 409, "Nobody is asked here about chain {chain_id}", "Of this deployment: {reason}."
    ),
    errors.HistoryMissing: ProblemType(
        "history-missing",
        409,
        "The node does not know what was held before",
        "It keeps no state of {blocks} blocks ago. The operator needs one that does, or asks for fewer "
        "blocks (IDENTITY_TOKEN_HELD_BLOCKS_COUNT).",
    ),
    errors.GrowthTargetRefused: ProblemType(
        "growth-target-refused", 400, "This is no target", "Of a target: {ground}."
    ),
    errors.GrowthTargetLimit: ProblemType(
        "growth-target-limit", 409, "Enough targets are open", "At most {limit}: take one back first."
    ),
    errors.GrowthTargetNotFound: ProblemType(
        "growth-target-not-found", 404, "Not found", "This union has no such target."
    ),
    errors.VouchNotFound: ProblemType("vouch-not-found", 404, "Not found", "No such vouch of yours is open."),
}
