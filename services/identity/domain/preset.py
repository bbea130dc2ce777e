"""The one preset so far, a guild of freelancers: a whole charter from a name and a purpose."""

from uuid import UUID

from services.identity.domain.charter import Charter, CharterParameters
from services.identity.domain.charter_limits import DAY_SECONDS, RESERVED_SYMBOLS
from services.identity.domain.slug import plain_words

GUILD_OF_FREELANCERS = "guild_of_freelancers"

VALUES = (
    "Work is agreed before it starts and paid when it is accepted.",
    "Support is given openly and can be taken back at any time.",
    "The common purse is spent in the open.",
)

BYLAWS = """\
# Bylaws

1. **Members.** Whoever accepts these rules may join, and may leave at any time.
2. **Work.** The price of an agreement is set aside before work starts. Silence after a delivery counts as
   acceptance when the time for review has passed; a deadline missed is a refund.
3. **Support.** Each member backs whom they follow and may let one leader speak for them. Nobody votes for
   another without being named, and a name can be taken back at any time.
4. **Common purse.** The treasury belongs to all members. What it spends is in the journal.
5. **These rules.** The founder may amend them until the tenth member has joined; after that only a decision
   of the members does.
"""


def derive_token_symbol(name: str) -> str:
    """Three letters for the token: initials of three or more words, else the first letter and the
    consonants after it (Guildhall is GLD); GLD for a name without Latin letters."""
    words = [letters for word in plain_words(name) if (letters := word.strip("0123456789"))]
    if len(words) >= 3:
        symbol = "".join(word[0] for word in words)[:5]
    else:
        letters = "".join(character for character in "".join(words) if character.isalpha())
        consonants = letters[:1] + "".join(letter for letter in letters[1:] if letter not in "aeiou")
        symbol = (consonants if len(consonants) >= 3 else letters)[:3]
    symbol = symbol.upper()
    if len(symbol) < 2:
        return "GLD"
    return f"{symbol}U" if symbol in RESERVED_SYMBOLS else symbol


def guild_of_freelancers(union_id: UUID, name: str, purpose: str) -> Charter:
    """The first version of the charter. Supply 10,000,000.000000: 80 % treasury, 10 % founder, 10 % for
    early members, who get 250.000000 each on joining."""
    return Charter(
        union_id=union_id,
        version=1,
        purpose=purpose,
        values=VALUES,
        bylaws=BYLAWS,
        parameters=CharterParameters(
            preset=GUILD_OF_FREELANCERS,
            token_symbol=derive_token_symbol(name),
            token_scale=6,
            supply_minor=10_000_000_000_000,
            treasury_share_basis_points=8_000,
            founder_share_basis_points=1_000,
            early_members_share_basis_points=1_000,
            joining_grant_minor=250_000_000,
            joining_grants_per_day=2_000,
            admission="open",
            review_seconds=7 * DAY_SECONDS,
            visibility_members="members",
            visibility_backlinks="members",
            visibility_voices="members",
            visibility_pledges="members",
            visibility_balances="nobody",
        ),
    )
