"""`guildhall operator ...`: the commands, which import what they need when they run."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="operator",
    help="Who may lock accounts, hide unions and take down pictures: named here alone.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

DataFolder = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="The data folder, a cluster's too.")
]
Handle = Annotated[str, typer.Argument(metavar="HANDLE", help="The member's handle or id.")]
Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why: it is kept.")]


@app.command(epilog="Example: guildhall operator add ada --because 'elected by the association in March'")
def add(handle: Handle, because: Because, data: DataFolder = None) -> None:
    """Name a member an operator, while everything runs. They are told; what they do is public."""
    from guildhall.events.operated import in_folder
    from guildhall.operators.naming import name
    from guildhall.reading_settings import read_guildhall_settings

    typer.echo(in_folder(read_guildhall_settings(folder=data), lambda house: name(house, handle, because)))


@app.command(epilog="Example: guildhall operator remove ada --because 'their term is over'")
def remove(handle: Handle, because: Because, data: DataFolder = None) -> None:
    """Take the role from a member, at once. What they did stays, and others can undo it."""
    from guildhall.events.operated import in_folder
    from guildhall.operators.naming import remove as remove_named
    from guildhall.reading_settings import read_guildhall_settings

    settings = read_guildhall_settings(folder=data)
    typer.echo(in_folder(settings, lambda house: remove_named(house, handle, because)))


@app.command("list", epilog="Example: guildhall operator list --data data/home")
def list_all(data: DataFolder = None) -> None:
    """List who is an operator, since when and why."""
    from guildhall.events.operated import in_folder
    from guildhall.operators.naming import listed
    from guildhall.reading_settings import read_guildhall_settings

    typer.echo(in_folder(read_guildhall_settings(folder=data), listed))
