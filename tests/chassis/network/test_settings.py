"""The addresses of services as an operator writes them."""

import pytest
from pydantic import ValidationError

from chassis.network.settings import NetworkSettings
from guildhall.reading_settings import read_settings


def test_by_default_a_service_listens_under_its_own_name() -> None:
    assert read_settings(NetworkSettings, None).origins()["market"] == ("http://market:8000",)


def test_several_addresses_are_separated_by_commas() -> None:
    settings = read_settings(NetworkSettings, None, market_url=" http://a:1/, http://[::1]:2 ,")
    assert settings.origins()["market"] == ("http://a:1", "http://[::1]:2")


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "market:8000",
        "https://market:8000",
        "http://market",
        "http://market:x",
        "http://market:99999",
        "http://user@market:8000",
        "http://market:8000/v1",
        "http://market:8000?x",
    ],
)
def test_what_is_no_address_stops_the_start(text: str) -> None:
    with pytest.raises(ValidationError):
        NetworkSettings(market_url=text)  # pyright: ignore[reportCallIssue]
