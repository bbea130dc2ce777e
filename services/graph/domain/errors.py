"""The facts that the graph states when it refuses."""

from uuid import UUID

from chassis.errors import DomainError


class BackingOneself(DomainError):
    def __init__(self, member_id: UUID) -> None:
        super().__init__("nobody supports themself")
        self.member_id = member_id


class LeaderNotMember(DomainError):
    def __init__(self, leader_id: UUID) -> None:
        super().__init__("the leader is not an active member of this union")
        self.leader_id = leader_id


class TooManyBacklinks(DomainError):
    """`wanted` is how many backlinks the supporter would have."""

    def __init__(self, limit: int, wanted: int) -> None:
        super().__init__("the supporter would have more backlinks than are allowed; withdraw one first")
        self.limit = limit
        self.wanted = wanted


class VoiceWithoutBacklink(DomainError):
    def __init__(self, leader_id: UUID) -> None:
        super().__init__("only a leader whom the member backs can speak for them; back the leader first")
        self.leader_id = leader_id


class NotFounder(DomainError):
    def __init__(self, member_id: UUID) -> None:
        super().__init__("only the founder imports who follows whom")
        self.member_id = member_id


class TooManyRows(DomainError):
    def __init__(self, limit: int, rows: int) -> None:
        super().__init__("the import has more rows than a request may carry; send it in parts")
        self.limit = limit
        self.rows = rows


class ImportNotFound(DomainError):
    def __init__(self, import_id: UUID) -> None:
        super().__init__("no such import in this union")
        self.import_id = import_id


class NotProposed(DomainError):
    """`leaders` are the first of those named that are not proposed, or whose proposal is gone."""

    def __init__(self, leaders: tuple[UUID, ...], count: int) -> None:
        super().__init__("a confirmation names only leaders who are proposed to the supporter now")
        self.leaders = [str(leader) for leader in leaders]
        self.count = count


class LeaderNotFound(DomainError):
    def __init__(self, member_id: UUID) -> None:
        super().__init__("no such active member in this union")
        self.member_id = member_id


class NamesForMembersOnly(DomainError):
    """The charter's default: members see names, outsiders see counts."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"the names in {kind} are shown to members of this union; outsiders see counts")
        self.kind = kind


class StandingNotPublished(DomainError):
    def __init__(self, member_id: UUID) -> None:
        super().__init__("no epoch of standing has this member yet; the next one follows within seconds")
        self.member_id = member_id
