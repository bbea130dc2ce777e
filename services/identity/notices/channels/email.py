"""E-mail: handed to the deployment's own mail server (RFC 5321), ended by one click (RFC 8058)."""

from __future__ import annotations

import asyncio
import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from services.identity.notices.domain.address import Mailbox, Outcome
from services.identity.notices.domain.words import framed

if TYPE_CHECKING:
    from datetime import datetime

    from services.identity.notices.domain.message import Message
    from services.identity.notices.settings import NoticeSettings

NO_SUCH_ADDRESS = re.compile(r"\b5\.1\.\d{1,3}\b")
"""Enhanced status codes (RFC 3463): the address is not one. Other refusals may be the server's mood."""
FAULT_MAX = 300


class EmailChannel:
    """Sends one message after the other, each over a connection of its own."""

    def __init__(self, settings: NoticeSettings) -> None:
        self._settings = settings

    async def send(self, mailbox: Mailbox, message: Message, now: datetime, why: str = "why") -> Outcome:
        """The whole of it within the time limit; see `written`."""
        import aiosmtplib

        settings = self._settings
        assert settings.smtp_host is not None
        try:
            async with asyncio.timeout(settings.notice_timeout_seconds):
                await aiosmtplib.send(
                    self.written(mailbox, message, now, why),
                    hostname=settings.smtp_host,
                    port=settings.smtp_port,
                    username=settings.smtp_user,
                    password=None
                    if settings.smtp_password is None
                    else settings.smtp_password.get_secret_value(),
                    use_tls=settings.smtp_security == "tls",
                    start_tls=settings.smtp_security == "starttls",
                    timeout=settings.notice_timeout_seconds,
                )
        except TimeoutError:
            return Outcome(
                f"the mail server did not take it within {settings.notice_timeout_seconds} seconds"
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            said = "; ".join(f"{one.code} {one.message}" for one in refused.recipients)
            return Outcome(said[:FAULT_MAX], is_gone=NO_SUCH_ADDRESS.search(said) is not None)
        except aiosmtplib.SMTPResponseException as refused:
            return Outcome(f"{refused.code} {refused.message}"[:FAULT_MAX])
        except (aiosmtplib.SMTPException, OSError):
            return Outcome("the mail server was not reached")
        return Outcome()

    def written(self, mailbox: Mailbox, message: Message, now: datetime, why: str = "why") -> EmailMessage:
        """Plain text alone: nothing in it is fetched by who reads it. `why`: which words say why it came."""
        settings = self._settings
        house = settings.public_url
        mail = EmailMessage(policy=SMTP)
        mail["From"] = str(settings.email_from)
        mail["To"] = mailbox.target
        mail["Subject"] = message.title
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{message.id}@{urlsplit(house).hostname}>"
        mail["Auto-Submitted"] = "auto-generated"
        lines = list(message.lines)
        if mailbox.end_token is not None:
            ends = f"{house}/v1/email-unsubscriptions/{mailbox.end_token}"
            mail["List-Unsubscribe"] = f"<{ends}>"
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
            lines += [
                "",
                "-- ",
                framed(message.language, why, house=house),
                framed(message.language, "end", url=f"{house}/unsubscribe/{mailbox.end_token}"),
            ]
        mail.set_content("\n".join(lines) + "\n")
        return mail
