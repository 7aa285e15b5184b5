"""The money of customers that waits to be reconciled with what they owe, wherever it waits.

Each function returns a step of a query that has the CTE ``item`` (the open items of the plan): only
the customers in it are considered. One row per source of money: ``kind`` and ``source_id`` identify
the record, ``is_sure`` says whether it is certainly the customer's payment. ``core.credits`` states
in Python what the plan then does with it.
"""

from odoo.tools import SQL

from .items import of_partners, open_lines

# The kinds of sources, with the model of their records; their order is that of their numbers.
KINDS = {
    "credit": "account.move.line",
    "payment": "account.payment",
    "bank": "account.bank.statement.line",
    "advance": "account.move.line",
    "online": "payment.transaction",
}
SHORTEST_NAME = 3  # letters: shorter names do not identify anybody
SAME_MONEY_DAYS = 60  # between a registered payment and its line of the bank statement
# Letters and words that banks omit from a name, or add to it.
ACCENTED, BARE = "àâäáãéèêëîïíìôöóòõûüùúçñÿ", "aaaaaeeeeiiiiooooouuuucny"
FORMS = (
    r"\m(sarl|sas|sasu|eurl|sa|sci|scop|snc|scp|selarl|ets|etablissements|ste|societe|mme|mr|m)\M"
)


def money(scope, sure_only=False):
    """What customers paid that is not reconciled with an item, less what a person set aside.

    Columns: ``kind``, ``source_id``, ``partner_id`` (the customer), ``currency_id``, ``on_date``,
    ``move_id`` (the invoice it refers to), ``amount``, ``value`` (in company currency),
    ``is_sure``, ``is_credit_note`` (a credit note: no money), ``label``, ``company_id``.

    :param bool sure_only: leave out the sources that are never certainly the customer's payment
    """
    return SQL(
        """
        SELECT source.kind, source.source_id, source.partner_id, source.currency_id,
               source.on_date, source.move_id, source.amount,
               COALESCE(source.value, %(value)s) AS value,
               source.is_sure, source.is_credit_note, source.label, source.company_id
          FROM (%(sources)s) source
         WHERE source.amount > 0 AND %(not_aside)s
        """,
        not_aside=_not_set_aside(scope),
        sources=SQL(" UNION ALL ").join(source(scope) for source in _get_sources(scope, sure_only)),
        value=_in_company_currency(scope),
    )


def _get_sources(scope, sure_only):
    present = scope["present"]
    advances = scope["advance_ids"] and present.advances
    sure = [
        _credits,
        *([_payments] if present.payments else []),
        *([_bank_lines] if present.bank_lines else []),
    ]
    if sure_only:
        return sure
    return [
        *sure,
        *([_named_lines] if present.bank_lines else []),
        *([_advances, _sums_of_advances] if advances else []),
        *([_online] if present.online else []),
    ]


def surely_waits(scope):
    """Whether there may be money that is certainly these customers': a check before ``money``.

    It never misses any: each certain source of ``money`` is queried with the condition that bounds
    it, without what then determines whose it is and how much of it is left.

    :param dict scope: ``company_ids``, ``partner_ids`` and ``account_ids`` (trade receivables)
    :return: ``SQL`` of one row with one column
    """
    return SQL(
        """
        SELECT EXISTS (SELECT FROM account_move_line aml
                        WHERE %(credits)s AND aml.amount_residual_currency < 0)
            OR EXISTS (SELECT FROM account_payment payment WHERE %(registered)s)
            OR EXISTS (%(bank_lines)s)
        """,
        credits=open_lines(scope),
        registered=_registered_where(scope),
        bank_lines=_bank_lines_in_name(scope),
    )


def _not_set_aside(scope):
    """Whether nobody has said that a ``source`` pays none of the customer's invoices."""
    if not scope["present"].set_aside:
        return SQL("TRUE")
    return SQL(
        """
        NOT EXISTS (
            SELECT FROM account_dunning_set_aside aside
             WHERE aside.kind = source.kind AND aside.source_id = source.source_id
               AND aside.partner_id = source.partner_id AND aside.undone_on IS NULL)
        """
    )


