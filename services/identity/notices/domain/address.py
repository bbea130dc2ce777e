"""Where a member is told: an e-mail address of theirs, or the browser of one of their devices."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from chassis.retries import Retries
from services.identity.notices.domain.errors import EmailCodeUsedUp, EmailCodeWrong

CODE_DIGITS = 6


class ChannelKind(StrEnum):
    EMAIL = "email"
    PUSH = "push"


@dataclass(frozen=True, slots=True)
class EmailCode:
    """What was sent to an address, to be told by who reads there."""

    code: str
    expires_at: datetime
    tries_left: int


@dataclass(frozen=True, slots=True)
class PushKeys:
    """A browser's own, in base64url (RFC 8291): a point of P-256, and 16 bytes."""

    p256dh: str
    auth: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where an e-mail goes. `end_token`: the word that ends e-mail there; None: nothing is to be ended."""

    target: str
    end_token: str | None


@dataclass(frozen=True, slots=True)
class Address:
    """`told_number`: notices up to it are done with. `due_at`: when the next message is to be sent.

    `token` ends e-mail there. `fault`: why the last message was not taken.
    """

    id: UUID
    member_id: UUID
    kind: ChannelKind
    target: str
    named_at: datetime
    token: str | None = None
    device_key_id: str | None = None
    keys: PushKeys | None = None
    code: EmailCode | None = None
    confirmed_at: datetime | None = None
    told_number: int = 0
    told_at: datetime | None = None
    due_at: datetime | None = None
    failures_count: int = 0
    fault: str | None = None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None

    @property
    def mailbox(self) -> Mailbox:
        """Of an e-mail address."""
        return Mailbox(self.target, self.token if self.is_confirmed else None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of sending once; `is_gone`: nobody will ever be reached there."""

    fault: str | None = None
    is_gone: bool = False


def checked_code(address: Address, code: str, now: datetime) -> EmailCodeWrong | None:
    """None for the right code. Raises EmailCodeUsedUp where no code is good any more."""
    sent = address.code
    if sent is None or sent.tries_left < 1 or now >= sent.expires_at:
        raise EmailCodeUsedUp
    return None if code == sent.code else EmailCodeWrong(sent.tries_left - 1)


def code_missed(address: Address) -> Address:
    """After a wrong code."""
    assert address.code is not None
    return replace(address, code=replace(address.code, tries_left=address.code.tries_left - 1))


def confirmed(address: Address, newest_number: int, now: datetime) -> Address:
    """What happened before is not told there."""
    return replace(address, confirmed_at=now, code=None, told_number=newest_number, due_at=None, fault=None)


def sent(address: Address, told_number: int, next_due: datetime | None, sent_at: datetime | None) -> Address:
    """After a message was taken, or none was needed (None). `next_due`: for what has happened since."""
    return replace(
        address,
        told_number=max(told_number, address.told_number),
        told_at=sent_at or address.told_at,
        due_at=next_due,
        failures_count=0,
        fault=None,
    )


def not_sent(address: Address, outcome: Outcome, retries: Retries, chance: float, now: datetime) -> Address:
    """Tried again after a pause, or given up until the next notice; who is gone has to confirm anew."""
    if outcome.is_gone:
        return replace(address, confirmed_at=None, code=None, due_at=None, fault=outcome.fault)
    count = address.failures_count + 1
    if count >= retries.tries_max:
        return replace(address, due_at=None, failures_count=0, fault=outcome.fault)
    return replace(
        address, due_at=now + retries.pause(count, chance), failures_count=count, fault=outcome.fault
    )
