"""An amount split by shares, exact to the unit."""

from collections.abc import Sequence


def split_by_shares(amount_minor: int, shares: Sequence[int], first: int = 0) -> tuple[int, ...]:
    """Parts that sum to the amount, each within one unit of its share; shares are whole numbers, not all 0.

    Largest remainder (Hamilton): every part is rounded down, and the units left go to the largest remainders;
    among equal remainders in the order given, beginning at place `first`.
    """
    whole, count = sum(shares), len(shares)
    parts = [amount_minor * share // whole for share in shares]
    remainders = [amount_minor * share % whole for share in shares]
    by_remainder = sorted(range(count), key=lambda place: (-remainders[place], (place - first) % count))
    for place in by_remainder[: amount_minor - sum(parts)]:
        parts[place] += 1
    return tuple(parts)