def _in_company_currency(scope):
    """The amount of a source at the rate of its day, converted as ``res.currency`` does."""
    rate = """
        COALESCE((
            SELECT rate.rate FROM res_currency_rate rate
             WHERE rate.currency_id = %s AND rate.name <= source.on_date
               AND (rate.company_id IS NULL OR rate.company_id = %s)
             ORDER BY rate.company_id, rate.name DESC LIMIT 1), 1)
    """
    own, root = scope["currency_id"], scope["root_id"]
    return SQL(
        """
        CASE WHEN source.currency_id = %(own)s THEN source.amount
             ELSE source.amount / %(rate)s * %(own_rate)s END
        """,
        own=own,
        rate=SQL(rate, SQL("source.currency_id"), root),
        own_rate=SQL(rate, own, root),
    )


def _of_customers(scope, payer, relation, key, record):
    """Restrict a source to its payer, or to the customer of the invoices it names."""
    if scope["partner_ids"] is None:
        return SQL("TRUE")
    return SQL(
        """
        (%(payer)s OR %(record)s IN (
            SELECT rel.%(key)s FROM %(relation)s rel
              JOIN account_move invoice ON invoice.id = rel.invoice_id
             WHERE invoice.commercial_partner_id IN %(partners)s))
        """,
        payer=of_partners(scope, payer),
        record=record,
        key=SQL.identifier(key),
        relation=SQL.identifier(relation),
        partners=tuple(scope["partner_ids"]) or (0,),
    )


# The single invoice for which a payment was registered.
ONE_INVOICE = SQL(
    """
    LEFT JOIN LATERAL (
        SELECT min(rel.invoice_id) AS move_id
          FROM account_move__account_payment rel
         WHERE rel.payment_id = payment.id
        HAVING count(*) = 1
    ) one ON TRUE
    """
)


def _credits(scope):
    """Open credit notes and payments on the customer's account.

    Penalties taken back after they were paid are the customer's money too: what was paid without
    being owed is given back (C. civ. 1302). Where some of the same penalties are still to be paid,
    they are deducted there instead.
    """
    return SQL(
        """
        SELECT 'credit' AS kind, aml.id AS source_id, partner.commercial_partner_id AS partner_id,
               aml.currency_id, aml.date AS on_date,
               COALESCE(move.reversed_entry_id, one.move_id) AS move_id,
               -aml.amount_residual_currency AS amount, -aml.amount_residual AS value,
               TRUE AS is_sure, move.move_type <> 'entry' AS is_credit_note, aml.move_name AS label,
               aml.company_id
          FROM account_move_line aml
          JOIN account_move move ON move.id = aml.move_id
          JOIN res_partner partner ON partner.id = aml.partner_id
          LEFT JOIN account_payment payment ON payment.id = aml.payment_id
          %s
         WHERE %s AND aml.amount_residual_currency < 0
           AND (aml.dunning_penalty_id IS NULL OR NOT EXISTS (
            SELECT FROM account_move_line owed
             WHERE owed.dunning_penalty_id = aml.dunning_penalty_id
               AND owed.dunning_penalty_part = aml.dunning_penalty_part
               AND owed.parent_state = 'posted' AND owed.amount_residual_currency > 0))
        """,
        ONE_INVOICE,
        open_lines(scope),
    )


def _payments(scope):
    """Payments without an entry, by amount, until a bank line is matched with their invoices.

    With full accounting Odoo writes no entry before the bank line is there. A payment that was
    validated by hand and has no invoice may have been matched since, which nothing shows: it may be
    the customer's.
    """
    return SQL(
        """
        SELECT 'payment', payment.id, payment.partner_id, payment.currency_id, payment.date,
               payment.move_id,
               LEAST(payment.amount, GREATEST(0, sum(payment.amount) OVER (
                   PARTITION BY COALESCE(payment.invoice_id, -payment.id)
                   ORDER BY payment.date, payment.id) - payment.matched)) AS amount,
               NULL::numeric, payment.state = 'in_process' OR payment.invoice_id IS NOT NULL, FALSE,
               payment.name, payment.company_id
          FROM (
            %s
          ) payment
        """,
        _registered(scope),
    )


