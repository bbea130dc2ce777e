"""The refusals of the public pages."""

from chassis.problems import ProblemType

ADDRESS_NOT_OURS = ProblemType(
    "address-not-ours",
    400,
    "No code is drawn for this",
    "A code holds an address that begins with {public_url}/.",
)
