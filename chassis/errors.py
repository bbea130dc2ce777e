"""The base of the facts that a domain states when it refuses; it knows no HTTP."""


class DomainError(Exception):
    """A rule said no. Subclasses carry the parameters that a reader needs to do it right.

    Parameters are the attributes set in `__init__`; the one table in `api/problems.py` gives the fact
    its status and title.
    """

    def parameters(self) -> dict[str, object]:
        """The fact's parameters by name, as they are told to the caller."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}
