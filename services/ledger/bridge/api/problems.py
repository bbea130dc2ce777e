"""The bridge's part of the ledger's table from facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import REFUSED_BY_LEDGER, ProblemType
from services.ledger.bridge.domain import errors

BRIDGE_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.BridgeOff: ProblemType(
        "bridge-off", 409, "There is no chain here", "The operator of this deployment has turned none on."
    ),
    errors.BridgeNotOpen: ProblemType(
        "bridge-not-open", 409, "The union's bridge is not open", "Its state is: {state}."
    ),
    errors.AmountDoesNotDivide: ProblemType(
        "amount-does-not-divide",
        422,
        "The amount does not divide",
        "{amount} is no whole number of units of {unit}.",
    ),
    errors.AddressMalformed: ProblemType(
        "address-malformed",
        422,
        "This is no address",
        "{address} has to be 0x and 40 hex digits with the checksum of EIP-55.",
    ),
    errors.AddressNotPermitted: ProblemType(
        "address-not-permitted", 422, "Not to this address", "What is paid to {address} is lost."
    ),
    errors.WithdrawalTooSmall: ProblemType(
        "withdrawal-too-small", 422, "The withdrawal is too small", "It is at least {minor_min} minor units."
    ),
    errors.TooManyWithdrawals: ProblemType(
        "too-many-withdrawals",
        409,
        "Too many withdrawals are on their way",
        "Wait until one of your {limit} is final.",
    ),
    errors.WithdrawalRefused: REFUSED_BY_LEDGER,
    errors.WithdrawalNotFound: ProblemType(
        "withdrawal-not-found", 404, "No such withdrawal", "You have no withdrawal {withdrawal_id} here."
    ),
    errors.DepositNotFound: ProblemType(
        "deposit-not-found", 404, "No such deposit", "You may see no deposit {deposit_id} here."
    ),
    errors.DepositNotClaimable: ProblemType(
        "deposit-not-claimable",
        409,
        "The deposit cannot be claimed",
        "{deposit_id} cannot be claimed: {reason}.",
    ),
    errors.NotTheDepositor: ProblemType(
        "not-the-depositor",
        403,
        "Another wallet sent it",
        "{deposit_id} was sent by {depositor}: claim it from a device that this wallet has certified.",
    ),
}
