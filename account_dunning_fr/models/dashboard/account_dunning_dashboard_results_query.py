"""What the reminders and the penalties brought in, as set-based queries."""

from odoo.tools import SQL

from .account_dunning_dashboard_filters import converted, kept

STEP_DAYS = 15  # what comes later than this after a message is not put down to it


def steps(scope):
    """Return, by level and channels, what each message claimed and what it brought in.

    What was collected on an item within ``STEP_DAYS`` days of the message, and before the next one
    that claims it, at most what was claimed: each receipt goes to the last message before it. Rows:
    level id, the four channels, amount claimed, amount collected, number of messages.
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
         GROUP BY level.rank, 1, 2, 3, 4, 5
         ORDER BY level.rank, 1, 2, 3, 4, 5
        """,
        claim=_claim(scope),
        receipt=_receipt(scope),
        received=_collected(scope),
        claimed=converted(scope, SQL("message.claimed"), "notice"),
        collected=converted(scope, SQL("COALESCE(collected.amount, 0)"), "notice"),
    )


def _claim(scope):
    """The items claimed in the messages of the year."""
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
        creditors=scope["creditor_ids"],
        since=scope["year_ago"],
        as_of=scope["as_of"],
        kept=kept(scope, SQL("partner"), SQL("line.currency_id")),
    )


def _receipt(scope):
    """The reconciliations of these items, each with the last message before it."""
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
        since=scope["year_ago"],
        as_of=scope["as_of"],
    )


def _collected(scope):
    """The money received in time after each message, at most what it claimed of each item."""
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
        days=STEP_DAYS,
        journals=scope["money_journal_ids"],
    )


def penalties_computed(scope):
    """Return penalties computed and waived by currency: the interest in it, the indemnity in euros.

    Rows: currency id, interest, waived interest, indemnity, waived indemnity.
    """
    return SQL(
        """
        SELECT penalty.currency_id, sum(penalty.interest),
               sum(penalty.waived_interest) FILTER (WHERE penalty.waived_interest > 0),
               sum(penalty.indemnity),
               sum(penalty.waived_indemnity) FILTER (WHERE penalty.waived_indemnity > 0)
          FROM account_dunning_penalty penalty
          LEFT JOIN res_partner partner ON partner.id = penalty.partner_id
         WHERE penalty.company_id IN %(creditors)s AND %(kept)s
         GROUP BY penalty.currency_id
        """,
        creditors=scope["creditor_ids"],
        kept=kept(scope, SQL("partner"), SQL("penalty.currency_id")),
    )


def penalties_claimed(scope):
    """Return the penalties posted up to the day, and what of them was still open on it."""
    return SQL(
        """
        SELECT sum(%(balance)s), sum(%(received)s)
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
        balance=converted(scope, SQL("line.balance"), "line"),
        received=converted(scope, SQL("COALESCE(matched.amount, 0)"), "line"),
        journals=scope["money_journal_ids"],
        as_of=scope["as_of"],
        companies=scope["company_ids"],
        kept=kept(scope, SQL("partner"), SQL("penalty.currency_id")),
    )
