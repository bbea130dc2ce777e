"""Each row of an import is proposed or refused, with the reason and the first examples."""

from uuid import UUID

from services.graph.domain.backlink_import import ImportJudgement, Row, RowRefusal, judge_rows

ONE, TWO, THREE, STRANGER = (UUID(int=number) for number in range(1, 5))


def judge(rows: list[Row], *, cap: int = 10, examples: int = 5) -> ImportJudgement:
    return judge_rows(
        rows,
        active_members={ONE, TWO, THREE},
        backed={(THREE, ONE)},
        already_proposed={(THREE, TWO)},
        taken_counts={THREE: 2},
        cap=cap,
        examples_max_count=examples,
    )


def test_rows_are_judged_each_by_its_own_reason() -> None:
    rows = [(ONE, TWO), (ONE, TWO), (ONE, ONE), (ONE, STRANGER), (STRANGER, ONE), (THREE, ONE), (THREE, TWO)]
    judgement = judge(rows)
    assert judgement.proposed == ((ONE, TWO),)
    assert [(example.row, example.reason) for example in judgement.examples] == [
        (1, RowRefusal.DUPLICATE),
        (2, RowRefusal.ONESELF),
        (3, RowRefusal.NOT_A_MEMBER),
        (4, RowRefusal.NOT_A_MEMBER),
        (5, RowRefusal.ALREADY_BACKED),
        (6, RowRefusal.ALREADY_PROPOSED),
    ]
    assert sum(judgement.refused_counts.values()) == 6


def test_the_cap_counts_backlinks_proposals_and_earlier_rows() -> None:
    judgement = judge([(ONE, TWO), (ONE, THREE)], cap=1)
    assert judgement.proposed == ((ONE, TWO),)
    assert judgement.refused_counts == {RowRefusal.OVER_THE_CAP: 1}


def test_all_refused_rows_are_counted_and_only_the_first_told() -> None:
    judgement = judge([(ONE, ONE)] * 9, examples=2)
    assert judgement.refused_counts == {RowRefusal.ONESELF: 9}
    assert [example.row for example in judgement.examples] == [0, 1]
