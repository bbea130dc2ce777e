"""Keys of tokens without a file or a call."""

from collections.abc import Sequence

from chassis.auth.keys import SigningKey, VerifyingKey, read_jwk_set


class HeldKeys:
    """Keys that are known from the start; the first of them signs."""

    def __init__(self, *keys: SigningKey) -> None:
        self._signing = keys
        self._keys = read_jwk_set({"keys": [key.jwk() for key in keys]})

    def signing(self) -> SigningKey:
        return self._signing[0]

    def published(self) -> Sequence[SigningKey]:
        return self._signing

    async def key(self, key_id: str) -> VerifyingKey | None:
        return self._keys.get(key_id)
