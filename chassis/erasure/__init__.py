"""What a service keeps of persons, and how it erases a member: one list drives both, and the audit."""

from chassis.erasure.declaration import CHASSIS_STAYS, Erasure, FileErasure, PersonalData
from chassis.erasure.erasing import (
    begin_erasure,
    consume_erasures,
    erase_some,
    erasing_timer,
)

__all__ = [
    "CHASSIS_STAYS",
    "Erasure",
    "FileErasure",
    "PersonalData",
    "begin_erasure",
    "consume_erasures",
    "erase_some",
    "erasing_timer",
]
