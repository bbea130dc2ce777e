"""`guildhall client`: one signed request from the terminal, its answer on standard output."""

import asyncio
import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from guildhall.client.answer import Answer, Refused, Unreachable
from guildhall.client.connections import Connections
from guildhall.client.key_file import KeyFile, KeyFileUnusable
from guildhall.client.sign_in import sign_in
from guildhall.client.wallet_acts import WalletActs

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class SentFile:
    """The content of a file, and what it is called."""

    content: bytes
    name: str


def create_key(path: Path) -> int:
    """`guildhall client --new KEYFILE`: make a key file and say whose it is. Returns the exit code."""
    try:
        made = KeyFile.create(path)
    except KeyFileUnusable as error:
        return _refuse(str(error))
    sys.stdout.write(f"{path}: wallet {made.wallet.address}, device key {made.device.key_id}\n")
    return 0


def send_request(
    key_path: Path,
    method: str,
    path: str,
    body: str | None = None,
    *,
    base_url: str = "http://localhost:8080",
    idempotency_key: str | None = None,
    if_match: str | None = None,
    show: str | None = None,
    file: Path | None = None,
    by_wallet: bool = False,
) -> int:
    """`guildhall client --as KEYFILE METHOD PATH [BODY]`: sign in, send, print. Returns the exit code.

    `body` is JSON, `@FILE`, or `-` for standard input. What changes something is signed, but a file, which
    is put as it is into the list at `path`. `show` names the one value of the answer to print, such as `id`
    or `items.0.id`. `by_wallet`: the wallet signs it and not the device key (EIP-712).
    """
    method = method.upper()
    if method not in METHODS:
        return _refuse(f"{method} is none of {', '.join(METHODS)}")
    if not path.startswith("/"):
        return _refuse(f"{path} does not begin with / (for example /v1/me)")
    if file is not None and (method != "PUT" or body is not None):
        return _refuse("a file is sent by PUT, without a body besides, to a list of files")
    try:
        keys = KeyFile.load(key_path)
        value = _json_of(body)
        if file is not None:
            value = SentFile(file.read_bytes(), file.name)
        answer = asyncio.run(_send(keys, base_url, method, path, value, idempotency_key, if_match, by_wallet))
    except (KeyFileUnusable, ValueError, OSError) as error:
        return _refuse(str(error))
    except Unreachable as error:
        return _refuse(f"{base_url} does not answer ({error.reason}): is it running?")
    except Refused as refusal:
        answer = refusal.answer
    return _print(answer, show)


def _json_of(body: str | None) -> Any:
    if body is None:
        return None
    text = body
    if body == "-":
        text = sys.stdin.read()
    elif body.startswith("@"):
        text = Path(body[1:]).read_text()
    try:
        return json.loads(text)
    except ValueError as error:
        raise ValueError(f"the body is no JSON: {error}") from error


async def _send(
    keys: KeyFile,
    base_url: str,
    method: str,
    path: str,
    body: Any,
    idempotency_key: str | None,
    if_match: str | None,
    by_wallet: bool,
) -> Answer:
    async with Connections(base_url, connections_max=1) as connections:
        session = await sign_in(connections, keys.wallet, keys.device)
        if by_wallet:
            session.signer = WalletActs(keys.wallet, keys.device)
        try:
            if isinstance(body, SentFile):
                return await session.put_file(path, body.content, body.name)
            return await session.request(
                method,
                path,
                body,
                act=method != "GET",
                idempotency_key=idempotency_key,
                if_match=if_match,
            )
        finally:
            with suppress(Unreachable, Refused):
                await session.sign_out()


def _print(answer: Answer, show: str | None) -> int:
    try:
        value = answer.json()
    except ValueError:
        value = answer.body.decode(errors="replace")
    if answer.is_ok and show is not None:
        try:
            value = value_at(value, show)
        except LookupError:
            return _refuse(f"the answer has no {show}: {answer.body.decode(errors='replace')[:500]}")
    if value is not None:
        sys.stdout.write(f"{_plain(value)}\n")
    if answer.is_ok:
        return 0
    return _refuse(f"{answer.method} {answer.path} was refused: {answer.status} {answer.problem}")


def value_at(value: Any, show: str) -> Any:
    """The value at a dotted path; a number counts in a list from 0. Raises LookupError."""
    for name in show.split("."):
        if isinstance(value, list) and name.isdecimal():
            value = cast("list[Any]", value)[int(name)]
        elif isinstance(value, dict):
            value = cast("dict[str, Any]", value)[name]
        else:
            raise KeyError(name)
    return value


def _plain(value: Any) -> str:
    """A text as it is, so that a shell can carry it on; anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _refuse(line: str) -> int:
    sys.stderr.write(f"guildhall client: {line}\n")
    return 1
