"""`python -m guildhall.distributed.probe URL`: whether a process answers with 200, for health checks.

The standard library alone: it runs every few seconds beside each process.
"""

import sys
import urllib.error
import urllib.request

_ANSWER_SECONDS_MAX = 5


def answers(url: str) -> bool:
    """One look, under a name that a gateway serves."""
    if not url.startswith("http://"):
        return False
    try:
        asked = urllib.request.Request(url, headers={"Host": "localhost"})  # noqa: S310 - of http alone
        with urllib.request.urlopen(asked, timeout=_ANSWER_SECONDS_MAX) as answer:  # noqa: S310 - of http alone
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


if __name__ == "__main__":
    sys.exit(0 if len(sys.argv) == 2 and answers(sys.argv[1]) else 1)
