"""did:key: the curves that are read, one spelling each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.did_key import Curve, DidKey, read_did_key
from tests.services.identity.admission.issuer import did_of

CURVES = st.sampled_from(list(Curve))

# Of the specification's test vectors (did:key method, section 4).
PUBLISHED = {
    "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH": Curve.ED25519,
    "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme": Curve.SECP256K1,
    "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169": Curve.P256,
}


@pytest.mark.parametrize("did", PUBLISHED)
def test_published_keys_are_read(did: str) -> None:
    found = read_did_key(did)
    assert found is not None
    assert found.curve is PUBLISHED[did]


@given(CURVES, st.binary(min_size=33, max_size=33))
def test_what_is_written_is_read(curve: Curve, key: bytes) -> None:
    prefix, length = curve.value
    assert read_did_key(did_of(prefix + key[:length])) == DidKey(curve, key[:length])


@given(st.binary(min_size=2, max_size=2), st.binary(min_size=30, max_size=36))
def test_another_prefix_or_length_is_none(prefix: bytes, key: bytes) -> None:
    known = any((prefix, len(key)) == curve.value for curve in Curve)
    assert (read_did_key(did_of(prefix + key)) is not None) is known


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:key:z6Mk",
        "did:web:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH",
        "did:key:z16MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH",
        "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH#z6Mk",
        "did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc",  # X25519: nobody signs by it
    ],
)
def test_everything_else_is_none(did: str) -> None:
    assert read_did_key(did) is None
