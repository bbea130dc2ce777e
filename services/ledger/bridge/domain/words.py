"""Ids as the contracts see them: 32 bytes, of which a UUID is the lower half."""

from uuid import UUID

_UUID_LIMIT = 2**128


def word_of(named: UUID) -> bytes:
    """The id of an account or withdrawal as an argument of the vault."""
    return named.int.to_bytes(32)


def id_of_word(word: bytes) -> UUID | None:
    """The id that a word stands for; None for what is none."""
    number = int.from_bytes(word)
    return UUID(int=number) if len(word) == 32 and 0 < number < _UUID_LIMIT else None
