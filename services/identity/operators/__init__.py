"""Operators of the house: named on the machine alone, with a short list of powers, each use of them shown."""
