"""What a locked member still does, where leaving it undone would cost them their place, or another their way
back."""

from tests.services.identity.exclusion.court import told, well
from tests.services.identity.house import Member
from tests.services.identity.operators.watch import Watch
from tests.services.identity.recovery.lost import Asker, circle, handle_of
from tests.services.identity.ruled import ruled_union
from tests.services.identity.succession.house_of_heirs import house_of_heirs


async def locked(watch: Watch, member: Member) -> None:
    """For a while, and signed in again."""
    well(await watch.lock(await watch.operator(), member))
    assert well(await member.sign_in())["exits_only"]


async def test_they_accept_the_rules_under_which_their_membership_goes_on(watch: Watch) -> None:
    ruled = await ruled_union(watch.house, "Guild of New Rules", "leaves")
    member = ruled.members[0]
    await ruled.amend({"bylaws": "# Bylaws\n\nOther."})
    await locked(watch, member)
    well(await ruled.accept(member))
    await ruled.pass_grace()
    assert (await ruled.membership(member))["state"] == "active"


async def test_a_claim_is_given_up_or_objected_to_and_none_is_made(watch: Watch) -> None:
    for who in ("heir", "founder"):
        made = await house_of_heirs(watch.house, f"Guild of a Locked {who}")
        await made.agreed()
        well(await made.act(made.heir, "PUT", "/claim"))
        member: Member = getattr(made, who)
        await locked(watch, member)
        assert told(await made.act(member, "PUT", "/claim")) == (403, "exits-only")
        assert well(await made.act(member, "DELETE", "/claim"))["heir"]["due_at"] is None


async def test_a_guardian_votes_for_the_way_back_of_another(watch: Watch) -> None:
    ring = await circle(watch.house)
    await locked(watch, ring.guardians[0])
    recovery = await Asker(watch.house).begin(handle_of(ring.member))
    first, second = await ring.vote(recovery, 0, 1)
    assert well(first) == {"state": "asked"}
    assert well(second) == {"state": "waiting"}
