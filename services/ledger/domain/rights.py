"""Who may debit what: one table. What it does not allow is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from types import MappingProxyType
from uuid import UUID

from chassis.ids import derived_id
from services.ledger.domain.accounts import LEDGER_NAMESPACE, AccountKind


class PrincipalKind(StrEnum):
    """Who asks for a transfer. `ledger` is a rule that the ledger applies itself: genesis, joining grants,
    deposits. `withdrawer` is a member whose withdrawal the bridge has taken, `officer` one who may spend from
    the treasury, `manager` one who may from a business' account without a limit, `hire` one with a limit."""

    LEDGER = "ledger"
    MEMBER = "member"
    MARKET = "market"
    FUNDING = "funding"
    WITHDRAWER = "withdrawer"
    OFFICER = "officer"
    MANAGER = "manager"
    HIRE = "hire"


@dataclass(frozen=True, slots=True)
class Principal:
    """The asker. Ids of transfers are unique per (union, `id`, transfer id): nobody squats on another's.
    `acts_for`: the business that a manager or a hire pays for; `holds_in`: the business that is paid, where
    the payer has a share, a post or another right in it."""

    kind: PrincipalKind
    id: UUID
    acts_for: UUID | None = None
    holds_in: UUID | None = None

    @property
    def is_service(self) -> bool:
        return self.kind in SERVICE_RESOURCES


def member_principal(member_id: UUID) -> Principal:
    return Principal(PrincipalKind.MEMBER, member_id)


def withdrawing_principal(member_id: UUID) -> Principal:
    """The member, once the bridge has taken their withdrawal: no other door leads to a bridge's account."""
    return Principal(PrincipalKind.WITHDRAWER, member_id)


def officer_principal(member_id: UUID) -> Principal:
    """The member, once their right to spend was looked at: no other door leads out of the treasury."""
    return Principal(PrincipalKind.OFFICER, member_id)


def manager_principal(member_id: UUID, business_id: UUID) -> Principal:
    """The member, once their right to spend from the business without a limit was looked at."""
    return Principal(PrincipalKind.MANAGER, member_id, business_id)


def hire_principal(member_id: UUID, business_id: UUID) -> Principal:
    """The member, once their right to spend so much from the business was looked at."""
    return Principal(PrincipalKind.HIRE, member_id, business_id)


def named_principal(kind: PrincipalKind) -> Principal:
    """A service, or the ledger itself, as principal: its id derives from its name."""
    return Principal(kind, derived_id(LEDGER_NAMESPACE, "principal", kind.value))


LEDGER = named_principal(PrincipalKind.LEDGER)

SERVICE_RESOURCES: Mapping[PrincipalKind, str] = MappingProxyType(
    {PrincipalKind.MARKET: "agreements/", PrincipalKind.FUNDING: "projects/"}
)
"""The services that may open escrows, and the resources that these may stand for."""


class Authority(StrEnum):
    """What has to be shown beside the kinds of the two accounts."""

    CHARTER = "a charter rule, applied by the ledger itself"
    DECISION = "a decision of the union that passed and names it, carried out by the ledger itself"
    CHAIN = "what the chain says at finality, applied by the ledger itself"
    CLOCK = "the end of a hold's time, applied by the ledger itself"
    OFFICE = "the signed act of a member who may spend so much, never to themselves or a business of theirs"
    MANAGING = "the signed act of a member who may spend from the debited business without a limit"
    HIRED = "the same, of a member who may spend so much from the debited business"
    OWN_ACT = "the debited member's own signed act, sent to the ledger"
    HOLD = "the signed act of the member for whom the amount is held"
    MANDATE = "the payee's signed act, within a mandate that the debited member gave them"
    SCHEDULE = "a schedule that the debited member signed, applied by the ledger itself when it is due"
    FORWARDED_ACT = "the debited member's signed act, forwarded by the service that opened the escrow"
    PAYEE = "the escrow's opener, to a payee fixed at the opening"
    EXIT = "the escrow's opener, to the beneficiary fixed at the opening"
    CONTRIBUTOR = "the escrow's opener, to a contributor, at most what they put in"


