"""`guildhall events rebuild`: a group begins again with what the bus keeps."""

from __future__ import annotations

from guildhall.events.operated import Operated
from guildhall.refusals import StartRefused

_MEANING = """\
The group {group} begins again with everything that the bus keeps: the newest state of every key, and the
facts of the last days. Events that {service} has had in the last {days} days are dropped by its inbox; older
states are handled again and change nothing that is newer. Facts that the bus no longer keeps do not come
back: what {service} made of them stays as it is. Until the group has caught up, what {service} answers may
be older than it was."""


async def rebuild(house: Operated, service: str, *, agreed: bool) -> None:
    """Say what it means; do it when that is agreed to. Raises StartRefused."""
    (chassis,) = house.consuming(service)
    group = chassis.parts.consumers.group
    print(_MEANING.format(group=group, service=service, days=chassis.settings.inbox_kept_days))
    if not agreed:
        raise StartRefused(f"nothing was done: guildhall events rebuild --service {service} --yes does it")
    await house.bus.restart_group(group)
    print(f"The group {group} begins again.")
