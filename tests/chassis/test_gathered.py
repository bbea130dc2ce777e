"""Questions that come together are put together; what was asked before somebody came is not their answer."""

import asyncio
from collections.abc import Sequence

import pytest

from chassis.gathered import AT_ONCE_MAX, Gathered


class Asked:
    """Notes what it is asked, and answers when it is let."""

    def __init__(self) -> None:
        self.questions: list[list[int]] = []
        self.let = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self, keys: Sequence[int]) -> list[str]:
        self.questions.append(list(keys))
        await self.let.wait()
        if self.error is not None:
            raise self.error
        return [f"{key} of {len(self.questions)}" for key in keys]


async def test_one_alone_is_asked_for_at_once() -> None:
    asked = Asked()
    asked.let.set()
    assert await Gathered(asked).get(1) == "1 of 1"
    assert asked.questions == [[1]]


async def test_who_comes_while_an_answer_is_under_way_is_in_the_next_question() -> None:
    asked = Asked()
    gathered = Gathered(asked)
    first = asyncio.create_task(gathered.get(1))
    await asyncio.sleep(0.01)
    later = [asyncio.create_task(gathered.get(key)) for key in (1, 2, 3)]
    await asyncio.sleep(0.01)
    asked.let.set()
    assert await first == "1 of 1"
    assert await asyncio.gather(*later) == ["1 of 2", "2 of 2", "3 of 2"]
    assert asked.questions == [[1], [1, 2, 3]]


async def test_what_asking_raises_all_get_for_whom_it_was_asked_and_the_next_are_asked_for() -> None:
    asked = Asked()
    asked.error = OSError("away")
    asked.let.set()
    gathered = Gathered(asked)
    outcomes = await asyncio.gather(gathered.get(1), gathered.get(2), return_exceptions=True)
    assert [repr(outcome) for outcome in outcomes] == ["OSError('away')"] * 2
    asked.error = None
    assert await gathered.get(3) == "3 of 2"


async def test_one_who_leaves_takes_nothing_from_the_others() -> None:
    asked = Asked()
    gathered = Gathered(asked)
    tasks = [asyncio.create_task(gathered.get(key)) for key in (1, 2)]
    await asyncio.sleep(0.01)
    tasks[0].cancel()
    asked.let.set()
    assert await tasks[1] == "2 of 1"
    with pytest.raises(asyncio.CancelledError):
        await tasks[0]


async def test_a_question_has_a_bound() -> None:
    asked = Asked()
    asked.let.set()
    gathered = Gathered(asked)
    await asyncio.gather(*(gathered.get(key) for key in range(AT_ONCE_MAX + 1)))
    assert [len(question) for question in asked.questions] == [AT_ONCE_MAX, 1]
