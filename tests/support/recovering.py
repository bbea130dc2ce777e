"""Coming back without a key, through the gateway: what a wallet signs, and who asks."""

from typing import Any

import httpx

from guildhall.client import Wallet
from guildhall.client.sign_in import Invitation, sign_in_message
from tests.support.personas import Persona


async def wallet_proof(person: Persona, wallet: Wallet | None = None) -> tuple[dict[str, str], str]:
    """What the wallet (their own by default) signs for the person's device; and the nonce's cookie."""
    signer = wallet or person.wallet
    asked = await person.http.post("/v1/auth/nonces")
    cookie = "; ".join(f"{name}={value}" for name, value in asked.cookies.items())
    person.http.cookies.clear()
    wanted = Invitation(
        **{name: asked.json()[name] for name in ("nonce", "domain", "uri", "chain_id", "purpose")},
        cookie=cookie,
    )
    message = sign_in_message(wanted, signer.address, person.device.public_key, person.clock.now())
    return {"message": message, "signature": signer.sign(message)}, cookie


async def ask_recovery(stranger: Persona, handle: str, **more: Any) -> httpx.Response:
    """By a wallet that nobody has used."""
    proof, cookie = await wallet_proof(stranger)
    body = {"member": handle, "wallet": proof} | more
    answer = await stranger.http.post("/v1/auth/recoveries", json=body, headers={"cookie": cookie})
    stranger.http.cookies.clear()
    return answer


def handle_of(person: Persona) -> str:
    return person.session["member"]["handle"]
