"""What one's own keys and sessions need, and coming back without any: guardians, codes, who asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from guildhall.client.sign_in import Invitation, sign_in_message
from tests.guildhall.audit.town import Town
from tests.support.personas import Persona
from tests.wire.reaching import ABSENT, Knowing, Known

RECOVERING = {"recovery_delay_seconds": 1, "address_recoveries_max": 1_000}
"""Settings with which a delay is over soon."""

GUARDIANS = "/v1/me/guardians"


def knowing_recovery(town: Town) -> Mapping[str, Knowing]:
    """By the operation's label."""
    deployment = town.deployment

    async def newcomer() -> Persona:
        return await deployment.persona("newcomer")

    async def oneself() -> Known:
        return Known(await newcomer())

    async def wallet_proof(person: Persona, wallet_of: Persona) -> tuple[dict[str, str], str]:
        asked = await person.http.post("/v1/auth/nonces")
        cookie = "; ".join(f"{name}={value}" for name, value in asked.cookies.items())
        person.http.cookies.clear()
        wanted = Invitation(
            **{name: asked.json()[name] for name in ("nonce", "domain", "uri", "chain_id", "purpose")},
            cookie=cookie,
        )
        wallet = wallet_of.wallet
        message = sign_in_message(wanted, wallet.address, person.device.public_key, person.clock.now())
        return {"message": message, "signature": wallet.sign(message)}, cookie

    async def adding_wallet() -> Known:
        person = await newcomer()
        proof, _ = await wallet_proof(person, deployment.stranger("wallet"))
        return Known(person, body=proof)

    async def with_two_wallets() -> Known:
        known = await adding_wallet()
        assert known.member is not None
        made = await known.member.act("POST", "/v1/me/wallets", known.body)
        assert made.status_code == 201, made.text
        return Known(known.member, {"wallet": made.json()["address"]})

    async def with_passkey() -> Known:
        person = await deployment.persona("newcomer", by_passkey=True)
        [passkey] = (await person.get("/v1/me/passkeys")).json()["items"]
        return Known(person, {"passkey": passkey["id"]}, body={"name": "Phone"})

    async def naming_wallet() -> Known:
        known = await with_two_wallets()
        return Known(known.member, known.path, body={"name": "Cold"})

    async def naming_device() -> Known:
        person = await newcomer()
        return Known(person, {"device": person.session["device_key_id"]}, body={"name": "Phone"})

    async def with_session() -> Known:
        person = await newcomer()
        return Known(person, {"session": person.session["session_id"]})

    async def naming() -> Known:
        guardians = [(await newcomer()).session["member"]["handle"] for _ in range(2)]
        return Known(await newcomer(), body={"guardians": guardians, "threshold": 2})

    async def with_guardians(*, hold: bool) -> tuple[Persona, list[Persona]]:
        person, guardians = await newcomer(), [await newcomer() for _ in range(2)]
        handles = [each.session["member"]["handle"] for each in guardians]
        named = await person.act("PUT", GUARDIANS, {"guardians": handles, "threshold": 2})
        assert named.status_code == 202, named.text
        if hold:
            await deployment.advance(timedelta(seconds=2))
        return person, guardians

    async def with_change() -> Known:
        person, _ = await with_guardians(hold=False)
        return Known(person)

    async def asking() -> Known:
        person, _ = await with_guardians(hold=True)
        stranger = deployment.stranger("at a new device")
        proof, cookie = await wallet_proof(stranger, stranger)
        body: dict[str, Any] = {
            "member": person.session["member"]["handle"],
            "wallet": proof,
            "passkey": ABSENT,
            "code": ABSENT,
        }
        return Known(None, body=body, headers={"cookie": cookie})

    async def asked() -> tuple[Persona, list[Persona], str]:
        person, guardians = await with_guardians(hold=True)
        stranger = deployment.stranger("at a new device")
        proof, cookie = await wallet_proof(stranger, stranger)
        body = {"member": person.session["member"]["handle"], "wallet": proof}
        made = await stranger.http.post("/v1/auth/recoveries", json=body, headers={"cookie": cookie})
        stranger.http.cookies.clear()
        assert made.status_code == 201, made.text
        return person, guardians, made.json()["id"]

    async def voting() -> Known:
        _, guardians, recovery = await asked()
        return Known(guardians[0], {"recovery": recovery}, body={"approves": True})

    async def cancelling() -> Known:
        person, _, recovery = await asked()
        return Known(person, {"recovery": recovery})

    async def cancelling_by_key() -> Known:
        person, _, recovery = await asked()
        proof, cookie = await wallet_proof(person, person)
        return Known(
            None, {"recovery": recovery}, {"wallet": proof, "passkey": ABSENT}, headers={"cookie": cookie}
        )

    async def looking() -> Known:
        _, _, recovery = await asked()
        return Known(None, {"recovery": recovery})

    return {
        "GET /v1/me/wallets": oneself,
        "POST /v1/me/wallets": adding_wallet,
        "PATCH /v1/me/wallets/{wallet}": naming_wallet,
        "DELETE /v1/me/wallets/{wallet}": with_two_wallets,
        "DELETE /v1/me/wallets/{wallet}/removal": with_two_wallets,
        "PATCH /v1/me/passkeys/{passkey}": with_passkey,
        "DELETE /v1/me/passkeys/{passkey}/removal": with_passkey,
        "PATCH /v1/me/devices/{device}": naming_device,
        "GET /v1/me/sessions": oneself,
        "DELETE /v1/me/sessions/{session}": with_session,
        "GET /v1/me/guardians": oneself,
        "PUT /v1/me/guardians": naming,
        "DELETE /v1/me/guardians": oneself,
        "DELETE /v1/me/guardians/change": with_change,
        "GET /v1/me/wards": oneself,
        "GET /v1/me/recovery-codes": oneself,
        "POST /v1/me/recovery-codes": oneself,
        "GET /v1/me/recoveries": oneself,
        "PUT /v1/me/recoveries/{recovery}/vote": voting,
        "DELETE /v1/me/recoveries/{recovery}": cancelling,
        "POST /v1/auth/recoveries": asking,
        "GET /v1/auth/recoveries/{recovery}": looking,
        "POST /v1/auth/recoveries/{recovery}/cancellations": cancelling_by_key,
    }
