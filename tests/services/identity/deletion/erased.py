"""A member who ends their account: asked for, waited for, carried out."""

from datetime import timedelta

from chassis.erasure.erasing import ERASE_MEMBER
from tests.services.identity.house import IdentityHouse, Member

PATH = "/v1/me/deletion"


async def ask(member: Member) -> dict[str, object]:
    answer = await member.act("POST", PATH)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def run_timers(house: IdentityHouse) -> None:
    """Until none is due."""
    while await house.app.state.chassis.timer_runner.run_due():
        pass


async def pass_delay(house: IdentityHouse, less_seconds: int = 0) -> None:
    house.clock.advance(timedelta(seconds=house.settings.deletion_delay_seconds - less_seconds))
    await run_timers(house)


async def pass_pause(house: IdentityHouse) -> None:
    house.clock.advance(timedelta(seconds=house.settings.deletion_pause_seconds))
    await run_timers(house)


async def erase(house: IdentityHouse, member: Member) -> None:
    """From being asked for to the end."""
    await ask(member)
    await pass_delay(house)
    await pass_pause(house)
    waiting = await house.rows(
        "SELECT last_error FROM timers WHERE kind = $1 AND key = $2", ERASE_MEMBER, str(member.id)
    )
    assert waiting == []


async def state_of(house: IdentityHouse, member: Member) -> str:
    [row] = await house.rows(
        "SELECT state FROM account_deletions WHERE member_id = $1 ORDER BY number DESC LIMIT 1", member.id
    )
    return row["state"]
