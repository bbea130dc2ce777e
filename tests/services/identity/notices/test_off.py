"""A deployment without mail server and push contact says so, to operators and members."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.identity.settings import IdentitySettings
from tests.services.identity.house import IdentityHouse
from tests.support.browser_push import PushBrowser


async def test_members_are_told_what_is_off(house: IdentityHouse) -> None:
    member = await house.member()
    channels = (await member.ask("GET", "/v1/me/notice-channels")).json()
    assert channels == {"has_email": False, "email": None, "has_push": False, "push_key": None, "push": []}
    email = await member.act("PUT", "/v1/me/email-address", {"address": "ada@guild.example"})
    push = await member.act(
        "PUT", "/v1/me/push-subscription", PushBrowser().subscription("https://push.example/x")
    )
    for answer in (email, push):
        assert (answer.status_code, answer.json()["type"].endswith("/channel-off")) == (409, True)


async def test_operators_are_told_what_is_off_and_what_brings_it(house: IdentityHouse) -> None:
    off = house.app.state.chassis.parts.off
    assert off == [
        "notices by e-mail (IDENTITY_SMTP_HOST and IDENTITY_EMAIL_FROM)",
        "notices by push (IDENTITY_PUSH_CONTACT=you@your.name)",
        "sign-in by contract wallets (ETH_RPC_URL names no node)",
    ]


@pytest.mark.parametrize(
    ("given", "off"),
    [
        ({"smtp_host": "mail.example"}, ["email", "push"]),
        ({"smtp_host": "mail.example", "email_from": "u@guild.example"}, ["push"]),
        ({"push_contact": "op@guild.example"}, ["email"]),
    ],
)
def test_half_a_channel_is_off(house: IdentityHouse, given: dict[str, Any], off: list[str]) -> None:
    settings = house.settings.model_copy(update=given)
    assert [one.name for one in settings.channels_off] == off


@pytest.mark.parametrize(
    "given", [{"smtp_user": "u"}, {"smtp_password": "p"}, {"email_from": "nobody"}, {"smtp_security": "ssl3"}]
)
def test_settings_that_do_not_fit_stop_the_start(house: IdentityHouse, given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        IdentitySettings.model_validate(house.settings.model_dump() | given)
