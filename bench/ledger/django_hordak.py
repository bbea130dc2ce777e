"""django-hordak, a ledger of Django models: `Account.transfer_to`, as its documentation has it.

Its balances are sums over legs, made when one is asked for: a transfer refuses nothing for lack of money.
`python -m bench.ledger.django_hordak URL THREADS SECONDS` writes transfers a second as JSON.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

ACCOUNTS = 8
WARM_SECONDS = 0.5
CURRENCY = "EUR"


def is_installed() -> bool:
    return importlib.util.find_spec("hordak") is not None


def prepare(url: str) -> list[Any]:
    """Django is set up on this database, its migrations are run, and these are its accounts."""
    conf: Any = importlib.import_module("django.conf")  # of the group hordak, which few have
    said: dict[str, str] = importlib.import_module("psycopg.conninfo").conninfo_to_dict(url)
    conf.settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "mptt", "djmoney", "hordak"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "HOST": said.get("host"),
                "PORT": said.get("port"),
                "USER": said.get("user"),
                "PASSWORD": said.get("password"),
                "NAME": said["dbname"],
                "CONN_MAX_AGE": None,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        DEFAULT_CURRENCY=CURRENCY,
        CURRENCIES=[CURRENCY],
        USE_TZ=True,
    )
    importlib.import_module("django").setup()
    importlib.import_module("django.core.management").call_command("migrate", verbosity=0)
    models: Any = importlib.import_module("hordak.models")
    for number in range(models.Account.objects.count(), ACCOUNTS):
        models.Account.objects.create(
            name=f"Member {number}",
            code=str(number),
            type=models.AccountType.liability,
            currencies=[CURRENCY],
        )
    return list(models.Account.objects.order_by("id"))


def posted_per_second(url: str, threads_count: int, seconds: float) -> float:
    """Each thread has a connection; the first half second does not count."""
    accounts = prepare(url)
    money: Any = importlib.import_module("moneyed")
    amount = money.Money(1, CURRENCY)
    began = time.perf_counter() + WARM_SECONDS

    def keep_posting(thread: int) -> int:
        posted = 0
        while (now := time.perf_counter()) < began + seconds:
            payer = accounts[thread % len(accounts)]
            payer.transfer_to(accounts[(thread + 1 + posted % 7) % len(accounts)], amount)
            posted += now >= began
        return posted

    with ThreadPoolExecutor(threads_count) as threads:
        return sum(threads.map(keep_posting, range(threads_count))) / seconds


def main() -> None:
    json.dump(posted_per_second(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])), sys.stdout)


if __name__ == "__main__":
    main()
