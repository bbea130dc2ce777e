"""Give a member one-time codes, which are told this once."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.domain.codes import CODES_COUNT, code_hash, new_code
from services.identity.recovery.store.codes import replace_codes
from services.identity.store import members
from services.identity.use_cases.issue_nonce import RandomBytes


async def make_codes(
    unit: UnitOfWork, member_id: UUID, random_bytes: RandomBytes, key: bytes
) -> Sequence[str]:
    """Those before are good no more. `key`: under which their hashes are kept."""
    codes = [new_code(random_bytes) for _ in range(CODES_COUNT)]
    await members.lock_member(unit, member_id)
    await replace_codes(unit, member_id, [code_hash(code, key) for code in codes])
    unit.record_act("own_keys", f"members/{member_id}", {"recovery_codes": CODES_COUNT})
    await tell_account(unit, member_id, "account.codes_made", "keys", member_id)
    return codes
