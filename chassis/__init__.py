"""What every service is mounted on: transactions, events, intents, timers, trust, problems, telemetry."""
