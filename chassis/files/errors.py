"""What is refused of files, and the table from these facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType


class FileTooLarge(DomainError):
    def __init__(self, limit_bytes: int) -> None:
        super().__init__("the file is too large")
        self.limit_bytes = limit_bytes


class FileEmpty(DomainError):
    def __init__(self) -> None:
        super().__init__("the file is empty")


class FileAltered(DomainError):
    """What arrived is not what its digest names."""

    def __init__(self, digest: str, received_digest: str) -> None:
        super().__init__("the content has another digest than the path names")
        self.digest = digest
        self.received_digest = received_digest


class FileKindNotTaken(DomainError):
    def __init__(self, taken: tuple[str, ...]) -> None:
        super().__init__("files of this kind are not taken here")
        self.taken = ", ".join(taken)


class ImageUnreadable(DomainError):
    def __init__(self) -> None:
        super().__init__("the image is damaged")


class ImageTooLarge(DomainError):
    def __init__(self, limit_pixels: int) -> None:
        super().__init__("the image has too many pixels")
        self.limit_pixels = limit_pixels


class FileNameTooLong(DomainError):
    def __init__(self, limit_characters: int) -> None:
        super().__init__("the name of the file is too long")
        self.limit_characters = limit_characters


class TooManyFiles(DomainError):
    def __init__(self, limit_count: int) -> None:
        super().__init__("there are as many files here as are allowed")
        self.limit_count = limit_count


class FilesForTodayUsedUp(DomainError):
    def __init__(self, limit_bytes: int) -> None:
        super().__init__("the member has added as much within a day as is allowed")
        self.limit_bytes = limit_bytes


class FileNotFound(DomainError):
    def __init__(self, digest: str) -> None:
        super().__init__("no such file here")
        self.digest = digest


class FileOfAnother(DomainError):
    def __init__(self, digest: str) -> None:
        super().__init__("only who added a file may remove it")
        self.digest = digest


class LinkNotValid(DomainError):
    def __init__(self) -> None:
        super().__init__("the link has expired or is none of ours")


FILE_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    FileTooLarge: ProblemType(
        "file-too-large", 413, "The file is too large", "A file has at most {limit_bytes} bytes."
    ),
    FileEmpty: ProblemType("file-empty", 422, "The file is empty", "Send the content as the body."),
    FileAltered: ProblemType(
        "file-altered",
        422,
        "The content is another one",
        "The path names the SHA-256 digest {digest}; what arrived has {received_digest}. Send it again.",
    ),
    FileKindNotTaken: ProblemType(
        "file-kind-not-taken", 415, "Files of this kind are not taken", "Send one of: {taken}."
    ),
    ImageUnreadable: ProblemType(
        "image-unreadable", 422, "The image is damaged", "It cannot be read to its end; export it anew."
    ),
    ImageTooLarge: ProblemType(
        "image-too-large", 413, "The image has too many pixels", "An image has at most {limit_pixels} pixels."
    ),
    FileNameTooLong: ProblemType(
        "file-name-too-long", 422, "The name is too long", "At most {limit_characters} characters."
    ),
    TooManyFiles: ProblemType(
        "too-many-files", 409, "Too many files", "At most {limit_count} here; remove one to add another."
    ),
    FilesForTodayUsedUp: ProblemType(
        "files-for-today-used-up",
        409,
        "Enough for today",
        "A member adds at most {limit_bytes} bytes to a union within 24 hours.",
    ),
    FileNotFound: ProblemType("file-not-found", 404, "No such file", "There is no file {digest} here."),
    FileOfAnother: ProblemType(
        "file-of-another", 403, "Another member's file", "Only who added a file may remove it."
    ),
    LinkNotValid: ProblemType(
        "link-not-valid",
        403,
        "The link is not valid",
        "It has expired or was altered: ask for the list again.",
    ),
}
