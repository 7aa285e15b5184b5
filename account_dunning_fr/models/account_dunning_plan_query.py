"""The plan as one set-based query: every open item of a creditor, its next level and why (not).

Each function returns one step of the query. ``core.schedule``, ``core.composition`` and
``core.credits`` state the same rules in Python, item by item; the tests compare both.
"""

from odoo.tools import SQL


def build(scope, today):
    """Return the whole plan of one creditor.

    :param dict scope: ``creditor_id``, ``company_ids``, ``account_ids``, ``policy_id`` (the
        default, or None), ``partner_ids`` (commercial partners, or None for all of them)
    :param date today: the day of the plan
    :return: ``SQL`` selecting one row per open item; its columns are those of ``_decided`` and
        ``role`` (``claimed``, ``info`` or NULL), ``take_level_id``, ``tone_level_id``, ``reason``
    """
    return SQL(
        """
        WITH item AS (%(item)s),
        credit AS (%(credit)s),
        referred AS (%(referred)s),
        pool AS (%(pool)s),
        netted AS (%(netted)s),
        taken AS (%(taken)s),
        contact AS (%(contact)s),
        held AS (%(held)s),
        stepped AS (%(stepped)s),
        decided AS (%(decided)s),
        toned AS (%(toned)s),
        composed AS (%(composed)s)
        %(final)s
        """,
        item=_item(scope),
        credit=_credit(scope),
        referred=_referred(),
        pool=_pool(),
        netted=_netted(),
        taken=_taken(),
        contact=_contact(scope),
        held=_held(scope, today),
        stepped=_stepped(scope, today),
        decided=_decided(today),
        toned=_toned(today),
        composed=_composed(),
        final=_final(),
    )


def _of_partners(scope, column):
    if scope["partner_ids"] is None:
        return SQL("TRUE")
    return SQL(
        "%s IN (SELECT id FROM res_partner WHERE commercial_partner_id IN %s)",
        column,
        tuple(scope["partner_ids"]) or (0,),
    )


def _lines(scope):
    return SQL(
        """
        aml.account_id IN %s AND aml.reconciled IS NOT TRUE AND aml.parent_state = 'posted'
        AND aml.company_id IN %s AND aml.dunning_penalty_id IS NULL AND %s
        """,
        tuple(scope["account_ids"]) or (0,),
        tuple(scope["company_ids"]),
        _of_partners(scope, SQL("aml.partner_id")),
    )


def _item(scope):
    """Open items: what is due by instalment, never by invoice."""
    return SQL(
        """
        SELECT aml.id AS move_line_id, aml.move_id, aml.company_id, aml.currency_id,
               partner.commercial_partner_id AS partner_id, aml.date_maturity AS due,
               aml.amount_currency AS total,
               aml.amount_residual_currency AS residual, aml.amount_residual AS residual_company,
               COALESCE(aml.dunning_cycle, 0) AS cycle, aml.dunning_start_level_id,
               aml.no_followup, move.payment_state, move.name AS move_name,
               COALESCE(move.invoice_date, move.date) AS invoice_date
          FROM account_move_line aml
          JOIN account_move move ON move.id = aml.move_id
          JOIN res_partner partner ON partner.id = aml.partner_id
         WHERE %s AND aml.date_maturity IS NOT NULL AND aml.amount_residual_currency > 0
        """,
        _lines(scope),
    )


