"""The facts that the ledger states when it refuses a whole request. Single transfers get results instead."""

from uuid import UUID

from chassis.errors import DomainError


class BadAccountReference(DomainError):
    def __init__(self, reference: str) -> None:
        super().__init__("an account is referred to by its id, members/<member id>, treasury or issuance")
        self.reference = reference


class AccountNotFound(DomainError):
    """There is none, or the asker may not see it: both look the same."""

    def __init__(self, account_id: UUID) -> None:
        super().__init__("no such account that you may see in this union")
        self.account_id = account_id


class AccountExistsDifferently(DomainError):
    def __init__(self, account_id: UUID) -> None:
        super().__init__("the account exists with another content; an escrow never changes after its opening")
        self.account_id = account_id


class ResourceNotPermitted(DomainError):
    def __init__(self, resource: str, expected_prefix: str) -> None:
        super().__init__("a service opens escrows for its own resources alone")
        self.resource = resource
        self.expected_prefix = expected_prefix


class TooManyPayees(DomainError):
    def __init__(self, payees_count: int, limit: int) -> None:
        super().__init__("an escrow has at most this many payees")
        self.payees_count = payees_count
        self.limit = limit


class WrongAsset(DomainError):
    def __init__(self, asset: str, expected_asset: str) -> None:
        super().__init__("the union has another asset")
        self.asset = asset
        self.expected_asset = expected_asset


class PayeeNotFound(DomainError):
    def __init__(self, account_id: UUID) -> None:
        super().__init__("a payee or beneficiary of an escrow is a member's account or the treasury")
        self.account_id = account_id


class OwnAccountModerated(DomainError):
    """An officer neither freezes nor thaws their own account; the founder, whom nobody else is above, may."""

    def __init__(self) -> None:
        super().__init__("nobody moderates their own account by an office")


class SpendingLimitReached(DomainError):
    """`left_minor`: what may still be paid by the holding, and by those that it counts against."""

    def __init__(self, asset: str, left_minor: str) -> None:
        super().__init__("a holding spends no more than its limit in all")
        self.asset = asset
        self.left_minor = left_minor


class BusinessNotFound(DomainError):
    def __init__(self, business_id: UUID) -> None:
        super().__init__("the union has no such business")
        self.business_id = business_id


class AllotmentExistsDifferently(DomainError):
    def __init__(self, allotment_id: UUID) -> None:
        super().__init__("the allotment was asked for with other terms")
        self.allotment_id = allotment_id


class AllotmentTooLarge(DomainError):
    def __init__(self, what: str, count: int, limit: int) -> None:
        super().__init__("an allotment has at most so many sources and destinations")
        self.what = what
        self.count = count
        self.limit = limit


class FreezeTimeInvalid(DomainError):
    def __init__(self, days_max: int) -> None:
        super().__init__("a freeze ends after now and within so many days; it can be given again")
        self.days_max = days_max


class MomentNotPassed(DomainError):
    def __init__(self) -> None:
        super().__init__("a balance is known up to now")


class NothingToExplain(DomainError):
    def __init__(self, sequence: int) -> None:
        super().__init__("somebody asked for this transfer: no rule made it")
        self.sequence = sequence


class TransferNotFound(DomainError):
    def __init__(self, sequence: int) -> None:
        super().__init__("no such transfer of this account")
        self.sequence = sequence


class ReceiptTooOld(DomainError):
    def __init__(self, sequence: int) -> None:
        super().__init__("the journal's first format has no receipts")
        self.sequence = sequence


class ScheduleNotFound(DomainError):
    def __init__(self, schedule_id: UUID) -> None:
        super().__init__("no such schedule that you gave in this union")
        self.schedule_id = schedule_id


class ScheduleExistsDifferently(DomainError):
    def __init__(self, schedule_id: UUID) -> None:
        super().__init__("the schedule was given with other terms; they never change")
        self.schedule_id = schedule_id


class ScheduleAmountZero(DomainError):
    def __init__(self) -> None:
        super().__init__("a schedule pays something")


class ScheduleTimeInvalid(DomainError):
    def __init__(self, days_max: int) -> None:
        super().__init__("a schedule begins after now, and not too late")
        self.days_max = days_max


