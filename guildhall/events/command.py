"""`guildhall events ...`: the commands, which import what they need when they run."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="events",
    help="Look at events, and mend what hinders them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

DataFolder = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The data folder.")]
Service = Annotated[str | None, typer.Option(help="This service alone.")]


@app.command(epilog="Example: guildhall events tail --union weavers --type transfer.posted")
def tail(
    data: DataFolder = None,
    union: Annotated[str | None, typer.Option(metavar="SLUG", help="This union alone.")] = None,
    event_type: Annotated[str | None, typer.Option("--type", metavar="TYPE", help="This type alone.")] = None,
    after: Annotated[
        str | None, typer.Option(metavar="POSITION", help="What came after a line's position.")
    ] = None,
) -> None:
    """Print every event from now on, as it comes to the bus: one CloudEvent a line. Ctrl-C ends it."""
    from guildhall.events.operated import in_folder
    from guildhall.events.tailing import print_tailed
    from guildhall.reading_settings import read_guildhall_settings

    in_folder(
        read_guildhall_settings(folder=data), lambda house: print_tailed(house, union, event_type, after)
    )


@app.command(epilog="Example: guildhall events parked --service ledger")
def parked(
    data: DataFolder = None,
    service: Service = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """List the events that a service could not take, each with its error. Exit 1 when there are any."""
    from guildhall.events.operated import in_folder
    from guildhall.events.parked import print_parked
    from guildhall.reading_settings import read_guildhall_settings

    settings = read_guildhall_settings(folder=data)
    raise typer.Exit(in_folder(settings, lambda house: print_parked(house, service, as_json=as_json)))


@app.command(epilog="Example: guildhall events retry --service ledger")
def retry(
    data: DataFolder = None,
    service: Service = None,
    key: Annotated[str | None, typer.Option(help="The events of this key alone.")] = None,
) -> None:
    """Try parked events again, in order; a key stops at its first failure. Exit 1 when some are left."""
    from guildhall.events.operated import in_folder
    from guildhall.events.parked import retry as retry_events
    from guildhall.reading_settings import read_guildhall_settings

    settings = read_guildhall_settings(folder=data)
    raise typer.Exit(in_folder(settings, lambda house: retry_events(house, service, key)))


@app.command(epilog="Example: guildhall events rebuild --service market --yes")
def rebuild(
    service: Annotated[str, typer.Option(help="Whose group begins again.")],
    data: DataFolder = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without this, only say what it means.")] = False,
) -> None:
    """Let a service's group begin again with what the bus keeps. Says first what that means."""
    from guildhall.events.operated import in_folder
    from guildhall.events.rebuilding import rebuild as rebuild_group
    from guildhall.reading_settings import read_guildhall_settings

    settings = read_guildhall_settings(folder=data)
    in_folder(settings, lambda house: rebuild_group(house, service, agreed=yes))
