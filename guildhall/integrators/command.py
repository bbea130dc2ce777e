"""`guildhall integrator ...`: the commands, which import what they need when they run."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="integrator",
    help="Who reads unions' public events on Kafka.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

DataFolder = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="The data folder.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits and dashes.")]


@app.command(epilog="Example: guildhall integrator add ledger-mirror --union weavers --data data/cluster")
def add(
    name: Name,
    union: Annotated[str, typer.Option(metavar="SLUG", help="Whose events: the union's slug or id.")],
    data: DataFolder = None,
) -> None:
    """Make a user who reads one union's public events and nothing else, and print how: once."""
    from guildhall.integrators.cluster import integrators_of
    from guildhall.integrators.printed import introduction
    from guildhall.integrators.unions import union_id_of
    from guildhall.reading_settings import read_guildhall_settings

    settings = read_guildhall_settings(folder=data)
    integrators = integrators_of(settings)
    typer.echo(introduction(integrators.add(name, union_id_of(union, settings))))


@app.command("list", epilog="Example: guildhall integrator list --data data/cluster")
def list_all(data: DataFolder = None) -> None:
    """List who reads which topic."""
    from guildhall.integrators.cluster import integrators_of
    from guildhall.reading_settings import read_guildhall_settings

    for name, topics in integrators_of(read_guildhall_settings(folder=data)).all().items():
        typer.echo(f"{name}\t{' '.join(topics)}")


@app.command(epilog="Example: guildhall integrator remove ledger-mirror --data data/cluster")
def remove(name: Name, data: DataFolder = None) -> None:
    """Take a user, what it may and where it stood away: it reads nothing more, connected or not."""
    from guildhall.integrators.cluster import integrators_of
    from guildhall.reading_settings import read_guildhall_settings

    integrators_of(read_guildhall_settings(folder=data)).remove(name)
