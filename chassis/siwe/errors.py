"""Why a sign-in message or its signature is refused."""

from datetime import datetime

from chassis.errors import DomainError


class SignInRefused(DomainError):
    """The base of every refusal of a sign-in message."""


class SiweMalformed(SignInRefused):
    """The text is no EIP-4361 message; `line` counts from 1."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(line, what)
        self.line = line
        self.what = what


class WalletSignatureMalformed(SignInRefused):
    """The signature is not r, s and v of a wallet in the one form that is accepted."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class WalletSignatureWrong(SignInRefused):
    """The message was signed by another wallet than the one it names."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class SiweFieldWrong(SignInRefused):
    """A field of the message is not what this deployment asks for."""

    def __init__(self, field: str, found: str | None, expected: str) -> None:
        super().__init__(field, found, expected)
        self.field = field
        self.found = found
        self.expected = expected


class SiweTimeWrong(SignInRefused):
    """The message is not valid now: too old, from the future, expired, or not yet valid."""

    def __init__(self, field: str, found: datetime, now: datetime) -> None:
        super().__init__(field, found)
        self.field = field
        self.found = found.isoformat()
        self.server_time = now.isoformat()
