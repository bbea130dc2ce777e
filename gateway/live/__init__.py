"""Live streams of events (server-sent), and the same events by the page: `GET /v1/events`."""
