"""What an address is to be told now, and what came of telling it."""

from dataclasses import dataclass
from uuid import UUID

from chassis.retries import Retries
from chassis.unit_of_work import UnitOfWork
from services.identity.notices.domain.address import Address, ChannelKind, Outcome, not_sent, sent
from services.identity.notices.domain.message import (
    Message,
    Sayings,
    code_message,
    has_words,
    notices_message,
)
from services.identity.notices.settings import NoticeSettings
from services.identity.notices.store import addresses
from services.identity.notices.store.choices import choice_of
from services.identity.notices.store.notices import untold

NOTICES_READ_MAX = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """`message`: None where nothing is left to be told. `through`: the newest notice that it knows."""

    message: Message | None
    through: int


async def draft_message(unit: UnitOfWork, settings: NoticeSettings, address: Address) -> Draft:
    """What the member has not read by now."""
    choice = await choice_of(unit, address.member_id)
    house = settings.public_url
    if not address.is_confirmed:
        code = address.code
        if code is None or code.expires_at <= unit.now:
            return Draft(None, address.told_number)
        message = code_message(str(address.id), choice.language, house, code.code, code.expires_at)
        return Draft(message, address.told_number)
    happened = await untold(unit, address.member_id, address.told_number, NOTICES_READ_MAX)
    told = [one for one in happened if has_words(one.kind, choice.language)]
    if not told:
        return Draft(None, happened[0].number if happened else address.told_number)
    named = told[: settings.notice_lines_max]
    message = notices_message(
        f"{address.id}.{happened[0].number}",
        Sayings(choice.language, house, named, len(told) - len(named)),
        with_addresses=address.kind is ChannelKind.EMAIL,
    )
    return Draft(message, happened[0].number)


async def note_outcome(
    unit: UnitOfWork,
    settings: NoticeSettings,
    address_id: UUID,
    draft: Draft,
    outcome: Outcome,
    chance: float,
) -> None:
    """An address that was ended meanwhile stays so; a browser that is gone is forgotten."""
    present = await addresses.find_address(unit, address_id)
    if present is None:
        return
    if outcome.is_gone and present.kind is ChannelKind.PUSH:
        await addresses.remove_address(unit, address_id)
    elif outcome.fault is not None:
        retries = Retries(
            settings.notice_tries_max,
            settings.notice_retry_first_seconds,
            settings.notice_retry_longest_seconds,
        )
        await addresses.save_address(unit, not_sent(present, outcome, retries, chance, unit.now))
    else:
        due = None
        if present.is_confirmed and await untold(unit, present.member_id, draft.through, 1):
            choice = await choice_of(unit, present.member_id)
            due = choice.due(unit.now, settings.notice_gather)
        await addresses.save_address(
            unit, sent(present, draft.through, due, unit.now if draft.message else None)
        )
