"""Statements that post transfers which nobody asked for."""

POST = """
    INSERT INTO transfer_rows (union_number, sequence, entry_number, id, principal_number, debit_number,
                               credit_number, amount_minor, debit_previous, credit_previous, code)
    SELECT union_number, (SELECT max(sequence) + 1 FROM transfer_rows), entry_number, gen_random_uuid(),
           principal_number, {debit}, {credit}, amount_minor, debit_previous, credit_previous, {code}
    FROM transfer_rows WHERE {where} LIMIT 1;
"""


def repeated(code: int, resource: str) -> str:
    """The posting with this code out of the resource's escrow, once more."""
    where = f"code = {code} AND debit_number = (SELECT number FROM accounts WHERE resource = '{resource}')"
    return POST.format(debit="debit_number", credit="credit_number", code=code, where=where)


def funded_again(resource: str) -> str:
    """What came into the agreement's escrow, once more."""
    where = f"code = 20 AND credit_number = (SELECT number FROM accounts WHERE resource = '{resource}')"
    return POST.format(debit="debit_number", credit="credit_number", code=20, where=where)


def sent_back(came: int, code: int, resource: str) -> str:
    """What came into the resource's escrow, posted back to where it came from."""
    where = f"code = {came} AND credit_number = (SELECT number FROM accounts WHERE resource = '{resource}')"
    return POST.format(debit="credit_number", credit="debit_number", code=code, where=where)
