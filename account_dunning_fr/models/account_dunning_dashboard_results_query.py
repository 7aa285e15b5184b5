"""What the reminders and the penalties brought in, as set-based queries."""

from odoo.tools import SQL

from .account_dunning_dashboard_query import converted, kept

STEP_DAYS = 15  # what comes later than this after a message is not put down to it


def steps(scope):
    """Return, by level and channels, what each message claimed and what it brought in.

    What was collected on an item within ``STEP_DAYS`` days of the message, and before the next one
    that claims it, at most what was claimed. Rows: level id, the four channels, amount claimed,
    amount collected, number of messages.
    """
    return SQL(
        """
        WITH step AS (
            SELECT line.id, line.move_line_id, notice.id AS notice_id, notice.level_id,
                   notice.send_email, notice.send_letter, notice.send_registered, notice.make_call,
                   notice.date, notice.company_id, line.amount_due_company AS claimed,
                   LEAST(%(as_of)s + 1, notice.date + %(days)s + 1,
                         lead(notice.date) OVER (
                             PARTITION BY line.move_line_id, line.cycle
                             ORDER BY notice.date, notice.id)) AS before
              FROM account_dunning_notice notice
              JOIN account_dunning_notice_line line ON line.notice_id = notice.id AND line.claimed
              JOIN res_partner partner ON partner.id = notice.partner_id
             WHERE notice.state = 'sent' AND notice.company_id IN %(creditors)s
               AND notice.date > %(since)s AND notice.date <= %(as_of)s AND %(kept)s
        ), received AS (
            SELECT step.id, sum(partial.amount) AS amount
              FROM step
              JOIN account_partial_reconcile partial ON partial.debit_move_id = step.move_line_id
               AND partial.max_date >= step.date AND partial.max_date < step.before
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
               AND credit.journal_id IN %(journals)s
             GROUP BY step.id
        )
        SELECT step.level_id, step.send_email, step.send_letter, step.send_registered,
               step.make_call, sum(%(claimed)s), sum(%(collected)s),
               count(DISTINCT step.notice_id)
          FROM step
          JOIN account_dunning_level level ON level.id = step.level_id
          LEFT JOIN received ON received.id = step.id
         GROUP BY level.rank, 1, 2, 3, 4, 5
         ORDER BY level.rank, 1, 2, 3, 4, 5
        """,
        as_of=scope["as_of"],
        days=STEP_DAYS,
        creditors=scope["creditor_ids"],
        since=scope["year_ago"],
        kept=kept(scope, SQL("partner"), SQL("line.currency_id")),
        journals=scope["money_journal_ids"],
        claimed=converted(scope, SQL("step.claimed"), "step"),
        collected=converted(
            scope, SQL("LEAST(step.claimed, COALESCE(received.amount, 0))"), "step"
        ),
    )


def penalties_computed(scope):
    """Return penalties computed and waived, by currency: interest, then indemnity in euros."""
    return SQL(
        """
        SELECT part.name, part.currency_id, sum(part.computed), sum(part.waived)
          FROM account_dunning_penalty penalty
          JOIN res_partner partner ON partner.id = penalty.partner_id
          CROSS JOIN LATERAL (VALUES
              ('interest', penalty.currency_id, penalty.interest,
               GREATEST(penalty.waived_interest, 0)),
              ('indemnity', %(euro)s, penalty.indemnity, GREATEST(penalty.waived_indemnity, 0))
          ) part (name, currency_id, computed, waived)
         WHERE penalty.company_id IN %(creditors)s AND %(kept)s
         GROUP BY 1, 2
        """,
        euro=scope["euro_id"],
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
