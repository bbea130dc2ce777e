"""What a process knows of what has ended: complete up to a moment, and no longer than it matters."""

import time
from datetime import timedelta
from uuid import UUID

from chassis.clock import ManualClock
from chassis.revocations.log import Revocation, RevocationKind, RevocationPage
from chassis.revocations.view import EndedMembership, RevocationView
from tests.chassis.revocations.source import MEMBER, UNION, UNTIL

SESSION, OTHER = UUID(int=7), UUID(int=8)


def session(number: int, session_id: UUID = SESSION) -> Revocation:
    return Revocation(number, RevocationKind.SESSION, str(session_id), MEMBER, UNTIL)


def left(number: int, version: int) -> Revocation:
    return Revocation(number, RevocationKind.MEMBERSHIP, str(UNION), MEMBER, UNTIL, version, "left")


def page(*items: Revocation, head: int | None = None, waited: float = 0) -> RevocationPage:
    last = items[-1].number if items else 0
    return RevocationPage(items, last if head is None else head, last, waited)


def test_nothing_is_known_before_the_first_page(clock: ManualClock) -> None:
    assert RevocationView(clock).age_seconds() == float("inf")


def test_the_age_counts_from_identitys_last_look_not_from_the_answer(clock: ManualClock) -> None:
    view = RevocationView(clock)
    asked_at = time.monotonic() - 10
    view.take(page(session(1), waited=4), asked_at)
    assert 5.9 < view.age_seconds() < 7


def test_a_page_that_is_not_the_last_leaves_the_view_as_old_as_it_was(clock: ManualClock) -> None:
    view = RevocationView(clock)
    view.take(page(session(1), head=2), time.monotonic())
    assert view.has_ended(SESSION, "")
    assert view.age_seconds() == float("inf")
    view.take(page(session(2, OTHER)), time.monotonic())
    assert view.age_seconds() < 1


def test_an_older_answer_that_comes_late_makes_the_view_no_older(clock: ManualClock) -> None:
    view = RevocationView(clock)
    view.take(page(session(2)), time.monotonic())
    view.take(page(session(1), head=1), time.monotonic() - 100)
    assert view.age_seconds() < 1


def test_sessions_and_keys_are_told_apart(clock: ManualClock) -> None:
    view = RevocationView(clock)
    key = Revocation(2, RevocationKind.DEVICE_KEY, "key", MEMBER, UNTIL)
    view.take(page(session(1), key), time.monotonic())
    assert view.has_ended(SESSION, "another key")
    assert view.has_ended(OTHER, "key")
    assert not view.has_ended(OTHER, str(SESSION))


def test_what_could_no_longer_be_presented_is_forgotten(clock: ManualClock) -> None:
    view = RevocationView(clock)
    view.take(page(session(1), left(2, 3)), time.monotonic())
    clock.advance(UNTIL - clock.now() - timedelta(seconds=1))
    view.take(page(head=2), time.monotonic())
    assert view.has_ended(SESSION, "")
    clock.advance(timedelta(seconds=61))
    view.take(page(head=2), time.monotonic())
    assert not view.has_ended(SESSION, "")
    assert view.ended_membership(UNION, MEMBER) is None


def test_of_a_membership_the_newest_version_counts(clock: ManualClock) -> None:
    view = RevocationView(clock)
    view.take(page(left(1, 4), left(2, 2)), time.monotonic())
    assert view.ended_membership(UNION, MEMBER) == EndedMembership(4, "left", UNTIL)


def test_a_membership_is_kept_until_the_projection_has_its_version(clock: ManualClock) -> None:
    view = RevocationView(clock)
    view.take(page(left(1, 4)), time.monotonic())
    view.forget_membership(UNION, MEMBER, 3)
    assert view.ended_membership(UNION, MEMBER) is not None
    view.forget_membership(UNION, MEMBER, 4)
    assert view.ended_membership(UNION, MEMBER) is None


def test_without_memberships_they_are_told_and_not_kept(clock: ManualClock) -> None:
    view, heard = RevocationView(clock, with_memberships=False), list[Revocation]()
    view.listen(heard.append)
    view.take(page(left(1, 4)), time.monotonic())
    assert heard == [left(1, 4)]
    assert view.ended_membership(UNION, MEMBER) is None


def test_a_log_that_is_shorter_than_before_is_read_from_its_beginning(clock: ManualClock) -> None:
    view = RevocationView(clock)
    view.take(page(session(5)), time.monotonic() - 50)
    view.take(page(head=3), time.monotonic())
    assert view.position == 0
    assert view.age_seconds() > 40, "the restored log has not been read yet"
    view.take(page(session(3, OTHER)), time.monotonic())
    assert view.has_ended(SESSION, "")
    assert view.has_ended(OTHER, "")
    assert view.age_seconds() < 1
