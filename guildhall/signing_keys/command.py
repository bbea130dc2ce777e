"""`guildhall signing-key ...`: the commands, which import what they need when they run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from guildhall.settings import GuildhallSettings
    from guildhall.signing_keys.rotation import Rotation

app = typer.Typer(
    name="signing-key",
    help="The keys that sign members' tokens.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

DataFolder = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The data folder.")]
CLUSTERS_IDENTITY = Path("volumes") / "identity-secrets"
"""What `guildhall cluster` gives identity."""


@app.command(epilog="Example: guildhall signing-key rotate --data data/home")
def rotate(
    data: DataFolder = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", metavar="DIR", help="Identity's own folder of secrets, where it has one."),
    ] = None,
    at_once: Annotated[
        bool, typer.Option("--at-once", help="The key is in wrong hands: its tokens count no more.")
    ] = False,
) -> None:
    """Add the next key, while everything runs. It is published now and signs after a while.

    The one before is taken until its last token has run out, and then withdrawn. While a key waits for its
    time, a repeat adds none, and hands out what a kill has kept from being handed out.
    """
    from datetime import timedelta

    from chassis.clock import SystemClock
    from guildhall.reading_settings import read_guildhall_settings
    from guildhall.signing_keys import rotation

    settings = read_guildhall_settings(folder=data)
    now, ahead = SystemClock().now(), timedelta(seconds=settings.signing_key_ahead_seconds)
    made = rotation.rotate(_secrets(settings), now, ahead, at_once=at_once)
    handed = into or settings.folder / CLUSTERS_IDENTITY
    if into is not None or handed.exists():
        rotation.hand_to(_secrets(settings), handed)
    typer.echo("Added." if made.is_new else "One waits already: none was added.")
    _print(made, now)


@app.command("list", epilog="Example: guildhall signing-key list --data data/home")
def list_all(data: DataFolder = None) -> None:
    """List the keys and when each begins to sign."""
    from chassis.clock import SystemClock
    from guildhall.reading_settings import read_guildhall_settings
    from guildhall.signing_keys.rotation import read_keys

    _print(read_keys(_secrets(read_guildhall_settings(folder=data))), SystemClock().now())


def _secrets(settings: GuildhallSettings) -> Path:
    return settings.folder / "secrets"


def _print(keys: Rotation, now: datetime) -> None:
    signing = [one for one in keys.later if one.signs_from <= now]
    signs = signing[-1].key.key_id if signing else keys.first.key_id
    typer.echo(f"{keys.first.key_id}\tfirst{_mark(keys.first.key_id, signs)}")
    for one in keys.later:
        at_once = "\tall before are withdrawn" if one.at_once else ""
        typer.echo(
            f"{one.key.key_id}\tfrom {one.signs_from.isoformat(timespec='seconds')}"
            f"{_mark(one.key.key_id, signs)}{at_once}"
        )


def _mark(key_id: str, signs: str) -> str:
    return "\tsigns" if key_id == signs else ""
