"""Every course of offices, appointments, leaving and time, held against a model that ends things eagerly.

The tree derives from rows that nobody cleans up: who left, whose term is over and whose appointer is out
stand in it still. The model deletes what ends at once, with all that rests on it.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chassis.rights.grants import Right
from services.identity.offices.domain.errors import OfficeRefused
from services.identity.offices.domain.office import Holding, Office, require_within
from services.identity.offices.domain.tree import OfficeTree

FOUNDER, *MEMBERS = [UUID(int=number) for number in range(1, 7)]
BEGIN = datetime(2027, 3, 1, tzinfo=UTC)
RIGHTS = st.dictionaries(st.sampled_from((Right.ADMIT, Right.AUDIT, Right.AMEND)), st.none(), max_size=3)
SPEND = st.none() | st.integers(1, 9)
MEMBER = st.sampled_from(MEMBERS)
ACTOR = st.sampled_from((FOUNDER, FOUNDER, *MEMBERS))
PLACE = st.integers(0, 30)
TERM = st.integers(20, 400)


@dataclass(slots=True)
class Appointment:
    """Of the model: `given`: those that rest on it."""

    member: UUID
    office: UUID
    until: datetime
    given: list[UUID] = field(default_factory=list[UUID])


class OfficesMachine(RuleBasedStateMachine):
    """`self.tree` is what is tested; `self.lives` and `self.rights` are the model."""

    @initialize()
    def begin(self) -> None:
        self.now, self.counted = BEGIN, 100
        self.joined = dict.fromkeys(MEMBERS, BEGIN)
        self.suspended: dict[UUID, datetime] = {}
        every = {right: 9 if right is Right.SPEND else None for right in Right}
        ids = [self._new_id() for _ in range(4)]
        offices = {
            one: Office(one, parent_id, 1, "x", every, 100)
            for one, parent_id in zip(ids, (None, ids[0], ids[1], ids[0]), strict=True)
        }
        self.tree = OfficeTree(FOUNDER, True, offices, {}, self.joined)
        self.lives: dict[UUID, Appointment] = {}

    def _new_id(self) -> UUID:
        self.counted += 1
        return UUID(int=self.counted)

    def _set(self, **changed: object) -> None:
        self.tree = replace(self.tree, **changed)  # type: ignore[arg-type]

    def _office(self, place: int) -> Office:
        offices = sorted(self.tree.offices.values(), key=lambda office: office.id)
        return offices[place % len(offices)]

    def _may_act_below(self, actor: UUID, parent_id: UUID | None) -> bool:
        """By the model: the founder, or who has a living appointment at this office or above it."""
        above: set[UUID] = set()
        while parent_id is not None:
            above.add(parent_id)
            parent_id = self.tree.offices[parent_id].parent_id
        return actor == FOUNDER or any(
            one.member == actor and one.office in above and self._is_awake(holding_id)
            for holding_id, one in self.lives.items()
        )

    def _is_awake(self, holding_id: UUID) -> bool:
        """Neither the member nor anybody above is suspended."""
        under = self.tree.holdings[holding_id].under_id
        return self.lives[holding_id].member not in self.suspended and (
            under is None or self._is_awake(under)
        )

    def _end(self, holding_id: UUID) -> None:
        ended = self.lives.pop(holding_id, None)
        for given in () if ended is None else ended.given:
            self._end(given)

    @rule(actor=ACTOR, at_top=st.booleans(), place=PLACE, rights=RIGHTS, spend=SPEND)
    def found(
        self, actor: UUID, at_top: bool, place: int, rights: dict[Right, None], spend: int | None
    ) -> None:
        parent = None if at_top or not self.tree.offices else self._office(place)
        parent_id = None if parent is None else parent.id
        may = self._may_act_below(actor, parent_id)
        assert may == (actor == FOUNDER or self.tree.place_above(actor, parent_id, self.now) is not None)
        if may:
            wanted = {**rights, **({} if spend is None else {Right.SPEND: spend})}
            self._give(Office(self._new_id(), parent_id, 1, "x", wanted, 100))

    @precondition(lambda self: self.tree.offices)
    @rule(place=PLACE, rights=RIGHTS, spend=SPEND)
    def change(self, place: int, rights: dict[Right, None], spend: int | None) -> None:
        wanted = {**rights, **({} if spend is None else {Right.SPEND: spend})}
        self._give(replace(self._office(place), rights=wanted))

    def _give(self, office: Office) -> None:
        """As long as the office above has it; what it loses later, the rows below keep naming."""
        if office.parent_id is not None:
            try:
                require_within(office.rights, self.tree.rights_of(office.parent_id))
            except OfficeRefused:
                return
        self._set(offices={**self.tree.offices, office.id: office})

    @precondition(lambda self: self.tree.offices)
    @rule(place=PLACE)
    def end_office(self, place: int) -> None:
        ended = self._below(self._office(place).id)
        assert self.tree.below(self._office(place).id) == ended
        for holding_id in [one for one, lives in self.lives.items() if lives.office in ended]:
            self._end(holding_id)
        self._set(offices={one: office for one, office in self.tree.offices.items() if one not in ended})

    def _below(self, office_id: UUID) -> set[UUID]:
        children = [one.id for one in self.tree.offices.values() if one.parent_id == office_id]
        return {office_id}.union(*(self._below(child) for child in children))

    @precondition(lambda self: self.tree.offices)
    @rule(place=PLACE, member=MEMBER, term=TERM)
    def appoint_as_founder(self, place: int, member: UUID, term: int) -> None:
        self._appoint(FOUNDER, place, member, term)

    @precondition(lambda self: self.lives and self.tree.offices)
    @rule(holder=PLACE, place=PLACE, member=MEMBER, term=TERM)
    def appoint_as_holder(self, holder: int, place: int, member: UUID, term: int) -> None:
        """Who appoints holds some office; whether one above, the place says."""
        actor = self.lives[sorted(self.lives)[holder % len(self.lives)]].member
        self._appoint(actor, place, member, term)

    @precondition(lambda self: self.tree.offices)
    @rule(actor=MEMBER, place=PLACE, member=MEMBER)
    def appoint_as_anybody(self, actor: UUID, place: int, member: UUID) -> None:
        self._appoint(actor, place, member, 60)

    def _appoint(self, actor: UUID, place: int, member: UUID, term: int) -> None:
        office = self._office(place)
        may = self._may_act_below(actor, office.parent_id)
        under = None if actor == FOUNDER else self.tree.place_above(actor, office.parent_id, self.now)
        assert may == (actor == FOUNDER or under is not None)
        if not may or member not in self.joined:
            return
        until = self.now + timedelta(seconds=term)
        holding = Holding(
            self._new_id(), office.id, member, None if under is None else under.id, actor, self.now, until
        )
        self._set(holdings={**self.tree.holdings, holding.id: holding})
        self.lives[holding.id] = Appointment(member, office.id, until)
        if under is not None:
            self.lives[under.id].given.append(holding.id)

    @precondition(lambda self: self.lives)
    @rule(place=PLACE)
    def end_holding(self, place: int) -> None:
        ended = sorted(self.lives)[place % len(self.lives)]
        assert {one for one in self.tree.resting_on({ended}) if one in self.lives} == self._given(ended)
        self._end(ended)
        self._set(holdings={one: row for one, row in self.tree.holdings.items() if one != ended})

    def _given(self, holding_id: UUID) -> set[UUID]:
        given = [one for one in self.lives[holding_id].given if one in self.lives]
        return set(given).union(*(self._given(one) for one in given))

    @rule(member=MEMBER)
    def leave(self, member: UUID) -> None:
        self.joined.pop(member, None)
        self.suspended.pop(member, None)
        for holding_id in [one for one, lives in self.lives.items() if lives.member == member]:
            self._end(holding_id)

    @rule(member=MEMBER)
    def come_back(self, member: UUID) -> None:
        self.now += timedelta(seconds=1)  # no two things happen at one moment
        self._pass()
        if member not in self.joined and member not in self.suspended:
            self.joined[member] = self.now

    @rule(member=MEMBER)
    def suspend(self, member: UUID) -> None:
        if member in self.joined:
            self.suspended[member] = self.joined.pop(member)

    @rule(member=MEMBER)
    def lift_suspension(self, member: UUID) -> None:
        if member in self.suspended:
            self.joined[member] = self.suspended.pop(member)

    @rule(seconds=st.integers(1, 30))
    def pass_time(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self._pass()

    def _pass(self) -> None:
        for holding_id in [one for one, lives in self.lives.items() if lives.until <= self.now]:
            self._end(holding_id)

    @invariant()
    def nobody_holds_what_no_living_grant_gives(self) -> None:
        for member in MEMBERS:
            expected = {
                (right.value, holding_id)
                for holding_id, lives in self.lives.items()
                if lives.member == member and self._is_awake(holding_id)
                for right in self._rights(lives.office)
            }
            granted = self.tree.grants_of(member, self.now)
            assert {(grant.right, grant.holding_id) for grant in granted} == expected
            for grant in granted:
                assert self.now < grant.until <= self.lives[grant.holding_id].until
                assert (grant.right == "spend") == bool(grant.charges)
                for charge in grant.charges:
                    assert (
                        charge.limit_minor == self._rights(self.lives[charge.holding_id].office)[Right.SPEND]
                    )
            for right in Right:
                ground = self.tree.ground(member, right, self.now)
                assert (ground is not None) == any(grant.right == right for grant in granted)

    def _rights(self, office_id: UUID) -> dict[Right, int | None]:
        """From the top: of an office's own rights those that the one above it has, with the lower limit."""
        office = self.tree.offices[office_id]
        if office.parent_id is None:
            return dict(office.rights)
        above = self._rights(office.parent_id)
        return {
            right: None if limit is None else min(limit, above[right] or limit)
            for right, limit in office.rights.items()
            if right in above
        }

    @invariant()
    def the_founder_is_never_locked_out(self) -> None:
        for right in Right:
            assert self.tree.ground(FOUNDER, right, self.now) is not None


OfficesMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestOffices = OfficesMachine.TestCase
