"""Logs, metrics, traces and health of a service."""
