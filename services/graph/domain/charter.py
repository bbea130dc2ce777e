"""What a union's charter has the graph carry out."""

from collections.abc import Mapping


def backlinks_cap(parameters: Mapping[str, object], house_max_count: int) -> int:
    """Whom one member may back at a time: the charter's number, and never more than this house carries."""
    named = parameters.get("backlinks_max_count", house_max_count)
    return min(house_max_count, int(str(named)))
