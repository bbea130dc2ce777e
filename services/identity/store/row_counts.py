"""How many rows a statement wrote."""


def rows_of(status: str) -> int:
    """Of PostgreSQL's command tag, as in `UPDATE 3` or `INSERT 0 3`."""
    return int(status.rpartition(" ")[2])
