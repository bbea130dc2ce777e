"""Two transactions at the same rows: the second sees what the first committed, and is told."""

import asyncio
import secrets
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.device_keys import device_key_id
from services.identity.domain.errors import LastKey, UnionsPerFounderReached, VersionStale
from services.identity.domain.profile import ProfileEdit
from services.identity.store.sessions import NewSession, start_session
from services.identity.use_cases.edit_profile import edit_profile
from services.identity.use_cases.found_union import Founding, found_union
from services.identity.use_cases.remove_key import remove_passkey
from tests.services.identity.house import IdentityHouse
from tests.services.identity.passkey_member import PasskeyMember, passkey_member

A_WHILE_SECONDS = 0.2


async def test_an_edit_that_waited_for_another_is_told_the_present_version(house: IdentityHouse) -> None:
    member = await house.member()
    async with house.unit() as first:
        await edit_profile(first, house.settings, b"", member.id, ProfileEdit(name="First"), '"1"')

        async def late() -> None:
            async with house.unit() as second:
                await edit_profile(second, house.settings, b"", member.id, ProfileEdit(name="Second"), '"1"')

        waiting = asyncio.create_task(late())
        await asyncio.sleep(A_WHILE_SECONDS)
        assert not waiting.done()
    with pytest.raises(VersionStale) as refusal:
        await waiting
    assert refusal.value.etag == '"2"'


async def test_two_foundings_at_once_count_each_other(house: IdentityHouse) -> None:
    founder = await house.member()
    settings = house.settings.model_copy(update={"unions_per_founder_max": 1})
    async with house.unit() as first:
        await found_union(first, settings, founder.id, Founding("First Race", "P"))

        async def late() -> None:
            async with house.unit() as second:
                await found_union(second, settings, founder.id, Founding("Second Race", "P"))

        waiting = asyncio.create_task(late())
        await asyncio.sleep(A_WHILE_SECONDS)
        assert not waiting.done()
    with pytest.raises(UnionsPerFounderReached):
        await waiting


async def test_two_removals_at_once_count_each_other(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    other = PasskeyMember(house, device=member.device)
    added = await member.act("POST", "/v1/me/passkeys", other.made(await member.nonce()))
    assert added.status_code == 201, added.text
    rows = await house.rows("SELECT id FROM passkeys WHERE member_id = $1", member.id)
    async with house.unit() as first:
        await remove_passkey(first, house.settings, member.id, rows[0]["id"])

        async def late() -> None:
            async with house.unit() as second:
                await remove_passkey(second, house.settings, member.id, rows[1]["id"])

        waiting = asyncio.create_task(late())
        await asyncio.sleep(A_WHILE_SECONDS)
        assert not waiting.done()
    with pytest.raises(LastKey):
        await waiting


async def test_a_device_key_that_became_anothers_meanwhile_starts_no_session(house: IdentityHouse) -> None:
    holder, other = await house.member(), await house.member()
    public_key = holder.device.public_key().public_bytes_raw()

    async def started(key: bytes) -> bool:
        async with house.unit() as unit:
            return await start_session(
                unit,
                NewSession(
                    id=unit.ids.new(),
                    member_id=other.id,
                    device_key_id=device_key_id(key),
                    public_key=key,
                    issuer_kind="wallet",
                    issuer=other.wallet.address,
                    key_identifier=other.wallet.address.lower(),
                    message="m",
                    signature="s",
                    refresh_salt=bytes(32),
                    refresh_hash=secrets.token_bytes(32),
                    expires_at=unit.now + timedelta(days=1),
                ),
            )

    assert not await started(public_key)
    assert await started(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    await house.rows(
        "UPDATE device_keys SET revoked_at = certified_at WHERE member_id = $1 RETURNING 1", other.id
    )
    assert not await started(other.device.public_key().public_bytes_raw())
    assert len(await house.rows("SELECT 1 FROM sessions WHERE member_id = $1", other.id)) == 2
