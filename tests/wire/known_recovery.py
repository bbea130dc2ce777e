"""What one's own keys and sessions need, and coming back without any: guardians, codes, who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from guildhall.client import Wallet
from tests.guildhall.audit.town import Town
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona
from tests.support.recovering import ask_recovery, handle_of, wallet_proof
from tests.wire.known_acts import knowing_acts
from tests.wire.known_admission import knowing_admission
from tests.wire.reaching import ABSENT, Knowing, Known

RECOVERING = {
    "recovery_delay_seconds": 1,
    "address_recoveries_max": 1_000,
    "deletion_delay_seconds": 1,
    "deletion_pause_seconds": 1,
}
"""Settings with which a delay is over soon."""

GUARDIANS = "/v1/me/guardians"


@dataclass(frozen=True, slots=True)
class _Lost:
    """Who needs what of their keys, each made anew."""

    deployment: WholeDeployment

    async def newcomer(self) -> Persona:
        return await self.deployment.persona("newcomer")

    async def oneself(self) -> Known:
        return Known(await self.newcomer())

    async def adding_wallet(self) -> Known:
        person = await self.newcomer()
        proof, _ = await wallet_proof(person, Wallet.create())
        return Known(person, body=proof)

    async def with_two_wallets(self) -> Known:
        known = await self.adding_wallet()
        assert known.member is not None
        made = await known.member.act("POST", "/v1/me/wallets", known.body)
        assert made.status_code == 201, made.text
        return Known(known.member, {"wallet": made.json()["address"]})

    async def with_passkey(self) -> Known:
        person = await self.deployment.persona("newcomer", by_passkey=True)
        [passkey] = (await person.get("/v1/me/passkeys")).json()["items"]
        return Known(person, {"passkey": passkey["id"]}, body={"name": "Phone"})

    async def naming_wallet(self) -> Known:
        known = await self.with_two_wallets()
        return Known(known.member, known.path, body={"name": "Cold"})

    async def naming_device(self) -> Known:
        person = await self.newcomer()
        return Known(person, {"device": person.session["device_key_id"]}, body={"name": "Phone"})

    async def with_session(self) -> Known:
        person = await self.newcomer()
        return Known(person, {"session": person.session["session_id"]})

    async def naming(self) -> Known:
        guardians = [handle_of(await self.newcomer()) for _ in range(2)]
        return Known(await self.newcomer(), body={"guardians": guardians, "threshold": 2})

    async def with_guardians(self, *, hold: bool) -> tuple[Persona, list[Persona]]:
        person, guardians = await self.newcomer(), [await self.newcomer() for _ in range(2)]
        handles = [handle_of(each) for each in guardians]
        named = await person.act("PUT", GUARDIANS, {"guardians": handles, "threshold": 2})
        assert named.status_code == 200, named.text
        if hold:
            await self.deployment.advance(timedelta(seconds=2))
        return person, guardians

    async def with_ward(self) -> Known:
        person, guardians = await self.with_guardians(hold=False)
        return Known(guardians[0], {"member": str(person.id)})

    async def with_change(self) -> Known:
        person, _ = await self.with_guardians(hold=False)
        return Known(person)

    async def asking(self) -> Known:
        person, _ = await self.with_guardians(hold=True)
        stranger = self.deployment.stranger("at a new device")
        proof, cookie = await wallet_proof(stranger)
        body: dict[str, Any] = {
            "member": handle_of(person),
            "wallet": proof,
            "passkey": ABSENT,
            "code": ABSENT,
        }
        return Known(None, body=body, headers={"cookie": cookie})

    async def asked(self) -> tuple[Persona, list[Persona], str]:
        person, guardians = await self.with_guardians(hold=True)
        stranger = self.deployment.stranger("at a new device")
        made = await ask_recovery(stranger, handle_of(person))
        assert made.status_code == 201, made.text
        return person, guardians, made.json()["id"]

    async def voting(self) -> Known:
        _, guardians, recovery = await self.asked()
        return Known(guardians[0], {"recovery": recovery}, body={"approves": True})

    async def cancelling(self) -> Known:
        person, _, recovery = await self.asked()
        return Known(person, {"recovery": recovery})

    async def cancelling_by_key(self) -> Known:
        person, _, recovery = await self.asked()
        proof, cookie = await wallet_proof(person)
        return Known(
            None, {"recovery": recovery}, {"wallet": proof, "passkey": ABSENT}, headers={"cookie": cookie}
        )

    async def looking(self) -> Known:
        _, _, recovery = await self.asked()
        return Known(None, {"recovery": recovery})


def knowing_recovery(town: Town) -> Mapping[str, Knowing]:
    """By the operation's label."""
    lost = _Lost(town.deployment)
    return {
        **knowing_admission(town),
        "GET /v1/me/wallets": lost.oneself,
        "POST /v1/me/wallets": lost.adding_wallet,
        "PATCH /v1/me/wallets/{wallet}": lost.naming_wallet,
        "DELETE /v1/me/wallets/{wallet}": lost.with_two_wallets,
        "DELETE /v1/me/wallets/{wallet}/removal": lost.with_two_wallets,
        "PATCH /v1/me/passkeys/{passkey}": lost.with_passkey,
        "DELETE /v1/me/passkeys/{passkey}/removal": lost.with_passkey,
        "PATCH /v1/me/devices/{device}": lost.naming_device,
        **knowing_acts(town),
        "GET /v1/me/sessions": lost.oneself,
        "DELETE /v1/me/sessions/{session}": lost.with_session,
        "GET /v1/me/guardians": lost.oneself,
        "PUT /v1/me/guardians": lost.naming,
        "DELETE /v1/me/guardians": lost.oneself,
        "DELETE /v1/me/guardians/change": lost.with_change,
        "GET /v1/me/wards": lost.oneself,
        "DELETE /v1/me/wards/{member}": lost.with_ward,
        "GET /v1/me/recovery-codes": lost.oneself,
        "POST /v1/me/recovery-codes": lost.oneself,
        "GET /v1/me/recoveries": lost.oneself,
        "PUT /v1/me/recoveries/{recovery}/vote": lost.voting,
        "DELETE /v1/me/recoveries/{recovery}": lost.cancelling,
        "POST /v1/auth/recoveries": lost.asking,
        "GET /v1/auth/recoveries/{recovery}": lost.looking,
        "POST /v1/auth/recoveries/{recovery}/cancellations": lost.cancelling_by_key,
    }
