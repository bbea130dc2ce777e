"""Webhooks: a union's public events, sent to addresses that its founder named."""
