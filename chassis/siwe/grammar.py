"""The parts of RFC 3986, RFC 3339 and EIP-55 that an EIP-4361 message is made of, in their strict form."""

import re
from datetime import UTC, datetime
from ipaddress import IPv6Address

from eth_hash.auto import keccak

_UNRESERVED = r"A-Za-z0-9._~\-"
_SUB_DELIMS = r"!$&'()*+,;="
_PERCENT = r"%[0-9A-Fa-f]{2}"
_PCHAR = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:@]|{_PERCENT})"
_REG_NAME = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}]|{_PERCENT})"
_USERINFO = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:]|{_PERCENT})*@"
_IP_LITERAL = rf"\[(?:(?P<ipv6>[0-9A-Fa-f:.]+)|[vV][0-9A-Fa-f]+\.[{_UNRESERVED}{_SUB_DELIMS}:]+)\]"
_QUERY = rf"(?:{_PCHAR}|[/?])*"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.\-]*"

_AUTHORITY = re.compile(rf"(?:{_USERINFO})?(?:{_IP_LITERAL}|{_REG_NAME}+)(?::[0-9]*)?")
_URI = re.compile(
    rf"{_SCHEME}:"
    rf"(?://(?P<authority>(?:{_USERINFO})?(?:{_IP_LITERAL}|{_REG_NAME}*)(?::[0-9]*)?)(?:/{_PCHAR}*)*"
    rf"|/(?:{_PCHAR}+(?:/{_PCHAR}*)*)?"
    rf"|{_PCHAR}+(?:/{_PCHAR}*)*"
    rf"|)"
    rf"(?:\?{_QUERY})?(?:\#{_QUERY})?"
)
_SCHEMED_AUTHORITY = re.compile(rf"(?:(?P<scheme>{_SCHEME})://)?(?P<authority>.*)")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_ADDRESS = re.compile(r"0x[0-9A-Fa-f]{40}")

STATEMENT = re.compile(rf"[{_UNRESERVED}{_SUB_DELIMS}:/?#\[\]@ ]+")
REQUEST_ID = re.compile(rf"{_PCHAR}*")
NONCE = re.compile(r"[A-Za-z0-9]{8,}")
CHAIN_ID = re.compile(r"[0-9]{1,18}")


def is_uri(text: str) -> bool:
    """A URI of RFC 3986, absolute, its IPv6 address (if any) a real one."""
    matched = _URI.fullmatch(text)
    return matched is not None and _is_address(matched["ipv6"])


def is_authority(text: str) -> bool:
    """A non-empty authority of RFC 3986: host, perhaps with user information and port."""
    matched = _AUTHORITY.fullmatch(text)
    return matched is not None and _is_address(matched["ipv6"])


def _is_address(ipv6: str | None) -> bool:
    if ipv6 is None:
        return True
    try:
        IPv6Address(ipv6)
    except ValueError:
        return False
    return True


def split_scheme(text: str) -> tuple[str | None, str]:
    """The scheme, where one is written, and the rest."""
    matched = _SCHEMED_AUTHORITY.fullmatch(text)
    return (None, text) if matched is None else (matched["scheme"], matched["authority"])


def read_time(text: str) -> datetime | None:
    """The moment that an RFC 3339 time names, in UTC and cut to microseconds; None when it is none."""
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def write_time(moment: datetime) -> str:
    """RFC 3339 in UTC; the fraction only where there is one."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def checksum_address(address: bytes) -> str:
    """EIP-55: the address whose capitals are its checksum."""
    digits = address.hex()
    checksum = keccak(digits.encode()).hex()
    return "0x" + "".join(
        digit.upper() if int(mark, 16) >= 8 else digit for digit, mark in zip(digits, checksum, strict=False)
    )


def is_checksum_address(text: str) -> bool:
    """An address in the capitals of EIP-55, nothing else."""
    return _ADDRESS.fullmatch(text) is not None and checksum_address(bytes.fromhex(text[2:])) == text
