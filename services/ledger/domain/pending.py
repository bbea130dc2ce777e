"""What is pending on an account beside its balance."""

from typing import NamedTuple


class Pending(NamedTuple):
    """Minor units: reserved for others, which cannot be spent, and expected from others."""

    reserved_minor: int = 0
    expected_minor: int = 0


NOTHING_PENDING = Pending()