def _registered(scope):
    """Those payments, with the single invoice of each, and what bank lines already paid of it."""
    return SQL(
        """
        SELECT payment.id, payment.currency_id, payment.date, payment.amount, payment.state,
               payment.company_id, COALESCE(payment.name, payment.memo) AS name,
               COALESCE(one.partner_id, partner.commercial_partner_id) AS partner_id,
               CASE WHEN one.count = 1 THEN one.invoice_id END AS move_id, one.invoice_id,
               COALESCE(bank.matched, 0) AS matched
          FROM account_payment payment
          JOIN res_partner partner ON partner.id = payment.partner_id
          LEFT JOIN LATERAL (
            SELECT min(rel.invoice_id) AS invoice_id, count(*) AS count,
                   min(invoice.commercial_partner_id) AS partner_id
              FROM account_move__account_payment rel
              JOIN account_move invoice ON invoice.id = rel.invoice_id
             WHERE rel.payment_id = payment.id
          ) one ON TRUE
          LEFT JOIN LATERAL (
            SELECT sum(partial.debit_amount_currency) AS matched
              FROM account_move__account_payment rel
              JOIN account_move_line owed ON owed.move_id = rel.invoice_id
               AND owed.account_id IN %(accounts)s
              JOIN account_partial_reconcile partial ON partial.debit_move_id = owed.id
              JOIN account_move_line received ON received.id = partial.credit_move_id
              JOIN account_move statement ON statement.id = received.move_id
               AND statement.statement_line_id IS NOT NULL
             WHERE rel.payment_id = payment.id AND received.date >= payment.date - %(days)s
          ) bank ON TRUE
         WHERE %(registered)s
        """,
        accounts=tuple(scope["account_ids"]) or (0,),
        days=SAME_MONEY_DAYS,
        registered=_registered_where(scope),
    )


def _registered_where(scope):
    return SQL(
        """
        payment.state IN ('in_process', 'paid') AND payment.move_id IS NULL
        AND payment.payment_type = 'inbound' AND payment.partner_type = 'customer'
        AND payment.company_id IN %s AND %s
        """,
        tuple(scope["company_ids"]),
        _of_customers(
            scope,
            SQL("payment.partner_id"),
            "account_move__account_payment",
            "payment_id",
            SQL("payment.id"),
        ),
    )


def _open_bank_lines(scope, where):
    """Bank statement lines that wait to be reconciled."""
    return SQL(
        """
        SELECT line.id, line.partner_id, line.partner_name, line.account_number,
               COALESCE(line.foreign_currency_id, line.currency_id) AS currency_id, move.date,
               round(abs(line.amount_residual)::numeric, 6) AS amount, line.journal_id,
               COALESCE(NULLIF(line.payment_ref, ''), move.name) AS label, line.company_id
          FROM account_bank_statement_line line
          JOIN account_move move ON move.id = line.move_id AND move.state = 'posted'
         WHERE line.is_reconciled IS NOT TRUE AND line.company_id IN %s AND %s
        """,
        tuple(scope["company_ids"]),
        where,
    )


def _bank_lines_in_name(scope):
    """Those in the name of these customers that bring money."""
    return _open_bank_lines(
        scope, SQL("line.amount > 0 AND %s", of_partners(scope, SQL("line.partner_id")))
    )


def _bank_lines(scope):
    """The lines in the customer's name, except those whose money is already known.

    A registered payment that waits for the bank is the same money: the nth line of an amount is the
    nth payment of that amount, and payments remitted together are one line (those of a day, or all
    that wait). The same goes for a refund owed, to the cent, by a supplier who is also our
    customer.
    """
    return SQL(
        """
        (WITH line AS MATERIALIZED (%(lines)s),
        waiting AS (%(waiting)s),
        remitted AS (
            SELECT line_id, date, sum(amount) AS amount, count(*) AS payments,
                   count(*) FILTER (WHERE amount = line_amount) AS same
              FROM waiting GROUP BY GROUPING SETS ((line_id, date), (line_id))
        ),
        refund AS (%(refund)s)
        SELECT 'bank', line.id, line.customer_id, line.currency_id, line.date, NULL::int,
               line.amount, NULL::numeric, TRUE, FALSE, line.label, line.company_id
          FROM line
         WHERE NOT EXISTS (
            SELECT FROM remitted WHERE remitted.line_id = line.id
               AND (remitted.date IS NULL AND remitted.same >= line.place
                    OR remitted.payments > 1 AND remitted.amount = line.amount
                       AND line.place = 1))
           AND NOT EXISTS (SELECT FROM refund WHERE refund.line_id = line.id))
        """,
        lines=SQL(
            """
            SELECT line.*, partner.commercial_partner_id AS customer_id, journal.type,
                   row_number() OVER (
                       PARTITION BY partner.commercial_partner_id, line.currency_id, line.amount
                       ORDER BY line.date, line.id) AS place
              FROM (%s) line
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN account_journal journal ON journal.id = line.journal_id
            """,
            _bank_lines_in_name(scope),
        ),
        waiting=_waiting(scope),
        refund=_refunds(scope),
    )


