"""What identity does: one operation a file, each in the transaction of its caller."""
