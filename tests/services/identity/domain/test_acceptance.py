"""What is material, how members are asked, and what acceptance and silence do to a membership."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.identity.domain.acceptance import (
    AcceptanceState,
    Asking,
    BySilence,
    accept,
    acceptance_state,
    lapse,
    terms_of,
)
from services.identity.domain.charter import Amendment, amend, is_material, with_parameters
from services.identity.domain.errors import NotAMember
from services.identity.domain.membership import Membership, MembershipState, Role, found, join, leave
from services.identity.domain.parameters import PARAMETERS, PresetName
from services.identity.domain.preset import founding_charter
from services.identity.domain.union import NetworkUnion, UnionState

NOW = datetime(2027, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
UNION_ID, MEMBER_ID = UUID(int=1), UUID(int=2)
CHARTER = founding_charter(PresetName.GUILD_OF_FREELANCERS, UNION_ID, "Guildhall", "Work.")
UNION = NetworkUnion(UNION_ID, "g", "G", UnionState.ACTIVE, UUID(int=3), UUID(int=3), 2, 2, "h", NOW)
MEMBER = replace(
    join(
        replace(UNION, charter_version=1),
        MEMBER_ID,
        None,
        invitation_id=None,
        by_founder_invitation=False,
        now=NOW,
    )
)
SUSPENDED_BY_OFFICERS = replace(MEMBER, state=MembershipState.SUSPENDED)


def asking(by_silence: BySilence, version: int = 2) -> Asking:
    return Asking(UNION_ID, version, UUID(int=3), NOW, NOW + 14 * DAY, by_silence)


@pytest.mark.parametrize(
    ("amendment", "material"),
    [
        (Amendment(purpose="Other."), True),
        (Amendment(values=("Other.",)), True),
        (Amendment(bylaws="Other."), True),
        (Amendment(parameters={"admission": "invitation"}), False),
        (Amendment(parameters={"joining_grant_minor": 1}), False),
        (Amendment(parameters={"payment_fee_basis_points": 1}), True),
        (Amendment(parameters={"visibility_balances": "public"}), True),
        (Amendment(parameters={"acceptance_by_silence": "leaves"}), True),
        (Amendment(parameters={"admission": "invitation", "review_seconds": 5}), True),
    ],
)
def test_texts_and_what_binds_members_are_material(amendment: Amendment, material: bool) -> None:
    changed = amend(CHARTER, amendment, members=1)
    assert is_material(CHARTER, changed) is material
    assert (terms_of(CHARTER, changed, NOW) is not None) is material


def test_an_amendment_asks_under_the_terms_that_members_knew() -> None:
    before = replace(
        CHARTER,
        parameters=with_parameters(
            CHARTER.parameters,
            {"acceptance_grace_seconds": 30 * 86_400, "acceptance_by_silence": "accepts"},
        ),
    )
    harsher: dict[str, int | str] = {"acceptance_grace_seconds": 86_400, "acceptance_by_silence": "leaves"}
    terms = terms_of(before, amend(before, Amendment(parameters=harsher), members=1), NOW)
    assert terms is not None
    assert (terms.grace_ends_at, terms.by_silence) == (NOW + 30 * DAY, BySilence.ACCEPTS)


@pytest.mark.parametrize("by_silence", BySilence)
def test_the_state_of_an_acceptance(by_silence: BySilence) -> None:
    asked = asking(by_silence)
    after = {BySilence.ACCEPTS: AcceptanceState.BY_SILENCE}.get(by_silence, AcceptanceState.OVERDUE)
    assert acceptance_state(MEMBER, None, NOW) is AcceptanceState.ACCEPTED
    assert acceptance_state(MEMBER, asked, NOW) is AcceptanceState.DUE
    assert acceptance_state(MEMBER, asked, NOW + 14 * DAY) is after
    assert acceptance_state(replace(MEMBER, charter_version=2), asked, NOW) is AcceptanceState.ACCEPTED


def test_accepting_moves_the_version_once() -> None:
    accepted = accept(MEMBER, UNION, NOW + DAY)
    assert (accepted.charter_version, accepted.version, accepted.state) == (2, 2, MembershipState.ACTIVE)
    assert accepted.joined_at == MEMBER.joined_at
    assert accept(accepted, UNION, NOW + 2 * DAY) is accepted


@pytest.mark.parametrize(
    ("by_silence", "role", "state"),
    [
        (BySilence.SUSPENDS, Role.MEMBER, MembershipState.SUSPENDED),
        (BySilence.SUSPENDS, Role.FOUNDER, MembershipState.ACTIVE),
        (BySilence.LEAVES, Role.MEMBER, MembershipState.LEFT),
        (BySilence.LEAVES, Role.FOUNDER, MembershipState.ACTIVE),
        (BySilence.ACCEPTS, Role.MEMBER, MembershipState.ACTIVE),
    ],
)
def test_silence_has_the_consequence_that_the_charter_names(
    by_silence: BySilence, role: Role, state: MembershipState
) -> None:
    lapsed = lapse(replace(MEMBER, role=role), asking(by_silence), NOW + 14 * DAY)
    assert lapsed.state is state
    assert lapsed.is_silent == (state is MembershipState.SUSPENDED)


def test_silence_does_nothing_to_who_has_accepted_or_is_out() -> None:
    asked = asking(BySilence.LEAVES)
    left = leave(MEMBER, 1, NOW)
    for membership in (replace(MEMBER, charter_version=2), left, SUSPENDED_BY_OFFICERS):
        assert lapse(membership, asked, NOW + 14 * DAY) is membership


def test_rights_that_rest_are_back_by_accepting_and_by_nothing_else() -> None:
    silent = lapse(MEMBER, asking(BySilence.SUSPENDS), NOW + 14 * DAY)
    back = accept(silent, UNION, NOW + 15 * DAY)
    assert (back.state, back.silent_since, back.charter_version) == (MembershipState.ACTIVE, None, 2)
    assert leave(silent, 1, NOW).silent_since is None
    with pytest.raises(NotAMember) as refusal:
        accept(SUSPENDED_BY_OFFICERS, UNION, NOW)
    assert refusal.value.state == "suspended"


@pytest.mark.parametrize("membership", [None, leave(MEMBER, 1, NOW)])
def test_who_is_no_member_accepts_nothing(membership: Membership | None) -> None:
    with pytest.raises(NotAMember):
        accept(membership, UNION, NOW)


def test_a_founders_own_first_charter_asks_nothing() -> None:
    assert acceptance_state(found(UNION_ID, MEMBER_ID, NOW), None, NOW) is AcceptanceState.ACCEPTED
    assert sum(parameter.is_material for parameter in PARAMETERS.values()) == 12
