"""Keys drawn for a purpose stay what they are: codes, links and subscriptions of years ago hang on them."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.auth.derived_keys import derived_key
from chassis.auth.keys import SigningKey
from chassis.files.links import FileLinks
from services.identity.notices.channels.push import application_server_key

SECRET = bytes(range(32))


@pytest.mark.parametrize(
    ("purpose", "key"),
    [
        ("recovery codes", "425df847f22c9a8d34df58f5de96e5a881b5b87d265059d313decfbf4a2659cc"),
        ("personal links", "f21c91212bd659a364c6ae651508204abbaf6d2a5e1580afcb4c0ab55bcaf02f"),
        ("file links", "3b4f2b3b2afe29167c119cafe654869317fd27c7b5074ca495e72342f14b32d3"),
    ],
)
def test_a_purposes_key_is_what_it_was(purpose: str, key: str) -> None:
    assert derived_key(SECRET, purpose).hex() == key


def test_the_keys_in_use_are_of_their_purpose() -> None:
    own = SigningKey.of(Ed25519PrivateKey.from_private_bytes(SECRET))
    assert FileLinks.of(own, 60).key == derived_key(SECRET, "file links")
    drawn = application_server_key(SECRET).private_numbers().private_value
    assert f"{drawn:x}" == "6a00d30e726900bd9f1d11d71cd698b06fd653fd2e9a963cfd11d7f21718dd50"