class ZoneUnknown(DomainError):
    def __init__(self, zone: str) -> None:
        super().__init__("the IANA database has no such zone")
        self.zone = zone


class TooManySchedules(DomainError):
    def __init__(self, limit: int) -> None:
        super().__init__("a member has at most so many schedules running at a time")
        self.limit = limit


class MandateNotFound(DomainError):
    def __init__(self, mandate_id: UUID) -> None:
        super().__init__("no such mandate that you gave in this union")
        self.mandate_id = mandate_id


class MandateExistsDifferently(DomainError):
    def __init__(self, mandate_id: UUID) -> None:
        super().__init__("the mandate was given with other terms; they never change")
        self.mandate_id = mandate_id


class MandateNotForOneself(DomainError):
    def __init__(self) -> None:
        super().__init__("nobody needs a mandate for their own account")


class MandateCapZero(DomainError):
    def __init__(self) -> None:
        super().__init__("a mandate lets its payee take something")


class MandateTimeInvalid(DomainError):
    def __init__(self, days_max: int) -> None:
        super().__init__("a mandate ends after now, and not too late")
        self.days_max = days_max


class TooManyMandates(DomainError):
    def __init__(self, limit: int) -> None:
        super().__init__("a member has at most so many mandates at a time")
        self.limit = limit


class UnionNotInLedger(DomainError):
    def __init__(self, union_id: UUID) -> None:
        super().__init__("the ledger has not opened this union's books")
        self.union_id = union_id


class BatchTooLarge(DomainError):
    def __init__(self, transfers_count: int, limit: int) -> None:
        super().__init__("a batch has at most this many transfers")
        self.transfers_count = transfers_count
        self.limit = limit


class LaneFull(DomainError):
    """Too many wait for the union's journal already."""

    def __init__(self, waiting_max: int) -> None:
        super().__init__("too many transfers wait in this union")
        self.waiting_max = waiting_max
        self.retry_after_seconds = 1


class PeriodEmpty(DomainError):
    def __init__(self) -> None:
        super().__init__("the period of a statement ends before it begins")


class StatementTooLong(DomainError):
    def __init__(self, limit: int) -> None:
        super().__init__("a statement's file has at most this many transfers")
        self.limit = limit


class ParameterMissing(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(f"the charter has no number called {name}")
        self.name = name


class SharesDoNotAddUp(DomainError):
    def __init__(self, sum_basis_points: int) -> None:
        super().__init__("the shares of the genesis have to make 10,000 basis points")
        self.sum_basis_points = sum_basis_points


class SupplyOutOfBounds(DomainError):
    def __init__(self, supply_minor: int) -> None:
        super().__init__("a supply is at least 1 and at most 2^62 minor units")
        self.supply_minor = str(supply_minor)


class RunNotFound(DomainError):
    def __init__(self, run_id: UUID) -> None:
        super().__init__("no such run of this service in this union")
        self.run_id = run_id


class RunExistsDifferently(DomainError):
    def __init__(self, run_id: UUID) -> None:
        super().__init__("the run was announced with another content")
        self.run_id = run_id


class RunTooLong(DomainError):
    def __init__(self, lines_count: int, limit: int) -> None:
        super().__init__("a run has at most this many lines")
        self.lines_count = lines_count
        self.limit = limit


class ChunkOutOfBounds(DomainError):
    def __init__(self, chunk: int, chunks_count: int) -> None:
        super().__init__("the run has no such chunk; chunks are numbered from 0")
        self.chunk = chunk
        self.chunks_count = chunks_count


class ChunkSizeWrong(DomainError):
    def __init__(self, chunk: int, lines_count: int, expected_count: int) -> None:
        super().__init__("every chunk but the last one is full")
        self.chunk = chunk
        self.lines_count = lines_count
        self.expected_count = expected_count


class ChunkExistsDifferently(DomainError):
    def __init__(self, chunk: int) -> None:
        super().__init__("the chunk was received with other lines; a run is a frozen list")
        self.chunk = chunk


class CodeNotForRuns(DomainError):
    def __init__(self, code: str) -> None:
        super().__init__("a run carries only codes that need no act of a member")
        self.code = code
