"""Judging the rows of an import of who follows whom: proposed, or refused with a reason."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

Row = tuple[UUID, UUID]


class RowRefusal(StrEnum):
    """Why a row is not proposed."""

    NOT_A_MEMBER = "not_a_member"
    ONESELF = "oneself"
    DUPLICATE = "duplicate"
    ALREADY_BACKED = "already_backed"
    ALREADY_PROPOSED = "already_proposed"
    OVER_THE_CAP = "over_the_cap"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """`row` counts from 0, as in the request."""

    row: int
    supporter_id: UUID
    leader_id: UUID
    reason: RowRefusal


@dataclass(frozen=True, slots=True)
class ImportJudgement:
    """What becomes of the rows; of the refused, all are counted and the first of each reason are kept."""

    proposed: tuple[Row, ...]
    refused_counts: Mapping[RowRefusal, int]
    examples: tuple[RefusedRow, ...]


def judge_rows(
    rows: Iterable[Row],
    *,
    active_members: Collection[UUID],
    backed: Collection[Row],
    already_proposed: Collection[Row],
    taken_counts: Mapping[UUID, int],
    cap: int,
    examples_max_count: int,
) -> ImportJudgement:
    """Judge each row in its order. `taken_counts`: the backlinks and waiting proposals of each supporter."""
    proposed: list[Row] = []
    examples: list[RefusedRow] = []
    refused_counts: Counter[RowRefusal] = Counter()
    seen: set[Row] = set()
    taken = Counter(taken_counts)

    def refusal(pair: Row) -> RowRefusal | None:
        supporter, leader = pair
        if supporter == leader:
            return RowRefusal.ONESELF
        if supporter not in active_members or leader not in active_members:
            return RowRefusal.NOT_A_MEMBER
        if pair in seen:
            return RowRefusal.DUPLICATE
        if pair in backed:
            return RowRefusal.ALREADY_BACKED
        if pair in already_proposed:
            return RowRefusal.ALREADY_PROPOSED
        return RowRefusal.OVER_THE_CAP if taken[supporter] >= cap else None

    for number, pair in enumerate(rows):
        reason = refusal(pair)
        seen.add(pair)
        if reason is None:
            proposed.append(pair)
            taken[pair[0]] += 1
            continue
        refused_counts[reason] += 1
        if refused_counts[reason] <= examples_max_count:
            examples.append(RefusedRow(number, pair[0], pair[1], reason))
    return ImportJudgement(tuple(proposed), dict(refused_counts), tuple(examples))
