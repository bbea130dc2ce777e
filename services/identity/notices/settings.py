"""Where members are told beyond the page, and what a deployment needs for it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import EmailStr, Field, SecretStr, model_validator

from chassis.settings import Count, DurationMs, DurationSeconds, SignInSettings

DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class MissingChannel:
    """A way to tell members that this deployment does not have; `brought_by` names the settings."""

    name: str
    what: str
    brought_by: str


class NoticeSettings(SignInSettings):
    """Read with identity's: names begin with IDENTITY_."""

    notice_kept_days: Count = Field(90, description="How long a member's notices are kept.")
    smtp_host: str | None = Field(
        None, description="The mail server that takes notices by e-mail; unset, nobody is told by e-mail."
    )
    smtp_port: Annotated[int, Field(ge=1, le=65_535)] = Field(587, description="Its port.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the way to it is encrypted; none is for a server on this machine."
    )
    smtp_user: str | None = Field(None, description="Who signs in to it; unset, nobody does.")
    smtp_password: SecretStr | None = Field(None, description="The password of that user.")
    email_from: EmailStr | None = Field(
        None, description="The address that notices by e-mail come from; needed with IDENTITY_SMTP_HOST."
    )
    push_contact: EmailStr | None = Field(
        None,
        description="Whom a push service may write to about this deployment (RFC 8292); unset, nobody is "
        "told by push.",
    )
    push_kept_seconds: DurationSeconds = Field(
        DAY_SECONDS, description="How long a push service keeps what it cannot deliver."
    )
    push_url_max_bytes: Annotated[int, Field(ge=16, le=8_192)] = Field(
        2_000, description="Longer addresses of browsers are refused."
    )
    push_answer_max_bytes: Count = Field(
        65_536, description="What a push service answers beyond this is not read."
    )
    notice_gather_seconds: DurationSeconds = Field(
        30, description="What happens within it is told together, and not at all if it was read by then."
    )
    notice_lines_max: Annotated[int, Field(ge=1, le=100)] = Field(
        20, description="Notices that one message names; of the others it says how many."
    )
    notice_poll_ms: DurationMs = Field(1_000, description="Pause between looks for whom to tell.")
    notices_at_once_max: Count = Field(8, description="Messages that one process sends at the same time.")
    notice_timeout_seconds: DurationSeconds = Field(
        20, description="A mail server or push service that has not taken a message by then has failed."
    )
    notice_tries_max: Annotated[int, Field(ge=1, le=100)] = Field(
        6, description="Tries of one message before it is given up, until the next one is due."
    )
    notice_retry_first_seconds: DurationSeconds = Field(
        30, description="The first pause between tries; each is four times as long as the one before."
    )
    notice_retry_longest_seconds: DurationSeconds = Field(
        21_600, description="The longest pause between tries."
    )
    email_code_seconds: DurationSeconds = Field(
        1_800, description="How long the code works by which an e-mail address is confirmed."
    )
    email_code_tries_max: Count = Field(5, description="Wrong codes before a new one is needed.")
    email_codes_max: Count = Field(
        5, description="Codes that one member, and that one address, gets in their window."
    )
    email_codes_window_seconds: DurationSeconds = Field(DAY_SECONDS, description="The length of that window.")

    @model_validator(mode="after")
    def mail_settings_fit(self) -> Self:
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError("IDENTITY_SMTP_USER and IDENTITY_SMTP_PASSWORD belong together")
        return self

    @property
    def has_email(self) -> bool:
        return self.smtp_host is not None and self.email_from is not None

    @property
    def has_push(self) -> bool:
        return self.push_contact is not None

    @property
    def notice_gather(self) -> timedelta:
        return timedelta(seconds=self.notice_gather_seconds)

    @property
    def channels_off(self) -> list[MissingChannel]:
        off: list[MissingChannel] = []
        if not self.has_email:
            off.append(
                MissingChannel("email", "notices by e-mail", "IDENTITY_SMTP_HOST and IDENTITY_EMAIL_FROM")
            )
        if not self.has_push:
            off.append(MissingChannel("push", "notices by push", "IDENTITY_PUSH_CONTACT=you@your.name"))
        return off
