"""What everybody reads of an act names nobody whom it is about: its ground, its ending, its decision."""

from hashlib import sha256

from tests.services.identity.api.test_avatars import picture, show
from tests.services.identity.exclusion.court import told, well
from tests.services.identity.house import Member
from tests.services.identity.operators.watch import Watch
from tests.services.identity.succession.house_of_heirs import house_of_heirs

REFUSED = (409, "ground-names-member")


def names_of(member: Member) -> tuple[str, ...]:
    handle = member.session["member"]["handle"]
    return (f"It was @{handle}.", f"{handle.upper()}, again", f"See {member.id}.")


async def test_an_ending_and_a_decision_name_no_member(watch: Watch) -> None:
    operator, other, member = await watch.operator(), await watch.operator(), await watch.house.member()
    act = well(await watch.lock(operator, member))
    await member.sign_in()
    well(await watch.appeal(member, act))
    for words in names_of(member):
        assert told(await watch.undo(operator, act, words)) == REFUSED
        assert told(await watch.decide(other, act, "upheld", words)) == REFUSED
    shown = well(await watch.house.get(f"/v1/operator-acts/{act['id']}"))
    assert (shown["undoing"], shown["decision"]) == (None, None)
    well(await watch.decide(other, act, "upheld"))
    well(await watch.undo(operator, act))


async def test_a_picture_is_taken_down_on_a_ground_that_names_nobody(watch: Watch) -> None:
    operator, member = await watch.operator(), await watch.house.member()
    content = picture("plum")
    assert (await show(member, content)).status_code == 201
    digest = sha256(content).hexdigest()
    for words in names_of(member):
        assert told(await watch.take_down(operator, member, digest, words)) == REFUSED
    act = well(await watch.take_down(operator, member, digest))
    for words in names_of(member):
        assert told(await watch.undo(operator, act, words)) == REFUSED


async def test_nothing_about_a_union_names_it_or_who_holds_its_office_or_appealed(watch: Watch) -> None:
    operator, other = await watch.operator(), await watch.operator()
    made = await house_of_heirs(watch.house, "Guild of Masks")
    named = (
        *names_of(made.founder),
        "guild of masks sold it.",
        f"See {made.union['slug']}.",
        f"See {made.union['id']}.",
    )
    for words in named:
        assert told(await watch.hide(operator, made.union, but={"ground": words})) == REFUSED
    act = well(await watch.hide(operator, made.union))
    well(await watch.appeal(made.founder, act))
    await made.agreed()
    well(await made.act(made.founder, "POST", "/handover"))
    for words in (*named, *names_of(made.heir)):
        assert told(await watch.undo(operator, act, words)) == REFUSED
        assert told(await watch.decide(other, act, "upheld", words)) == REFUSED
    well(await watch.decide(other, act, "reversed"))