class Code(IntEnum):
    """What a transfer is for. The numbers are stored and hashed: they never change their meaning."""

    GENESIS = 1
    JOINING_GRANT = 2
    GRANT_UNLOCK = 3
    VEST = 4
    ISSUE = 5
    BURN = 6
    PAY = 10
    HOLD = 11
    HOLD_POST = 12
    HOLD_VOID = 13
    HOLD_EXPIRE = 14
    MANDATE_PAY = 15
    SCHEDULED_PAY = 16
    FEE = 17
    TREASURY_PAY = 18
    BUSINESS_PAY = 19
    ESCROW_FUND = 20
    ESCROW_PAY = 21
    ESCROW_REFUND = 22
    PLEDGE = 30
    PLEDGE_REFUND = 31
    PROJECT_PAYOUT = 32
    DEPOSIT = 40
    WITHDRAWAL = 41
    WITHDRAWAL_RETURN = 42

    __hash__ = int.__hash__  # an enumeration's own is a function in Python, called for each lookup

    @property
    def word(self) -> str:
        """The code as requests and events write it."""
        return self.name.lower()


MOVING_NOTHING = frozenset({Code.HOLD, Code.HOLD_VOID, Code.HOLD_EXPIRE})
"""Codes that reserve an amount or give it back: no balance changes, no statement shows them."""

STOPPED_BY_A_FREEZE = frozenset(
    {
        Code.PAY,
        Code.BUSINESS_PAY,
        Code.HOLD,
        Code.MANDATE_PAY,
        Code.SCHEDULED_PAY,
        Code.ESCROW_FUND,
        Code.PLEDGE,
        Code.BURN,
    }
)
"""What does not leave an account that is frozen. What was promised before and the exit rights stay: a hold is
taken or given back, a withdrawal goes out."""

CODES: Mapping[str, Code] = MappingProxyType({code.word: code for code in Code})
WORDS: Mapping[int, str] = MappingProxyType({code: code.word for code in Code})


@dataclass(frozen=True, slots=True)
class Right:
    """One row of the table."""

    principal: PrincipalKind
    debit_kind: AccountKind
    credit_kind: AccountKind
    authority: Authority


def _rights(
    principal: PrincipalKind,
    debit_kinds: tuple[AccountKind, ...],
    credit_kinds: tuple[AccountKind, ...],
    authority: Authority,
) -> tuple[Right, ...]:
    return tuple(
        Right(principal, debit, credit, authority) for debit in debit_kinds for credit in credit_kinds
    )


_K = AccountKind
_P = PrincipalKind
_A = Authority
PAID_BY_A_BUSINESS = (_K.MEMBER, _K.TREASURY, _K.BUSINESS)

