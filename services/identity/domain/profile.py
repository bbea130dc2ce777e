"""A member's profile: what binds nobody, so a bearer token edits it; its encryption key is a signed act."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from services.identity.domain.errors import VersionRequired, VersionStale
from services.identity.domain.handle import check_handle
from services.identity.domain.links import check_links
from services.identity.domain.privacy import Circle, Privacy, Reader
from services.identity.domain.skills import check_skills


@dataclass(frozen=True, slots=True)
class Profile:
    """`version` counts the edits and is the ETag. `avatar`: SHA-256 of the picture as it was sent."""

    member_id: UUID
    handle: str
    name: str
    bio: str
    version: int
    skills: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    avatar: bytes | None = None
    encryption_key: bytes | None = None
    privacy: Privacy = field(default_factory=Privacy)

    def as_shown_to(self, reader: Reader) -> "Profile":
        """Without what is not for this reader; what is hidden is as if it had never been said."""
        shows = self.privacy.shows
        return replace(
            self,
            name=self.name if shows("name", reader) else "",
            bio=self.bio if shows("bio", reader) else "",
            skills=self.skills if shows("skills", reader) else (),
            links=self.links if shows("links", reader) else (),
            avatar=self.avatar if shows("avatar", reader) else None,
            encryption_key=self.encryption_key if shows("encryption_key", reader) else None,
        )


@dataclass(frozen=True, slots=True)
class ProfileEdit:
    """What a member wants otherwise; None leaves a part as it is."""

    handle: str | None = None
    name: str | None = None
    bio: str | None = None
    skills: list[str] | None = None
    links: list[str] | None = None
    privacy: Mapping[str, Circle] | None = None


@dataclass(frozen=True, slots=True)
class ProfileLimits:
    """How much a profile holds."""

    skills_max: int
    links_max: int
    link_max_bytes: int


def edit_profile(profile: Profile, wanted: ProfileEdit, limits: ProfileLimits) -> Profile:
    """The next version, or the same one when nothing differs.

    Raises HandleRefused, SkillUnknown, TooManySkills, LinkRefused, TooManyLinks.
    """
    changed = profile
    if wanted.handle is not None:
        changed = replace(changed, handle=check_handle(wanted.handle))
    if wanted.name is not None:
        changed = replace(changed, name=wanted.name.strip())
    if wanted.bio is not None:
        changed = replace(changed, bio=wanted.bio.strip())
    if wanted.skills is not None:
        changed = replace(changed, skills=check_skills(wanted.skills, limits.skills_max))
    if wanted.links is not None:
        changed = replace(changed, links=check_links(wanted.links, limits.links_max, limits.link_max_bytes))
    if wanted.privacy is not None:
        changed = replace(changed, privacy=profile.privacy.but(wanted.privacy))
    return profile if changed == profile else replace(changed, version=profile.version + 1)


def require_match(if_match: str | None, etag: str) -> None:
    """Raises VersionRequired without If-Match, VersionStale for another version; `*` matches any."""
    if if_match is None:
        raise VersionRequired
    given = {part.strip() for part in if_match.split(",")}
    if "*" not in given and etag not in given:
        raise VersionStale(etag)
