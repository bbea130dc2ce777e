"""What has to be shown for a transfer beside its accounts' kinds: an act, a hold, a mandate, an escrow."""

from services.ledger.domain.accounts import Account
from services.ledger.domain.draft import Draft
from services.ledger.domain.holds import closing_fault, timeout_fault
from services.ledger.domain.mandates import mandate_fault
from services.ledger.domain.results import Result
from services.ledger.domain.rights import CODES, Authority, Code, Principal, Right
from services.ledger.domain.transfers import InvalidAct, TransferRequest

_GIVEN_BEFORE = frozenset({Authority.MANDATE, Authority.SCHEDULE})
_ENDING = frozenset({Authority.HOLD, Authority.CLOCK})


class Authorities:
    """Looks at the books as the batch has changed them; changes nothing."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self.principal: Principal
        """Of the part that is posted."""

    def fault(  # noqa: PLR0911 - one return for each kind of authority
        self, right: Right, request: TransferRequest, debit: Account, credit: Account, amount_minor: int
    ) -> Result | None:
        """Who may do this: the row's authority, shown for these very accounts."""
        if request.particulars is not None and not _particulars_fit(right.authority, request):
            return Result.PARTICULARS_DO_NOT_FIT
        match right.authority:
            case Authority.CHARTER | Authority.DECISION | Authority.CHAIN | Authority.SCHEDULE:
                return None
            case Authority.OFFICE:
                return Result.CREDIT_NOT_PERMITTED if self._is_own(credit) else None
            case Authority.MANAGING | Authority.HIRED:
                return self._business_fault(right.authority, debit, credit)
            case Authority.OWN_ACT:
                return self._own_fault(request, debit)
            case Authority.HOLD | Authority.CLOCK | Authority.MANDATE:
                return self._pending_fault(right.authority, request, credit, amount_minor)
            case Authority.FORWARDED_ACT:
                return self._act_fault(request, debit, credit)
            case Authority.PAYEE | Authority.EXIT | Authority.CONTRIBUTOR:
                return self._escrow_fault(right.authority, request, debit, credit)

    def _business_fault(self, authority: Authority, debit: Account, credit: Account) -> Result | None:
        """A member pays for one business; by a limit to others alone."""
        if debit.owner_id != self.principal.acts_for:
            return Result.DEBIT_NOT_PERMITTED
        is_own = authority is Authority.HIRED and self._is_own(credit)
        return Result.CREDIT_NOT_PERMITTED if is_own else None

    def _is_own(self, credit: Account) -> bool:
        """Nobody pays themselves, nor a business in which they hold something."""
        return credit.owner_id in (self.principal.id, self.principal.holds_in) and credit.owner_id is not None

    def _own_fault(self, request: TransferRequest, debit: Account) -> Result | None:
        if debit.owner_id != self.principal.id:
            return Result.DEBIT_NOT_PERMITTED
        if request.code != Code.HOLD.word:
            return None
        particulars = request.particulars
        return timeout_fault(None if particulars is None else particulars.timeout_seconds)

    def _pending_fault(
        self, authority: Authority, request: TransferRequest, credit: Account, amount_minor: int
    ) -> Result | None:
        if authority is not Authority.CLOCK and credit.owner_id != self.principal.id:
            return Result.CREDIT_NOT_PERMITTED
        draft, moment = self._draft, self._draft.books.moment
        if authority is Authority.MANDATE:
            mandate = draft.mandate(request)
            if mandate is None:
                return Result.MANDATE_MISSING
            return mandate_fault(mandate, credit.id, amount_minor, moment, draft.use_of(mandate))
        return closing_fault(draft.hold(request), credit.id, CODES[request.code], amount_minor, moment)

    def _act_fault(self, request: TransferRequest, debit: Account, credit: Account) -> Result | None:
        if credit.opened_by != self.principal.id:
            return Result.CREDIT_NOT_PERMITTED
        act = request.act
        if act is None:
            return Result.ACT_MISSING
        if isinstance(act, InvalidAct):
            return Result.ACT_INVALID
        fits = (
            act.member_id == debit.owner_id
            and act.asset == request.asset
            and act.amount_minor == request.amount_minor
            and act.to in (str(credit.id), credit.resource)
        )
        if not fits:
            return Result.ACT_DOES_NOT_FIT
        is_used = act.is_used or (act.device_key_id, act.nonce) in self._draft.spent_acts
        return Result.ACT_ALREADY_USED if is_used else None

    def _escrow_fault(
        self, authority: Authority, request: TransferRequest, debit: Account, credit: Account
    ) -> Result | None:
        if debit.opened_by != self.principal.id:
            return Result.DEBIT_NOT_PERMITTED
        if authority is Authority.PAYEE:
            return None if credit.id in debit.payees else Result.PAYEE_NOT_PERMITTED
        if authority is Authority.EXIT:
            return None if credit.id == debit.exit_to else Result.PAYEE_NOT_PERMITTED
        if not debit.returns_to_contributors or (debit.id, credit.id) not in self._draft.contributions:
            return Result.PAYEE_NOT_PERMITTED
        if self._draft.contributions[debit.id, credit.id] < request.amount_minor:
            return Result.CONTRIBUTION_EXCEEDED
        return None


def _particulars_fit(authority: Authority, request: TransferRequest) -> bool:
    """None names what another code's transfers have."""
    timeout_seconds, pending_id, mandate_id = request.particulars or (None, None, None)
    is_opening = request.code == Code.HOLD.word
    return (
        (timeout_seconds is None or is_opening)
        and (pending_id is None or authority in _ENDING)
        and (mandate_id is None or authority in _GIVEN_BEFORE)
    )