def _credit(scope):
    """Money of the customer not yet set against an item, and the invoice it refers to if any.

    Open credit notes and payments, payments in process that have no entry yet, and statement lines
    that wait for their reconciliation: nobody is chased for what he has paid.
    """
    one_invoice = SQL(
        """
        LEFT JOIN LATERAL (
            SELECT min(rel.invoice_id) AS move_id
              FROM account_move__account_payment rel
             WHERE rel.payment_id = payment.id
            HAVING count(*) = 1
        ) one ON TRUE
        """
    )
    return SQL(
        """
        SELECT partner_id, currency_id, move_id, sum(amount) AS amount
          FROM (
            SELECT partner.commercial_partner_id AS partner_id, aml.currency_id,
                   COALESCE(move.reversed_entry_id, one.move_id) AS move_id,
                   -aml.amount_residual_currency AS amount
              FROM account_move_line aml
              JOIN account_move move ON move.id = aml.move_id
              JOIN res_partner partner ON partner.id = aml.partner_id
              LEFT JOIN account_payment payment ON payment.id = aml.payment_id
              %(one_invoice)s
             WHERE %(lines)s AND aml.amount_residual_currency < 0
            UNION ALL
            SELECT partner.commercial_partner_id, payment.currency_id, one.move_id, payment.amount
              FROM account_payment payment
              JOIN res_partner partner ON partner.id = payment.partner_id
              %(one_invoice)s
             WHERE payment.state = 'in_process' AND payment.move_id IS NULL
               AND payment.payment_type = 'inbound' AND payment.partner_type = 'customer'
               AND payment.company_id IN %(company_ids)s AND %(of_payment)s
            UNION ALL
            SELECT partner.commercial_partner_id,
                   COALESCE(line.foreign_currency_id, line.currency_id), NULL,
                   round(abs(line.amount_residual)::numeric, 6)
              FROM account_bank_statement_line line
              JOIN account_move move ON move.id = line.move_id AND move.state = 'posted'
              JOIN res_partner partner ON partner.id = line.partner_id
             WHERE line.is_reconciled IS NOT TRUE AND line.amount > 0
               AND line.company_id IN %(company_ids)s AND %(of_statement)s
          ) source
         GROUP BY partner_id, currency_id, move_id
        """,
        one_invoice=one_invoice,
        lines=_lines(scope),
        company_ids=tuple(scope["company_ids"]),
        of_payment=_of_partners(scope, SQL("payment.partner_id")),
        of_statement=_of_partners(scope, SQL("line.partner_id")),
    )


def _running(amount, partition):
    """Sum of the items due before this one, in the order in which credits are imputed."""
    return SQL(
        """
        COALESCE(sum(%s) OVER (
            PARTITION BY %s ORDER BY due, item.move_line_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ), 0)
        """,
        amount,
        partition,
    )


def _referred():
    """A credit goes to the invoice it refers to first."""
    return SQL(
        """
        SELECT item.*,
               LEAST(residual, GREATEST(0, COALESCE(credit.amount, 0) - %s)) AS referred_amount
          FROM item
          LEFT JOIN credit ON credit.move_id = item.move_id
                          AND credit.currency_id = item.currency_id
                          AND credit.partner_id = item.partner_id
        """,
        _running(SQL("residual"), SQL("item.move_id, item.currency_id")),
    )


def _pool():
    """What is left of a customer's credits after the invoices they refer to."""
    return SQL(
        """
        SELECT total.partner_id, total.currency_id,
               total.amount - COALESCE(used.amount, 0) AS amount
          FROM (SELECT partner_id, currency_id, sum(amount) AS amount
                  FROM credit GROUP BY partner_id, currency_id) total
          LEFT JOIN (SELECT partner_id, currency_id, sum(referred_amount) AS amount
                       FROM referred GROUP BY partner_id, currency_id) used
            ON used.partner_id = total.partner_id AND used.currency_id = total.currency_id
        """
    )


def _netted():
    """The rest goes to the items that fell due first (C. civ. 1342-10)."""
    left = SQL("residual - referred_amount")
    return SQL(
        """
        SELECT item.*, referred_amount + LEAST(
                   %s, GREATEST(0, COALESCE(pool.amount, 0) - %s)
               ) AS credit_amount
          FROM referred item
          LEFT JOIN pool ON pool.partner_id = item.partner_id
                        AND pool.currency_id = item.currency_id
        """,
        left,
        _running(left, SQL("item.partner_id, item.currency_id")),
    )


def _taken():
    """The level an item took: the highest of its sent notices in the present cycle."""
    return SQL(
        """
        SELECT DISTINCT ON (line.move_line_id)
               line.move_line_id, level.id AS level_id, level.rank, level.kind, notice.deadline
          FROM account_dunning_notice_line line
          JOIN item ON item.move_line_id = line.move_line_id AND item.cycle = line.cycle
          JOIN account_dunning_level level ON level.id = line.level_id
          JOIN account_dunning_notice notice ON notice.id = line.notice_id
         WHERE line.state = 'sent'
         ORDER BY line.move_line_id, level.rank DESC, notice.deadline DESC
        """
    )


