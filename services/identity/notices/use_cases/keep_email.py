"""One's e-mail address: named, confirmed by a code that was sent there, ended."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.refresh_family import token_text
from services.identity.notices.domain.address import (
    CODE_DIGITS,
    Address,
    ChannelKind,
    EmailCode,
    checked_code,
    code_missed,
    confirmed,
)
from services.identity.notices.domain.errors import ChannelOff, EmailCodeWrong, NoEmailAddress
from services.identity.notices.store import addresses
from services.identity.notices.store.notices import newest_number
from services.identity.settings import IdentitySettings
from services.identity.use_cases.limit_attempts import limit_attempts

TOKEN_BYTES = 24
RIGHT = "own_notices"


async def name_email(
    unit: UnitOfWork,
    settings: IdentitySettings,
    random_bytes: Callable[[int], bytes],
    member_id: UUID,
    target: str,
) -> Address:
    """In place of the one before; a code is sent to it. Raises ChannelOff, AttemptLimitReached."""
    if not settings.has_email:
        raise ChannelOff("e-mail")
    # Whoever counts first for this member is first: the others wait at the counter's row.
    await limit_attempts(unit, settings, AttemptKind.EMAIL_CODE_OF_MEMBER, str(member_id))
    hashed = hashlib.sha256(target.lower().encode()).hexdigest()
    await limit_attempts(unit, settings, AttemptKind.EMAIL_CODE_OF_ADDRESS, hashed)
    number = int.from_bytes(random_bytes(8)) % 10**CODE_DIGITS
    code = EmailCode(
        f"{number:0{CODE_DIGITS}}",
        unit.now + timedelta(seconds=settings.email_code_seconds),
        settings.email_code_tries_max,
    )
    address = Address(
        id=unit.ids.new(),
        member_id=member_id,
        kind=ChannelKind.EMAIL,
        target=target,
        token=token_text(random_bytes(TOKEN_BYTES)),
        named_at=unit.now,
        code=code,
        due_at=unit.now,
    )
    await addresses.remove_email(unit, member_id)
    await addresses.add_address(unit, address)
    unit.record_act(RIGHT, f"members/{member_id}", {"email": "named"})
    return address


async def confirm_email(unit: UnitOfWork, member_id: UUID, code: str) -> Address | EmailCodeWrong:
    """A wrong code is an answer, to be committed: it uses up a try.

    Raises NoEmailAddress, EmailCodeUsedUp.
    """
    present = await addresses.email_of(unit, member_id)
    if present is None:
        raise NoEmailAddress
    if present.is_confirmed:
        return present
    wrong = checked_code(present, code, unit.now)
    if wrong is not None:
        await addresses.save_address(unit, code_missed(present))
        return wrong
    after = confirmed(present, await newest_number(unit, member_id), unit.now)
    await addresses.save_address(unit, after)
    unit.record_act(RIGHT, f"members/{member_id}", {"email": "confirmed"})
    return after


async def end_email(unit: UnitOfWork, member_id: UUID) -> None:
    """A repeat changes nothing."""
    if await addresses.remove_email(unit, member_id):
        unit.record_act(RIGHT, f"members/{member_id}", {"email": "ended"})


async def end_email_by_token(unit: UnitOfWork, token: str) -> None:
    """As who reads there asks; a token that ends nothing is not told from one that does."""
    member_id = await addresses.remove_by_token(unit, token)
    if member_id is not None:
        unit.record_act("email_recipient", f"members/{member_id}", {"email": "ended"})
