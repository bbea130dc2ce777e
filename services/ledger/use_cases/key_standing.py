"""Whether a pinned device key may still be believed without asking identity who revoked it."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chassis.revocations.view import RevocationView


class KeyStanding:
    """When identity last said that a key is good, by key; a process' own memory of at most `keys_max`.

    An act made before identity's last word, or shortly after it, needs no other: whatever was revoked in
    between is in the view, which remembers for longer than `trusted_for`. So an act that waited out an outage
    is paid, and a key that was revoked pays nothing that was signed later.
    """

    def __init__(self, view: RevocationView, trusted_for: timedelta, keys_max: int) -> None:
        self._view = view
        self._trusted_for = trusted_for
        self._keys_max = keys_max
        self._confirmed: OrderedDict[str, datetime] = OrderedDict()

    def is_good(self, key_id: str, pinned_at: datetime, signed_at: datetime) -> bool:
        """Whether an act that was signed then holds, by what is known here."""
        if self._view.has_revoked(key_id):
            return False
        confirmed_at = max(self._confirmed.get(key_id, pinned_at), pinned_at)
        return signed_at <= confirmed_at + self._trusted_for

    def confirm(self, key_id: str, asked_at: datetime) -> None:
        """Identity knew the key and had not revoked it when it was asked."""
        self._confirmed[key_id] = max(asked_at, self._confirmed.get(key_id, asked_at))
        self._confirmed.move_to_end(key_id)
        while len(self._confirmed) > self._keys_max:
            self._confirmed.popitem(last=False)
