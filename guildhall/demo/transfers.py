"""Transfers of the story: many in one signed request, each under an id that who asks again finds again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from guildhall.demo.story import Person, Story, StoryBroken

DONE = frozenset({"posted", "exists"})
OUT_OF_FUNDS = "insufficient_funds"
"""Many seasons of pledges leave some members with nothing: the story goes on without them."""


def transfer_id(story: Story, *name: str | int) -> str:
    return str(UUID(hex=story.seed.key_of(*name)))


def transfer(
    story: Story, called: str, payer: Person, payee: Person, minor: int, code: str, **more: Any
) -> dict[str, Any]:
    """One of a batch; `called` is its id, `more` its memo, flags and particulars."""
    accounts = {"debit_account": payer.account_id, "credit_account": payee.account_id}
    return {"id": called} | accounts | story.money(minor) | {"code": code} | more


async def post(
    story: Story,
    person: Person,
    name: str,
    batch: Sequence[dict[str, Any]],
    may_refuse: Collection[str] = (),
    *,
    union_path: str | None = None,
) -> list[str]:
    """What became of each, in order; of one that was refused before, why. All in one act of this name.

    `union_path`: of another union than the story's. Raises StoryBroken where one is refused for another
    reason than those of `may_refuse`.
    """
    path = f"{union_path or story.union_path}/transfers"
    told = await story.act(person, name, "POST", path, {"transfers": batch}, keep=("results",))
    results = [one.get("first_result") or one["result"] for one in told["results"]]
    refused = set(results) - DONE - set(may_refuse)
    if refused:
        raise StoryBroken(f"{name}: {', '.join(sorted(refused))}")
    return results
