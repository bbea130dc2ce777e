"""What an invitation by e-mail says, and what came of sending it."""

from uuid import UUID

from chassis.retries import Retries
from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.personal_link import link_of, personal_code, stop_token
from services.identity.admission.store.invitees import DueMail, note_mail
from services.identity.notices.domain.address import Address, ChannelKind, Outcome
from services.identity.notices.domain.message import Message
from services.identity.notices.domain.words import framed
from services.identity.settings import IdentitySettings

NOT_WANTED = "this address wants no invitations"
UNION_OVER = "the union has ended"


def fault_before(mail: DueMail) -> str | None:
    """Why nothing is sent; None where it is."""
    if mail.is_stopped:
        return NOT_WANTED
    return None if mail.is_union_active else UNION_OVER


def written(mail: DueMail, public_url: str, key: bytes) -> tuple[Address, Message]:
    """To whom, and what. The member that an address belongs to is nobody yet."""
    assert mail.email is not None
    assert mail.row_key is not None
    address = Address(
        id=mail.invitation_id,
        member_id=UUID(int=0),
        kind=ChannelKind.EMAIL,
        target=mail.email,
        named_at=mail.expires_at,
        token=stop_token(key, mail.row_key),
        confirmed_at=mail.expires_at,
    )
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
    return address, Message(f"{mail.invitation_id}.invitation", title, lines, link, mail.language)


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
