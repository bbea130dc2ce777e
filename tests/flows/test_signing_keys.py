"""The signing key changes under a running house: nobody is signed out, and every service goes along."""

from datetime import timedelta

from joserfc import jws

from guildhall.signing_keys.rotation import rotate
from services.identity.settings import IdentitySettings
from tests.flows.guild import Guild, found_guild, well
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona

DEPLOYMENT_SETTINGS = {"identity": {"signing_keys_look_seconds": 1}}
AHEAD = timedelta(minutes=15)


def key_of(who: Persona) -> str:
    return str(jws.extract_compact(who.session["access_token"].encode()).headers()["kid"])


async def published(house: WholeDeployment) -> list[str]:
    return [key["kid"] for key in well(await house.http.get("/.well-known/jwks.json"))["keys"]]


async def acts_everywhere(guild: Guild, member: Persona) -> None:
    """A request to each service; one that refused its token would fail."""
    await guild.act(member, "PUT", f"/backlinks/{guild.founder.id}")
    await guild.read(member, "/accounts")
    await guild.read(member, "/offers")
    await guild.read(member, "/projects")
    well(await member.get("/v1/me"))


async def test_a_rotation_is_noticed_by_nobody(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Smiths")
    member = await guild.join("member")
    settings = deployment.chassis("identity").settings
    assert isinstance(settings, IdentitySettings)
    assert settings.signing_key_file is not None
    [first] = await published(deployment)
    made = rotate(settings.signing_key_file.parent, deployment.clock.now(), AHEAD, at_once=False)
    new = made.later[-1].key.key_id
    await deployment.eventually(lambda: published(deployment), lambda told: told == [first, new])
    await acts_everywhere(guild, member)

    deployment.clock.advance(AHEAD - timedelta(seconds=2))
    await member.sign_in()
    assert key_of(member) == first
    deployment.clock.advance(timedelta(seconds=2))
    await acts_everywhere(guild, member)
    assert key_of(member) == first, "its token goes on"
    newcomer = await guild.join("newcomer")
    assert key_of(newcomer) == new
    await acts_everywhere(guild, newcomer)

    deployment.clock.advance(timedelta(minutes=11))
    assert await published(deployment) == [new]
    await acts_everywhere(guild, member)
    assert key_of(member) == new
