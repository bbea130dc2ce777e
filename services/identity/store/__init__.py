"""Identity's rows: one module per noun, over SQLAlchemy Core; hot statements run on the driver itself."""