RIGHTS: Mapping[Code, tuple[Right, ...]] = MappingProxyType(
    {
        Code.GENESIS: _rights(
            _P.LEDGER,
            (_K.ISSUANCE,),
            (_K.TREASURY, _K.MEMBER, _K.VESTING, _K.EARLY_MEMBERS),
            _A.CHARTER,
        ),
        Code.JOINING_GRANT: _rights(
            _P.LEDGER, (_K.EARLY_MEMBERS, _K.TREASURY), (_K.MEMBER, _K.GRANT), _A.CHARTER
        ),
        Code.GRANT_UNLOCK: _rights(_P.LEDGER, (_K.GRANT,), (_K.MEMBER,), _A.CHARTER),
        Code.VEST: _rights(_P.LEDGER, (_K.VESTING,), (_K.MEMBER,), _A.CHARTER),
        Code.ISSUE: _rights(_P.LEDGER, (_K.ISSUANCE,), (_K.TREASURY,), _A.DECISION),
        Code.BURN: (
            *_rights(_P.LEDGER, (_K.TREASURY,), (_K.ISSUANCE,), _A.DECISION),
            *_rights(_P.MEMBER, (_K.MEMBER,), (_K.ISSUANCE,), _A.OWN_ACT),
        ),
        Code.PAY: _rights(_P.MEMBER, (_K.MEMBER,), (_K.MEMBER, _K.TREASURY, _K.BUSINESS), _A.OWN_ACT),
        Code.HOLD: _rights(_P.MEMBER, (_K.MEMBER,), (_K.MEMBER,), _A.OWN_ACT),
        Code.HOLD_POST: _rights(_P.MEMBER, (_K.MEMBER,), (_K.MEMBER,), _A.HOLD),
        Code.HOLD_VOID: _rights(_P.MEMBER, (_K.MEMBER,), (_K.MEMBER,), _A.HOLD),
        Code.HOLD_EXPIRE: _rights(_P.LEDGER, (_K.MEMBER,), (_K.MEMBER,), _A.CLOCK),
        Code.MANDATE_PAY: _rights(_P.MEMBER, (_K.MEMBER,), (_K.MEMBER,), _A.MANDATE),
        Code.SCHEDULED_PAY: _rights(_P.LEDGER, (_K.MEMBER,), (_K.MEMBER, _K.TREASURY), _A.SCHEDULE),
        Code.FEE: _rights(_P.LEDGER, (_K.MEMBER, _K.BUSINESS), (_K.TREASURY,), _A.CHARTER),
        Code.TREASURY_PAY: _rights(_P.OFFICER, (_K.TREASURY,), (_K.MEMBER, _K.BUSINESS), _A.OFFICE),
        Code.BUSINESS_PAY: (
            *_rights(_P.MANAGER, (_K.BUSINESS,), PAID_BY_A_BUSINESS, _A.MANAGING),
            *_rights(_P.HIRE, (_K.BUSINESS,), PAID_BY_A_BUSINESS, _A.HIRED),
        ),
        Code.ESCROW_FUND: _rights(_P.MARKET, (_K.MEMBER,), (_K.ESCROW,), _A.FORWARDED_ACT),
        Code.ESCROW_PAY: _rights(_P.MARKET, (_K.ESCROW,), (_K.MEMBER,), _A.PAYEE),
        Code.ESCROW_REFUND: _rights(_P.MARKET, (_K.ESCROW,), (_K.MEMBER,), _A.EXIT),
        Code.PLEDGE: _rights(_P.FUNDING, (_K.MEMBER,), (_K.ESCROW,), _A.FORWARDED_ACT),
        Code.PLEDGE_REFUND: _rights(_P.FUNDING, (_K.ESCROW,), (_K.MEMBER,), _A.CONTRIBUTOR),
        Code.PROJECT_PAYOUT: _rights(_P.FUNDING, (_K.ESCROW,), (_K.MEMBER, _K.TREASURY), _A.PAYEE),
        Code.DEPOSIT: _rights(_P.LEDGER, (_K.BRIDGE,), (_K.MEMBER,), _A.CHAIN),
        Code.WITHDRAWAL: _rights(_P.WITHDRAWER, (_K.MEMBER,), (_K.BRIDGE,), _A.OWN_ACT),
        Code.WITHDRAWAL_RETURN: _rights(_P.LEDGER, (_K.BRIDGE,), (_K.MEMBER,), _A.CHAIN),
    }
)

OPENERS_AUTHORITIES = frozenset({Authority.PAYEE, Authority.EXIT, Authority.CONTRIBUTOR})
"""What the opener of an escrow shows to take from it; what the lines of a run may rest on, as none of these
needs an act of its own."""


def find_right(code: Code, principal: PrincipalKind, debit: AccountKind, credit: AccountKind) -> Right | None:
    """The row that allows this transfer, or None: then it is refused."""
    for right in RIGHTS[code]:
        if right.principal is principal and right.debit_kind is debit and right.credit_kind is credit:
            return right
    return None
