"""What a process holds is read from the system, and its growth from the first look on."""

import os

from bench.ledger.memory import Held, growth_percent, resident_mebibytes


def test_growth_is_of_the_most_over_the_first() -> None:
    assert round(growth_percent([Held(1, 200), Held(2, 220), Held(3, 210)]), 6) == 10
    assert round(growth_percent([Held(1, 200), Held(2, 190)]), 6) == -5


def test_this_process_holds_something_and_one_that_is_not_there_nothing() -> None:
    assert resident_mebibytes(os.getpid()) > 1
    assert resident_mebibytes(2**30) == 0
