"""The one public door: tokens, limits, routing, one OpenAPI document, public pages. No rules, no tables."""
