"""An address as the environment of PostgreSQL's programs: command lines can be read by everybody."""

from urllib.parse import parse_qsl, unquote, urlsplit


def environment_of(url: str) -> dict[str, str]:
    """What pg_dump and its kin read instead of arguments. Nothing else of our environment is passed on."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    found = {
        "PGHOST": query.pop("host", parts.hostname or ""),
        "PGPORT": query.pop("port", str(parts.port or "")),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
        "PGSSLMODE": query.pop("sslmode", ""),
    }
    return {name: value for name, value in found.items() if value} | {
        "LC_ALL": "C",
        "PGCLIENTENCODING": "UTF8",
    }
