"""Benchmarks, one folder each; run by `guildhall bench`."""
