"""What was sold, done to collect, and lost, as set-based queries: sums only, no formulas.

Rows are ``(section, key, amount, count)`` unless stated otherwise: see ``Situation``. The queries
read invoices, the addon's own small tables, and the few accounts of bad debts; never the open
items.
"""

from odoo.tools import SQL

from ..scope import ACT_DAYS, VAT_TO_GET_BACK

SALES = ("out_invoice", "out_refund", "out_receipt")


def sums(scope):
    """Return the queries of all sums that need no open items.

    :param Scope scope: bounds of the queries
    """
    return (
        sales(scope),
        _efforts(scope),
        _disputes(scope),
        _bad_debts(scope),
        _vat_back(scope),
        _cases(scope),
    )


def sales(scope):
    """Return the sales of each day, including taxes and less credit notes; and a year's turnover.

    The turnover is without taxes.
    """
    return SQL(
        """
        WITH sold AS (
            SELECT move.date, sum(%(amount)s) AS amount, sum(%(untaxed)s) AS untaxed,
                   count(*) AS moves
              FROM account_move move
              LEFT JOIN res_partner partner ON partner.id = move.commercial_partner_id
             WHERE move.move_type IN %(types)s AND move.state = 'posted'
               AND move.company_id IN %(companies)s
               AND move.date > %(since)s AND move.date <= %(as_of)s AND %(kept)s
             GROUP BY move.date
        )
        SELECT 'sales', date::text, amount, moves FROM sold
        UNION ALL
        SELECT 'turnover', '', sum(untaxed), sum(moves)::int FROM sold WHERE date > %(year_ago)s
        """,
        amount=scope.converted(SQL("move.amount_total_signed"), "move"),
        untaxed=scope.converted(SQL("move.amount_untaxed_signed"), "move"),
        types=SALES,
        companies=scope.company_ids,
        since=scope.sales_since,
        year_ago=scope.year_ago,
        as_of=scope.as_of,
        kept=scope.kept(SQL("partner"), SQL("move.currency_id")),
    )


def received(scope, period, since):
    """Return the money received from customers, less what was refunded or returned.

    :param SQL period: expression on ``line`` by which the sums are grouped
    :param date since: the day before the first one
    """
    return SQL(
        """
        SELECT 'received', (%(period)s)::text, sum(%(amount)s), count(*)::int
          FROM account_move_line line %(partner)s
         WHERE line.account_id IN %(accounts)s AND line.journal_id IN %(journals)s
           AND line.parent_state = 'posted' AND line.company_id IN %(companies)s
           AND line.date > %(since)s AND line.date <= %(as_of)s AND %(kept)s
         GROUP BY 2
        """,
        period=period,
        # Without filters there is no join at all, even one that changes nothing: an index-only scan
        # is then enough.
        partner=SQL(
            """
            LEFT JOIN res_partner contact ON contact.id = line.partner_id
            LEFT JOIN res_partner partner ON partner.id = contact.commercial_partner_id
            """
        )
        if scope.is_narrow
        else SQL(),
        amount=scope.converted(SQL("-line.balance"), "line"),
        accounts=scope.account_ids,
        journals=scope.money_journal_ids,
        companies=scope.company_ids,
        since=since,
        as_of=scope.as_of,
        kept=scope.kept(SQL("partner"), SQL("line.currency_id")),
    )


def _efforts(scope):
    """Return the calls by outcome, the costs, and how soon the first notice was sent.

    ``first_reminder``: days from the due date, for items first chased in the period.
    """
    return SQL(
        """
        SELECT 'calls', call.outcome, NULL::numeric, count(*)
          FROM account_dunning_call call JOIN res_partner partner ON partner.id = call.partner_id
         WHERE %(called)s AND call.done_on >= %(opening_end)s AND %(kept)s
         GROUP BY call.outcome
        UNION ALL
        SELECT 'costs', 'call', sum(%(cost)s), count(*)
          FROM account_dunning_call call
          JOIN res_partner partner ON partner.id = call.partner_id
          JOIN res_company company ON company.id = call.company_id
         WHERE %(called)s AND call.done_on >= %(paid_end)s AND %(kept)s
        UNION ALL
        SELECT 'first_reminder', '', sum(days), count(*) FROM (%(first)s) item
        UNION ALL
        %(paper)s
        """,
        called=SQL(
            "call.state = 'done' AND call.company_id IN %s AND call.done_on < %s",
            scope.creditor_ids,
            scope.bounds["end"],
        ),
        kept=scope.kept(SQL("partner"), None),
        cost=scope.converted(SQL("company.dunning_call_cost"), "call"),
        first=_first(scope),
        paper=_paper(scope),
        **scope.bounds,
    )


