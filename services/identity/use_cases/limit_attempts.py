"""Count an attempt against its wallet, passkey, member or address, and refuse one too many."""

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.address_limit import window_at
from services.identity.domain.attempt_limit import AttemptKind
from services.identity.domain.errors import AttemptLimitReached
from services.identity.settings import IdentitySettings
from services.identity.store import attempt_windows


def limit_of(settings: IdentitySettings, kind: AttemptKind) -> tuple[int, int]:
    """How many attempts of this kind are taken in how many seconds."""
    account, code = settings.account_window_seconds, settings.email_codes_window_seconds
    limits = {
        AttemptKind.SIGN_IN_OF_WALLET: (settings.wallet_sign_ins_max, account),
        AttemptKind.SIGN_IN_OF_PASSKEY: (settings.passkey_sign_ins_max, account),
        AttemptKind.REFRESH_OF_MEMBER: (settings.member_refreshes_max, account),
        AttemptKind.NEW_MEMBER_OF_ADDRESS: (
            settings.address_new_members_max,
            settings.address_new_members_window_seconds,
        ),
        AttemptKind.RECOVERY_OF_ADDRESS: (
            settings.address_recoveries_max,
            settings.address_recoveries_window_seconds,
        ),
        AttemptKind.INVITATION_OF_ADDRESS: (
            settings.address_invitations_max,
            settings.address_invitations_window_seconds,
        ),
        AttemptKind.EMAIL_CODE_OF_MEMBER: (settings.email_codes_max, code),
        AttemptKind.EMAIL_CODE_OF_ADDRESS: (settings.email_codes_max, code),
        AttemptKind.HANDLE_OF_MEMBER: (settings.handle_changes_max, settings.handle_changes_window_seconds),
        AttemptKind.BALANCES_OF_MEMBER: (settings.token_looks_max, settings.token_looks_window_seconds),
        AttemptKind.EXPORT_OF_MEMBER: (settings.exports_max, settings.exports_window_seconds),
    }
    return limits[kind]


async def limit_attempts(
    unit: UnitOfWork, settings: IdentitySettings, kind: AttemptKind, subject: str | None
) -> None:
    """Raises AttemptLimitReached; without a subject (a direct client on this machine) nothing is counted.

    A refusal that is rolled back takes its own count with it, and the next one is refused all the same.
    """
    if subject is None:
        return
    limit, window_seconds = limit_of(settings, kind)
    window = window_at(unit.now, window_seconds)
    if await attempt_windows.count_attempt(unit, kind.value, subject, window.started_at) > limit:
        raise AttemptLimitReached(
            kind.value,
            limit,
            window_seconds,
            retry_after_seconds=int((window.ends_at - unit.now).total_seconds()) + 1,
        )
