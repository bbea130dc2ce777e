"""Which of a charter's parameters says who sees the names in an event, and whose names they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from events.catalogue import CATALOGUE
from events.declaration import Audience
from events.funding import PledgeMade, PledgeWithdrawn
from events.graph import BacklinkState, VoiceState
from events.identity import MembershipState

PUBLIC, MEMBERS, LEADERS, NOBODY = "public", "members", "leaders", "nobody"
"""The words of a charter; one that is not known shows names to those alone whose they are."""


@dataclass(frozen=True, slots=True)
class NamesShown:
    """`parameter` of the charter decides; `own` are the fields of those whose doing it is, who see it
    always; `leaders` those of the leaders concerned."""

    parameter: str
    own: tuple[str, ...]
    leaders: tuple[str, ...] = ()


NAMES_SHOWN: Mapping[str, NamesShown] = MappingProxyType(
    {
        MembershipState.declaration.type: NamesShown("visibility_members", ("member_id",)),
        BacklinkState.declaration.type: NamesShown("visibility_backlinks", ("supporter_id",), ("leader_id",)),
        VoiceState.declaration.type: NamesShown("visibility_voices", ("member_id",), ("leader_id",)),
        PledgeMade.declaration.type: NamesShown("visibility_pledges", ("backer_id",)),
        PledgeWithdrawn.declaration.type: NamesShown("visibility_pledges", ("backer_id",)),
    }
)
"""Of types that are not here the declared audience alone counts."""

OUTSIDE_TYPES = frozenset(
    name
    for name, event in CATALOGUE.items()
    if event.declaration.audience is Audience.PUBLIC
    or (event.declaration.audience is Audience.UNION and name in NAMES_SHOWN)
)
"""What those who belong to no union may ever be shown: always, or where a charter says so."""