def _paper(scope):
    """Cost of letters, registered letters and court files; receipts and commission of agencies."""
    return SQL(
        """
        SELECT 'costs', 'letter', sum(%(letter_cost)s), count(*)
          FROM account_dunning_notice notice
          JOIN res_partner partner ON partner.id = notice.partner_id
          JOIN res_company company ON company.id = notice.company_id
         WHERE notice.state = 'sent' AND notice.send_letter AND notice.company_id IN %(creditors)s
           AND notice.date > %(paid_since)s AND notice.date <= %(as_of)s AND %(kept)s
        UNION ALL
        SELECT 'costs', 'registered', sum(%(registered_cost)s), count(*)
          FROM account_dunning_registered letter
          JOIN res_partner partner ON partner.id = letter.partner_id
          JOIN res_company company ON company.id = letter.company_id
         WHERE letter.company_id IN %(creditors)s
           AND letter.posted_on > %(paid_since)s AND letter.posted_on <= %(as_of)s AND %(kept)s
        UNION ALL
        SELECT 'costs', 'fees', sum(cost.amount), count(*)
          FROM account_dunning_case_cost cost
          JOIN account_dunning_case file ON file.id = cost.case_id
          JOIN res_partner partner ON partner.id = file.partner_id
         WHERE file.company_id IN %(creditors)s
           AND cost.date > %(paid_since)s AND cost.date <= %(as_of)s AND %(kept)s
        UNION ALL
        SELECT 'agencies', told.key, sum(told.amount), count(*)
          FROM account_dunning_agency_receipt receipt
          JOIN res_partner partner ON partner.id = receipt.partner_id
         CROSS JOIN LATERAL (
            VALUES ('received', %(received)s), ('commission', %(commission)s)
          ) told (key, amount)
         WHERE receipt.company_id IN %(creditors)s
           AND receipt.date > %(paid_since)s AND receipt.date <= %(as_of)s AND %(kept)s
         GROUP BY told.key
        """,
        received=scope.converted(SQL("receipt.amount"), "receipt"),
        commission=scope.converted(SQL("receipt.commission"), "receipt"),
        letter_cost=scope.converted(SQL("company.dunning_letter_cost"), "notice"),
        registered_cost=scope.converted(SQL("company.dunning_registered_cost"), "letter"),
        kept=scope.kept(SQL("partner"), None),
        **scope.bounds,
    )


def _first(scope):
    """The items chased for the first time in the period, and how late they were by then."""
    return SQL(
        """
        SELECT notice.date - line.date_maturity AS days
          FROM account_dunning_notice notice
          JOIN account_dunning_notice_line line ON line.notice_id = notice.id AND line.claimed
          JOIN res_partner partner ON partner.id = notice.partner_id
         WHERE notice.state = 'sent' AND notice.has_left AND notice.kind <> 'courtesy'
           AND notice.company_id IN %(creditors)s
           AND notice.date > %(opening)s AND notice.date <= %(as_of)s AND %(kept)s
           AND NOT EXISTS (
            SELECT FROM account_dunning_notice_line earlier
              JOIN account_dunning_notice before ON before.id = earlier.notice_id
             WHERE earlier.move_line_id = line.move_line_id AND earlier.cycle = line.cycle
               AND earlier.claimed AND before.state = 'sent' AND before.has_left
               AND before.kind <> 'courtesy'
               AND (before.date, before.id) < (notice.date, notice.id)
           )
        """,
        kept=scope.kept(SQL("partner"), SQL("line.currency_id")),
        **scope.bounds,
    )


def _disputes(scope):
    """Return the disputes of a year: ``opened`` with their amounts, ``closed`` with their days."""
    return SQL(
        """
        SELECT 'disputes', 'opened', sum(%(amount)s), count(*)
          FROM account_dunning_dispute dispute
          JOIN res_partner partner ON partner.id = dispute.partner_id
          JOIN account_move move ON move.id = dispute.move_id
         WHERE dispute.company_id IN %(creditors)s AND %(kept)s
           AND dispute.date_open > %(year_ago)s AND dispute.date_open <= %(as_of)s
        UNION ALL
        SELECT 'disputes', 'closed', sum(dispute.closed_on - dispute.date_open), count(*)
          FROM account_dunning_dispute dispute
          JOIN res_partner partner ON partner.id = dispute.partner_id
          JOIN account_move move ON move.id = dispute.move_id
         WHERE dispute.company_id IN %(creditors)s AND %(kept)s
           AND dispute.closed_on > %(year_ago)s AND dispute.closed_on <= %(as_of)s
        """,
        amount=scope.converted(SQL("dispute.amount_company"), "dispute"),
        kept=scope.kept(SQL("partner"), SQL("move.currency_id")),
        **scope.bounds,
    )


