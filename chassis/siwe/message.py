"""EIP-4361 messages: read strictly, line by line, and written; reading what was written gives it back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chassis.siwe import grammar
from chassis.siwe.errors import SiweMalformed

MESSAGE_LENGTH_MAX = 4_096
RESOURCES_MAX = 32

_GREETING = " wants you to sign in with your Ethereum account:"


@dataclass(frozen=True, slots=True)
class SiweMessage:
    """The fields of an EIP-4361 message; times are aware and in UTC."""

    domain: str
    address: str
    uri: str
    chain_id: int
    nonce: str
    issued_at: datetime
    scheme: str | None = None
    statement: str | None = None
    expiration_time: datetime | None = None
    not_before: datetime | None = None
    request_id: str | None = None
    resources: tuple[str, ...] | None = None

    def text(self) -> str:
        """The text that the wallet shows and signs. Raises SiweMalformed for fields that no text can hold."""
        lines = [
            f"{'' if self.scheme is None else f'{self.scheme}://'}{self.domain}{_GREETING}",
            self.address,
            "",
            *(() if self.statement is None else (self.statement,)),
            "",
            f"URI: {self.uri}",
            "Version: 1",
            f"Chain ID: {self.chain_id}",
            f"Nonce: {self.nonce}",
            f"Issued At: {grammar.write_time(self.issued_at)}",
        ]
        if self.expiration_time is not None:
            lines.append(f"Expiration Time: {grammar.write_time(self.expiration_time)}")
        if self.not_before is not None:
            lines.append(f"Not Before: {grammar.write_time(self.not_before)}")
        if self.request_id is not None:
            lines.append(f"Request ID: {self.request_id}")
        if self.resources is not None:
            lines.extend(("Resources:", *(f"- {resource}" for resource in self.resources)))
        text = "\n".join(lines)
        parse_siwe_message(text)
        return text


def parse_siwe_message(text: str) -> SiweMessage:
    """Read an EIP-4361 message. Raises SiweMalformed with the line that is not of the grammar."""
    if len(text) > MESSAGE_LENGTH_MAX:
        raise SiweMalformed(1, f"the message is longer than {MESSAGE_LENGTH_MAX} characters")
    lines = _Lines(text)
    scheme, domain = _read_greeting(lines)
    address = lines.take("the address", grammar.is_checksum_address, "an address with its EIP-55 checksum")
    lines.take_empty()
    statement = None
    if lines.next_is_not_empty():
        statement = lines.take("the statement", _matches_statement, "in the characters of a statement")
    lines.take_empty()
    uri = lines.field("URI", grammar.is_uri, "a URI of RFC 3986")
    lines.field("Version", lambda value: value == "1", "1")
    chain_id = int(lines.field("Chain ID", lambda value: bool(grammar.CHAIN_ID.fullmatch(value)), "a number"))
    nonce = lines.field("Nonce", lambda value: bool(grammar.NONCE.fullmatch(value)), "8 letters or digits")
    issued_at = lines.time("Issued At")
    expiration_time = lines.time("Expiration Time") if lines.next_is("Expiration Time") else None
    not_before = lines.time("Not Before") if lines.next_is("Not Before") else None
    request_id = None
    if lines.next_is("Request ID"):
        request_id = lines.field(
            "Request ID", lambda value: bool(grammar.REQUEST_ID.fullmatch(value)), "characters of a path"
        )
    resources = _read_resources(lines)
    lines.end()
    return SiweMessage(
        scheme=scheme,
        domain=domain,
        address=address,
        statement=statement,
        uri=uri,
        chain_id=chain_id,
        nonce=nonce,
        issued_at=issued_at,
        expiration_time=expiration_time,
        not_before=not_before,
        request_id=request_id,
        resources=resources,
    )


def _matches_statement(value: str) -> bool:
    return grammar.STATEMENT.fullmatch(value) is not None


def _read_greeting(lines: "_Lines") -> tuple[str | None, str]:
    greeting = lines.take("the greeting", lambda line: line.endswith(_GREETING), f"'DOMAIN{_GREETING}'")
    scheme, domain = grammar.split_scheme(greeting.removesuffix(_GREETING))
    if not grammar.is_authority(domain):
        raise SiweMalformed(1, "the domain is no authority of RFC 3986")
    return scheme, domain


def _read_resources(lines: "_Lines") -> tuple[str, ...] | None:
    if not lines.take_heading("Resources:"):
        return None
    resources: list[str] = []
    while lines.more():
        line = lines.take("a resource", lambda value: value.startswith("- "), "'- ' and a URI")
        resource = line.removeprefix("- ")
        if not grammar.is_uri(resource):
            raise SiweMalformed(lines.number, "a resource is no URI of RFC 3986")
        resources.append(resource)
        if len(resources) > RESOURCES_MAX:
            raise SiweMalformed(lines.number, f"there are more than {RESOURCES_MAX} resources")
    return tuple(resources)


class _Lines:
    """The lines of a message, taken one after the other."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self.number = 0

    def more(self) -> bool:
        return self.number < len(self._lines)

    def next_is(self, name: str) -> bool:
        return self.more() and self._lines[self.number].startswith(f"{name}: ")

    def next_is_not_empty(self) -> bool:
        return self.more() and self._lines[self.number] != ""

    def take(self, what: str, holds: Callable[[str], bool], expected: str) -> str:
        if not self.more():
            raise SiweMalformed(self.number + 1, f"{what} is missing")
        line = self._lines[self.number]
        self.number += 1
        if not holds(line):
            raise SiweMalformed(self.number, f"{what} is not {expected}")
        return line

    def take_empty(self) -> None:
        self.take("the line", lambda line: line == "", "empty")

    def take_heading(self, heading: str) -> bool:
        if not self.more() or self._lines[self.number] != heading:
            return False
        self.number += 1
        return True

    def field(self, name: str, holds: Callable[[str], bool], expected: str) -> str:
        start = f"{name}: "
        line = self.take(
            f"'{name}'", lambda line: line.startswith(start) and holds(line.removeprefix(start)), expected
        )
        return line.removeprefix(start)

    def time(self, name: str) -> datetime:
        value = self.field(name, lambda text: grammar.read_time(text) is not None, "an RFC 3339 time")
        moment = grammar.read_time(value)
        assert moment is not None
        return moment

    def end(self) -> None:
        if self.more():
            raise SiweMalformed(self.number + 1, "this line has no place here")
