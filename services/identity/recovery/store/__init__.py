"""Guardians, codes and recoveries as rows."""