def _bad_debts(scope):
    """Return the losses of a year (654), the doubtful debts (416) and their depreciation (491)."""
    balance = scope.converted(SQL("line.balance"), "line")
    parts = [
        SQL(
            """
            SELECT %(section)s, '', sum(%(sign)s * %(balance)s), count(*)
              FROM account_move_line line
              LEFT JOIN res_partner contact ON contact.id = line.partner_id
              LEFT JOIN res_partner partner ON partner.id = contact.commercial_partner_id
             WHERE line.account_id IN %(accounts)s AND line.parent_state = 'posted'
               AND line.company_id IN %(companies)s
               AND line.date > %(since)s AND line.date <= %(as_of)s AND %(kept)s
            """,
            section=section,
            sign=sign,
            balance=balance,
            accounts=scope.bad_debt_ids[section],
            companies=scope.company_ids,
            since=since,
            as_of=scope.as_of,
            kept=scope.kept(SQL("partner"), SQL("line.currency_id")),
        )
        for section, sign, since in (
            ("losses", 1, scope.year_ago),
            ("doubtful", 1, "1900-01-01"),
            ("provision", -1, "1900-01-01"),
        )
    ]
    return SQL(" UNION ALL ").join(parts)


def _vat_back(scope):
    """Return the VAT to recover on unpaid invoices; the list behind it: ``Scope.vat_domain``."""
    return SQL(
        """
        SELECT 'vat_back', '', sum(%(amount)s), count(*)
          FROM account_dunning_vat_relief relief
          JOIN res_partner partner ON partner.id = relief.partner_id
          LEFT JOIN account_move entry ON entry.id = relief.entry_id
         WHERE (relief.state IN %(states)s OR relief.state = 'booked' AND entry.date > %(as_of)s)
           AND relief.event_date <= %(as_of)s
           AND relief.company_id IN %(companies)s AND %(kept)s
        """,
        amount=scope.converted(SQL("relief.amount_vat"), "relief"),
        states=VAT_TO_GET_BACK,
        as_of=scope.as_of,
        companies=scope.company_ids,
        kept=scope.kept(SQL("partner"), None),
    )


def _cases(scope):
    """Return the open court files by stage, with what is left of their items today."""
    return SQL(
        """
        SELECT 'cases', file.state, sum(%(residual)s), count(DISTINCT file.id)
          FROM account_dunning_case file
          JOIN res_partner partner ON partner.id = file.partner_id
          LEFT JOIN account_dunning_case_item item ON item.case_id = file.id
          LEFT JOIN account_move_line line ON line.id = item.move_line_id
         WHERE file.state <> 'closed' AND file.company_id IN %(creditors)s AND %(kept)s
         GROUP BY file.state
        """,
        residual=scope.converted(SQL("line.amount_residual"), "line"),
        creditors=scope.creditor_ids,
        kept=scope.kept(SQL("partner"), SQL("line.currency_id")),
    )


# -- What is requested on its own -----------------------------------------------------------------


def steps(scope):
    """Return, by level and channels, what the notices claimed and what was received soon after.

    Collected on an item: what is received within ``ACT_DAYS`` days of the notice and before the
    next notice that claims the item, at most what was claimed; each receipt is attributed to the
    last notice before it. Notices of the last days are left out: their time is not over. Rows:
    level id, the four channels, amount claimed, amount collected, number of notices.
    """
    return SQL(
        """
        WITH claim AS MATERIALIZED (%(claim)s),
        receipt AS (%(receipt)s),
        collected AS (%(received)s),
        message AS (
            SELECT notice_id, sum(claimed) AS claimed FROM claim GROUP BY notice_id
        )
        SELECT notice.level_id, notice.send_email, notice.send_letter, notice.send_registered,
               notice.make_call, sum(%(claimed)s), sum(%(collected)s), count(*)
          FROM message
          JOIN account_dunning_notice notice ON notice.id = message.notice_id
          JOIN account_dunning_level level ON level.id = notice.level_id
          LEFT JOIN collected ON collected.notice_id = message.notice_id
         WHERE notice.date <= %(judged)s
         GROUP BY level.rank, 1, 2, 3, 4, 5
         ORDER BY level.rank, 1, 2, 3, 4, 5
        """,
        claim=_claim(scope),
        receipt=_receipt(scope),
        received=_collected(scope),
        judged=scope.judged,
        claimed=scope.converted(SQL("message.claimed"), "notice"),
        collected=scope.converted(SQL("COALESCE(collected.amount, 0)"), "notice"),
    )


