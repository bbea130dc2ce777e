"""Links work for some time, for what they name alone, and only as they were made."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.auth.keys import SigningKey
from chassis.files.errors import LinkNotValid
from chassis.files.links import FileLinks

NOON = datetime(2027, 3, 1, 12, 20, tzinfo=UTC)
PATH = "/v1/unions/u/offers/o/photos/d/content"
HOUR = timedelta(hours=1)


@pytest.fixture
def links() -> FileLinks:
    return FileLinks.of(SigningKey.of(Ed25519PrivateKey.generate()), 3_600)


def _parts(link: str) -> tuple[str, int, str]:
    parts = urlsplit(link)
    query = parse_qs(parts.query)
    return parts.path, int(query["until"][0]), query["signature"][0]


def test_a_link_works_for_one_hour_at_least_and_two_at_most(links: FileLinks) -> None:
    made = _parts(links.link(PATH, NOON))
    assert links.check(*made, NOON) == 6_000
    assert links.check(*made, NOON + HOUR) > 0
    with pytest.raises(LinkNotValid):
        links.check(*made, NOON + 2 * HOUR)


def test_within_an_hour_a_link_is_the_same(links: FileLinks) -> None:
    assert links.link(PATH, NOON) == links.link(PATH, NOON + timedelta(minutes=39))
    assert links.link(PATH, NOON) != links.link(PATH, NOON + timedelta(minutes=41))


def test_an_altered_link_is_refused(links: FileLinks) -> None:
    path, until, signature = _parts(links.link(PATH, NOON))
    for altered in (
        (path.replace("/o/", "/p/"), until, signature),
        (path, until + 1, signature),
        (path, until, signature[:-1] + ("A" if signature[-1] != "A" else "B")),
        (path, until, ""),
        (path, until, "ü"),
    ):
        with pytest.raises(LinkNotValid):
            links.check(*altered, NOON)


def test_another_services_links_are_not_ours(links: FileLinks) -> None:
    other = FileLinks.of(SigningKey.of(Ed25519PrivateKey.generate()), 3_600)
    with pytest.raises(LinkNotValid):
        links.check(*_parts(other.link(PATH, NOON)), NOON)
