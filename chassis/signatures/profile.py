"""The one profile of RFC 9421 that signs acts: what is covered, in which spelling, over which digest."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from chassis.signatures.errors import ActDigestWrong, ActMalformed, ActUnsigned

LABEL = "act"
TAG = "guildhall-act"
ALGORITHM = "ed25519"
COMPONENTS = ("@method", "@target-uri", "content-digest")
PARAMETERS = frozenset({"created", "keyid", "alg", "nonce", "tag"})
KEY_ID = re.compile(r"[A-Za-z0-9_-]{43}")
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")

_FIELDS = frozenset({"signature", "signature-input", "content-digest", "idempotency-key"})
_ONE_LINE_FIELDS = frozenset({"content-digest", "idempotency-key"})
_DIGEST = re.compile(r"sha-256=:[A-Za-z0-9+/]{43}=:")
_METHOD = re.compile(r"[A-Z]{1,16}")
_FIELD_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?")
# An absolute URL in the characters of RFC 3986; what does not parse so is never signed.
_TARGET = re.compile(r"https?://[A-Za-z0-9._~:\[\]-]+/(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*")


class Fields(Protocol):
    """Header fields: any mapping whose `items()` gives names and values, repeated ones included."""

    def items(self) -> Iterable[tuple[str, str]]: ...


@dataclass(frozen=True, slots=True)
class SignableRequest:
    """The parts of a request that a signature is about; `url` is its public target.

    The names are those that the RFC 9421 library asks of a message.
    """

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


def content_digest(body: bytes) -> str:
    """The Content-Digest field of a body, also of an empty one (RFC 9530, sha-256)."""
    return f"sha-256=:{b64encode(hashlib.sha256(body).digest()).decode()}:"


def signature_parameters(*, created_seconds: int, key_id: str, nonce: str, with_idempotency_key: bool) -> str:
    """The canonical spelling of `@signature-params` (RFC 9421, section 2.3)."""
    covered = (*COMPONENTS, "idempotency-key") if with_idempotency_key else COMPONENTS
    names = " ".join(f'"{name}"' for name in covered)
    return (
        f'({names});created={created_seconds};keyid="{key_id}";alg="{ALGORITHM}";nonce="{nonce}";tag="{TAG}"'
    )


def signature_base(
    *, method: str, target_uri: str, digest: str, idempotency_key: str | None, parameters: str
) -> bytes:
    """The bytes that are signed (RFC 9421, section 2.5), for the canonical order of components."""
    named = "" if idempotency_key is None else f'"idempotency-key": {idempotency_key}\n'
    return (
        f'"@method": {method}\n"@target-uri": {target_uri}\n"content-digest": {digest}\n'
        f'{named}"@signature-params": {parameters}'
    ).encode("ascii")


def signable_request(
    *, method: str, target_uri: str, headers: Fields, body: bytes, field_max_characters: int
) -> SignableRequest:
    """Take the fields of the profile out of a request and check their form and the body's digest.

    Raises ActUnsigned, ActMalformed, ActDigestWrong.
    """
    fields = _fields_of(headers, field_max_characters)
    if "signature" not in fields and "signature-input" not in fields:
        raise ActUnsigned
    for name in ("signature", "signature-input", "content-digest"):
        if name not in fields:
            raise ActMalformed(f"the field {name} is missing")
    if not _METHOD.fullmatch(method):
        raise ActMalformed("the method is not in capital letters")
    if not _TARGET.fullmatch(target_uri):
        raise ActMalformed("the target is no URL in the characters of RFC 3986")
    if not _DIGEST.fullmatch(fields["content-digest"]):
        raise ActMalformed("content-digest is not exactly one sha-256 digest")
    digest = content_digest(body)
    if fields["content-digest"] != digest:
        raise ActDigestWrong(digest)
    return SignableRequest(method, target_uri, fields, body)


def _fields_of(headers: Fields, field_max_characters: int) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, line in headers.items():
        known = name.lower()
        if known not in _FIELDS:
            continue
        value = line.strip(" \t")
        if not _FIELD_VALUE.fullmatch(value):
            raise ActMalformed(f"the field {known} holds other than printable ASCII characters")
        if known in fields:
            if known in _ONE_LINE_FIELDS:
                raise ActMalformed(f"the field {known} is sent twice")
            value = f"{fields[known]}, {value}"
        if len(value) > field_max_characters:
            raise ActMalformed(f"the field {known} is longer than {field_max_characters} characters")
        fields[known] = value
    return fields
