"""The facts that the bridge states when it refuses."""

from uuid import UUID

from chassis.errors import DomainError


class BridgeOff(DomainError):
    def __init__(self) -> None:
        super().__init__("this deployment has no chain")


class BridgeNotOpen(DomainError):
    def __init__(self, state: str) -> None:
        super().__init__("the union's bridge is not open")
        self.state = state


class AmountDoesNotDivide(DomainError):
    def __init__(self, amount: int, unit: int) -> None:
        super().__init__("the amount is no whole number of minor units")
        self.amount = str(amount)
        self.unit = str(unit)


class AddressMalformed(DomainError):
    def __init__(self, address: str) -> None:
        super().__init__("an address is 0x and 40 hex digits with the checksum of EIP-55")
        self.address = address


class AddressNotPermitted(DomainError):
    def __init__(self, address: str) -> None:
        super().__init__("what is paid to the zero address, the vault or the token is lost")
        self.address = address


class WithdrawalTooSmall(DomainError):
    def __init__(self, minor_min: int) -> None:
        super().__init__("the amount is below the least withdrawal")
        self.minor_min = str(minor_min)


class TooManyWithdrawals(DomainError):
    def __init__(self, limit: int) -> None:
        super().__init__("this many withdrawals of the member are on their way")
        self.limit = limit


class WithdrawalRefused(DomainError):
    """The books did not move the money; `code` is the result of the transfer."""

    def __init__(self, code: str) -> None:
        super().__init__("the books refused the withdrawal")
        self.code = code


class WithdrawalNotFound(DomainError):
    def __init__(self, withdrawal_id: UUID) -> None:
        super().__init__("no such withdrawal of yours in this union")
        self.withdrawal_id = withdrawal_id


class DepositNotFound(DomainError):
    def __init__(self, deposit_id: UUID) -> None:
        super().__init__("no such deposit that you may see in this union")
        self.deposit_id = deposit_id


class DepositNotClaimable(DomainError):
    def __init__(self, deposit_id: UUID, reason: str) -> None:
        super().__init__("only a deposit that names nobody can be claimed")
        self.deposit_id = deposit_id
        self.reason = reason


class NotTheDepositor(DomainError):
    def __init__(self, deposit_id: UUID, depositor: str) -> None:
        super().__init__("a deposit is claimed by the member whose wallet sent it")
        self.deposit_id = deposit_id
        self.depositor = depositor
