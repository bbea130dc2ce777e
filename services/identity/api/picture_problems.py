"""What pictures of members are refused for: the facts of the chassis that can happen here."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.files.errors import (
    FILE_PROBLEMS,
    FileAltered,
    FileEmpty,
    FileKindNotTaken,
    FileNotFound,
    FilesForTodayUsedUp,
    FileTooLarge,
    ImageTooLarge,
    ImageUnreadable,
    LinkNotValid,
)
from chassis.problems import ProblemType

_HERE: tuple[type[DomainError], ...] = (
    FileAltered,
    FileEmpty,
    FileKindNotTaken,
    FileNotFound,
    FilesForTodayUsedUp,
    FileTooLarge,
    ImageTooLarge,
    ImageUnreadable,
    LinkNotValid,
)

PICTURE_PROBLEMS: Mapping[type[DomainError], ProblemType] = {error: FILE_PROBLEMS[error] for error in _HERE}
