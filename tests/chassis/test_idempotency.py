"""An answer is kept under its key for at least 48 hours, and then forgotten."""

from datetime import timedelta

from tests.chassis.toy import Toy


async def test_a_key_is_good_for_48_hours_and_then_free_again(toy: Toy) -> None:
    first = await toy.post("/v1/counters/a/steps", {"by": 2}, key="k")
    toy.clock.advance(timedelta(hours=48))
    assert (await toy.post("/v1/counters/a/steps", {"by": 2}, key="k")).content == first.content
    toy.clock.advance(timedelta(hours=24))
    assert (await toy.post("/v1/counters/a/steps", {"by": 2}, key="k")).json()["value"] == 4
