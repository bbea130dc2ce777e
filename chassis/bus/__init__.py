"""The bus: append, consume for a group, tail; what every transport promises is in transport.py."""
