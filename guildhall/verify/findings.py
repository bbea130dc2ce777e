"""What is found wrong with a file, in one line each."""


class Altered(Exception):
    """Something does not fit what was hashed or signed; says what."""


class Unreadable(Exception):
    """It is no file that is known here; says why."""
