"""The presets: a whole charter from a name and a purpose, for four kinds of unions."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from services.identity.domain.charter import Charter, CharterParameters
from services.identity.domain.parameters import RESERVED_SYMBOLS, PresetName
from services.identity.domain.preset_texts import TEXTS, PresetText
from services.identity.domain.slug import plain_words

_DAY_SECONDS = 86_400
_YEAR_SECONDS = 365 * _DAY_SECONDS

# Ten million units with six decimals, whoever founds.
_ALL: Mapping[str, int | str] = {
    "token_scale": 6,
    "supply_minor": 10_000_000_000_000,
    "joining_grants_per_day": 2_000,
    "admission": "open",
    "review_seconds": 7 * _DAY_SECONDS,
    "visibility_members": "members",
    "visibility_backlinks": "members",
    "visibility_voices": "members",
    "visibility_pledges": "members",
    "visibility_balances": "nobody",
}

_PARAMETERS: Mapping[PresetName, Mapping[str, int | str]] = {
    PresetName.GUILD_OF_FREELANCERS: {
        "treasury_share_basis_points": 8_000,
        "founder_share_basis_points": 1_000,
        "early_members_share_basis_points": 1_000,
        "joining_grant_minor": 250_000_000,
    },
    # Nobody earns by having founded it, and nobody outside, or a neighbour, can put pressure on who pledged.
    PresetName.CONSUMERS_AND_TENANTS: {
        "treasury_share_basis_points": 9_500,
        "founder_share_basis_points": 0,
        "early_members_share_basis_points": 500,
        "joining_grant_minor": 50_000_000,
        "visibility_backlinks": "leaders",
        "visibility_voices": "leaders",
        "visibility_pledges": "nobody",
        "supply_policy": "fixed",
        "acceptance_grace_seconds": 30 * _DAY_SECONDS,
        "acceptance_by_silence": "suspends",
    },
    # A large share for who makes the work, which becomes theirs only as they go on.
    PresetName.CREATOR_AND_SUPPORTERS: {
        "treasury_share_basis_points": 4_000,
        "founder_share_basis_points": 3_000,
        "early_members_share_basis_points": 3_000,
        "joining_grant_minor": 100_000_000,
        "joining_grant_halves_every": 10_000,
        "admission": "invitation",
        "visibility_pledges": "public",
        "founder_cliff_seconds": _YEAR_SECONDS,
        "founder_vesting_seconds": 4 * _YEAR_SECONDS,
        "supply_policy": "fixed",
    },
    # Open in everything but balances; what is paid for work feeds what all build on.
    PresetName.OPEN_SOURCE_PROJECT: {
        "treasury_share_basis_points": 8_500,
        "founder_share_basis_points": 500,
        "early_members_share_basis_points": 1_000,
        "joining_grant_minor": 100_000_000,
        "review_seconds": 14 * _DAY_SECONDS,
        "visibility_members": "public",
        "visibility_backlinks": "public",
        "visibility_voices": "public",
        "visibility_pledges": "public",
        "founder_cliff_seconds": _YEAR_SECONDS,
        "founder_vesting_seconds": 4 * _YEAR_SECONDS,
        "work_fee_basis_points": 200,
        "acceptance_grace_seconds": 30 * _DAY_SECONDS,
    },
}


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


def founding_charter(preset: PresetName, union_id: UUID, name: str, purpose: str) -> Charter:
    """The first version of the charter of a union that is founded by this preset."""
    text = TEXTS[preset]
    return Charter(
        union_id=union_id,
        version=1,
        purpose=purpose,
        values=text.values,
        bylaws=text.bylaws,
        parameters=_parameters(preset, derive_token_symbol(name)),
    )


def preset_parameters(preset: PresetName) -> dict[str, int | str]:
    """All but the token's symbol, which comes from the union's name."""
    flat = _parameters(preset, "GLD").flat()
    return {name: value for name, value in flat.items() if name != "token_symbol"}


def _parameters(preset: PresetName, token_symbol: str) -> CharterParameters:
    given = {**_ALL, **_PARAMETERS[preset], "preset": preset.value, "token_symbol": token_symbol}
    return CharterParameters(**given)  # pyright: ignore[reportArgumentType]  # test_preset checks each


PRESETS: Mapping[PresetName, PresetText] = MappingProxyType({name: TEXTS[name] for name in PresetName})
"""Every preset with its texts, in the order in which they are shown."""
