"""Fees: what the charter has a payee give of what they receive, to the treasury. None unless it says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from chassis.ids import derived_id
from services.ledger.domain.accounts import LEDGER_NAMESPACE, AccountKind
from services.ledger.domain.genesis import SUPPLY_LIMIT_MINOR, WHOLE_BASIS_POINTS, charter_number
from services.ledger.domain.rights import Code
from services.ledger.domain.transfers import TransferRequest

_PAYMENT, _WORK = "payment_fee_basis_points", "work_fee_basis_points"
FEE_PARAMETERS: Mapping[Code, str] = MappingProxyType(
    {
        Code.PAY: _PAYMENT,
        Code.BUSINESS_PAY: _PAYMENT,
        Code.HOLD_POST: _PAYMENT,
        Code.MANDATE_PAY: _PAYMENT,
        Code.SCHEDULED_PAY: _PAYMENT,
        Code.ESCROW_PAY: _WORK,
    }
)
"""The charter's parameter that says how much is taken of what is received by this code."""

FEE_PAYERS = (AccountKind.MEMBER, AccountKind.BUSINESS)


@dataclass(frozen=True, slots=True)
class FeeRule:
    """A charter's fees: basis points, and the most that one fee takes, in minor units."""

    payment_basis_points: int = 0
    work_basis_points: int = 0
    max_minor: int = SUPPLY_LIMIT_MINOR

    @property
    def takes_nothing(self) -> bool:
        return not self.max_minor or not (self.payment_basis_points or self.work_basis_points)

    def basis_points(self, code: Code) -> int:
        match FEE_PARAMETERS.get(code):
            case "payment_fee_basis_points":
                return self.payment_basis_points
            case "work_fee_basis_points":
                return self.work_basis_points
            case _:
                return 0

    def fee_minor(self, code: Code, payee: AccountKind, amount_minor: int) -> int:
        """Of what a member or a business receives, rounded down to the unit: never more than it."""
        if payee not in FEE_PAYERS:
            return 0
        return min(amount_minor * self.basis_points(code) // WHOLE_BASIS_POINTS, self.max_minor)


NO_FEES = FeeRule()


def fee_id(principal_id: UUID, transfer_id: UUID) -> UUID:
    """Of the ledger's transfer that takes the fee of this principal's one."""
    return derived_id(LEDGER_NAMESPACE, Code.FEE.word, str(principal_id), str(transfer_id))


def fee_request(
    principal_id: UUID, payment: TransferRequest, treasury_id: UUID, fee_minor: int
) -> TransferRequest:
    """The fee of a principal's payment, from its payee to the treasury."""
    return TransferRequest(
        id=fee_id(principal_id, payment.id),
        debit_account=payment.credit_account,
        credit_account=treasury_id,
        asset=payment.asset,
        amount_minor=fee_minor,
        code=Code.FEE.word,
    )


def fee_rule(parameters: Mapping[str, object]) -> FeeRule:
    """The fees that a charter's parameters hold. Raises ParameterMissing for what is no number."""
    return FeeRule(
        charter_number(parameters, _PAYMENT, 0),
        charter_number(parameters, _WORK, 0),
        charter_number(parameters, "fee_max_minor", SUPPLY_LIMIT_MINOR),
    )
