"""What crosses the bus: one module per publishing service; public API, held compatible by tests/wire."""
