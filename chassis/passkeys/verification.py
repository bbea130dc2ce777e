"""The library's verification of WebAuthn answers, with what it leaves to the relying party.

Importing the library takes a third of a second: this module is imported when the first passkey comes.
"""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_attestation_object,
    parse_authenticator_data,
    parse_client_data_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import InvalidAuthenticationResponse, WebAuthnException
from webauthn.helpers.structs import AttestationFormat, AuthenticatorData, CollectedClientData

from chassis.passkeys.answer import PasskeyAnswer
from chassis.passkeys.base64url import read_base64url, write_base64url
from chassis.passkeys.errors import PasskeyMalformed, PasskeySignatureWrong, PasskeyWrong
from chassis.passkeys.relying_party import RelyingParty

ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
RSA_BITS_MIN, RSA_BITS_MAX = 2_048, 8_192
CREDENTIAL_ID_MAX_BYTES = 1_023  # WebAuthn level 3, section 7.1, step 26

# What the library and its decoders raise on bytes that no browser sends.
_UNREADABLE = (
    WebAuthnException,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    RecursionError,
)


def origin_of(client_data: str) -> str:
    """The origin that the browser wrote, not yet verified. Raises PasskeyMalformed."""
    return _client_data(client_data).origin


def verify_registration(
    party: RelyingParty, challenge: bytes, *, credential_id: str, client_data: str, attestation_object: str
) -> PasskeyAnswer:
    """A new passkey (section 7.1). Raises PasskeyMalformed, PasskeyWrong, PasskeySignatureWrong."""
    _check_client_data(_client_data(client_data), "webauthn.create", challenge, party)
    with _read("attestationObject"):
        attestation = parse_attestation_object(read_base64url("attestationObject", attestation_object))
        attested = attestation.auth_data.attested_credential_data
    _check_authenticator_data(attestation.auth_data, party)
    if attested is None or write_base64url(attested.credential_id) != credential_id:
        raise PasskeyWrong("id", "the id of the passkey that was made")
    if len(attested.credential_id) > CREDENTIAL_ID_MAX_BYTES:
        raise PasskeyWrong("id", f"at most {CREDENTIAL_ID_MAX_BYTES} bytes")
    signed_by_itself = attestation.fmt == AttestationFormat.PACKED and not attestation.att_stmt.x5c
    if attestation.fmt != AttestationFormat.NONE and not signed_by_itself:
        raise PasskeyWrong("attestation", "none")
    _check_public_key(attested.credential_public_key)
    with _read("attestationObject"):
        seen = verify_registration_response(
            credential=_credential(
                credential_id, {"clientDataJSON": client_data, "attestationObject": attestation_object}
            ),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    return PasskeyAnswer(seen.credential_public_key, seen.sign_count, seen.credential_backed_up)


def verify_assertion(
    party: RelyingParty,
    challenge: bytes,
    *,
    credential_id: str,
    client_data: str,
    authenticator_data: str,
    signature: str,
    public_key: str,
) -> PasskeyAnswer:
    """A passkey's signature (section 7.2); its counter is the caller's to compare with the last one.

    Raises PasskeyMalformed, PasskeyWrong, PasskeySignatureWrong.
    """
    _check_client_data(_client_data(client_data), "webauthn.get", challenge, party)
    with _read("authenticatorData"):
        data = parse_authenticator_data(read_base64url("authenticatorData", authenticator_data))
    _check_authenticator_data(data, party)
    read_base64url("signature", signature)
    key = read_base64url("public_key", public_key)
    _check_public_key(key)
    response = {
        "clientDataJSON": client_data,
        "authenticatorData": authenticator_data,
        "signature": signature,
    }
    try:
        seen = verify_authentication_response(
            credential=_credential(credential_id, response),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (InvalidAuthenticationResponse, InvalidSignature):
        raise PasskeySignatureWrong from None
    except _UNREADABLE:
        raise PasskeyMalformed("the assertion") from None
    return PasskeyAnswer(key, seen.new_sign_count, seen.credential_backed_up)


def _client_data(written: str) -> CollectedClientData:
    content = read_base64url("clientDataJSON", written)
    with _read("clientDataJSON"):
        return parse_client_data_json(content)


def _check_client_data(data: CollectedClientData, kind: str, challenge: bytes, party: RelyingParty) -> None:
    if data.type != kind:
        raise PasskeyWrong("type", kind)
    if data.challenge != challenge:
        raise PasskeyWrong("challenge", "the one of this nonce and this device key")
    if data.origin != party.origin:
        raise PasskeyWrong("origin", party.origin)
    if data.cross_origin:
        raise PasskeyWrong("crossOrigin", "false: no page of another site may ask")


def _check_authenticator_data(data: AuthenticatorData, party: RelyingParty) -> None:
    if data.rp_id_hash != hashlib.sha256(party.id.encode()).digest():
        raise PasskeyWrong("rpIdHash", f"the SHA-256 of {party.id}")
    if not data.flags.up:
        raise PasskeyWrong("userPresent", "true")
    if not data.flags.uv:
        raise PasskeyWrong("userVerified", "true: by finger, face or PIN")
    if data.flags.bs and not data.flags.be:
        raise PasskeyWrong("backedUp", "false where the passkey cannot be backed up")


def _check_public_key(cose: bytes) -> None:
    """A key of an algorithm that was offered, on its curve, of a size that protects."""
    with _read("the passkey's public key"):
        decoded = decode_credential_public_key(cose)
        key = decoded_public_key_to_cryptography(decoded)
    if decoded.alg not in ALGORITHMS:
        raise PasskeyWrong("algorithm", "-8 (EdDSA), -7 (ES256) or -257 (RS256)")
    if isinstance(key, EllipticCurvePublicKey) and not isinstance(key.curve, SECP256R1):
        raise PasskeyWrong("algorithm", "-7 (ES256) on the curve P-256")
    if isinstance(key, RSAPublicKey) and not RSA_BITS_MIN <= key.key_size <= RSA_BITS_MAX:
        raise PasskeyWrong("algorithm", f"-257 (RS256) with {RSA_BITS_MIN} to {RSA_BITS_MAX} bits")


def _credential(credential_id: str, response: dict[str, str]) -> dict[str, object]:
    return {"id": credential_id, "rawId": credential_id, "type": "public-key", "response": response}


@contextmanager
def _read(what: str) -> Generator[None]:
    try:
        yield
    except (PasskeyMalformed, PasskeyWrong):
        raise
    except _UNREADABLE:
        raise PasskeyMalformed(f"{what} is not of WebAuthn") from None
