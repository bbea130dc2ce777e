"""What a verifiable credential says, by the W3C Data Model 2.0 (secured as in vc-jose-cose) or 1.1 (JWT).

Its signature is verified elsewhere; here nothing is believed that the text does not say once and plainly.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from services.identity.admission.domain.errors import CredentialRefused

CONTEXT_2 = "https://www.w3.org/ns/credentials/v2"
CONTEXT_1 = "https://www.w3.org/2018/credentials/v1"
BASE_TYPE = "VerifiableCredential"
HEADER_NAMES = frozenset({"alg", "typ", "cty", "kid", "iss"})
"""Of these none brings a key, or makes the text mean something else."""
TYPES_2, TYPES_1 = ("vc+jwt", "jwt"), ("jwt",)
MILLENNIUM = range(1, 253_402_300_800)
"""Seconds since 1970 of the years that a date can have."""

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Credential:
    """Of whom (`issuer`) it says what (`types`) about whom (`subject`); good from `begins` to before `ends`,
    None where it says nothing."""

    issuer: str
    types: frozenset[str]
    subject: str
    begins: datetime | None
    ends: datetime | None

    def require_valid(self, now: datetime) -> None:
        """Raises CredentialRefused."""
        if self.begins is not None and now < self.begins:
            raise CredentialRefused(f"it is not valid before {self.begins.isoformat()}")
        if self.ends is not None and now >= self.ends:
            raise CredentialRefused(f"it was valid until {self.ends.isoformat()}")


def require_header(header: Mapping[str, object], issuer: str, algorithms: Sequence[str]) -> None:
    """`algorithms`: those of the issuer's key. Raises CredentialRefused."""
    if not header.keys() <= HEADER_NAMES:
        raise CredentialRefused("its header says more than alg, typ, cty, kid and iss")
    if header.get("alg") not in algorithms:
        raise CredentialRefused(f"the issuer's key signs by {' or '.join(algorithms)}")
    key = issuer.removeprefix("did:key:")
    if header.get("kid", issuer) not in (issuer, f"{issuer}#{key}", f"#{key}"):
        raise CredentialRefused("its kid is not the issuer's key")
    if header.get("iss", issuer) != issuer:
        raise CredentialRefused("its header names another issuer")
    if header.get("cty", "vc") != "vc":
        raise CredentialRefused("its cty is not vc")


def issuer_of(payload: Mapping[str, object]) -> str:
    """Before anything is verified: by whose key that is to be done. Raises CredentialRefused."""
    said = _document(payload).get("issuer", payload.get("iss"))
    if isinstance(said, Mapping):
        said = cast("Mapping[str, object]", said).get("id")
    if not isinstance(said, str) or payload.get("iss", said) != said:
        raise CredentialRefused("it does not name one issuer")
    return said


def credential_of(header: Mapping[str, object], payload: Mapping[str, object]) -> Credential:
    """Raises CredentialRefused."""
    document = _document(payload)
    is_first = "vc" in payload
    typ = header.get("typ", "jwt")
    if not isinstance(typ, str) or typ.lower() not in (TYPES_1 if is_first else TYPES_2):
        raise CredentialRefused("its typ is not that of a credential")
    contexts = document.get("@context")
    first = cast("list[object]", contexts)[0] if isinstance(contexts, list) and contexts else contexts
    if first != (CONTEXT_1 if is_first else CONTEXT_2):
        raise CredentialRefused("its @context does not begin with that of credentials")
    if "credentialStatus" in document:
        raise CredentialRefused("it can be revoked at a place that is not asked here")
    types = document.get("type")
    listed = cast("list[object]", types) if isinstance(types, list) else [types]
    named = frozenset(one for one in listed if isinstance(one, str))
    if BASE_TYPE not in named or len(named) != len(listed):
        raise CredentialRefused(f"it is not a {BASE_TYPE}")
    return Credential(issuer_of(payload), named, _subject(document, payload), *_validity(document, payload))


def _document(payload: Mapping[str, object]) -> Mapping[str, object]:
    """The claim `vc` of version 1.1; of version 2 the payload itself. Raises CredentialRefused."""
    if "vp" in payload:
        raise CredentialRefused("it is a presentation")
    if "vc" not in payload:
        return payload
    document = payload["vc"]
    if not isinstance(document, Mapping) or "@context" in payload or "credentialSubject" in payload:
        raise CredentialRefused("its claim vc is not the whole credential")
    return cast("Mapping[str, object]", document)


def _subject(document: Mapping[str, object], payload: Mapping[str, object]) -> str:
    subject = document.get("credentialSubject")
    if isinstance(subject, list) and len(cast("list[object]", subject)) == 1:
        subject = cast("list[object]", subject)[0]
    if not isinstance(subject, Mapping):
        raise CredentialRefused("it is not about one subject")
    said = cast("Mapping[str, object]", subject).get("id", payload.get("sub"))
    if not isinstance(said, str) or payload.get("sub", said) != said:
        raise CredentialRefused("it does not name its subject once")
    return said


def _validity(
    document: Mapping[str, object], payload: Mapping[str, object]
) -> tuple[datetime | None, datetime | None]:
    """The latest beginning and the earliest end that it names."""
    begins = [
        *_times(document, "validFrom", "issuanceDate"),
        *_seconds(payload, "nbf", "iat"),
    ]
    ends = [*_times(document, "validUntil", "expirationDate"), *_seconds(payload, "exp")]
    return max(begins, default=None), min(ends, default=None)


def _times(document: Mapping[str, object], *names: str) -> list[datetime]:
    found: list[datetime] = []
    for name in names:
        value = document.get(name)
        if value is None:
            continue
        try:
            if not isinstance(value, str) or not _TIME.fullmatch(value):
                raise ValueError
            found.append(datetime.fromisoformat(value).astimezone(UTC))
        except (ValueError, OverflowError):
            raise CredentialRefused(f"its {name} is not a time") from None
    return found


def _seconds(payload: Mapping[str, object], *names: str) -> list[datetime]:
    found: list[datetime] = []
    for name in names:
        value = payload.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or int(value) not in MILLENNIUM:
            raise CredentialRefused(f"its {name} is not a time")
        found.append(datetime.fromtimestamp(int(value), UTC))
    return found
