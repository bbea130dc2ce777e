"""What a start says: where it listens, where its data is, what is off and how to turn it on."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

from chassis.passkeys import why_no_passkey
from guildhall.embedded.chain import Chain
from guildhall.settings import GuildhallSettings


def announcement(
    public_url: str,
    folder: Path,
    database: str,
    chain: Chain,
    settings: GuildhallSettings,
    services_off: Sequence[str],
) -> str:
    """`services_off`: what the services do not have, and how to turn it on."""
    lines = [
        f"Guildhall serves at {public_url}",
        f"  API      {public_url}/docs",
        f"  data     {folder}",
        f"  database {database}",
        f"  chain    {chain.described()}",
        f"  off      {_joined([*_off(public_url, settings, chain), *services_off])}",
        "Ctrl-C stops it; everything stays in the data folder.",
    ]
    return "\n".join(lines)


def _off(public_url: str, settings: GuildhallSettings, chain: Chain) -> list[str]:
    off = [chain.off] if chain.url is None else []
    if settings.listen_address in {"127.0.0.1", "::1"}:
        off.append(
            "other machines (GUILDHALL_LISTEN_ADDRESS=0.0.0.0 and PUBLIC_URL=https://your.name, behind HTTPS)"
        )
    no_passkey = why_no_passkey(public_url)
    if no_passkey is not None:
        off.append(f"passkeys: {no_passkey} (PUBLIC_URL=https://your.name, or http://localhost)")
    if settings.database_url is None:
        off.append("a PostgreSQL of your own (DATABASE_URL=postgresql://...)")
    if settings.log_level not in {"DEBUG", "INFO"}:
        off.append("a log line for each request (GUILDHALL_LOG_LEVEL=INFO)")
    if importlib.util.find_spec("coincurve") is None:
        off.append("fast wallet signatures (a Python that coincurve has a wheel for)")
    return off


def _joined(parts: list[str]) -> str:
    return "\n           ".join(parts) or "nothing"
