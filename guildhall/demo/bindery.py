"""Chapter seventeen: two members own a bindery; one manages it, another is hired, and it pays them."""

from __future__ import annotations

import asyncio
from typing import Any

from guildhall.client.wallet_acts import WalletActs
from guildhall.demo.story import Person, Story, StoryBroken
from guildhall.demo.transfers import DONE, post, transfer_id

SHARES, HANDED_OVER = 100, 40
ORDER_MINOR, WAGE_MINOR, LIMIT_MINOR = 9_000_000, 2_000_000, 3_000_000
TERM_SECONDS = 30 * 86_400
ACCOUNT_PATIENCE_SECONDS, PAUSE_SECONDS = 60, 0.2


async def bind(story: Story) -> None:
    story.chapter("A business of members")
    owner, partner, clerk = story.seed.stream("bindery", story.season).sample(story.people[1:], 3)
    for person in (owner, partner, clerk):
        await story.read(person, "/v1/me")
    path = f"{story.union_path}/businesses"
    founding = {"name": f"Bindery {story.season}", "shares": str(SHARES)}
    business = (await _act(story, owner, "found", "POST", path, founding))["id"]
    own = f"{path}/{business}"
    handed = {"member": partner.member_id, "shares": str(HANDED_OVER)}
    await _act(story, owner, "shares", "POST", f"{own}/share-transfers", handed)
    resolved = {"kind": "appoint", "member": partner.member_id, "term_seconds": TERM_SECONDS}
    await _act(story, owner, "manager", "POST", f"{own}/resolutions", resolved)
    hired = {
        "member": clerk.member_id,
        "rights": [{"right": "spend", "limit": story.money(LIMIT_MINOR)}],
        "term_seconds": TERM_SECONDS,
    }
    await _act(story, partner, "hire", "POST", f"{own}/hires", hired)
    for person in (partner, clerk):
        await _sees_account(story, person, business)
    await _sell(story, business)
    await _pay(story, clerk, "supplier", business, f"members/{owner.member_id}")
    await _signed_by_wallet(story, partner, business)
    story.console.print(
        f"  {owner.name} and {partner.name} own a bindery; {partner.name} manages it, {clerk.name} is hired"
    )


async def _act(story: Story, person: Person, what: str, method: str, path: str, body: dict[str, Any]) -> Any:
    return await story.act(person, f"bindery/{what}/{story.season}", method, path, body)


async def _sees_account(story: Story, person: Person, business: str) -> None:
    """Once the ledger has heard of the business, and of what this person may in it."""
    for _ in range(int(ACCOUNT_PATIENCE_SECONDS / PAUSE_SECONDS)):
        seen = (await story.read(person, f"{story.union_path}/business-accounts"))["items"]
        if any(one["owner_id"] == business and one["spends"] for one in seen):
            return
        await asyncio.sleep(PAUSE_SECONDS)
    raise StoryBroken(f"{person.name} has waited {ACCOUNT_PATIENCE_SECONDS} s for the account of a business")


async def _sell(story: Story, business: str) -> None:
    """The founder has their charter bound."""
    called = transfer_id(story, "bindery", story.season)
    accounts = {"debit_account": story.founder.account_id, "credit_account": f"businesses/{business}"}
    order = {"id": called} | accounts | story.money(ORDER_MINOR) | {"code": "pay", "memo": "A charter, bound"}
    await post(story, story.founder, f"bindery/order/{story.season}", [order])


async def _pay(story: Story, person: Person, what: str, business: str, account: str) -> None:
    path = f"{story.union_path}/business-payments/{transfer_id(story, 'bindery', what, story.season)}"
    body = {"business_id": business, "account": account, "amount": story.money(WAGE_MINOR)}
    name = f"bindery/{what}/{story.season}"
    told = await story.act(person, name, "PUT", path, body, keep=("id", "result"))
    if told["result"] not in DONE:
        raise StoryBroken(f"the bindery could not pay: {told['result']}")


async def _signed_by_wallet(story: Story, manager: Person, business: str) -> None:
    """What somebody pays themselves is signed by their wallet, which shows it to them."""
    session = manager.session or await story.sign_in(manager)
    session.signer = WalletActs(manager.wallet, manager.device)
    await _pay(story, manager, "wage", business, f"members/{manager.member_id}")
    session.signer = session.device
