"""Any sequence of amendments: versions without a gap, hashes that anybody recomputes, what is fixed stays."""

import hashlib
from itertools import pairwise
from typing import Any
from uuid import UUID

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.identity.domain.charter import (
    FIXED_AT_FOUNDING,
    FREE_AMENDMENT_BELOW_MEMBERS,
    Amendment,
    Charter,
    amend,
    is_material,
    parameters_of,
)
from services.identity.domain.charter_diff import charter_diff
from services.identity.domain.errors import CharterNeedsDecision, ParameterFixed, ParameterRefused
from services.identity.domain.parameters import PARAMETERS, ParameterKind, PresetName
from services.identity.domain.preset import founding_charter
from tests.services.identity.domain.test_charter_diff import applied

TEXTS = st.sampled_from([None, "", "a", "a\nb", "b\n\na\n"])


def _values(name: str) -> st.SearchStrategy[int | str]:
    parameter = PARAMETERS[name]
    match parameter.kind:
        case ParameterKind.CHOICE:
            return st.sampled_from(parameter.choices)
        case ParameterKind.SYMBOL:
            return st.sampled_from(["GLD", "ABC"])
        case _:
            return st.integers(parameter.least, parameter.most)


_ONE = st.sampled_from(list(PARAMETERS)).flatmap(lambda name: _values(name).map(lambda value: {name: value}))
AMENDMENTS = st.builds(
    Amendment,
    purpose=TEXTS,
    values=st.sampled_from([None, (), ("a",), ("b", "a"), ("a", "a")]),
    bylaws=TEXTS,
    parameters=st.none() | _ONE,
)


def rebuilt(document: dict[str, Any]) -> Charter:
    """From the document alone, as a stranger has it."""
    return Charter(
        UUID(document["union_id"]),
        document["version"],
        document["purpose"],
        tuple(document["values"]),
        document["bylaws"],
        parameters_of(document["parameters"]),
    )


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(PresetName), st.lists(st.tuples(AMENDMENTS, st.integers(1, 12)), max_size=5))
def test_any_sequence_of_amendments(preset: PresetName, wanted: list[tuple[Amendment, int]]) -> None:
    first = founding_charter(preset, UUID(int=1), "Guildhall", "Work.")
    versions = [first]
    for amendment, members in wanted:
        try:
            after = amend(versions[-1], amendment, members)
        except CharterNeedsDecision:
            assert members >= FREE_AMENDMENT_BELOW_MEMBERS
            continue
        except (ParameterFixed, ParameterRefused):
            continue
        assert members < FREE_AMENDMENT_BELOW_MEMBERS
        if after is not versions[-1]:
            versions.append(after)
    assert [one.version for one in versions] == list(range(1, len(versions) + 1))
    for one in versions:
        written = orjson.loads(orjson.dumps(one.document()))
        canonical = orjson.dumps(written, option=orjson.OPT_SORT_KEYS)
        assert one.hash() == hashlib.sha256(canonical).hexdigest() == rebuilt(written).hash()
    fixed = [{name: one.parameters.flat()[name] for name in FIXED_AT_FOUNDING} for one in versions]
    assert fixed == fixed[:1] * len(versions)
    for before, after in pairwise(versions):
        _differ(before, after)


def _differ(before: Charter, after: Charter) -> None:
    """The diff says all that differs, and nothing else."""
    diff = charter_diff(before, after)
    assert applied(before.bylaws, diff.bylaws) == after.bylaws
    moved = {one.name: one.new for one in diff.parameters}
    assert before.parameters.flat() | moved == after.parameters.flat()
    assert (diff.purpose is None) == (before.purpose == after.purpose)
    kept = list(before.values)
    for value in diff.values_removed:
        kept.remove(value)
    assert sorted([*kept, *diff.values_added]) == sorted(after.values)
    is_text = (before.purpose, before.values, before.bylaws) != (after.purpose, after.values, after.bylaws)
    assert is_material(before, after) == (is_text or any(PARAMETERS[name].is_material for name in moved))
