"""Profiles: edits with a version, and the precondition that they need."""

from uuid import UUID

import pytest

from services.identity.domain.errors import HandleRefused, VersionRequired, VersionStale
from services.identity.domain.profile import Profile, ProfileEdit, ProfileLimits, edit_profile, require_match

LIMITS = ProfileLimits(skills_max=2, links_max=2, link_max_bytes=40)
PROFILE = Profile(member_id=UUID(int=1), handle="ada", name="Ada", bio="", version=4)


def test_an_edit_is_the_next_version_with_the_rest_as_it_was() -> None:
    edited = edit_profile(PROFILE, ProfileEdit(name="  Ada L. "), LIMITS)
    assert (edited.name, edited.handle, edited.version) == ("Ada L.", "ada", 5)


def test_an_edit_that_changes_nothing_makes_no_version() -> None:
    assert edit_profile(PROFILE, ProfileEdit(handle="ADA"), LIMITS) is PROFILE


def test_a_handle_that_breaks_the_rules_is_refused() -> None:
    with pytest.raises(HandleRefused):
        edit_profile(PROFILE, ProfileEdit(handle="admin"), LIMITS)


def test_an_edit_needs_the_version_that_was_read() -> None:
    require_match('"4"', '"4"')
    require_match('"3", "4"', '"4"')
    require_match("*", '"4"')
    with pytest.raises(VersionRequired):
        require_match(None, '"4"')
    with pytest.raises(VersionStale) as refusal:
        require_match('"3"', '"4"')
    assert refusal.value.etag == '"4"'
