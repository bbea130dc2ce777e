"""Slugs: derived from a name, numbered when taken, checked when asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.errors import SlugRefused, UnionNameRefused
from services.identity.domain.slug import (
    RESERVED_SLUGS,
    SLUG_CHARACTERS_MAX,
    check_slug,
    derive_slug,
    numbered_slug,
)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Guild of Lisbon", "guild-of-lisbon"),
        ("  Café  Créatif!  ", "cafe-creatif"),
        ("Straße 7", "strasse-7"),
        ("Гильдия", "union-k3x9q2"),
        ("Go", "go-union"),
        ("Admin", "admin-union"),
        ("x" * 60, "x" * 40),
        ("a" * 39 + " tail", "a" * 39),
    ],
)
def test_a_slug_is_derived_from_the_name(name: str, slug: str) -> None:
    assert derive_slug(name, "k3x9q2") == slug


def test_a_name_without_letter_or_digit_gives_no_slug() -> None:
    with pytest.raises(UnionNameRefused):
        derive_slug("!?! --", "k3x9q2")


@given(st.text(min_size=1, max_size=80))
def test_whatever_is_derived_would_be_accepted_if_asked_for(name: str) -> None:
    try:
        slug = derive_slug(name, "k3x9q2")
    except UnionNameRefused:
        return
    for number in (1, 2, 999):
        numbered = numbered_slug(slug, number)
        assert check_slug(numbered) == numbered


def test_a_number_does_not_make_a_slug_too_long() -> None:
    assert numbered_slug("x" * 40, 12) == "x" * 37 + "-12"
    assert numbered_slug("lisbon", 1) == "lisbon"


@pytest.mark.parametrize(
    "slug",
    ["", "ab", "x" * (SLUG_CHARACTERS_MAX + 1), "Lisbon", "lis bon", "-lisbon", "lisbon-", "a--b", "lüb"],
)
def test_a_slug_of_another_shape_is_refused(slug: str) -> None:
    with pytest.raises(SlugRefused):
        check_slug(slug)


@pytest.mark.parametrize("slug", sorted(word for word in RESERVED_SLUGS if len(word) >= 3))
def test_a_reserved_word_is_refused(slug: str) -> None:
    with pytest.raises(SlugRefused) as refusal:
        check_slug(slug)
    assert refusal.value.ground == "a reserved word"
