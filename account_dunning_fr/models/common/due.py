"""What a customer owes according to the books: the one definition, as domains and as SQL.

``account.move.line._get_dunning_domain`` combines it for Odoo's searches, ``exclusion_sql`` for
queries; tests compare both. Code that needs only a part of it (credits too, or settled items) uses
``RECEIVABLE_ITEMS``.
"""

from odoo.tools import SQL

# Accounts of trade receivables, not of other receivables.
RECEIVABLE = "asset_receivable"
RECEIVABLE_ACCOUNTS = (("account_type", "=", RECEIVABLE), ("non_trade", "=", False))
# Items on these accounts, debits and credits; as text too, for ``domain=`` of fields.
RECEIVABLE_ITEMS = tuple(
    (f"account_id.{name}", "=", value) for name, _is, value in RECEIVABLE_ACCOUNTS
)
RECEIVABLE_TEXT = ", ".join(map(repr, RECEIVABLE_ITEMS))
# The instalments of the invoice chosen in the form, as text.
INSTALMENTS_TEXT = f"[('move_id', '=', move_id), {RECEIVABLE_TEXT}]"
# The same in SQL, for a table ``account``.
RECEIVABLE_SQL = f"account.account_type = '{RECEIVABLE}' AND account.non_trade IS NOT TRUE"
# PCG 4191 « Clients – Avances et acomptes reçus », 471 to 473 « Comptes d'attente ».
ADVANCE_CODES = ("4191", "471", "472", "473")
HOLDBACK_CODE = "4117"  # PCG 4117 « Clients – Retenues de garantie »
# Documents whose debit is a debt; an entry counts as an invoice that is not in this database.
DEBTS = ("out_invoice", "out_receipt", "entry")
# Journals where a debit without a due date is due on its own date; in others it is unknown.
DATED_JOURNALS = ("sale", "bank", "cash", "credit")
# Journals of outgoing money: a debit there is a returned payment, or a refund.
MONEY_JOURNALS = ("bank", "cash", "credit")
DUE_JOINS = """
    JOIN account_move move ON move.id = aml.move_id
    JOIN account_journal journal ON journal.id = aml.journal_id
    LEFT JOIN account_payment paying ON paying.id = move.origin_payment_id
"""
DUE_ON = SQL("COALESCE(aml.date_maturity, aml.date)")


def exclusion_sql(holdbacks):
    """Return why a debit of a trade receivable is no due item, as SQL; NULL if it is one.

    It uses ``aml`` and the joins of ``DUE_JOINS``. ``account.move.line._get_dunning_domain`` is the
    same definition for Odoo's searches; tests compare both.

    :param holdbacks: the ids of the accounts of retentions of guarantee, or the ``SQL`` of them
    """
    listed = SQL("(%s)", holdbacks) if isinstance(holdbacks, SQL) else tuple(holdbacks) or (0,)
    return SQL(
        """
        CASE WHEN move.move_type NOT IN %(debts)s OR paying.payment_type = 'outbound' THEN 'no_debt'
             WHEN aml.date_maturity IS NOT NULL THEN NULL
             WHEN aml.account_id IN %(holdbacks)s THEN 'retention'
             WHEN journal.type NOT IN %(dated)s THEN 'no_due_date'
        END
        """,
        debts=DEBTS,
        holdbacks=listed,
        dated=DATED_JOURNALS,
    )


# A debit of the bank without a document of ours is a returned payment, until a person links it to
# its invoice. It bears neither interest nor indemnity (L. 441-10: they belong to an invoice).
RETURNED = SQL(
    """
    (move.move_type = 'entry' AND journal.type IN %s AND paying.id IS NULL)
    """,
    MONEY_JOURNALS,
)