def _claim(scope):
    """The items claimed in the notices of the year."""
    return SQL(
        """
        SELECT line.id, line.move_line_id, line.cycle, line.notice_id, notice.date,
               line.amount_due_company AS claimed
          FROM account_dunning_notice notice
          JOIN account_dunning_notice_line line ON line.notice_id = notice.id AND line.claimed
          LEFT JOIN res_partner partner ON partner.id = notice.partner_id
         WHERE notice.state = 'sent' AND notice.has_left AND notice.company_id IN %(creditors)s
           AND notice.date > %(since)s AND notice.date <= %(as_of)s AND %(kept)s
        """,
        creditors=scope.creditor_ids,
        since=scope.year_ago,
        as_of=scope.as_of,
        kept=scope.kept(SQL("partner"), SQL("line.currency_id")),
    )


def _receipt(scope):
    """The reconciliations of these items, each with the last notice before it."""
    return SQL(
        """
        SELECT DISTINCT ON (partial.id, claim.cycle)
               partial.credit_move_id, partial.amount, partial.max_date,
               claim.id, claim.notice_id, claim.date, claim.claimed
          FROM account_partial_reconcile partial
          JOIN claim ON claim.move_line_id = partial.debit_move_id
           AND claim.date <= partial.max_date
         WHERE partial.max_date > %(since)s AND partial.max_date <= %(as_of)s
         ORDER BY partial.id, claim.cycle, claim.date DESC, claim.notice_id DESC
        """,
        since=scope.year_ago,
        as_of=scope.as_of,
    )


def _collected(scope):
    """The money received in time after each notice, at most what it claimed for each item."""
    return SQL(
        """
        SELECT notice_id, sum(amount) AS amount
          FROM (
            SELECT receipt.notice_id, LEAST(receipt.claimed, sum(receipt.amount)) AS amount
              FROM receipt
              CROSS JOIN LATERAL (
                SELECT journal_id FROM account_move_line
                 WHERE id = receipt.credit_move_id OFFSET 0
              ) credit
             WHERE receipt.max_date <= receipt.date + %(days)s
               AND credit.journal_id IN %(journals)s
             GROUP BY receipt.id, receipt.notice_id, receipt.claimed
          ) item
         GROUP BY notice_id
        """,
        days=ACT_DAYS,
        journals=scope.money_journal_ids,
    )


def penalties_waived(scope):
    """Return the waived penalties by currency: interest in that currency, indemnity in euros.

    Rows: currency id, interest, indemnity.
    """
    return SQL(
        """
        SELECT penalty.currency_id,
               sum(penalty.waived_interest) FILTER (WHERE penalty.waived_interest > 0),
               sum(penalty.waived_indemnity) FILTER (WHERE penalty.waived_indemnity > 0)
          FROM account_dunning_penalty penalty
          LEFT JOIN res_partner partner ON partner.id = penalty.partner_id
         WHERE penalty.company_id IN %(creditors)s AND %(kept)s
           AND (penalty.waived_interest > 0 OR penalty.waived_indemnity > 0)
         GROUP BY penalty.currency_id
        """,
        creditors=scope.creditor_ids,
        kept=scope.kept(SQL("partner"), SQL("penalty.currency_id")),
    )


def penalties_claimed(scope):
    """Return the penalties posted up to the day, and how much of them was received by then."""
    return SQL("SELECT sum(claimed), sum(received) FROM (%s) claim", _claims(scope))


def claims_by_item(scope, name):
    """Return the items that ``penalties_claimed`` sums up: ``(move_line_id, amount)``.

    :param str name: ``claimed`` or ``received``
    """
    column = SQL({"claimed": "claimed", "received": "received"}[name])
    return SQL(
        "SELECT move_line_id, %(column)s AS amount FROM (%(claims)s) claim WHERE %(column)s <> 0",
        column=column,
        claims=_claims(scope),
    )


def _claims(scope):
    """The items of penalties posted up to the day, and how much of each was received by then."""
    return SQL(
        """
        SELECT line.id AS move_line_id, %(balance)s AS claimed, %(received)s AS received
          FROM account_move_line line
          JOIN account_dunning_penalty penalty ON penalty.id = line.dunning_penalty_id
          JOIN res_partner partner ON partner.id = penalty.partner_id
          LEFT JOIN LATERAL (
            SELECT sum(partial.amount) AS amount
              FROM account_partial_reconcile partial
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
               AND credit.journal_id IN %(journals)s
             WHERE partial.debit_move_id = line.id AND partial.max_date <= %(as_of)s
          ) matched ON TRUE
         WHERE line.dunning_penalty_id IS NOT NULL AND line.parent_state = 'posted'
           AND line.date <= %(as_of)s AND line.company_id IN %(companies)s AND %(kept)s
        """,
        balance=scope.converted(SQL("line.balance"), "line"),
        received=scope.converted(SQL("COALESCE(matched.amount, 0)"), "line"),
        journals=scope.money_journal_ids,
        as_of=scope.as_of,
        companies=scope.company_ids,
        kept=scope.kept(SQL("partner"), SQL("penalty.currency_id")),
    )
