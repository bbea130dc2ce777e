"""The bridge over HTTP."""
