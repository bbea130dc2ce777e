"""What a phone opens: one answer made of several services' own."""
