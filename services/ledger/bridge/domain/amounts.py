"""Amounts inside and on the chain: exact both ways, and what does not divide is refused."""

from services.ledger.bridge.domain.errors import AmountDoesNotDivide

CHAIN_SCALE = 18
"""Decimals of every union's token on the chain."""
MINOR_LIMIT = 2**62
WORD_LIMIT = 2**256


def unit_of(scale: int) -> int:
    """What one minor unit of an asset with this scale is on the chain."""
    return 10 ** (CHAIN_SCALE - scale)


def chain_amount(amount_minor: int, scale: int) -> int:
    """Minor units as the chain counts them."""
    return amount_minor * unit_of(scale)


def minor_amount(amount: int, scale: int) -> int:
    """An amount of the chain in minor units. Raises AmountDoesNotDivide, also for what no supply reaches."""
    minor, rest = divmod(amount, unit_of(scale))
    if rest or not 0 < minor <= MINOR_LIMIT:
        raise AmountDoesNotDivide(amount, unit_of(scale))
    return minor
