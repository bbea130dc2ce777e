"""Notices: what happened to a member, in one list, told by the channels that they chose."""
