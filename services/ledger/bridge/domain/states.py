"""The states that a bridge, a deposit, a withdrawal and a transaction pass through."""

from enum import StrEnum


class BridgeState(StrEnum):
    """OPENING: its contracts are on their way to finality. Only an OPEN bridge moves anything."""

    OPENING = "opening"
    OPEN = "open"


class DepositState(StrEnum):
    """UNCLAIMED: the vault holds it and nobody was credited; `Unclaimed` says why."""

    CREDITED = "credited"
    UNCLAIMED = "unclaimed"


class Unclaimed(StrEnum):
    """Why nobody was credited. What names nobody may be claimed by the wallet that sent it."""

    NAMES_NOBODY = "names_nobody"
    DOES_NOT_DIVIDE = "does_not_divide"
    NOT_OWED = "not_owed"
    """More came in than ever went out: no vault of ours lets that happen."""


class WithdrawalState(StrEnum):
    """REQUESTED: moved to the bridge. SENT: a transaction is on its way. FINAL: paid, and that is final.
    RETURNED: it can never be paid, and the money is back."""

    REQUESTED = "requested"
    SENT = "sent"
    FINAL = "final"
    RETURNED = "returned"


OPEN_WITHDRAWALS = (WithdrawalState.REQUESTED, WithdrawalState.SENT)


class TransactionKind(StrEnum):
    """What the operator sends: the contracts of a bridge, the payment of a withdrawal."""

    OPENING = "opening"
    RELEASE = "release"


class TransactionState(StrEnum):
    """WAITING: not settled yet. DONE and FAILED are final on the chain."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
