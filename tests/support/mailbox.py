"""Somebody's mail server on loopback: it takes or refuses as a test wants, and keeps what it took."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

TAKEN = "250 OK"


@dataclass(slots=True)
class Mailbox:
    """`of_recipient` and `of_data`: what is answered, from a moment after `pause_seconds`."""

    of_recipient: str = TAKEN
    of_data: str = TAKEN
    pause_seconds: float = 0
    port: int = 0
    got: list[EmailMessage] = field(default_factory=list[EmailMessage])

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if self.of_recipient == TAKEN:
            envelope.rcpt_tos.append(address)
        return self.of_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        await asyncio.sleep(self.pause_seconds)
        if self.of_data == TAKEN:
            self.got.append(_read(envelope))
        return self.of_data

    def text(self, number: int = -1) -> str:
        return self.got[number].get_content()


class KeptMails:
    """Takes everything, and writes it into a folder as JSON, for who is another process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        mail = _read(envelope)
        self._count += 1
        told = {"to": str(mail["To"]), "subject": str(mail["Subject"]), "text": mail.get_content()}
        written = self._folder / f".{self._count:06}"
        written.write_text(json.dumps(told))
        written.rename(self._folder / f"{self._count:06}")
        return TAKEN


def _read(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


@asynccontextmanager
async def mailbox() -> AsyncGenerator[Mailbox]:
    box = Mailbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(box), "127.0.0.1", 0)
    box.port = server.sockets[0].getsockname()[1]
    try:
        yield box
    finally:
        server.close()
