"""Files of members: kept by their content, made harmless, counted, and shown by links that expire.

A service that takes files has its settings from `FileSettings`, the tables of `file_tables` and
`FILE_PROBLEMS` among its problems; what a file belongs to and who may see it is its own matter.
"""

from chassis.files.settings import FileSettings

__all__ = ["FileSettings"]
