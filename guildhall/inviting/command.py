"""The command `guildhall invite`; what it needs is imported when it runs."""

from pathlib import Path
from typing import Annotated

import typer

from guildhall.refusals import StartRefused

EXAMPLE = "Example: guildhall invite --csv people.csv --union guild-of-lisbon --as me.key"


def invite(
    csv: Annotated[
        Path, typer.Option("--csv", metavar="FILE", help="A row for each person, below headings.")
    ],
    union: Annotated[str, typer.Option(metavar="SLUG", help="Where they are invited to.")],
    key: Annotated[Path, typer.Option("--as", metavar="KEYFILE", help="Who invites them.")],
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the links go. [default: people.links.csv]")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=365, help="How long the links are good.")] = 30,
    send: Annotated[
        bool, typer.Option("--send", help="Have each sent to the e-mail address in its row.")
    ] = False,
    language: Annotated[str, typer.Option(help="Of the messages: en or de.")] = "en",
    url: Annotated[
        str | None, typer.Option(help="The deployment; unset, this machine's at its port.")
    ] = None,
) -> None:
    """Make a personal link for each row of a file of people. Killed, it goes on where it was.

    Headings are known in English and German (name, first name, last name, e-mail, username, account), and
    as Discourse (users) and Mastodon (follows) export them; separators are , ; tab and |.
    """
    from guildhall.inviting.invite import Wish
    from guildhall.inviting.invite import invite as invite_people
    from guildhall.reading_settings import read_guildhall_settings

    if language not in ("en", "de"):
        raise StartRefused(f"--language {language} is neither en nor de")
    wish = Wish(csv, union, out or csv.with_name(f"{csv.stem}.links.csv"), days, send, language)
    raise typer.Exit(invite_people(key, url or f"http://localhost:{read_guildhall_settings().port}", wish))
