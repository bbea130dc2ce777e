"""Members' ways through the page, in a real browser against a real house."""

import subprocess
import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from guildhall.client import Wallet
from tests.support.embedded import REPOSITORY, EmbeddedGuildhall
from tests.web.conftest import HEARING_SECONDS, Journey

pytestmark = pytest.mark.slow

FIRST_SESSION_SECONDS_MAX = 180
FIRST_VISIT_BYTES_MAX = 200_000
VECTORS = [
    '<script>alert(1)</script> & "Sons"',
    "<img src=x onerror=alert(1)>",
    "</title><svg onload=alert(1)>",
    "\"><iframe srcdoc='<script>alert(1)</script>'>",
    "javascript:alert(1)//",
    "{{constructor.constructor('alert(1)')()}} ${alert(1)} `alert(1)`",
    '<a href="javascript:alert(1)">click</a>',
    "\u202e<b>evil</b>\u202c &lt;script&gt; &#x3c;script&#x3e;",
    "<style>*{display:none}</style><base href=//evil.example>",
    '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
]
"""Names, offers, messages and memos of members who mean ill."""


def test_a_founder_and_a_member_get_from_nothing_to_the_same_statement(journey: Journey) -> None:
    told = journey("first_session")
    assert told["earned"].lstrip("+") == told["spent"].lstrip("−")
    assert told["seconds"] < FIRST_SESSION_SECONDS_MAX


def test_what_hostile_members_write_is_text_everywhere(journey: Journey) -> None:
    told = journey("hostile", vectors=VECTORS)
    assert told["bid"].strip() == VECTORS[0]
    assert told["memo"].strip() == VECTORS[4]


def test_who_wants_to_come_in_proves_what_the_rules_ask_and_joins(journey: Journey) -> None:
    assert journey("proving") == {"joined": True}


def test_a_member_reserves_and_gives_a_mandate_and_another_takes_within_both(journey: Journey) -> None:
    assert journey("reserving")["spent"] == 12.5 + 4


def test_a_member_sets_up_a_standing_payment_where_they_are_and_stops_it(journey: Journey) -> None:
    told = journey("standing")
    chosen = datetime.fromisoformat(f"{told['tomorrow']}T00:30").replace(tzinfo=ZoneInfo("Pacific/Auckland"))
    assert (datetime.fromisoformat(told["first_at"]), told["zone"]) == (chosen, "Pacific/Auckland")


def test_a_founder_puts_fees_into_the_rules_and_both_sides_see_what_they_take(journey: Journey) -> None:
    assert journey("fees") == {"taken": "\u22120,25", "left": []}


def test_everybody_sees_the_supply_and_each_step_of_the_founders_share_has_its_reason(
    journey: Journey,
) -> None:
    told = journey("supply")
    assert told["untouched"] == ["name", "purpose", "preset"]
    assert float(told["first"].replace(",", "")) > 0


def test_an_amount_is_split_and_collected_as_it_was_shown_and_what_has_ended_is_folded(
    journey: Journey,
) -> None:
    told = journey("several")
    assert sum(Decimal(part) for part in told["equal"]) == 10
    assert told["capped"] == ["Several Cara 2.00", "Several Ben 4.00"]
    assert told["ordered"] == ["Several Cara 3.00", "Several Ben 0.50"]


def test_a_member_sees_what_they_had_on_a_day_and_burns_what_is_theirs(journey: Journey) -> None:
    assert journey("keeping") == {"burnt": "\u22127,00"}


def test_new_rules_are_seen_compared_and_accepted(journey: Journey) -> None:
    told = journey("rules")
    assert told["versions"] == 2
    assert told["refused"]


def test_a_worker_sees_what_arrives_of_a_price_and_each_side_why_nothing_was_reserved(
    journey: Journey,
) -> None:
    assert journey("wages") == {
        "own": "Auf deinem Konto ist nicht genug Geld.",
        "theirs": "There is not enough money in their account.",
    }


def test_a_frozen_member_reads_why_and_cannot_pay_and_a_thawed_one_can(journey: Journey) -> None:
    told = journey("freezing")
    assert 2.9 < told["days"] <= 3
    assert (told["paid"], told["offered"]) == ("\u22121,00", 0)


