"""What an invitation by e-mail says, or why it is not sent, and what came of sending it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.retries import Retries
from chassis.rights.grants import Right
from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.personal_link import link_of, personal_code, stop_token
from services.identity.admission.store.invitees import DueMail, lease_due, note_mail
from services.identity.notices.domain.address import Mailbox, Outcome
from services.identity.notices.domain.message import Message
from services.identity.notices.domain.words import framed
from services.identity.offices.use_cases.may import may
from services.identity.settings import IdentitySettings
from services.identity.store import unions

NOT_WANTED = "this address wants no invitations"
FORGOTTEN = "the address was forgotten"
LIST_OVER = "the list is over"
UNION_OVER = "the union has ended"
MAKER_OUT = "who made the list admits nobody any more"


@dataclass(frozen=True, slots=True)
class Due:
    """A message whose turn it is. `fault`: why nothing is sent, now or later; None where it is."""

    mail: DueMail
    fault: str | None


async def lease_invitations(unit: UnitOfWork, lease: timedelta, limit: int) -> Sequence[Due]:
    """What is to be sent and nobody sends: the caller's until the lease ends."""
    leased = await lease_due(unit, lease, limit)
    makers = {(mail.union_id, mail.made_by) for mail in leased}
    admitting = {maker for maker in sorted(makers) if await _admits(unit, *maker)}
    return [Due(mail, _fault(mail, (mail.union_id, mail.made_by) in admitting)) for mail in leased]


async def _admits(unit: UnitOfWork, union_id: UUID, member_id: UUID) -> bool:
    union = await unions.union_named(unit, str(union_id))
    return union is not None and await may(unit, member_id, Right.ADMIT, union)


def _fault(mail: DueMail, maker_admits: bool) -> str | None:
    if mail.is_stopped:
        return NOT_WANTED
    if not mail.is_union_active:
        return UNION_OVER
    if not mail.is_list_open:
        return LIST_OVER
    if mail.email is None or mail.row_key is None:
        return FORGOTTEN
    return None if maker_admits else MAKER_OUT


def invitation_message(mail: DueMail, public_url: str, key: bytes) -> tuple[Mailbox, Message]:
    """To whom, and what."""
    assert mail.email is not None
    assert mail.row_key is not None
    mailbox = Mailbox(mail.email, stop_token(key, mail.row_key))
    inviter = mail.inviter_name or mail.inviter_handle
    link = link_of(public_url, mail.slug, personal_code(key, mail.invitation_id))
    said = framed(
        mail.language,
        "invited",
        inviter=inviter,
        handle=mail.inviter_handle,
        union=mail.union_name,
        until=f"{mail.expires_at:%Y-%m-%d}",
    )
    title = framed(mail.language, "invited-subject", inviter=inviter, union=mail.union_name)
    lines = (f"{mail.name},", "", said, "", link) if mail.name else (said, "", link)
    return mailbox, Message(f"{mail.invitation_id}.invitation", title, lines, link, mail.language)


async def note_sent(
    unit: UnitOfWork, settings: IdentitySettings, mail: DueMail, outcome: Outcome, chance: float
) -> None:
    """Tried again after a pause, or given up; the address is forgotten then."""
    if outcome.fault is None:
        await note_mail(unit, mail, mailed=True, fault=None, due_again=None)
        return
    retries = Retries(
        settings.notice_tries_max,
        settings.notice_retry_first_seconds,
        settings.notice_retry_longest_seconds,
    )
    count = mail.mail_failures_count + 1
    is_over = outcome.is_gone or count >= retries.tries_max
    due_again = None if is_over else unit.now + retries.pause(count, chance)
    await note_mail(unit, mail, mailed=False, fault=outcome.fault, due_again=due_again)
