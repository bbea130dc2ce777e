"""Profiles as they are shown and edited."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.auth.claims import MemberClaims
from chassis.fields import LINE_PATTERN, TEXT_PATTERN
from chassis.files.house import FileHouse
from services.identity.domain.encryption_key import encryption_key_text
from services.identity.domain.privacy import Circle
from services.identity.domain.profile import Profile, ProfileEdit

_SENT_MAX = 100
# Besides control characters, what turns the order of letters around: a name shall read as it is written.
NAME_PATTERN = r"^[^\x00-\x1f\x7f\u2028-\u202e\u2066-\u2069]*$"

CircleName = Literal["public", "unions", "nobody"]


class AvatarView(BaseModel):
    """A member's picture: its link works for an hour or two, without a token."""

    digest: str = Field(description="SHA-256 of the picture as it was sent.")
    link: str


class MemberView(BaseModel):
    """A member as they show themselves to the reader; what is hidden looks as if it had never been said."""

    id: UUID
    handle: str = Field(examples=["ada"])
    name: str = Field(examples=["Ada Lima"])
    bio: str
    skills: list[str] = Field(description="Slugs of GET /v1/skills.", examples=[["translation"]])
    links: list[str] = Field(examples=[["https://ada.example/work"]])
    avatar: AvatarView | None
    encryption_key: str | None = Field(
        description="X25519 public key in base64url; see GET /v1/members/{member}/encryption-key."
    )

    @classmethod
    def of(cls, profile: Profile, files: FileHouse, now: datetime) -> "MemberView":
        return cls.model_validate(_fields(profile, files, now))


class PrivacyView(BaseModel):
    """By part of the profile who sees it: everybody, members of a union that one is in, nobody else."""

    name: CircleName
    avatar: CircleName
    bio: CircleName
    skills: CircleName
    links: CircleName
    encryption_key: CircleName


class OwnProfileView(MemberView):
    """A member as they see themselves."""

    version: int = Field(ge=1)
    privacy: PrivacyView
    session_id: UUID
    device_key_id: str

    @classmethod
    def of_own(
        cls, profile: Profile, files: FileHouse, now: datetime, claims: MemberClaims
    ) -> "OwnProfileView":
        privacy = {part: profile.privacy.of(part).value for part in PrivacyView.model_fields}
        return cls.model_validate(
            _fields(profile, files, now)
            | {
                "version": profile.version,
                "privacy": privacy,
                "session_id": claims.session_id,
                "device_key_id": claims.device_key_id,
            }
        )


class PrivacyBody(BaseModel):
    """What shall be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: CircleName | None = None
    avatar: CircleName | None = None
    bio: CircleName | None = None
    skills: CircleName | None = None
    links: CircleName | None = None
    encryption_key: CircleName | None = None


class ProfileBody(BaseModel):
    """What shall be otherwise; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    handle: Annotated[str | None, Field(max_length=30, pattern=LINE_PATTERN, examples=["ada"])] = None
    name: Annotated[str, StringConstraints(max_length=80, pattern=NAME_PATTERN)] | None = None
    bio: Annotated[str, StringConstraints(max_length=2_000, pattern=TEXT_PATTERN)] | None = None
    skills: (
        Annotated[
            list[Annotated[str, StringConstraints(max_length=60, pattern=r"^[a-z0-9-]+$")]],
            Field(max_length=_SENT_MAX, description="All of them, by slug.", examples=[["translation"]]),
        ]
        | None
    ) = None
    links: (
        Annotated[
            list[Annotated[str, StringConstraints(max_length=8_192, pattern=LINE_PATTERN)]],
            Field(max_length=_SENT_MAX, description="All of them.", examples=[["https://ada.example/work"]]),
        ]
        | None
    ) = None
    privacy: PrivacyBody | None = None

    def wanted(self) -> ProfileEdit:
        said = {} if self.privacy is None else self.privacy.model_dump(exclude_none=True)
        return ProfileEdit(
            handle=self.handle,
            name=self.name,
            bio=self.bio,
            skills=self.skills,
            links=self.links,
            privacy={part: Circle(circle) for part, circle in said.items()} or None,
        )


def _fields(profile: Profile, files: FileHouse, now: datetime) -> dict[str, object]:
    return {
        "id": profile.member_id,
        "handle": profile.handle,
        "name": profile.name,
        "bio": profile.bio,
        "skills": list(profile.skills),
        "links": list(profile.links),
        "avatar": avatar_view(profile, files, now),
        "encryption_key": (
            None if profile.encryption_key is None else encryption_key_text(profile.encryption_key)
        ),
    }


def avatar_view(profile: Profile, files: FileHouse, now: datetime) -> AvatarView | None:
    if profile.avatar is None:
        return None
    digest = profile.avatar.hex()
    path = f"/v1/members/{profile.member_id}/avatar/{digest}/content"
    return AvatarView(digest=digest, link=files.links.link(path, now))
