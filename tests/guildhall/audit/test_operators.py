"""What happens in the same minute is no finding: a row's time is when its transaction began."""

import pytest

from tests.guildhall.audit.planting import planted, verdict_on
from tests.guildhall.audit.town import Town

LOCKED_AT = "(SELECT made_at FROM operator_acts WHERE power = 'lock_member')"


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE sessions SET ended_at = {LOCKED_AT} + interval '1 second' "
        "WHERE ended_because = 'operator_locked'",
        f"UPDATE sessions SET created_at = {LOCKED_AT} - interval '1 second' "
        "WHERE member_id = '{locked}' AND ended_at IS NULL",
        f"DELETE FROM operator_act_unions; UPDATE memberships SET changed_at = {LOCKED_AT} "
        "WHERE member_id = '{locked}'; INSERT INTO operator_act_unions "
        "SELECT union_id, id FROM operator_acts WHERE union_id IS NOT NULL",
        f"UPDATE operator_changes SET changed_at = {LOCKED_AT} + interval '1 second' "
        "WHERE member_id = '{warden}'; DELETE FROM operator_act_unions u USING operator_acts a "
        "WHERE a.id = u.act_id AND a.power = 'remove_picture'; "
        "DELETE FROM operator_acts WHERE power = 'remove_picture'",
    ],
    ids=["signed out", "signed in", "joined", "named"],
)
async def test_what_happens_in_the_minute_of_an_act_is_no_finding(town: Town, statement: str) -> None:
    async with planted(town, {"identity": statement}) as house:
        assert (await verdict_on(house, "identity.operators")).checked.findings == []
