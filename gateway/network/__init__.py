"""The gateway's hop to services on machines of their own: a proxy with pooled connections."""
