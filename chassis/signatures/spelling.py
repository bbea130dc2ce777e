"""Any other spelling of a signed act (order, spaces, a second signature), read by the RFC 9421 library."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature as SignatureDoesNotFit
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures.algorithms import ED25519  # pyright: ignore[reportPrivateImportUsage]
from http_message_signatures.exceptions import InvalidSignature
from http_message_signatures.resolvers import HTTPSignatureKeyResolver
from http_message_signatures.signatures import HTTPMessageVerifier

from chassis.signatures.errors import ActMalformed, ActRefused, ActSignatureWrong
from chassis.signatures.profile import COMPONENTS, KEY_ID, LABEL, NONCE, PARAMETERS, TAG, SignableRequest


@dataclass(frozen=True, slots=True)
class DescribedSignature:
    """The parameters of a verified signature."""

    key_id: str
    nonce: str
    created_seconds: int
    covers_idempotency_key: bool


class _DeviceKeys(HTTPSignatureKeyResolver):
    def __init__(self, known_key: Callable[[str], Ed25519PublicKey]) -> None:
        self._known_key = known_key

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return self._known_key(key_id)


class _ProfileVerifier(HTTPMessageVerifier):
    """The library's verifier, held to the profile's parameters and to the deployment's clock."""

    def __init__(
        self, known_key: Callable[[str], Ed25519PublicKey], check_time: Callable[[int], None]
    ) -> None:
        super().__init__(signature_algorithm=ED25519, key_resolver=_DeviceKeys(known_key))
        self._check_time = check_time

    def validate_created_and_expires(self, sig_input: Any, max_age: timedelta | None = None) -> None:
        parameters = sig_input.params
        if frozenset(parameters) != PARAMETERS:
            raise ActMalformed("the parameters are not created, keyid, alg, nonce and tag")
        if not KEY_ID.fullmatch(parameters["keyid"]) or not NONCE.fullmatch(parameters["nonce"]):
            raise ActMalformed("keyid or nonce is not of its form")
        self._check_time(parameters["created"])


def verify_other_spelling(
    request: SignableRequest,
    *,
    known_key: Callable[[str], Ed25519PublicKey],
    check_time: Callable[[int], None],
) -> DescribedSignature:
    """Verify with the library and demand the profile of what it read. Raises a subclass of ActRefused."""
    verifier = _ProfileVerifier(known_key, check_time)
    try:
        (verified,) = verifier.verify(request, max_age=None, expect_tag=TAG, expect_label=LABEL)
    except InvalidSignature as refusal:
        if isinstance(refusal.__cause__, ActRefused):
            raise refusal.__cause__ from None
        if isinstance(refusal.__cause__, SignatureDoesNotFit):
            raise ActSignatureWrong(request.url) from None
        raise ActMalformed(str(refusal)) from None
    covered = {name.strip('"') for name in verified.covered_components} - {"@signature-params"}
    if covered - {"idempotency-key"} != set(COMPONENTS):
        raise ActMalformed("the signature does not cover exactly @method, @target-uri and content-digest")
    parameters = verified.parameters
    return DescribedSignature(
        key_id=str(parameters["keyid"]),
        nonce=str(parameters["nonce"]),
        created_seconds=int(parameters["created"]),
        covers_idempotency_key="idempotency-key" in covered,
    )
