"""The texts of the presets: what each is for, its values and its bylaws in Markdown."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.identity.domain.parameters import PresetName


@dataclass(frozen=True, slots=True)
class PresetText:
    """`summary`: one sentence by which a founder chooses."""

    summary: str
    values: tuple[str, ...]
    bylaws: str


_GUILD = PresetText(
    summary="People who find each other work, are paid when it is accepted, and fund what they share.",
    values=(
        "Work is agreed before it starts and paid when it is accepted.",
        "Support is given openly and can be taken back at any time.",
        "The common purse is spent in the open.",
    ),
    bylaws="""\
# Bylaws

1. **Members.** Whoever accepts these rules may join, and may leave at any time.
2. **Work.** The price of an agreement is set aside before work starts. Silence after a delivery counts as
   acceptance when the time for review has passed; a deadline missed is a refund.
3. **Support.** Each member backs whom they follow and may let one leader speak for them. Nobody votes for
   another without being named, and a name can be taken back at any time.
4. **Common purse.** The treasury belongs to all members. What it spends is in the journal.
5. **These rules.** The founder may amend them until the tenth member has joined; after that only a decision
   of the members does.
""",
)

_TENANTS = PresetText(
    summary="People who buy or rent from the same few, and ask them for better terms together.",
    values=(
        "We speak to the other side together, and nobody settles alone at the others' cost.",
        "Who takes part stays among us until they say so themselves.",
        "Nobody owes more than they agreed to.",
    ),
    bylaws="""\
# Bylaws

1. **Members.** Whoever rents or buys what this union is about may join by accepting these rules, and may
   leave at any time. Nobody joins for a landlord, a supplier or their agents.
2. **Speaking together.** A leader speaks for those who let them, and for nobody else. What is offered to
   one of us in private is told to those whom it concerns.
3. **Names.** Who belongs and who backs whom is for members and their leaders; who pledged is for nobody.
   Numbers may be shown to everybody.
4. **Common costs.** What is paid together is proposed first, with its purpose and its limit. The
   treasury pays nothing to the founder for having founded.
5. **Hardship.** Who cannot pay says so to a leader whom they trust, and is heard before anything
   follows.
6. **These rules.** The founder may amend them until the tenth member has joined; after that only a
   decision of the members does. Who does not answer a material amendment in time has their rights rest
   until they do.
""",
)

_CREATOR = PresetText(
    summary="Somebody who makes things, and those who carry the work and have a part in it.",
    values=(
        "The work stays its maker's; what supporters were promised is kept.",
        "Supporters are asked before what they carry is changed.",
        "Nobody is thanked by being sold.",
    ),
    bylaws="""\
# Bylaws

1. **Members.** The creator and those whom a member brings along. Whoever belongs may leave at any time.
2. **The work.** Its maker decides what is made and how. What was announced for a date, and is not done
   by then, is said so on that date.
3. **Support.** A project names what it needs and what comes of it. Money that did not reach its target
   goes back to whom it came from.
4. **Shares.** The founder's share becomes theirs step by step over four years, and nothing of it in the
   first. No more money is ever issued than at the founding.
5. **Thanks.** What supporters receive is named beforehand. Their names are shown with what they pledged;
   who does not want that pledges nothing under a name.
6. **These rules.** The founder may amend them until the tenth member has joined; after that only a
   decision of the members does.
""",
)

_OPEN_SOURCE = PresetText(
    summary="People who build software that everybody may use, and share out the work and its money.",
    values=(
        "What we build together stays open for everybody.",
        "Decisions are made where all can read them.",
        "Maintaining is work, and is paid like other work where there is money.",
    ),
    bylaws="""\
# Bylaws

1. **Members.** Whoever contributes, uses or funds the project may join by accepting these rules, and may
   leave at any time.
2. **Contributions.** Their licence is the project's. Nobody is refused for anything but the contribution
   itself and how they treat others.
3. **Maintainers.** Who has the voices of others speaks for them on direction. Who merges a change
   answers for it.
4. **Paid work.** Gigs are open to all members. Silence of two weeks after a delivery counts as
   acceptance; a fiftieth of what is paid for work goes to the treasury.
5. **Money.** The treasury pays for what the project needs: maintenance first, then new things. Every
   expense is named beforehand.
6. **Security.** Who finds a weakness tells the maintainers first, and is thanked by name if they want to
   be.
7. **These rules.** The founder may amend them until the tenth member has joined; after that only a
   decision of the members does.
""",
)

TEXTS: Mapping[PresetName, PresetText] = {
    PresetName.GUILD_OF_FREELANCERS: _GUILD,
    PresetName.CONSUMERS_AND_TENANTS: _TENANTS,
    PresetName.CREATOR_AND_SUPPORTERS: _CREATOR,
    PresetName.OPEN_SOURCE_PROJECT: _OPEN_SOURCE,
}