def test_an_officer_sees_what_their_office_opens_while_they_hold_it(journey: Journey) -> None:
    assert journey("officers") == {"oneself": 0, "lists": 0}


def test_nobody_judges_their_own_case_nor_the_appeal_against_their_own_decision(journey: Journey) -> None:
    assert journey("hearing", hearing_seconds=HEARING_SECONDS) == {"decided": 1}


def test_a_form_that_is_sent_again_is_the_same_act(journey: Journey) -> None:
    assert journey("once") == {"lists": 1, "cards": 2}


def test_a_house_in_trouble_is_said_to_be_and_money_moves_once(journey: Journey) -> None:
    assert journey("trouble")["lost"] == 2


def test_a_broken_stream_goes_on_without_a_gap_and_a_stolen_token_does_not_act(journey: Journey) -> None:
    told = journey("stream")
    assert told["read"] == 200
    assert (told["acted"], told["problem"]) == (401, "/problems/act-unsigned")
    assert told["extractable"] == [False, "Ed25519"]


def test_a_member_is_told_by_e_mail_and_in_their_browser_until_they_end_it(
    journey: Journey, mails: tuple[Path, int]
) -> None:
    assert journey("telling", mails=str(mails[0]))["pushed"] >= 1


def test_every_page_is_accessible_small_and_still(journey: Journey) -> None:
    told = journey("pages")
    assert told["faults"] == []
    assert told["keyboard"]
    assert told["bytes"] < FIRST_VISIT_BYTES_MAX
    assert told["shifted"] < 0.01


def test_the_demos_link_opens_the_page_as_the_founder_once(
    journey: Journey, house: EmbeddedGuildhall
) -> None:
    making = [
        sys.executable,
        "-m",
        "guildhall.demo.link",
        house.url,
        "--path",
        "/me",
        "--seed",
        "of-this-test",
    ]
    made = subprocess.run(making, check=True, cwd=REPOSITORY, capture_output=True, text=True)
    told = journey("demo_link", link=made.stdout.strip())
    assert told["devices"] == 1 and told["address"] == "/me"
    assert told["again"] == "Sign in"


def holding_wallet(name: str) -> dict[str, str]:
    """What a journey needs to sign as this wallet."""
    signing = (
        "import sys; from guildhall.client import Wallet; "
        f"print(Wallet.derived('browser-wallet', '{name}').sign(sys.argv[1]))"
    )
    typed = (
        "import json, sys; from eth_account import Account; from guildhall.client import Wallet; "
        f"key = Wallet.derived('browser-wallet', '{name}').private_key; "
        "signed = Account.sign_typed_data(key, full_message=json.loads(sys.argv[1])); "
        "print('0x' + bytes(signed.signature).hex())"
    )
    return {
        "address": Wallet.derived("browser-wallet", name).address,
        "python": sys.executable,
        "signing": signing,
        "signingTyped": typed,
        "repository": str(REPOSITORY),
    }


def test_a_browser_wallet_signs_its_member_in_on_any_device(journey: Journey) -> None:
    asked = holding_wallet("ada")
    told = journey("wallet", **asked)
    assert told["handle"] == told["again"]
    assert asked["address"] in told["message"] and "urn:guildhall:device:ed25519:" in told["message"]


def test_a_wallet_signs_what_its_member_does_where_they_want_it(journey: Journey) -> None:
    assert journey("signer", **holding_wallet("signer")) == {"signed": 5}


def test_a_member_keeps_their_keys_devices_and_sessions(journey: Journey) -> None:
    told = journey("keys", **holding_wallet("keys"))
    assert told["handle"] == told["again"]


def test_a_thief_with_a_code_is_stopped_and_guardians_let_their_member_back_in(journey: Journey) -> None:
    told = journey("recovery")
    assert told["handle"] == told["again"]


def test_a_founder_sees_what_goes_with_their_account_and_keeps_it(journey: Journey) -> None:
    assert journey("deleting") == {"kept": True}


def test_the_founders_office_passes_to_an_heir_and_each_sees_at_once_what_is_theirs(
    journey: Journey,
) -> None:
    assert journey("succession") == {"passed": 1}


def test_members_run_a_business_and_nobody_pays_beyond_what_they_were_given(journey: Journey) -> None:
    assert journey("business") == {"left": "5.00"}
