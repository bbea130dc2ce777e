"""The link that opens the page as the demo's founder: `python -m guildhall.demo.link URL`.

It carries a new device key, and the wallet's signature that certifies it, in the fragment, which no server is
sent. It works once, while its nonce lives.
"""

import argparse
import asyncio
import json
import os
import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

from guildhall.client import Connections, DeviceKey, Wallet
from guildhall.client.sign_in import Invitation, sign_in_message
from guildhall.demo.seed import SEED


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m guildhall.demo.link", description=__doc__)
    parser.add_argument("url", help="where the deployment listens, for example http://localhost:8080")
    parser.add_argument("--path", default="/", help="the page that it opens")
    parser.add_argument("--seed", default=SEED, help="what the founder's wallet derives from")
    chosen = parser.parse_args()
    print(asyncio.run(founders_link(chosen.url, chosen.path, Wallet.derived(chosen.seed, "0"))))


async def founders_link(url: str, path: str, wallet: Wallet) -> str:
    """Raises Refused, Unreachable."""
    secret = os.urandom(32)
    device = DeviceKey.of(secret)
    async with Connections(url) as connections:
        asked = Invitation.of((await connections.request("POST", "/v1/auth/nonces")).checked())
    message = sign_in_message(
        asked, wallet.address, device.public_key, datetime.fromtimestamp(time.time(), UTC)
    )
    carried = {
        "private_key": _base64url(secret),
        "public_key": device.public_key,
        "message": message,
        "signature": wallet.sign(message),
        "cookie": asked.cookie,
    }
    return f"{asked.uri}{path}#demo={_base64url(json.dumps(carried, separators=(',', ':')).encode())}"


def _base64url(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


if __name__ == "__main__":
    main()
