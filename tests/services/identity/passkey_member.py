"""A member who has a passkey and no wallet, on a device of theirs."""

from dataclasses import dataclass, field
from typing import Any

import httpx

from chassis.device_keys import write_public_key
from tests.services.identity.house import NONCE_COOKIE, IdentityHouse, Member, Nonce
from tests.support.authenticator import Authenticator, challenge


def passkey(**more: Any) -> Authenticator:
    return Authenticator("guild.example", "https://guild.example", **more)


@dataclass(slots=True)
class PasskeyMember(Member):
    """Signs in by `passkey`, which is made at the first sign-in."""

    passkey: Authenticator = field(default_factory=passkey)

    @property
    def device_public_key(self) -> str:
        return write_public_key(self.device.public_key().public_bytes_raw())

    def challenge(self, nonce: Nonce) -> bytes:
        return challenge(nonce.nonce, self.device_public_key)

    def made(self, nonce: Nonce, **changes: Any) -> dict[str, Any]:
        """The body that registers the passkey; `changes` forge what the browser says."""
        return self.body(nonce, self.passkey.create(self.challenge(nonce), b"", **changes))

    def asked(self, nonce: Nonce, **changes: Any) -> dict[str, Any]:
        """The body that signs in by it."""
        return self.body(nonce, self.passkey.get(self.challenge(nonce), **changes))

    def body(self, nonce: Nonce, credential: dict[str, Any]) -> dict[str, Any]:
        return {
            "nonce": nonce.nonce,
            "device_public_key": self.device_public_key,
            "credential": credential,
        }

    async def register(self, body: dict[str, Any] | None = None) -> httpx.Response:
        nonce = await self.nonce()
        return await self.post("passkeys", body or self.made(nonce), nonce.cookie)

    async def sign_in(self, **headers: str) -> httpx.Response:
        nonce = await self.nonce()
        is_made = self.passkey.key is not None
        body = self.asked(nonce) if is_made else self.made(nonce)
        return await self.post("passkey-sessions" if is_made else "passkeys", body, nonce.cookie, **headers)

    async def post(
        self, path: str, body: dict[str, Any], cookie: str | None, **headers: str
    ) -> httpx.Response:
        """To /v1/auth/{path}; a session that comes of it is this member's."""
        sent = headers if cookie is None else headers | {"cookie": f"{NONCE_COOKIE}={cookie}"}
        async with self.house.http() as http:
            response = await http.post(f"/v1/auth/{path}", json=body, headers=sent)
        if response.status_code == 201:
            self.session = response.json()
            await self.renew_internal_token()
        return response


async def passkey_member(house: IdentityHouse, **more: Any) -> PasskeyMember:
    """A new member, signed in by the passkey that they have just made."""
    member = PasskeyMember(house, passkey=passkey(**more))
    response = await member.sign_in()
    assert response.status_code == 201, response.text
    return member
