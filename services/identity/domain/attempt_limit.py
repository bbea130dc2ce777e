"""What is limited besides requests: attempts by one wallet, one passkey, one member, one address."""

from enum import StrEnum


class AttemptKind(StrEnum):
    """What is counted, and by whom."""

    SIGN_IN_OF_WALLET = "sign_in_of_wallet"
    SIGN_IN_OF_PASSKEY = "sign_in_of_passkey"
    REFRESH_OF_MEMBER = "refresh_of_member"
    NEW_MEMBER_OF_ADDRESS = "new_member_of_address"
    RECOVERY_OF_ADDRESS = "recovery_of_address"
    INVITATION_OF_ADDRESS = "invitation_of_address"
    EMAIL_CODE_OF_MEMBER = "email_code_of_member"
    EMAIL_CODE_OF_ADDRESS = "email_code_of_address"
    HANDLE_OF_MEMBER = "handle_of_member"
    BALANCES_OF_MEMBER = "balances_of_member"
    EXPORT_OF_MEMBER = "export_of_member"
