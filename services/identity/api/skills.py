"""The vocabulary of skills."""

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from chassis.problems import problem_responses
from chassis.route import TransactionRoute
from services.identity.domain.skills import SKILLS

AGE_SECONDS = 3_600

router = APIRouter(prefix="/v1", route_class=TransactionRoute, tags=["members"])


class SkillView(BaseModel):
    """A word of the vocabulary: what is stored, and what is read."""

    slug: str = Field(examples=["translation"])
    en: str = Field(examples=["Translation"])
    de: str = Field(examples=["Übersetzen"])


class SkillsView(BaseModel):
    """All of them, by slug."""

    items: list[SkillView]


_VIEW = SkillsView(items=[SkillView(slug=skill.slug, en=skill.en, de=skill.de) for skill in SKILLS])


@router.get("/skills", responses=problem_responses(503))
async def get_skills(response: Response) -> SkillsView:
    """The skills that members may name, with their labels."""
    response.headers["Cache-Control"] = f"public, max-age={AGE_SECONDS}"
    return _VIEW
