"""What profiles refuse."""

from chassis.errors import DomainError


class SkillUnknown(DomainError):
    """The vocabulary has no such skill."""

    def __init__(self, skill: str) -> None:
        super().__init__()
        self.skill = skill


class TooManySkills(DomainError):
    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class LinkRefused(DomainError):
    """The link breaks the rules of links; `ground` says what would be right."""

    def __init__(self, link: str, ground: str) -> None:
        super().__init__()
        self.link = link
        self.ground = ground


class TooManyLinks(DomainError):
    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit


class EncryptionKeyRefused(DomainError):
    """No X25519 key that keeps a secret; `expected` says what would be right."""

    def __init__(self, expected: str) -> None:
        super().__init__()
        self.expected = expected


class EncryptionKeyNotFound(DomainError):
    """The member has no encryption key, or does not show it to the reader."""
