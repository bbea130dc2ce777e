"""Which addresses and URLs a member may have requests sent to."""

import pytest

from chassis.egress.addresses import is_reachable
from chassis.egress.urls import UrlRefused, checked_url

PRIVATE = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "2001:db8::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2001:0:a00:1::1",
    "100::1",
    "localhost",
    "1.1.1",
    "0x7f000001",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:1.1.1.1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_not_reached(address: str) -> None:
    assert not is_reachable(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_reached(address: str) -> None:
    assert is_reachable(address)


def test_loopback_alone_is_opened_for_tests() -> None:
    assert is_reachable("127.0.0.1", loopback_allowed=True)
    assert is_reachable("::1", loopback_allowed=True)
    assert not is_reachable("10.0.0.1", loopback_allowed=True)


@pytest.mark.parametrize(
    ("url", "ground"),
    [
        ("http://example.org/", "begin with https"),
        ("ftp://example.org/", "begin with https"),
        ("//example.org/", "begin with https"),
        ("https:///path", "no host"),
        ("https://me:secret@example.org/", "user or a password"),
        ("https://@example.org/", "user or a password"),
        ("https://example.org/#part", "fragment"),
        ("https://example.org:22/", "system's"),
        ("https://example.org:0/", "system's"),
        ("https://example.org:70000/", "no URL"),
        ("https://[::1]/", "not a public one"),
        ("https://[::ffff:10.0.0.1]/", "not a public one"),
        ("https://[fe80::1%25eth0]/", "no URL|not a public|private network"),
        ("https://127.0.0.1/", "not a public one"),
        ("https://169.254.169.254/latest/meta-data", "not a public one"),
        ("https://localhost/", "private network"),
        ("https://db.localhost/", "private network"),
        ("https://postgres/", "private network"),
        ("https://2130706433/", "private network"),
        ("https://0x7f000001/", "private network"),
        ("https://example.org/ü", "percent"),
        ("https://example.org/a b", "percent"),
        ("https://example.org/\r\nX: y", "percent"),
        ("https://example.org\\@10.0.0.1/", "percent"),
        (f"https://example.org/{'a' * 300}", "longer than 256 bytes"),
    ],
)
def test_a_url_that_may_lead_inside_is_refused(url: str, ground: str) -> None:
    with pytest.raises(UrlRefused, match=ground):
        checked_url(url, bytes_max=256)


@pytest.mark.parametrize(
    "url", ["https://example.org/hook?x=1", "https://example.org:8443/", "https://1.1.1.1/", "https://a.b./"]
)
def test_a_url_of_the_public_network_is_taken_as_it_is(url: str) -> None:
    assert checked_url(url, bytes_max=256) == url


def test_plain_http_goes_with_loopback_in_tests_alone() -> None:
    assert checked_url("http://127.0.0.1:8000/", bytes_max=256, loopback_allowed=True)
    assert checked_url("http://localhost:8000/", bytes_max=256, loopback_allowed=True)
    for url in ("http://10.0.0.1:8000/", "http://example.org/"):
        with pytest.raises(UrlRefused, match="begin with https"):
            checked_url(url, bytes_max=256, loopback_allowed=True)
    with pytest.raises(UrlRefused, match="public one"):
        checked_url("https://10.0.0.1:8000/", bytes_max=256, loopback_allowed=True)
