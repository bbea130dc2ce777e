"""Every course of shares, resolutions, hires, leaving and time, against a model that ends things eagerly.

The roster derives from rows that nobody cleans up: who left, whose term is over and whose manager is out
stand in it still. The model deletes what ends at once, with all that rests on it.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chassis.rights.grants import BusinessRight
from services.identity.businesses.domain.business import Business, BusinessState, Post, PostKind
from services.identity.businesses.domain.errors import SharesRefused
from services.identity.businesses.domain.resolution import passes, tally
from services.identity.businesses.domain.roster import Roster
from services.identity.businesses.domain.shares import fall, transfer

MEMBERS = [UUID(int=number) for number in range(1, 6)]
UNION, BUSINESS = UUID(int=90), UUID(int=91)
BEGIN = datetime(2027, 3, 1, tzinfo=UTC)
ISSUED = 20
MEMBER = st.sampled_from(MEMBERS)
PLACE = st.integers(0, 30)
TERM = st.integers(20, 400)


@dataclass(slots=True)
class Seat:
    """Of the model: a manager without `limit`, or a hire with what they may spend. `hired`: resting on it."""

    member: UUID
    until: datetime
    limit: int | None = None
    hired: list[UUID] = field(default_factory=list[UUID])


class BusinessMachine(RuleBasedStateMachine):
    """`self.roster` is what is tested; `self.seats`, `self.owned` and `self.agreed` are the model."""

    @initialize()
    def begin(self) -> None:
        self.now, self.counted = BEGIN, 100
        self.joined = dict.fromkeys(MEMBERS, BEGIN)
        self.suspended: dict[UUID, datetime] = {}
        business = Business(UNION, BUSINESS, "x", BusinessState.ACTIVE, ISSUED, 1, MEMBERS[0], BEGIN)
        self.roster = Roster(business, {MEMBERS[0]: ISSUED}, {}, self.joined)
        self.owned = [MEMBERS[0]] * ISSUED
        """Of each single share its owner."""
        self.seats: dict[UUID, Seat] = {}
        self.is_closed = False
        self.approved: set[UUID] = set()

    def _new_id(self) -> UUID:
        self.counted += 1
        return UUID(int=self.counted)

    def _set(self, **changed: object) -> None:
        self.roster = replace(self.roster, **changed)  # type: ignore[arg-type]

    def _end(self, seat_id: UUID) -> None:
        ended = self.seats.pop(seat_id, None)
        for hired in () if ended is None else ended.hired:
            self._end(hired)

    @rule(giver=MEMBER, receiver=MEMBER, moved=st.integers(1, 12))
    def hand_over(self, giver: UUID, receiver: UUID, moved: int) -> None:
        own = [place for place, owner in enumerate(self.owned) if owner == giver]
        may = giver != receiver and len(own) >= moved and receiver in self.joined
        try:
            after = transfer(
                self.roster.shares, giver, receiver, moved, can_receive=receiver in self.roster.joined_at
            )
        except SharesRefused:
            assert not may
            return
        assert may
        self._set(shares=after)
        for place in own[:moved]:
            self.owned[place] = receiver

    @rule(giver=MEMBER)
    def give_up(self, giver: UUID) -> None:
        before = self.roster.shares
        fallen = fall(before, giver)
        after = {one: count + fallen.get(one, 0) for one, count in before.items() if one != giver}
        if giver not in before or (not after and not self.is_closed):
            return  # the last owner's: the business closes
        self._set(shares=after)
        self.owned = [one for one, count in sorted(after.items()) for _ in range(count)]

    @rule(member=MEMBER)
    def approve(self, member: UUID) -> None:
        """One resolution, always anew: who has approved it is what is kept."""
        if self.roster.voice(member):
            self.approved.add(member)
        model = sum(one in self.approved and one in self.joined for one in self.owned)
        counted = tally(self.roster, self.approved)
        assert counted == model
        assert passes(self.roster, counted) == (counted > ISSUED // 2)

    @rule(member=MEMBER, term=TERM)
    def appoint(self, member: UUID, term: int) -> None:
        """By a resolution that passed."""
        if member not in self.joined:
            return
        post = Post(
            self._new_id(), member, PostKind.MANAGER, None, {}, MEMBERS[0], self.now, self._until(term)
        )
        self._set(posts={**self.roster.posts, post.id: post})
        self.seats[post.id] = Seat(member, post.until)

    @precondition(lambda self: self.seats)
    @rule(place=PLACE, term=TERM)
    def prolong(self, place: int, term: int) -> None:
        """Whom a manager hired stays as they are."""
        seat_id = sorted(self.seats)[place % len(self.seats)]
        seat, post = self.seats[seat_id], self.roster.posts[seat_id]
        if seat.limit is None and seat.member in self.joined and seat.until < self._until(term):
            seat.until = self._until(term)
            self._set(posts={**self.roster.posts, seat_id: replace(post, until=seat.until)})

    def _until(self, term: int) -> datetime:
        return self.now + timedelta(seconds=term)

    @rule(actor=MEMBER, member=MEMBER, term=TERM, limit=st.integers(1, 9))
    def hire(self, actor: UUID, member: UUID, term: int, limit: int) -> None:
        place = self.roster.management(actor, self.now)
        managed = [one for one in self.seats.values() if one.member == actor and one.limit is None]
        may = bool(managed) and actor in self.joined
        assert may == (place is not None)
        if place is None or self.is_closed or member not in self.joined:
            return
        until = min(self._until(term), place.until)
        rights = {BusinessRight.SPEND: limit}
        post = Post(self._new_id(), member, PostKind.HIRE, place.id, rights, actor, self.now, until)
        self._set(posts={**self.roster.posts, post.id: post})
        self.seats[post.id] = Seat(member, until, limit)
        self.seats[place.id].hired.append(post.id)

    @precondition(lambda self: self.seats)
    @rule(place=PLACE)
    def dismiss(self, place: int) -> None:
        ended = sorted(self.seats)[place % len(self.seats)]
        resting = {one for one in self.roster.resting_on({ended}) if one in self.seats}
        assert resting == {one for one in self.seats[ended].hired if one in self.seats}
        self._end(ended)
        self._set(posts={one: post for one, post in self.roster.posts.items() if one != ended})

    @rule(member=MEMBER)
    def leave(self, member: UUID) -> None:
        self.joined.pop(member, None)
        self.suspended.pop(member, None)
        for seat_id in [one for one, seat in self.seats.items() if seat.member == member]:
            self._end(seat_id)

    @rule(member=MEMBER)
    def come_back(self, member: UUID) -> None:
        self._pass(1)  # no two things happen at one moment
        if member not in self.joined and member not in self.suspended:
            self.joined[member] = self.now

    @rule(member=MEMBER)
    def suspend(self, member: UUID) -> None:
        if member in self.joined:
            self.suspended[member] = self.joined.pop(member)

    @rule(member=MEMBER)
    def resume(self, member: UUID) -> None:
        if member in self.suspended:
            self.joined[member] = self.suspended.pop(member)

    @rule(seconds=st.integers(1, 200))
    def _wait(self, seconds: int) -> None:
        self._pass(seconds)

    def _pass(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        for seat_id in [one for one, seat in self.seats.items() if seat.until <= self.now]:
            self._end(seat_id)

    @precondition(lambda self: self.seats and self.roster.posts)
    @rule(odds=st.integers(0, 9))
    def close(self, odds: int) -> None:
        if odds == 0:
            self.is_closed = True
            for seat_id in [one for one, seat in self.seats.items() if seat.limit is not None]:
                self._end(seat_id)
            self._set(business=replace(self.roster.business, state=BusinessState.CLOSED))

    @invariant()
    def no_share_is_lost(self) -> None:
        if not hasattr(self, "roster"):
            return
        assert all(count > 0 for count in self.roster.shares.values())
        assert self.roster.shares == {one: self.owned.count(one) for one in set(self.owned)}
        assert len(self.owned) == (ISSUED if self.owned else 0)

    @invariant()
    def nobody_holds_what_no_living_chain_gives(self) -> None:
        if not hasattr(self, "roster"):
            return
        for member in MEMBERS:
            held = {
                (grant.right, grant.holding_id, tuple(one.limit_minor for one in grant.charges))
                for grant in self.roster.grants_of(member, self.now)
            }
            assert held == self._model_of(member)

    def _model_of(self, member: UUID) -> set[tuple[str, UUID, tuple[int, ...]]]:
        if member not in self.joined:
            return set()
        held: set[tuple[str, UUID, tuple[int, ...]]] = set()
        if member in self.owned:
            held.add(("audit", BUSINESS, ()))
        for seat_id, seat in self.seats.items():
            if seat.member != member or not self._is_awake(seat_id):
                continue
            if seat.limit is None:
                held |= {("audit", seat_id, ()), ("spend", seat_id, ())}
            else:
                held.add(("spend", seat_id, (seat.limit,)))
        return held

    def _is_awake(self, seat_id: UUID) -> bool:
        above = [one.member for one in self.seats.values() if seat_id in one.hired]
        return not any(member in self.suspended for member in above)


TestBusinesses = BusinessMachine.TestCase
TestBusinesses.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
