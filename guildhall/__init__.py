"""The command and the embedded runtime: one process and its PostgreSQL."""

VERSION = "0.1.0"
