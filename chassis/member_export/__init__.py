"""What a service keeps of one member, given out to them: its part of their export."""

from chassis.member_export.declaration import MemberExport

__all__ = ["MemberExport"]
