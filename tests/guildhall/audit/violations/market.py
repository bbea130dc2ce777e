"""The market: escrows, work, waits."""

from tests.guildhall.audit.violations.postings import funded_again, repeated, sent_back
from tests.guildhall.audit.violations.violation import planted_in

MARKET = (
    planted_in(
        "market",
        "market.escrow",
        "a price raised under an agreement",
        "agreement_id={running}",
        "UPDATE agreements SET price_minor = price_minor + 1 WHERE agreement_id = '{running}'",
    ),
    planted_in(
        "market",
        "market.escrow",
        "an agreement paid twice",
        "agreement_id={paid}",
        "SELECT 1",
        ledger=repeated(21, "agreements/{paid}"),
    ),
    planted_in(
        "market",
        "market.escrow",
        "an escrow emptied under its work",
        "agreement_id={running}",
        "SELECT 1",
        "state funded with 0 minor units",
        ledger=sent_back(20, 22, "agreements/{running}"),
    ),
    planted_in(
        "market",
        "market.escrow",
        "a posting of one unit",
        "agreement_id={delivered}",
        "SELECT 1",
        "20000001 minor units",
        ledger="UPDATE transfer_rows SET amount_minor = amount_minor + 1 "
        "WHERE code = 20 AND credit_number = "
        "(SELECT number FROM accounts WHERE resource = 'agreements/{delivered}')",
    ),
    planted_in(
        "market",
        "market.escrow",
        "an agreement both paid and refunded",
        "agreement_id={paid}",
        "SELECT 1",
        "both paid and refunded",
        ledger=funded_again("agreements/{paid}") + sent_back(20, 22, "agreements/{paid}"),
    ),
    planted_in(
        "market",
        "market.escrow",
        "paid and called refunded",
        "agreement_id={paid}",
        "UPDATE agreements SET state = 'refunded' WHERE agreement_id = '{paid}'",
    ),
    planted_in(
        "market",
        "market.escrow",
        "paid to another",
        "agreement_id={paid}",
        "UPDATE agreements SET worker_id = '{leader}' WHERE agreement_id = '{paid}'",
    ),
    planted_in(
        "market",
        "market.escrow",
        "funded by another",
        "agreement_id={running}",
        "UPDATE agreements SET employer_id = '{leader}' WHERE agreement_id = '{running}'",
    ),
    planted_in(
        "ledger",
        "market.escrow",
        "an escrow without an agreement",
        "resource=agreements/{running}",
        "SELECT 1",
        market="DELETE FROM agreements WHERE agreement_id = '{running}'",
    ),
    planted_in(
        "market",
        "market.funded-first",
        "work delivered before funding",
        "agreement_id={delivered}",
        "UPDATE agreements SET delivered_at = funded_at - interval '1 second' "
        "WHERE agreement_id = '{delivered}'",
    ),
    planted_in(
        "market",
        "market.funded-first",
        "work that was never funded",
        "agreement_id={running}",
        "UPDATE agreements SET funded_at = NULL WHERE agreement_id = '{running}'",
    ),
    planted_in(
        "market",
        "market.no-freeze",
        "an agreement without its timer",
        "agreement_id={running}",
        "DELETE FROM timers WHERE key LIKE '%{running}%'",
    ),
    planted_in(
        "market",
        "market.no-freeze",
        "a delivery whose review never ends",
        "agreement_id={delivered}",
        "UPDATE timers SET due = due + interval '1 year' WHERE kind = 'agreement.review_due'",
    ),
    planted_in(
        "market",
        "market.no-freeze",
        "a payment that nobody asks for",
        "agreement_id={delivered}",
        "UPDATE agreements SET state = 'paying' WHERE agreement_id = '{delivered}'",
    ),
    planted_in(
        "market",
        "market.files",
        "a content counted for a file that is not there",
        "content_digest=ab",
        "INSERT INTO file_contents "
        "SELECT union_id, '\\xab', 'text/plain', 1, NULL, NULL, 1, founded_at FROM unions",
        "1 are counted and 0 files refer to it",
    ),
)
