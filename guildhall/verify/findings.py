"""What is found wrong with a file, in one line each, and how a check of files ends."""

SOUND, ALTERED, UNREADABLE, UNSIGNED = 0, 1, 2, 3
"""Exit codes; UNSIGNED: sound but for the certificate of an act's device, which nothing signed."""


class Altered(Exception):
    """Something does not fit what was hashed or signed; says what."""


class Unreadable(Exception):
    """It is no file that is known here; says why."""
