"""Handles: their shape, the reserved words, and the one that a member starts with."""

from uuid import UUID

import pytest

from services.identity.domain.errors import HandleRefused
from services.identity.domain.handle import RESERVED_HANDLES, check_handle, first_handle, looks_like_id


@pytest.mark.parametrize("handle", ["ada", "ada-l", "a1b", "x" * 30, "7of9"])
def test_a_handle_of_letters_digits_and_inner_hyphens_is_kept(handle: str) -> None:
    assert check_handle(handle) == handle


def test_a_handle_is_kept_in_lower_case_without_spaces_around() -> None:
    assert check_handle(" Ada-L ") == "ada-l"


@pytest.mark.parametrize(
    "handle", ["", "ab", "x" * 31, "-ada", "ada-", "ada--l", "ada l", "адa", "ada_l", "ada\x00b"]
)
def test_another_shape_is_refused_with_its_ground(handle: str) -> None:
    with pytest.raises(HandleRefused) as refusal:
        check_handle(handle)
    assert "3 to 30" in refusal.value.ground


@pytest.mark.parametrize("handle", sorted(RESERVED_HANDLES - {"me"}))
def test_a_reserved_word_is_no_handle(handle: str) -> None:
    with pytest.raises(HandleRefused):
        check_handle(handle)


def test_the_first_handle_is_a_valid_one_and_differs_between_members() -> None:
    one = first_handle(UUID("0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f"))
    other = first_handle(UUID("0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e70"))
    assert check_handle(one) == one
    assert one != other


def test_an_id_is_told_from_a_name() -> None:
    assert looks_like_id("0193E0C2-7c1f-7d6b-9a8c-5f2d3b1a4e6f")
    assert not looks_like_id("m-0193e0c2")
