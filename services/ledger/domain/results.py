"""The result codes of a transfer, in their order of precedence: the first that applies is the answer."""

from enum import StrEnum


class Result(StrEnum):
    """One per transfer and cancellation. The order of the members is the order of precedence.

    New codes are put where they belong; the order of those that exist does not change. Every answer except
    those that begin with `exists` and `id_already_failed` burns the id for its principal.
    """

    EXISTS = "exists"
    """The id was posted before with the same content: nothing was done again."""
    EXISTS_WITH_DIFFERENT_AMOUNT = "exists_with_different_amount"
    EXISTS_WITH_DIFFERENT_ACCOUNTS = "exists_with_different_accounts"
    EXISTS_WITH_DIFFERENT_CODE = "exists_with_different_code"
    EXISTS_WITH_DIFFERENT_FLAGS = "exists_with_different_flags"
    EXISTS_WITH_DIFFERENT_PARTICULARS = "exists_with_different_particulars"
    """Another timeout, or another hold or mandate."""
    ID_ALREADY_FAILED = "id_already_failed"
    """The id was refused before; `first_result` beside it says why."""
    CANCELLED = "cancelled"
    """The id was burnt by its principal's cancellation."""
    LINKED_CHAIN_OPEN = "linked_chain_open"
    """The last transfer of the batch is linked to a next one."""
    LINKED_TRANSFER_FAILED = "linked_transfer_failed"
    """Another one of its chain was refused."""
    DEBIT_ACCOUNT_NOT_FOUND = "debit_account_not_found"
    CREDIT_ACCOUNT_NOT_FOUND = "credit_account_not_found"
    DEBIT_ACCOUNT_CLOSED = "debit_account_closed"
    CREDIT_ACCOUNT_CLOSED = "credit_account_closed"
    DEBIT_ACCOUNT_FROZEN = "debit_account_frozen"
    """The union froze it for a time: what was promised before and the exit rights still leave it."""
    ACCOUNTS_THE_SAME = "accounts_the_same"
    ASSETS_DIFFER = "assets_differ"
    AMOUNT_ZERO = "amount_zero"
    CODE_NOT_PERMITTED = "code_not_permitted"
    """No row of the table of rights allows this code to this principal on these kinds of accounts."""
    PARTICULARS_DO_NOT_FIT = "particulars_do_not_fit"
    """`timeout_seconds` goes with `hold` alone, `pending_id` with `hold_post` and `hold_void`, `mandate_id`
    with `mandate_pay`."""
    DEBIT_NOT_PERMITTED = "debit_not_permitted"
    """The account is another member's, or an escrow that another service opened."""
    CREDIT_NOT_PERMITTED = "credit_not_permitted"
    """The escrow was opened by another service, or the account to be credited is another member's."""
    TIMEOUT_INVALID = "timeout_invalid"
    """A hold lasts 1 second to 7 days."""
    PENDING_NOT_FOUND = "pending_not_found"
    """The debit account has no such hold for this payee."""
    PENDING_ALREADY_POSTED = "pending_already_posted"
    PENDING_ALREADY_VOIDED = "pending_already_voided"
    PENDING_EXPIRED = "pending_expired"
    AMOUNT_ABOVE_PENDING = "amount_above_pending"
    AMOUNT_BELOW_PENDING = "amount_below_pending"
    """A hold is released whole."""
    MANDATE_MISSING = "mandate_missing"
    """The debit account has given this payee no such mandate, or has revoked it."""
    MANDATE_EXPIRED = "mandate_expired"
    MANDATE_EXCEEDED = "mandate_exceeded"
    """What it lets the payee take in this period is less."""
    ACT_MISSING = "act_missing"
    ACT_INVALID = "act_invalid"
    """The forwarded signature, certificate, digest or union does not hold."""
    ACT_DOES_NOT_FIT = "act_does_not_fit"
    """The act's author or its debit block is not this debit: owner, asset, amount, destination."""
    ACT_ALREADY_USED = "act_already_used"
    PAYEE_NOT_PERMITTED = "payee_not_permitted"
    CONTRIBUTION_EXCEEDED = "contribution_exceeded"
    CLOSING_NOT_PERMITTED = "closing_not_permitted"
    """`closing_debit` goes with what an escrow's opener takes out of it."""
    HOLDS_EXCEEDED = "holds_exceeded"
    """So many holds of one account may be pending."""
    OVERFLOW = "overflow"
    INSUFFICIENT_FUNDS = "insufficient_funds"
    ACCOUNT_NOT_EMPTY = "account_not_empty"
    """The escrow that was to be closed would have something left."""
    POSTED = "posted"


PRECEDENCE: tuple[Result, ...] = tuple(Result)

REPEATS = frozenset(
    {
        Result.EXISTS,
        Result.EXISTS_WITH_DIFFERENT_AMOUNT,
        Result.EXISTS_WITH_DIFFERENT_ACCOUNTS,
        Result.EXISTS_WITH_DIFFERENT_CODE,
        Result.EXISTS_WITH_DIFFERENT_FLAGS,
        Result.EXISTS_WITH_DIFFERENT_PARTICULARS,
        Result.ID_ALREADY_FAILED,
    }
)
"""Answers about an id that was burnt before; they burn nothing."""
