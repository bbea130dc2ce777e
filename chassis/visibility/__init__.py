"""What is shown to whom, of events: one rule for live streams, topics of integrators and webhooks."""
