"""Take down a member's picture: it goes, and they cannot show it again."""

from chassis.files.house import FileHouse
from chassis.signatures import SignedAct
from chassis.unit_of_work import UnitOfWork
from services.identity.operators.domain.act import OperatorAct
from services.identity.operators.domain.errors import PictureNotShown
from services.identity.operators.domain.powers import Power
from services.identity.operators.use_cases.keep_act import keep_act
from services.identity.operators.use_cases.new_act import Wanted, act_on_member, member_to_act_on
from services.identity.settings import IdentitySettings
from services.identity.use_cases.keep_avatar import take_down_avatar


async def remove_picture(
    unit: UnitOfWork,
    settings: IdentitySettings,
    files: FileHouse,
    wanted: Wanted,
    signed: SignedAct,
    digest: bytes,
) -> OperatorAct:
    """`digest`: SHA-256 of the picture, as its link says it: none but the one that is meant.

    Raises OperatorOnly, MemberNotFound, AboutOneself, GroundNamesMember, PictureNotShown.
    """
    profile = await member_to_act_on(unit, wanted)
    shown = await take_down_avatar(unit, files, profile.member_id, digest)
    if shown is None:
        raise PictureNotShown
    act = act_on_member(unit, wanted, Power.REMOVE_PICTURE, profile.member_id, picture=shown.content_digest)
    return await keep_act(unit, settings, act, signed, "account.picture_removed")
