"""Personal links: the same for the same invitation under one secret, and no word of another's."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.identity.admission.domain.personal_link import (
    person_key,
    person_of_token,
    personal_code,
    stop_token,
)

KEY, OTHER = b"k" * 32, b"o" * 32


@given(st.uuids(), st.uuids())
def test_codes_are_of_one_invitation_and_one_secret(one: UUID, other: UUID) -> None:
    code = personal_code(KEY, one)
    assert len(code) == 22
    assert code == personal_code(KEY, one)
    assert code != personal_code(OTHER, one)
    assert (code == personal_code(KEY, other)) is (one == other)


@given(st.text(max_size=40))
def test_the_word_that_ends_email_names_its_person_alone(person: str) -> None:
    key = person_key(KEY, person)
    token = stop_token(KEY, key)
    assert len(token) <= 64
    assert person_of_token(KEY, token) == key
    assert person_of_token(OTHER, token) is None
    assert person_of_token(KEY, token[:-2] + ("AA" if token[-2:] != "AA" else "BA")) is None


@given(st.text(max_size=80))
def test_other_words_end_nothing(token: str) -> None:
    assert person_of_token(KEY, token) is None
