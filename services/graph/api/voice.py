"""My voice: the one leader who speaks for me."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act
from chassis.membership import ActiveMember, MembershipOfCaller
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.graph.api.dependencies import ViewOfUnion, WakingUnit
from services.graph.domain.changes import GENERAL_TOPIC
from services.graph.store.voices import Voice, find_voice
from services.graph.use_cases.give_voice import give_voice
from services.graph.use_cases.take_back_voice import take_back_voice

router = APIRouter(prefix="/v1/unions/{union}", route_class=TransactionRoute, tags=["voice"])


class VoiceBody(BaseModel):
    """Who shall speak for me: one of the leaders whom I back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leader: UUID


class VoiceView(BaseModel):
    """Who speaks for a member; no leader means that the member speaks for themself."""

    member_id: UUID
    leader_id: UUID | None
    topic: str
    version: int | None = Field(description="The union's graph version from which on it holds.")
    since: datetime | None

    @classmethod
    def of(cls, member_id: UUID, voice: Voice | None) -> "VoiceView":
        if voice is None:
            return cls(member_id=member_id, leader_id=None, topic=GENERAL_TOPIC, version=None, since=None)
        return cls(
            member_id=member_id,
            leader_id=voice.leader_id,
            topic=voice.topic,
            version=voice.version,
            since=voice.since,
        )


class MyVoiceView(VoiceView):
    """My voice, and whether it rests in a loop of voices, where nobody speaks for themself."""

    loop_members_count: int = Field(ge=0, description="How many are in that loop; 0 where there is none.")


@router.put("/voice", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def put_voice(unit: WakingUnit, member: ActiveMember, _: Act, body: VoiceBody) -> VoiceView:
    """Let a leader speak for me, instead of another one. A signed act; repeating it changes nothing."""
    return VoiceView.of(member.member_id, await give_voice(unit, member, body.leader))


@router.delete("/voice", status_code=204, responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_voice(unit: WakingUnit, member: MembershipOfCaller, _: Act) -> None:
    """Speak for myself again. A signed act; also for who has left."""
    await take_back_voice(unit, member)


@router.get("/voice", responses=problem_responses(401, 403, 404, 422, 503))
async def get_voice(unit: Unit, member: MembershipOfCaller, view: ViewOfUnion) -> MyVoiceView:
    """Who speaks for me."""
    voice = await find_voice(await unit.raw(), member.union.id, member.member_id)
    number = view.graph.number_of.get(member.member_id)
    loop = [] if number is None else view.graph.voices.loop_above(number)
    return MyVoiceView(**VoiceView.of(member.member_id, voice).model_dump(), loop_members_count=len(loop))
