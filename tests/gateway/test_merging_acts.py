"""Pages of several services as one list: whole, in order, each act once, whatever the pages' lengths."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.acts.merging import merge
from gateway.routing import device_acts_of

Act = tuple[int, str, str]
"""Second, nonce, path."""
PATHS = ("/v1/me/devices", "/v1/unions/a/bids/b/acceptance", "/v1/unions/a/voice")
ACTS = st.tuples(st.integers(0, 5), st.sampled_from("abcdef"), st.sampled_from(PATHS))


def served(acts: set[Act], after: tuple[int, str] | None, limit: int) -> dict[str, Any]:
    """A service's page: of a nonce it has one act alone."""
    by_nonce = {nonce: (second, nonce, path) for second, nonce, path in sorted(acts)}
    rows = sorted((act for act in by_nonce.values() if after is None or act[:2] < after), reverse=True)
    return {
        "items": [
            {
                "nonce": nonce,
                "signed_at": datetime.fromtimestamp(second, UTC).isoformat(),
                "method": "PUT",
                "path": path,
                "union": None,
            }
            for second, nonce, path in rows[:limit]
        ],
        "next_cursor": "more" if len(rows) > limit else None,
    }


@given(
    acts=st.dictionaries(st.sampled_from(["identity", "graph", "market", "ledger"]), st.sets(ACTS)),
    limit=st.integers(1, 4),
    shorter=st.integers(0, 3),
)
def test_pages_are_the_list(acts: dict[str, set[Act]], limit: int, shorter: int) -> None:
    """`shorter`: a service's page may be shorter than what is asked for, but for one row."""

    def pages(after: tuple[int, str] | None, rows: int) -> dict[str, Any]:
        return {service: served(mine, after, rows) for service, mine in acts.items()}

    every, end = merge(pages(None, 1_000), 1_000)
    assert end is None
    paged: list[dict[str, Any]] = []
    after, rounds = None, 0
    while True:
        rows, after = merge(pages(after, max(1, limit - shorter)), limit)
        paged += rows
        rounds += 1
        assert rounds < 200, "it goes on"
        if after is None:
            break
    assert paged == every
    keys = [(one["signed_at"], one["id"].partition(".")[2], one["path"]) for one in every]
    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys, reverse=True)
    assert {service for one in every for service in one["services"]} == {s for s, m in acts.items() if m}


def test_of_two_services_the_one_that_was_asked_names_the_act() -> None:
    passed_on = {(7, "n", "/v1/unions/a/bids/b/acceptance")}
    [row], _ = merge({name: served(passed_on, None, 9) for name in ("ledger", "market")}, 9)
    assert (row["id"], row["services"]) == ("market.n", ["ledger", "market"])
    [row], _ = merge({"ledger": served(passed_on, None, 9)}, 9)
    assert row["id"] == "ledger.n"


def test_paths_of_acts() -> None:
    nonce = "A" * 22
    assert device_acts_of("/v1/me/devices/K/acts") == ("K", None)
    assert device_acts_of(f"/v1/me/devices/K/acts/market.{nonce}") == ("K", ("market", nonce))
    for path in (
        "/v1/me/devices/K",
        "/v1/me/devices/K/acts/",
        f"/v1/me/devices/K/acts/{nonce}",
        "/v1/me/acts",
    ):
        assert device_acts_of(path) is None
