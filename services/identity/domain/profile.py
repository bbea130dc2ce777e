"""A member's profile: handle, name and bio; what binds nobody, so a bearer token edits it."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.identity.domain.errors import VersionRequired, VersionStale
from services.identity.domain.handle import check_handle


@dataclass(frozen=True, slots=True)
class Profile:
    """`version` counts the edits and is the ETag."""

    member_id: UUID
    handle: str
    name: str
    bio: str
    version: int


@dataclass(frozen=True, slots=True)
class ProfileEdit:
    """What a member wants otherwise; None leaves a part as it is."""

    handle: str | None = None
    name: str | None = None
    bio: str | None = None


def edit_profile(profile: Profile, wanted: ProfileEdit) -> Profile:
    """The next version, or the same one when nothing differs. Raises HandleRefused."""
    changed = replace(
        profile,
        handle=profile.handle if wanted.handle is None else check_handle(wanted.handle),
        name=profile.name if wanted.name is None else wanted.name.strip(),
        bio=profile.bio if wanted.bio is None else wanted.bio.strip(),
    )
    return profile if changed == profile else replace(changed, version=profile.version + 1)


def require_match(if_match: str | None, etag: str) -> None:
    """Raises VersionRequired without If-Match, VersionStale for another version; `*` matches any."""
    if if_match is None:
        raise VersionRequired
    given = {part.strip() for part in if_match.split(",")}
    if "*" not in given and etag not in given:
        raise VersionStale(etag)
