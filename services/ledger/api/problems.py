"""The one table from the ledger's facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.ledger.bridge.api.problems import BRIDGE_PROBLEMS
from services.ledger.domain import errors

LEDGER_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.BadAccountReference: ProblemType(
        "bad-account-reference",
        422,
        "This names no account",
        "{reference} is no account's id, nor members/<member id>, nor businesses/<business id>, "
        "nor treasury, nor issuance.",
    ),
    errors.AccountNotFound: ProblemType(
        "account-not-found", 404, "No such account", "You may see no account {account_id} in this union."
    ),
    errors.AccountExistsDifferently: ProblemType(
        "account-exists-differently",
        409,
        "The account exists with another content",
        "What {account_id} stands for, pays and returns to was fixed when it was opened.",
    ),
    errors.ResourceNotPermitted: ProblemType(
        "resource-not-permitted",
        403,
        "Not this service's resource",
        "{resource} has to begin with {expected_prefix}.",
    ),
    errors.TooManyPayees: ProblemType(
        "too-many-payees", 422, "Too many payees", "An escrow has at most {limit} payees."
    ),
    errors.WrongAsset: ProblemType(
        "wrong-asset", 422, "The union has another asset", "{asset} has to be {expected_asset}."
    ),
    errors.PayeeNotFound: ProblemType(
        "payee-not-found",
        409,
        "A payee has no account here",
        "{account_id} is neither a member's account in this union nor its treasury.",
    ),
    errors.OwnAccountModerated: ProblemType(
        "own-account-moderated",
        403,
        "Not your own account",
        "An officer neither freezes nor thaws an account of their own: ask another one.",
    ),
    errors.SpendingLimitReached: ProblemType(
        "spending-limit-reached",
        409,
        "More than may be spent",
        "By this right {left_minor} minor units of {asset} may still be paid.",
    ),
    errors.BusinessNotFound: ProblemType(
        "business-not-found", 404, "No such business", "The union has no business {business_id}."
    ),
    errors.AllotmentExistsDifferently: ProblemType(
        "allotment-exists-differently",
        409,
        "The allotment exists with other terms",
        "{allotment_id} was asked for with other terms: choose another id.",
    ),
    errors.AllotmentTooLarge: ProblemType(
        "allotment-too-large",
        422,
        "The allotment is too large",
        "It has {count} {what}; at most {limit} are taken.",
    ),
    errors.FreezeTimeInvalid: ProblemType(
        "freeze-time-invalid",
        422,
        "The freeze ends at a time that is not possible",
        "until has to be after now and within {days_max} days.",
    ),
    errors.MomentNotPassed: ProblemType(
        "moment-not-passed", 422, "The moment has not passed", "at has to be now or before."
    ),
    errors.NothingToExplain: ProblemType(
        "nothing-to-explain",
        404,
        "No rule made this transfer",
        "Transfer {sequence} was asked for by somebody: its code and memo say what for.",
    ),
    errors.TransferNotFound: ProblemType(
        "transfer-not-found", 404, "No such transfer", "The account has no transfer {sequence}."
    ),
    errors.ReceiptTooOld: ProblemType(
        "receipt-too-old",
        409,
        "There is no receipt of it",
        "Transfer {sequence} was posted before the journal had leaves; its entry proves it whole.",
    ),
    errors.ScheduleNotFound: ProblemType(
        "schedule-not-found", 404, "No such schedule", "You gave no schedule {schedule_id} in this union."
    ),
    errors.ScheduleExistsDifferently: ProblemType(
        "schedule-exists-differently",
        409,
        "The schedule exists with other terms",
        "The terms of {schedule_id} were fixed when it was given: stop it and give another one.",
    ),
    errors.ScheduleAmountZero: ProblemType(
        "schedule-amount-zero", 422, "The schedule pays nothing", "It has to pay at least 1 minor unit."
    ),
    errors.ScheduleTimeInvalid: ProblemType(
        "schedule-time-invalid",
        422,
        "The schedule begins at a time that is not possible",
        "first_at has to be after now and within {days_max} days.",
    ),
    errors.ZoneUnknown: ProblemType(
        "zone-unknown",
        422,
        "There is no such time zone",
        "{zone} is no name of the IANA database, like Europe/Berlin.",
    ),
    errors.TooManySchedules: ProblemType(
        "too-many-schedules",
        409,
        "Too many schedules",
        "At most {limit} may be running at a time: stop one that is not needed any more.",
    ),
    errors.MandateNotFound: ProblemType(
        "mandate-not-found", 404, "No such mandate", "You gave no mandate {mandate_id} in this union."
    ),
    errors.MandateExistsDifferently: ProblemType(
        "mandate-exists-differently",
        409,
        "The mandate exists with other terms",
        "The terms of {mandate_id} were fixed when it was given: revoke it and give another one.",
    ),
    errors.MandateNotForOneself: ProblemType(
        "mandate-not-for-oneself",
        422,
        "A mandate is for another member",
        "The payee has to be another member.",
    ),
    errors.MandateCapZero: ProblemType(
        "mandate-cap-zero", 422, "The mandate is for nothing", "Its cap has to be at least 1 minor unit."
    ),
    errors.MandateTimeInvalid: ProblemType(
        "mandate-time-invalid",
        422,
        "The mandate ends at a time that is not possible",
        "expires_at has to be after now and within {days_max} days.",
    ),
    errors.TooManyMandates: ProblemType(
        "too-many-mandates",
        409,
        "Too many mandates",
        "At most {limit} may be used at a time: revoke one that is not needed any more.",
    ),
    errors.UnionNotInLedger: ProblemType(
        "union-not-in-ledger", 404, "No such union", "Identity knows no union {union_id}."
    ),
    errors.PeriodEmpty: ProblemType(
        "period-empty", 422, "The period is empty", "It ends before it begins: from has to be before until."
    ),
    errors.StatementTooLong: ProblemType(
        "statement-too-long",
        413,
        "The statement is too long for a file",
        "It goes over more than {limit} transfers: ask for a shorter period, or a later moment.",
    ),
    errors.LaneFull: ProblemType(
        "lane-full",
        429,
        "Too many transfers wait",
        "{waiting_max} requests wait for this union's journal; try again in {retry_after_seconds} seconds.",
    ),
    errors.BatchTooLarge: ProblemType(
        "batch-too-large",
        413,
        "The batch is too large",
        "It has {transfers_count}; at most {limit} are taken at once.",
    ),
    errors.ParameterMissing: ProblemType(
        "charter-parameter-missing", 409, "The charter lacks a number", "{name} has to be a number."
    ),
    errors.SharesDoNotAddUp: ProblemType(
        "shares-do-not-add-up",
        409,
        "The charter's shares do not make the whole",
        "They make {sum_basis_points} basis points; it has to be 10,000.",
    ),
    errors.SupplyOutOfBounds: ProblemType(
        "supply-out-of-bounds",
        409,
        "The charter's supply is out of bounds",
        "It is {supply_minor} minor units; it has to be 1 to 2^62.",
    ),
    errors.RunNotFound: ProblemType("run-not-found", 404, "No such run", "You may see no run {run_id} here."),
    errors.RunExistsDifferently: ProblemType(
        "run-exists-differently",
        409,
        "The run was announced with another content",
        "Count, hash and rule of {run_id} were fixed when it was announced.",
    ),
    errors.RunTooLong: ProblemType(
        "run-too-long", 422, "The run is too long", "It has {lines_count} lines; at most {limit} are taken."
    ),
    errors.ChunkOutOfBounds: ProblemType(
        "chunk-out-of-bounds",
        404,
        "The run has no such chunk",
        "It has {chunks_count} chunks, numbered from 0; this is {chunk}.",
    ),
    errors.ChunkSizeWrong: ProblemType(
        "chunk-size-wrong",
        422,
        "The chunk has another size",
        "Chunk {chunk} has to have {expected_count} lines, not {lines_count}.",
    ),
    errors.ChunkExistsDifferently: ProblemType(
        "chunk-exists-differently",
        409,
        "The chunk was received with other lines",
        "Chunk {chunk} is part of a frozen list.",
    ),
    errors.CodeNotForRuns: ProblemType(
        "code-not-for-runs",
        422,
        "No line of a run has this code",
        "{code} is none of escrow_pay, escrow_refund, pledge_refund, project_payout.",
    ),
    **BRIDGE_PROBLEMS,
}
