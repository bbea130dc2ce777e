"""Limits by address: what counts as one address, and the windows."""

from datetime import UTC, datetime

import pytest

from services.identity.domain.address_limit import counted_address, window_at


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", None),
        ("127.8.0.1", None),
        ("::1", None),
        ("::ffff:127.0.0.1", None),
        ("testclient", None),
    ],
)
def test_an_address_is_counted_whole_or_by_its_64_and_loopback_not_at_all(
    address: str, counted: str | None
) -> None:
    assert counted_address(address) == counted


def test_a_window_is_aligned_and_ends_after_its_seconds() -> None:
    window = window_at(datetime(2026, 3, 1, 12, 0, 59, 999, tzinfo=UTC), 60)
    assert window.started_at == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert window.ends_at == datetime(2026, 3, 1, 12, 1, tzinfo=UTC)
