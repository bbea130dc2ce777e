"""E-mail addresses as they stand in lists of people."""

from email_validator import EmailNotValidError, validate_email


def read_address(written: str) -> str | None:
    """The address as it is written to; None for what is none. Nobody is asked whether it exists."""
    try:
        return validate_email(written, check_deliverability=False).normalized
    except (EmailNotValidError, UnicodeError):
        return None
