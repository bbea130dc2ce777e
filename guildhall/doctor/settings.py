"""The settings: what differs from its preset, and whether people can reach and sign in to what they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from chassis.passkeys import why_no_passkey
from guildhall.doctor.finding import Finding, Level, well_or
from guildhall.environment_example import refuse_unknown_settings, settings_classes
from guildhall.reading_settings import variable_name
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings
from services.identity.notices.settings import MissingChannel

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def settings_findings(
    settings: GuildhallSettings, trusted_proxies: str, environment_file: Path
) -> Iterator[Finding]:
    """`trusted_proxies` is the gateway's setting."""
    yield from _known(environment_file)
    yield from changed(settings_classes(), environment_file)
    public_url = settings.public_url or f"http://localhost:{settings.port}"
    yield from public_address(public_url, settings.listen_address, trusted_proxies)


def _known(environment_file: Path) -> Iterator[Finding]:
    try:
        refuse_unknown_settings(environment_file)
    except StartRefused as refusal:
        yield Finding(Level.BROKEN, "settings.known", refusal.line, f"correct {environment_file}")


def changed(classes: Sequence[type[BaseSettings]], environment_file: Path) -> Iterator[Finding]:
    """Every setting that somebody has given another value than its preset. Secrets are not shown."""
    in_file = {name.upper() for name, value in dotenv_values(environment_file).items() if value}
    seen: set[str] = set()
    for kind in classes:
        read = _read(kind, environment_file)
        for field, information in kind.model_fields.items():
            name = variable_name(kind, field)
            if field not in read or name in seen:
                continue
            seen.add(name)
            value: Any = read[field]
            if value != information.default:
                shown = "(secret)" if isinstance(value, SecretStr) else value
                preset = "nothing" if information.is_required() else information.default
                where = f"in {environment_file}" if name in in_file else "in the environment"
                yield Finding(Level.CHANGED, f"settings.{name}", f"{name}={shown} {where}; preset: {preset}")


def _read(kind: type[BaseSettings], environment_file: Path) -> dict[str, Any]:
    """The values that were given; those that `guildhall up` gives itself are stood in for."""
    stand_ins: dict[str, Any] = {
        field: "x"
        for field, information in kind.model_fields.items()
        if information.is_required() or field == "files_folder"
    }
    made = kind(_env_file=str(environment_file), **stand_ins)
    return {field: getattr(made, field) for field in made.model_fields_set - stand_ins.keys()}


def notice_channels(missing: Sequence[MissingChannel]) -> Iterator[Finding]:
    """Where members are not told, and what would bring it."""
    for channel in missing:
        yield Finding(Level.OFF, f"notices.{channel.name}", f"no {channel.what}", f"set {channel.brought_by}")


def public_address(public_url: str, listen_address: str, trusted_proxies: str) -> Iterator[Finding]:
    """PUBLIC_URL against where the gateway listens, against HTTPS, and against what passkeys allow."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    is_local, listens_locally = host in LOOPBACK, listen_address in LOOPBACK
    if is_local and listens_locally:
        yield Finding(
            Level.OFF,
            "address.others",
            f"only this machine reaches {public_url}",
            "GUILDHALL_LISTEN_ADDRESS=0.0.0.0 and PUBLIC_URL=https://your.name, behind HTTPS",
        )
    if is_local and not listens_locally:
        yield Finding(
            Level.UNSAFE,
            "address.open",
            f"others reach {listen_address}, but PUBLIC_URL is {public_url}: they cannot sign in, "
            "and what is sent is not encrypted",
            "set PUBLIC_URL to the https address that they use, or listen on 127.0.0.1",
        )
    if not is_local:
        yield well_or(
            Level.UNSAFE,
            "address.https",
            holds=parts.scheme == "https",
            well=f"PUBLIC_URL is {public_url}",
            ill=f"PUBLIC_URL is {public_url}: tokens travel in the clear",
            mend="put HTTPS in front (Caddy does it by itself) and set PUBLIC_URL to the https address",
        )
        if not trusted_proxies:
            yield Finding(
                Level.UNSAFE,
                "address.proxies",
                "no proxy is trusted: everybody who comes through one counts as one address in the limits",
                "set GATEWAY_TRUSTED_PROXIES to the network of the proxy, for example 127.0.0.1/32",
            )
    reason = why_no_passkey(public_url)
    if reason is not None:
        yield Finding(
            Level.UNSAFE,
            "address.passkeys",
            f"nobody can join by passkey: {reason}",
            "set PUBLIC_URL to a host name over https; on this machine, http://localhost",
        )
