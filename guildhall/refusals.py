"""The one refusal that the command knows: a single line that says what to do."""


class StartRefused(Exception):
    """Guildhall cannot start here. `line` names the reason and the remedy in one line."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = " ".join(line.split())
