"""Union-scoped tables are read by union: their keys and indexes begin with union_id."""

from collections.abc import Iterator, Mapping

from sqlalchemy import BigInteger, Column, Float, MetaData, Numeric, Table, UniqueConstraint

SCOPE = "union_id"


def _is_root(table: Table) -> bool:
    """The table of unions themselves."""
    return [column.name for column in table.primary_key.columns] == [SCOPE]


def unscoped_keys(metadata: MetaData, excused: Mapping[str, str]) -> Iterator[str]:
    """Keys and indexes of union-scoped tables that do not begin with union_id.

    `excused` maps `table` or `table.index` to the reason: what is looked up across unions.
    """
    for table in metadata.sorted_tables:
        if SCOPE not in table.columns or _is_root(table) or table.name in excused:
            continue
        keys: list[tuple[str, list[Column[object]]]] = [("primary key", list(table.primary_key.columns))]
        keys += [
            (str(unique.name or "+".join(unique.columns.keys())), list(unique.columns))
            for unique in table.constraints
            if isinstance(unique, UniqueConstraint)
        ]
        keys += [(str(index.name), list(index.columns)) for index in table.indexes]
        for name, columns in keys:
            first = columns[0].name if columns else "an expression"
            if first != SCOPE and f"{table.name}.{name}" not in excused:
                yield f"{table.name}: {name} begins with {first}"


def unsound_columns(metadata: MetaData, *, of_money: bool) -> Iterator[str]:
    """Amounts that are not bigint, floats beside money, times without a zone, values that SQL makes."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            where = f"{table.name}.{column.name}"
            if column.name.endswith("minor") and not isinstance(column.type, BigInteger):
                yield f"{where} is an amount that is not bigint"
            if of_money and isinstance(column.type, Float | Numeric):
                yield f"{where} is a float or a numeric"
            if hasattr(column.type, "timezone") and not getattr(column.type, "timezone", True):
                yield f"{where} is a time without its zone"
            if column.server_default is not None and "(" in str(getattr(column.server_default, "arg", "")):
                yield f"{where} is made by the database"
