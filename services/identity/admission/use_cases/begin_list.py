"""Begin a list of people, who are then invited each by a link of their own."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.errors import InvitationListLimit
from services.identity.admission.domain.invitation_list import InvitationList
from services.identity.admission.domain.people_file import Format
from services.identity.admission.store import lists
from services.identity.admission.use_cases.find_union import admitter_of
from services.identity.domain.union import NetworkUnion
from services.identity.notices.domain.errors import ChannelOff
from services.identity.settings import IdentitySettings
from services.identity.store import unions


@dataclass(frozen=True, slots=True)
class Terms:
    """What the maker of a list signs for."""

    rows_max: int
    valid_seconds: int
    sends_email: bool
    language: str


async def begin_list(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, terms: Terms
) -> tuple[NetworkUnion, InvitationList]:
    """Raises UnionNotFound, UnionDissolved, FounderOnly, InvitationListLimit, ChannelOff."""
    # The lock lets two lists at once count each other.
    admitter = await admitter_of(unit, union, member_id, "invite by a list of people", unions.lock_union)
    found = admitter.union
    found.require_active()
    if terms.sends_email and not settings.has_email:
        raise ChannelOff("e-mail")
    for bound, wanted, limit in (
        ("rows_max", terms.rows_max, settings.invitation_list_rows_max),
        ("valid_seconds", terms.valid_seconds, settings.invitation_seconds_max),
    ):
        if wanted > limit:
            raise InvitationListLimit(bound, limit)
    if await lists.open_lists_count(unit, found.id) >= settings.invitation_lists_per_union_max:
        raise InvitationListLimit("open_lists", settings.invitation_lists_per_union_max)
    made = InvitationList(
        id=unit.ids.new(),
        union_id=found.id,
        made_by=member_id,
        by_founder=True,
        format=Format.LIST.value,
        language=terms.language,
        sends_email=terms.sends_email,
        rows_max=terms.rows_max,
        made_count=0,
        refused_count=0,
        created_at=unit.now,
        expires_at=unit.now + timedelta(seconds=terms.valid_seconds),
        mail_due_at=unit.now,
    )
    await lists.add_list(unit, made)
    signed_for = {"rows_max": made.rows_max, "expires_at": made.expires_at, "sends_email": made.sends_email}
    admitter.record(unit, "invite", f"invitation-lists/{made.id}", signed_for)
    return found, made
