"""The facts that admission states when it refuses."""

from datetime import datetime

from chassis.errors import DomainError


class PeopleFileUnreadable(DomainError):
    """The list of people cannot be read; `ground` says why."""

    def __init__(self, ground: str) -> None:
        super().__init__()
        self.ground = ground


class InvitationListNotFound(DomainError):
    """The union has no such list of people."""

    def __init__(self, list_id: object) -> None:
        super().__init__()
        self.list_id = str(list_id)


class InvitationListEnded(DomainError):
    """The list was ended: it takes no more people, and its links are good no more."""


class InvitationListLimit(DomainError):
    """A bound on lists of people: how many at once, how many people, how long."""

    def __init__(self, bound: str, limit: int) -> None:
        super().__init__()
        self.bound = bound
        self.limit = limit


class AdmissionUnmet(DomainError):
    """The charter's rule does not let them in; `rule` is it, `unmet` names what is not so."""

    def __init__(self, rule: str, unmet: str) -> None:
        super().__init__()
        self.rule = rule
        self.unmet = unmet


class ApplicationNotAsked(DomainError):
    """Nobody applies here: the charter's rule names no application."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule


class AnswersWrong(DomainError):
    """Each question is answered, and nothing else."""

    def __init__(self, questions: int) -> None:
        super().__init__()
        self.questions = questions


class QuestionsLimit(DomainError):
    """So many questions are asked at most."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class ApplicationOpen(DomainError):
    """They have applied already; `state` says how far it is."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class ApplicationRefusedLately(DomainError):
    """A refusal stands; its ground is in their application, and they may appeal there, once."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__()
        self.again_at = again_at.isoformat()


class ApplicationNotFound(DomainError):
    """The union has no such application, or none of theirs."""


class ApplicationDecided(DomainError):
    """It is not in a state in which that can be done."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self.state = state


class ApplicantBarred(DomainError):
    """They are a member already, or may not come back now."""


class AppealedOnce(DomainError):
    """A refusal is looked at once more, and that was done."""


class OwnApplication(DomainError):
    """Nobody decides on themselves."""


class VouchRefused(DomainError):
    """`ground` says why nobody can be vouched for so."""

    def __init__(self, ground: str) -> None:
        super().__init__()
        self.ground = ground


class VouchLimit(DomainError):
    """So many people are vouched for by one member until they have joined."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class VouchNotFound(DomainError):
    """They do not vouch for this member, or the vouch has been used."""


class CredentialRefused(DomainError):
    """`ground` says why what was presented does not count."""

    def __init__(self, ground: str) -> None:
        super().__init__()
        self.ground = ground


class CredentialNotAsked(DomainError):
    """The charter's rule asks for no credential of this issuer and type."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule


class CredentialUsed(DomainError):
    """Somebody else has presented it to this union."""


class BalanceNotAsked(DomainError):
    """The charter's rule asks for no token."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule


class NoWallet(DomainError):
    """They sign in by no wallet that could hold a token."""


class ChainNotAsked(DomainError):
    """This deployment has no node of the chain; `reason` names the setting."""

    def __init__(self, chain_id: int, reason: str) -> None:
        super().__init__()
        self.chain_id = chain_id
        self.reason = reason


class HistoryMissing(DomainError):
    """The node keeps no state of so many blocks ago."""

    def __init__(self, blocks: int) -> None:
        super().__init__()
        self.blocks = blocks


class GrowthTargetRefused(DomainError):
    """`ground` says why it is no target."""

    def __init__(self, ground: str) -> None:
        super().__init__()
        self.ground = ground


class GrowthTargetLimit(DomainError):
    """So many targets are open at a time."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class GrowthTargetNotFound(DomainError):
    """The union has no such target."""
