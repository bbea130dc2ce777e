"""What to do next with a transaction: from what the chain says of it, never from memory."""

from dataclasses import dataclass
from enum import StrEnum

WHOLE_BASIS_POINTS = 10_000


class Fate(StrEnum):
    """What became of the attempts, as far as the chain tells. UNSEEN: no receipt of any."""

    UNSEEN = "unseen"
    MINED = "mined"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen in one look.

    `nonce_is_spent`: at finality the account has used the nonce. `is_known`: the node has the newest attempt.
    """

    attempts_count: int
    fate: Fate
    nonce_is_spent: bool
    is_known: bool
    age_seconds: int


class Step(StrEnum):
    """SIGN: a first attempt. REPEAT: the newest one as it is. RAISE: another one with a higher fee.
    RENUMBER: the nonce went to a transaction that is none of ours, so no attempt can ever run."""

    SIGN = "sign"
    WAIT = "wait"
    REPEAT = "repeat"
    RAISE = "raise"
    DONE = "done"
    FAILED = "failed"
    RENUMBER = "renumber"


def next_step(seen: Observation, resend_seconds: int) -> Step:  # noqa: PLR0911 - a table, row by row
    """The one thing to do now. All attempts share one nonce, so that at most one of them ever runs."""
    if seen.fate is Fate.DONE:
        return Step.DONE
    if seen.fate is Fate.FAILED:
        return Step.FAILED
    if seen.fate is Fate.MINED:
        return Step.WAIT
    if seen.nonce_is_spent:
        return Step.RENUMBER
    if seen.attempts_count == 0:
        return Step.SIGN
    if not seen.is_known:
        return Step.REPEAT
    return Step.RAISE if seen.age_seconds >= resend_seconds else Step.WAIT


@dataclass(frozen=True, slots=True)
class Fees:
    """EIP-1559 fees for a unit of gas, in wei."""

    max_fee_wei: int
    priority_fee_wei: int


def first_fees(base_fee_wei: int, priority_fee_wei: int, fee_wei_max: int) -> Fees:
    """Room for the base fee to double, within the limit."""
    max_fee = min(2 * base_fee_wei + priority_fee_wei, fee_wei_max)
    return Fees(max_fee, min(priority_fee_wei, max_fee))


def raised_fees(before: Fees, market: Fees, raise_basis_points: int, fee_wei_max: int) -> Fees | None:
    """The next attempt's fees: what nodes ask of a replacement, or the market's where that is more.

    None when the limit leaves no room: then the attempt that is out stays the one.
    """

    def raised(fee_wei: int) -> int:
        return fee_wei + -(-fee_wei * raise_basis_points // WHOLE_BASIS_POINTS)

    max_fee = max(raised(before.max_fee_wei), market.max_fee_wei)
    priority = max(raised(before.priority_fee_wei), market.priority_fee_wei)
    if max_fee > fee_wei_max:
        return None
    return Fees(max_fee, min(priority, max_fee))
