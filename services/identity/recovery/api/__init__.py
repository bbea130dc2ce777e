"""Guardians, codes and recoveries over HTTP."""
