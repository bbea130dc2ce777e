"""Encryption keys: what is refused is what the library finds no secret with."""

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.encryption_key import encryption_key_text, read_encryption_key
from services.identity.domain.profile_errors import EncryptionKeyRefused

PRIME = 2**255 - 19
EIGHT = (
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
)


def keeps_a_secret(key: bytes) -> bool:
    try:
        X25519PrivateKey.from_private_bytes(bytes(range(32))).exchange(X25519PublicKey.from_public_bytes(key))
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("point", [0, 1, PRIME - 1, PRIME, PRIME + 1, *EIGHT])
@pytest.mark.parametrize("top_bit", [0, 2**255])
def test_a_point_of_small_order_is_refused_however_it_is_written(point: int, top_bit: int) -> None:
    key = (point + top_bit).to_bytes(32, "little")
    assert not keeps_a_secret(key)
    with pytest.raises(EncryptionKeyRefused):
        read_encryption_key(encryption_key_text(key))


@given(st.binary(min_size=32, max_size=32))
def test_any_other_is_read_as_it_was_written(key: bytes) -> None:
    if keeps_a_secret(key):
        assert read_encryption_key(encryption_key_text(key)) == key


@pytest.mark.parametrize("text", ["", "AAAA", "!" * 43])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(EncryptionKeyRefused):
        read_encryption_key(text)