def _contact(scope):
    """The last message to each customer, and the last courtesy, which never counts in the interval.

    A courtesy only keeps what claims from leaving on its own day.
    """
    return SQL(
        """
        SELECT partner_id, max(date) FILTER (WHERE kind <> 'courtesy') AS last_on,
               max(date) FILTER (WHERE kind = 'courtesy') AS courtesy_on
          FROM account_dunning_notice
         WHERE company_id = %s AND state = 'sent'
         GROUP BY partner_id
        """,
        scope["creditor_id"],
    )


def _held(scope, today):
    """The hold that lasts longest, of those on the item, its invoice or its customer."""
    current = SQL(
        """
        hold.company_id = %s AND hold.released_on IS NULL AND hold.date_from <= %s
        AND (hold.date_until IS NULL OR hold.date_until >= %s)
        AND (hold.claims_before IS NULL OR item.invoice_date < hold.claims_before)
        """,
        scope["creditor_id"],
        today,
        today,
    )
    select = SQL("SELECT item.move_line_id, hold.id AS hold_id, hold.date_until FROM item")
    hold = SQL("JOIN account_dunning_hold hold")
    return SQL(
        """
        SELECT DISTINCT ON (move_line_id) move_line_id, hold_id, date_until
          FROM (
            %(select)s %(hold)s ON hold.move_line_id = item.move_line_id WHERE %(current)s
            UNION ALL
            %(select)s %(hold)s ON hold.move_id = item.move_id
                                AND hold.move_line_id IS NULL WHERE %(current)s
            UNION ALL
            %(select)s %(hold)s ON hold.partner_id = item.partner_id
                                AND hold.move_id IS NULL WHERE %(current)s
          ) hold
         ORDER BY move_line_id, date_until DESC NULLS FIRST, hold_id
        """,
        select=select,
        hold=hold,
        current=current,
    )


def _stepped(scope, today):
    """The present level of each item, and the first one above it in the customer's policy."""
    return SQL(
        """
        SELECT item.*, held.hold_id, held.date_until AS held_until, contact.last_on,
               policy.id AS policy_id, policy.min_amount,
               present.level_id, present.rank AS level_rank, present.kind AS level_kind,
               next.id AS next_level_id, next.rank AS next_rank, next.kind AS next_kind,
               CASE WHEN next.id IS NOT NULL THEN GREATEST(
                   item.due + next.days,
                   contact.last_on + policy.min_interval,
                   present.deadline + 1,
                   CASE WHEN next.kind <> 'courtesy' THEN contact.courtesy_on + 1 END
               ) END AS next_date
          FROM netted item
          JOIN res_partner partner ON partner.id = item.partner_id
          LEFT JOIN held ON held.move_line_id = item.move_line_id
          LEFT JOIN contact ON contact.partner_id = item.partner_id
          LEFT JOIN account_dunning_policy chosen
            ON chosen.id = (partner.dunning_policy_id ->> %(creditor_key)s)::int AND chosen.active
          LEFT JOIN account_dunning_policy policy
            ON policy.id = COALESCE(chosen.id, %(policy_id)s) AND policy.active
          LEFT JOIN taken ON taken.move_line_id = item.move_line_id
          LEFT JOIN account_dunning_level start ON start.id = item.dunning_start_level_id
          CROSS JOIN LATERAL (
            SELECT start.rank > COALESCE(taken.rank, -1) AS by_start
          ) origin
          CROSS JOIN LATERAL (
            SELECT CASE WHEN by_start THEN start.id ELSE taken.level_id END AS level_id,
                   CASE WHEN by_start THEN start.rank ELSE taken.rank END AS rank,
                   CASE WHEN by_start THEN start.kind ELSE taken.kind END AS kind,
                   CASE WHEN by_start THEN NULL ELSE taken.deadline END AS deadline
          ) present
          LEFT JOIN LATERAL (
            SELECT id, rank, kind, days FROM account_dunning_level level
             WHERE level.policy_id = policy.id AND level.active
               AND level.rank > COALESCE(present.rank, -1)
               AND (level.kind <> 'courtesy' OR item.due >= %(today)s)
             ORDER BY level.rank LIMIT 1
          ) next ON TRUE
        """,
        creditor_key=str(scope["creditor_id"]),
        policy_id=scope["policy_id"],
        today=today,
    )


