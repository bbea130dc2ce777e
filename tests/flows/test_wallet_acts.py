"""Who signs in by a wallet may have it sign each act itself, in every service, and each proves itself."""

from datetime import timedelta
from typing import Any

from guildhall.verify.acts import check_act
from tests.flows.guild import found_guild, problem, well
from tests.flows.test_device_acts import acts_of, whole
from tests.support.deployment import WholeDeployment


async def test_a_wallet_joins_works_and_pays_by_its_own_signature(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Wallets")
    employer = await guild.join("employer")
    employer.signs_by_wallet = True
    worker = await guild.join("worker")
    well(await employer.act("PUT", f"{guild.path}/backlinks/{guild.founder.id}"))
    agreement = await guild.agree(employer, worker, 3)
    await guild.deliver(worker, agreement)
    well(await guild.pay(employer, agreement))
    project = await guild.propose(guild.founder, 10, timedelta(days=7))
    await guild.pledge(employer, project, 5)

    rows = (await whole(deployment, employer, acts_of(employer)))["items"]
    by_service = {service for row in rows for service in row["services"]}
    assert by_service == {"identity", "graph", "market", "ledger", "funding"}
    for row in rows:
        checked = check_act(well(await employer.get(f"{acts_of(employer)}/{row['id']}")))
        assert checked.is_by_wallet == (not row["path"].endswith("/memberships"))
        assert checked.key == employer.wallet.address


async def test_what_another_wallet_signs_is_not_taken(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of One Wallet")
    member = await guild.join("member")
    member.signs_by_wallet = True
    member.wallet, own = deployment.stranger("thief").wallet, member.wallet
    path = f"{guild.path}/backlinks/{guild.founder.id}"
    assert problem(await member.act("PUT", path)) == (401, "act-signature-wrong")
    member.wallet = own
    well(await member.act("PUT", path))


async def test_a_session_by_passkey_has_no_wallet_to_sign(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Passkeys")
    member = await guild.join("member", by_passkey=True)
    member.signs_by_wallet = True
    refused = await member.act("PUT", f"{guild.path}/backlinks/{guild.founder.id}")
    assert problem(refused) == (401, "act-wallet-unknown")


async def test_the_same_act_by_the_wallet_is_taken_once(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Once")
    member = await guild.join("member")
    member.signs_by_wallet = True
    once: dict[str, Any] = {"nonce": "once" * 5}
    path = f"{guild.path}/backlinks/{guild.founder.id}"
    well(await member.act("PUT", path, **once))
    assert problem(await member.act("PUT", path, **once)) == (409, "act-replayed")