def _waiting(scope):
    """For each line, the registered payments of its customer that wait for the bank."""
    return SQL(
        """
        SELECT line.id AS line_id, line.amount AS line_amount, payment.date, payment.amount
          FROM line
          JOIN res_partner payer ON payer.commercial_partner_id = line.customer_id
          JOIN account_payment payment
            ON payment.partner_id = payer.id AND payment.currency_id = line.currency_id
          JOIN account_journal journal ON journal.id = payment.journal_id
         WHERE payment.is_matched IS NOT TRUE AND payment.state IN ('in_process', 'paid')
           AND payment.payment_type = 'inbound' AND payment.company_id IN %s
           AND (journal.id = line.journal_id OR journal.type = 'bank' AND line.type = 'bank')
           AND payment.date BETWEEN line.date - %s AND line.date + %s
        """,
        tuple(scope["company_ids"]),
        SAME_MONEY_DAYS,
        SAME_MONEY_DAYS,
    )


def _refunds(scope):
    """The lines that are a supplier's refund, unless he owes the same amount as a customer."""
    return SQL(
        """
        SELECT line.id AS line_id
          FROM line
          JOIN res_partner supplier ON supplier.commercial_partner_id = line.customer_id
          JOIN account_move_line owed
            ON owed.partner_id = supplier.id AND owed.currency_id = line.currency_id
          JOIN account_account account ON account.id = owed.account_id
           AND account.account_type = 'liability_payable'
         WHERE owed.reconciled IS NOT TRUE AND owed.parent_state = 'posted'
           AND owed.amount_residual_currency > 0 AND owed.company_id IN %s
           AND NOT EXISTS (
            SELECT FROM item WHERE item.partner_id = line.customer_id
               AND item.currency_id = line.currency_id AND item.residual = line.amount)
         GROUP BY line.id, line.amount
        HAVING bool_or(owed.amount_residual_currency = line.amount)
            OR sum(owed.amount_residual_currency) = line.amount
        """,
        tuple(scope["company_ids"]),
    )


def _plain(text):
    """A name reduced to what all banks write: no accents, no legal form, no signs."""
    return SQL(
        "regexp_replace(regexp_replace(lower(translate(%s, %s, %s)), %s, '', 'g'),"
        " '[^a-z0-9]+', '', 'g')",
        text,
        ACCENTED + ACCENTED.upper(),
        BARE + BARE,
        FORMS,
    )


def _named_lines(scope):
    """Receipts that nobody matched and that bear the name or the account of a customer."""
    return SQL(
        """
        SELECT DISTINCT 'bank', line.id, customer.id, line.currency_id, line.date, NULL::int,
               line.amount, NULL::numeric, FALSE, FALSE, line.label, line.company_id
          FROM (%(lines)s) line
          CROSS JOIN LATERAL (
            VALUES ('name ' || %(written)s),
                   ('account ' || NULLIF(%(number)s, ''))
          ) borne (mark)
          JOIN (
            SELECT known.commercial_partner_id AS id, 'name ' || %(name)s AS mark
              FROM res_partner known
             WHERE known.commercial_partner_id IN (SELECT partner_id FROM item)
             UNION ALL
            SELECT holder.commercial_partner_id, 'account ' || bank.sanitized_acc_number
              FROM res_partner_bank bank
              JOIN res_partner holder ON holder.id = bank.partner_id
             WHERE holder.commercial_partner_id IN (SELECT partner_id FROM item)
          ) customer ON customer.mark = borne.mark
         WHERE length(borne.mark) >= %(shortest)s
        """,
        lines=_open_bank_lines(
            scope,
            SQL(
                "line.amount > 0 AND line.partner_id IS NULL"
                " AND (line.partner_name IS NOT NULL OR line.account_number IS NOT NULL)"
            ),
        ),
        name=_plain(SQL("known.name")),
        written=_plain(SQL("line.partner_name")),
        number=SQL("regexp_replace(upper(line.account_number), '[^A-Z0-9]', '', 'g')"),
        shortest=len("name ") + SHORTEST_NAME,
    )


def _advances_where(scope):
    """Entries on these accounts, except those of a bank statement line that still waits.

    In the French chart a bank line waits on account 471: it is counted as a bank line.
    """
    return SQL(
        """
        aml.account_id IN %s AND aml.parent_state = 'posted' AND aml.company_id IN %s AND %s
        AND NOT EXISTS (
            SELECT FROM account_bank_statement_line line
             WHERE line.id = move.statement_line_id AND line.is_reconciled IS NOT TRUE)
        """,
        tuple(scope["advance_ids"]),
        tuple(scope["company_ids"]),
        of_partners(scope, SQL("aml.partner_id")),
    )