def _decided(today):
    """What stops an item, whether it is overdue, and whether its next level is reached."""
    return SQL(
        """
        SELECT item.*, due < %(today)s AS overdue,
               stop IS NULL AND next_date <= %(today)s AS reached
          FROM (
            SELECT stepped.*, CASE
                       WHEN hold_id IS NOT NULL THEN 'hold'
                       WHEN payment_state = 'blocked' THEN 'blocked'
                       WHEN no_followup THEN 'no_followup'
                       WHEN payment_state = 'in_payment' THEN 'in_payment'
                       WHEN credit_amount >= residual THEN 'covered'
                       WHEN policy_id IS NULL THEN 'no_policy'
                   END AS stop
              FROM stepped
          ) item
        """,
        today=today,
    )


def _toned(today):
    """One message per customer: the highest level reached gives its tone.

    A courtesy leaves only when nothing overdue does, on a day without another message, and to a
    customer without an unpaid formal notice.
    """
    return SQL(
        """
        SELECT decided.*,
               max(next_rank) FILTER (WHERE reached AND overdue) OVER customer AS claim_rank,
               max(next_rank) FILTER (WHERE reached AND NOT overdue) OVER customer AS soft_rank,
               bool_or(level_kind = 'formal_notice' AND credit_amount < residual)
                   OVER customer AS under_formal_notice,
               last_on >= %(today)s AS written_today
          FROM decided
        WINDOW customer AS (PARTITION BY partner_id)
        """,
        today=today,
    )


def _composed():
    """What goes into the message, and the level each item takes in it."""
    return SQL(
        """
        SELECT item.*,
               CASE WHEN item.role = 'claimed' THEN CASE
                    WHEN tone.kind IN ('registered', 'formal_notice')
                        THEN CASE WHEN COALESCE(level_rank, -1) < tone.rank THEN tone.id END
                    WHEN reached THEN next_level_id
               END END AS take_level_id,
               CASE WHEN item.role = 'claimed' THEN residual - credit_amount END AS due_amount,
               CASE WHEN item.role = 'claimed' THEN
                    round(residual_company * (residual - credit_amount) / residual, 2)
               END AS due_company,
               tone.kind AS tone_kind
          FROM (
            SELECT toned.*, CASE
                       WHEN stop IS NOT NULL THEN NULL
                       WHEN claim_rank IS NULL THEN CASE
                           WHEN reached AND NOT overdue AND NOT COALESCE(under_formal_notice, FALSE)
                                AND NOT COALESCE(written_today, FALSE) THEN 'claimed' END
                       WHEN NOT overdue THEN NULL
                       WHEN grave.is_grave AND NOT (
                           (reached AND next_kind = tone_level.kind)
                           OR COALESCE(level_kind, 'courtesy') <> 'courtesy'
                       ) THEN 'info'
                       ELSE 'claimed'
                   END AS role,
                   tone_level.id AS tone_level_id
              FROM toned
              LEFT JOIN account_dunning_level tone_level
                ON tone_level.policy_id = toned.policy_id AND tone_level.active
               AND tone_level.rank = COALESCE(claim_rank, soft_rank)
              LEFT JOIN LATERAL (
                SELECT tone_level.kind IN ('registered', 'formal_notice') AS is_grave
              ) grave ON TRUE
          ) item
          LEFT JOIN account_dunning_level tone ON tone.id = item.tone_level_id
        """
    )


def _final():
    """Leave out the customers below the policy's minimum, and name the reason of each item."""
    return SQL(
        """
        SELECT item.*,
               CASE WHEN below THEN NULL ELSE role END AS final_role,
               CASE
                   WHEN stop IS NOT NULL THEN stop
                   WHEN below AND role IS NOT NULL THEN 'minimum'
                   WHEN role = 'claimed' THEN 'claimed'
                   WHEN role = 'info' THEN 'info'
                   WHEN next_level_id IS NULL THEN 'finished'
                   ELSE 'waiting'
               END AS reason
          FROM (
            SELECT composed.*,
                   COALESCE(sum(due_company) OVER (PARTITION BY partner_id), 0)
                       < COALESCE(min_amount, 0) AS below
              FROM composed
          ) item
        """
    )
