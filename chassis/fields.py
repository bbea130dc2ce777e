"""Text in bodies, as every service takes it."""

from typing import Annotated

from pydantic import Field

TEXT_PATTERN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""No control characters but tab, line feed and carriage return."""
LINE_PATTERN = r"^[^\x00-\x1f\x7f\u2028\u2029]*$"
"""No control characters, and nothing that breaks a line."""

CleanText = Annotated[str, Field(pattern=TEXT_PATTERN)]
Line = Annotated[str, Field(pattern=LINE_PATTERN)]