def _advances(scope):
    """Money on the accounts of advances (4191) and of money to sort (47): the wording of the PCG.

    Only entries: what an advance invoice credits there is no money received.
    """
    return SQL(
        """
        SELECT 'advance', aml.id, partner.commercial_partner_id, aml.currency_id, aml.date,
               NULL::int, -aml.amount_residual_currency, -aml.amount_residual, FALSE, FALSE,
               aml.move_name, aml.company_id
          FROM account_move_line aml
          JOIN account_account account ON account.id = aml.account_id AND account.reconcile
          JOIN account_move move ON move.id = aml.move_id AND move.move_type = 'entry'
          JOIN res_partner partner ON partner.id = aml.partner_id
         WHERE aml.reconciled IS NOT TRUE AND aml.amount_residual_currency < 0 AND %s
        """,
        _advances_where(scope),
    )


def _sums_of_advances(scope):
    """The same for an account without reconciliation: its balance, attributed to its last entry.

    What final invoices deducted from it counts, what advance invoices credited does not.
    """
    return SQL(
        """
        SELECT 'advance', max(aml.id) FILTER (WHERE entry.is_entry AND aml.balance < 0),
               partner.commercial_partner_id, aml.currency_id, max(aml.date), NULL::int,
               LEAST(-sum(aml.amount_currency),
                     -sum(aml.amount_currency) FILTER (WHERE entry.is_entry)),
               LEAST(-sum(aml.balance), -sum(aml.balance) FILTER (WHERE entry.is_entry)),
               FALSE, FALSE, max(aml.move_name) FILTER (WHERE entry.is_entry), aml.company_id
          FROM account_move_line aml
          JOIN account_account account ON account.id = aml.account_id AND NOT account.reconcile
          JOIN account_move move ON move.id = aml.move_id
          JOIN res_partner partner ON partner.id = aml.partner_id
          CROSS JOIN LATERAL (SELECT move.move_type = 'entry' AS is_entry) entry
         WHERE %s
         GROUP BY partner.commercial_partner_id, aml.currency_id, aml.account_id, aml.company_id
        HAVING bool_or(entry.is_entry)
        """,
        _advances_where(scope),
    )


def _online(scope):
    """Online payments that are pending, or done but not booked; less refunds.

    A mere promise of a transfer (Odoo's own provider « custom ») does not count.
    """
    return SQL(
        """
        SELECT 'online', tx.id, COALESCE(one.partner_id, partner.commercial_partner_id),
               tx.currency_id,
               (COALESCE(tx.last_state_change, tx.create_date) AT TIME ZONE 'UTC'
                AT TIME ZONE %(zone)s)::date,
               CASE WHEN one.count = 1 THEN one.invoice_id END, left_of.amount, NULL::numeric,
               FALSE, FALSE, tx.reference, tx.company_id
          FROM payment_transaction tx
          JOIN payment_provider provider ON provider.id = tx.provider_id
          JOIN res_partner partner ON partner.id = tx.partner_id
          LEFT JOIN account_payment booked ON booked.id = tx.payment_id
           AND booked.state IN ('in_process', 'paid')
          LEFT JOIN LATERAL (
            SELECT min(rel.invoice_id) AS invoice_id, count(*) AS count,
                   min(invoice.commercial_partner_id) AS partner_id
              FROM account_invoice_transaction_rel rel
              JOIN account_move invoice ON invoice.id = rel.invoice_id
             WHERE rel.transaction_id = tx.id
          ) one ON TRUE
          CROSS JOIN LATERAL (
            SELECT tx.amount - COALESCE(sum(abs(child.amount)), 0) AS amount
              FROM payment_transaction child
             WHERE child.source_transaction_id = tx.id
               AND CASE WHEN child.operation = 'refund' THEN child.state = 'done'
                        ELSE child.state IN ('pending', 'authorized', 'done', 'cancel') END
          ) left_of
         WHERE booked.id IS NULL AND tx.company_id IN %(companies)s AND %(partners)s
           AND COALESCE(tx.operation, '') <> 'validation' AND tx.amount > 0
           AND (tx.state = 'done' OR tx.state IN ('pending', 'authorized')
                AND provider.code <> 'custom')
        """,
        companies=tuple(scope["company_ids"]),
        partners=_of_customers(
            scope,
            SQL("tx.partner_id"),
            "account_invoice_transaction_rel",
            "transaction_id",
            SQL("tx.id"),
        ),
        zone=scope["zone"],
    )
