"""The rule of admission: read as it is written, boolean algebra, and errors that name their place."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.identity.domain.admission_rule import (
    AllOf,
    AnyOf,
    Facts,
    Rule,
    RuleMalformed,
    Way,
    admits,
    parse_rule,
    unmet,
    ways_of,
)

BAKERS = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"
GUILD_TOKEN = f"0x{'ab' * 20}"
PROVEN = [
    Way("credential", credential_type="Baker", issuer=BAKERS),
    Way("credential", credential_type="Miller", issuer=BAKERS),
    Way("token", chain_id=1, contract=GUILD_TOKEN, minimum=1),
    Way("token", chain_id=31_337, contract=GUILD_TOKEN, minimum=2**256 - 1),
]
SLOWLY = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
WAYS = st.sampled_from(
    [
        Way("open"),
        Way("invitation"),
        Way("application"),
        Way("vouching", count=1),
        Way("vouching", count=3),
        Way("union", slug="guild-of-lisbon"),
        Way("union", slug="g2"),
        *PROVEN,
    ]
)
RULES = st.recursive(
    WAYS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=6,
)
FACTS = st.builds(
    Facts,
    has_invitation=st.booleans(),
    is_admitted=st.booleans(),
    vouches_count=st.integers(0, 4),
    unions=st.frozensets(st.sampled_from(["guild-of-lisbon", "g2", "other"])),
    proven=st.frozensets(st.sampled_from([way.text for way in PROVEN])),
)


def python_of(rule: Rule) -> str:
    """The same rule in another language: names of what is so, joined by Python's own operators."""
    if isinstance(rule, Way):
        return f"so[{rule.text!r}]"
    joined = (" and " if isinstance(rule, AllOf) else " or ").join(python_of(part) for part in rule.parts)
    return f"({joined})"


def written(rule: Rule) -> str:
    """The rule with no more brackets than it needs."""
    if isinstance(rule, Way):
        return rule.text
    if isinstance(rule, AnyOf):
        return " or ".join(written(part) for part in rule.parts)
    return " and ".join(
        f"({written(part)})" if isinstance(part, AnyOf) else written(part) for part in rule.parts
    )


def truths(facts: Facts) -> Mapping[str, bool]:
    return {
        "open": True,
        "invitation": facts.has_invitation,
        "application": facts.is_admitted,
        **{f"vouching:{count}": facts.vouches_count >= count for count in range(1, 21)},
        **{f"union:{slug}": slug in facts.unions for slug in ("guild-of-lisbon", "g2")},
        **{way.text: way.text in facts.proven for way in PROVEN},
    }


@SLOWLY
@given(RULES, FACTS)
def test_a_rule_is_boolean_algebra(rule: Rule, facts: Facts) -> None:
    if len(written(rule)) > 400:
        return
    read = parse_rule(written(rule))
    expected = eval(python_of(rule), {"so": truths(facts)})
    assert admits(read, facts) is admits(rule, facts) is expected
    assert parse_rule(written(read)) == read


@SLOWLY
@given(RULES, FACTS)
def test_who_does_not_come_in_is_told_what_is_not_so(rule: Rule, facts: Facts) -> None:
    left = unmet(rule, facts)
    assert set(left) <= set(ways_of(rule))
    assert not any(admits(way, facts) for way in left)
    if not admits(rule, facts):
        assert left


@SLOWLY
@given(RULES, FACTS)
def test_more_that_is_so_never_shuts_anybody_out(rule: Rule, facts: Facts) -> None:
    all_of_it = Facts(
        True, True, 20, frozenset({"guild-of-lisbon", "g2"}), frozenset(way.text for way in PROVEN)
    )
    assert admits(rule, all_of_it)
    more = Facts(True, True, facts.vouches_count, facts.unions, facts.proven)
    assert not admits(rule, facts) or admits(rule, more)


def test_and_binds_more_than_or() -> None:
    rule = parse_rule(" invitation or application  and(vouching:3 or union:g2)")
    assert rule == AnyOf(
        (
            Way("invitation"),
            AllOf((Way("application"), AnyOf((Way("vouching", count=3), Way("union", slug="g2"))))),
        )
    )


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("", 1),
        ("closed", 1),
        ("open or", 8),
        ("open open", 6),
        ("open and or", 10),
        ("(open", 6),
        ("open)", 5),
        ("()", 2),
        ("vouching", 1),
        ("invitation or vouching:0", 15),
        ("vouching:21", 1),
        ("union:", 1),
        ("union:-a", 1),
        ("Open", 1),
        ("open, invitation", 1),
        ("(" * 9 + "open" + ")" * 9, 9),
        ("open or " * 12 + "open", 97),
        ("open" + " " * 400, 401),
        ("credential:Baker", 1),
        (f"credential:@{BAKERS}", 1),
        (f"credential:2nd@{BAKERS}", 1),
        (f"credential:Baker@{BAKERS}x", 1),
        ("open or credential:Baker@did:web:guild.example", 9),
        (f"credential:{'B' * 65}@{BAKERS}", 1),
        (f"token:1:{GUILD_TOKEN}", 1),
        (f"token:0:{GUILD_TOKEN}:1", 1),
        (f"token:1:{GUILD_TOKEN}0:1", 1),
        (f"token:1:{GUILD_TOKEN[2:]}:1", 1),
        (f"token:1:{GUILD_TOKEN}:0", 1),
        (f"token:1:{GUILD_TOKEN}:01", 1),
        (f"token:1:{GUILD_TOKEN}:{2**256}", 1),
    ],
)
def test_an_error_names_its_place(text: str, position: int) -> None:
    with pytest.raises(RuleMalformed) as raised:
        parse_rule(text)
    assert raised.value.position == position


@SLOWLY
@given(st.text(st.sampled_from("openrandivtug:()1 -"), max_size=60))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        rule = parse_rule(text)
    except RuleMalformed as malformed:
        position = malformed.position
    else:
        position = 1
        assert parse_rule(written(rule)) == rule
    assert 1 <= position <= len(text) + 1


@pytest.mark.parametrize("way", PROVEN)
def test_what_is_to_be_proven_is_read_as_it_is_written(way: Way) -> None:
    assert parse_rule(way.text) == way


def test_a_contract_is_one_in_whatever_case() -> None:
    assert parse_rule(f"token:1:0x{'AB' * 20}:1") == PROVEN[2]
