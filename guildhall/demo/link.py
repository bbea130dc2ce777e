"""The link that opens the page as the demo's founder: `python -m guildhall.demo.link URL`.

It carries a new device key, and the wallet's signature that certifies it, in the fragment, which no server is
sent. It works once, while its nonce lives.
"""

import argparse
import asyncio
import json

from guildhall.client import Connections, DeviceKey, Wallet
from guildhall.client.device_key import base64url
from guildhall.client.sign_in import certify
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
    device = DeviceKey.create()
    async with Connections(url) as connections:
        asked, message, signature = await certify(connections, wallet, device)
    carried = {
        "private_key": base64url(device.private_key.private_bytes_raw()),
        "public_key": device.public_key,
        "message": message,
        "signature": signature,
        "cookie": asked.cookie,
    }
    return f"{asked.uri}{path}#demo={base64url(json.dumps(carried, separators=(',', ':')).encode())}"


if __name__ == "__main__":
    main()
