"""What joining and signing in need, by wallet and by passkey, and what one's own passkeys do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from guildhall.client.sign_in import Invitation, sign_in_message
from tests.guildhall.audit.town import Town
from tests.support.deployment import WholeDeployment
from tests.wire.known_recovery import knowing_recovery
from tests.wire.reaching import Knowing, Known


def knowing_keys(town: Town) -> Mapping[str, Knowing]:
    """By the operation's label."""
    deployment = town.deployment

    async def signing_in() -> Known:
        person = deployment.stranger("stranger")
        asked = await person.http.post("/v1/auth/nonces")
        cookie = "; ".join(f"{name}={value}" for name, value in asked.cookies.items())
        person.http.cookies.clear()
        wanted = Invitation(
            **{name: asked.json()[name] for name in ("nonce", "domain", "uri", "chain_id", "purpose")},
            cookie=cookie,
        )
        message = sign_in_message(wanted, person.wallet.address, person.device.public_key, person.clock.now())
        body = {"message": message, "signature": person.wallet.sign(message)}
        return Known(None, body=body, headers={"cookie": cookie})

    async def by_passkey(*, made: bool) -> Known:
        """A passkey that is made now, or asked by who has one."""
        person = deployment.stranger("stranger")
        person.passkey = deployment.authenticator()
        if made:
            await person.sign_in()
        asked = await person.http.post("/v1/auth/nonces")
        cookie = "; ".join(f"{name}={value}" for name, value in asked.cookies.items())
        person.http.cookies.clear()
        return Known(None, body=person.by_passkey(asked)[1], headers={"cookie": cookie})

    async def registering() -> Known:
        return await by_passkey(made=False)

    async def asserting() -> Known:
        return await by_passkey(made=True)

    async def adding() -> Known:
        person = await deployment.persona("newcomer")
        person.passkey = deployment.authenticator()
        _, body = person.by_passkey(await person.http.post("/v1/auth/nonces"))
        person.passkey = None
        return Known(person, body=body)

    async def added() -> Known:
        known = await adding()
        assert known.member is not None
        made = await known.member.act("POST", "/v1/me/passkeys", known.body)
        return Known(known.member, {"passkey": made.json()["id"]})

    async def looking() -> Known:
        return Known(town.people["employer"])

    return {
        "POST /v1/auth/sessions": signing_in,
        "POST /v1/auth/sign-in-messages": partial(_writing, deployment),
        "POST /v1/auth/passkeys": registering,
        "POST /v1/auth/passkey-sessions": asserting,
        "GET /v1/me/passkeys": looking,
        "POST /v1/me/passkeys": adding,
        "DELETE /v1/me/passkeys/{passkey}": added,
        **knowing_recovery(town),
    }


async def _writing(deployment: WholeDeployment) -> Known:
    """A message for a nonce, a wallet and a device key."""
    asked = await deployment.http.post("/v1/auth/nonces")
    person = deployment.stranger("stranger")
    body = {
        "nonce": asked.json()["nonce"],
        "wallet_address": person.wallet.address.lower(),
        "device_public_key": person.device.public_key,
    }
    return Known(None, body=body)
