"""How each open item is decided, step by step: its next level, or why it waits.

Steps up to ``weighed`` are in the neighbouring modules; the package lists all of them in order.
"""

from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from . import credits, holds
from .items import decimal_places, item, of_partners


class PlanRow(NamedTuple):
    """What the plan says of one open item on its day.

    Amounts are floats, as the cursor returns them, in the item's currency unless the name ends in
    ``company``; ids are those of records, None for none.

    :param move_line_id: the item, of ``account.move.line``
    :param move_id: its entry
    :param move_name: the number of its entry, or the bank's label of a returned payment
    :param company_id: the company that booked it: the creditor or a branch
    :param partner_id: the customer (commercial partner) to write to
    :param currency_id: currency of the item
    :param cycle: how often it was settled and became unpaid again; the levels start anew
    :param invoice_date: date of the invoice, else of the entry
    :param due: its due date, else its own date
    :param total: original amount
    :param residual: amount open in the books; above zero
    :param residual_company: the same in the company's currency
    :param held_amount: part of ``residual`` that is on hold, and not claimed
    :param credit_amount: part of it that unallocated money covers, and is not claimed
    :param possible_amount: part of ``credit_amount`` covered by money that is only possibly a
        payment
    :param exclusion: why it is not a due item at all (``due.exclusion_sql``); None for a due item
    :param hold_id: the hold that stops it
    :param policy_id: the policy of its customer
    :param level_id: its present level
    :param next_level_id: the first level above it in the policy
    :param next_date: the earliest day on which that level is reached
    :param no_followup: whether its invoice is excluded from follow-up
    :param stop: what stops it: ``exclusion``, ``discount``, ``hold``, ``retention``, ``blocked``,
        ``no_followup``, ``no_policy``, ``possible``, ``in_payment``, ``covered``; None if nothing
        does
    :param overdue: whether its due date has passed
    :param reached: whether nothing stops it and its next level is reached
    :param final_role: ``claimed`` or ``info`` (listed apart) in today's notice, None for neither
    :param take_level_id: the level that it takes in that notice; None if it keeps its present one
    :param tone_level_id: the level of that notice
    :param due_amount: amount claimed, None unless ``claimed``
    :param due_company: the same in the company's currency
    :param reason: all that in one word: ``stop``, else ``minimum`` (below the policy's minimum),
        ``claimed``, ``info``, ``finished`` (no level above) or ``waiting``
    """

    move_line_id: int
    move_id: int
    move_name: str
    company_id: int
    partner_id: int
    currency_id: int
    cycle: int
    invoice_date: date
    due: date
    total: float
    residual: float
    residual_company: float
    held_amount: float
    credit_amount: float
    possible_amount: float
    exclusion: str | None
    hold_id: int | None
    policy_id: int | None
    level_id: int | None
    next_level_id: int | None
    next_date: date | None
    no_followup: bool
    stop: str | None
    overdue: bool
    reached: bool
    final_role: str | None
    take_level_id: int | None
    tone_level_id: int | None
    due_amount: float | None
    due_company: float | None
    reason: str

    def __getitem__(self, key):
        """Return a column by name as well: scripts of a shell read rows as they print them."""
        return getattr(self, key) if isinstance(key, str) else tuple.__getitem__(self, key)

    @property
    def left(self):
        """The amount that may be claimed: neither on hold nor covered, in the item's currency."""
        return self.residual - self.held_amount - self.credit_amount


COLUMNS = SQL(", ").join(map(SQL.identifier, PlanRow._fields))


class Assumed(NamedTuple):
    """What a plan of a future day assumes to have happened by then; used by the agenda.

    :param steps: ``(move_line_id, cycle, level_id, deadline)`` of the levels taken meanwhile
    :param contacts: ``(partner_id, day, is_courtesy)`` of the notices sent meanwhile
    :param ended: ids of the holds ended meanwhile
    """

    steps: list = []
    contacts: list = []
    ended: list = []


def build(scope, today):
    """Return the plan of one creditor: one row per open item, with the columns of ``PlanRow``.

    :param dict scope: ``creditor_id``, ``company_ids``, ``account_ids``, ``policy_id`` (the
        default, or None), ``default_choice_id`` (the policy of customers without a choice of their
        own, from a user-defined default), ``rule_ids`` (the rules that may choose another),
        ``partner_ids`` (commercial partners, or None for all of them), ``sent_days`` (minimum
        between the first sending of an invoice and its first reminder); what the customers' money
        needs: ``holdback_ids`` and ``advance_ids`` (accounts), ``currency_id``, ``root_id`` and
        ``zone`` (of the company); ``assumed`` (:class:`Assumed`); what was read in advance
        (``present.py``): ``present`` (:class:`Present`), ``items`` and ``money`` (``SQL``, or None
        to read the books)
    :param date today: the day of the plan
    """
    return SQL(
        """
        WITH item AS (%(item)s),
        %(parts)s,
        %(money)s,
        %(weighed)s,
        taken AS (%(taken)s),
        contact AS (%(contact)s),
        held AS (%(held)s),
        ladder AS (%(ladder)s),
        ruled AS (%(ruled)s),
        stepped AS (%(stepped)s),
        decided AS (%(decided)s),
        toned AS (%(toned)s),
        composed AS (%(composed)s)
        SELECT %(columns)s FROM (%(final)s) plan
        """,
        item=scope["items"] or item(scope),
        parts=holds.steps(scope, today),
        money=_money(scope),
        weighed=credits.weighed(scope),
        taken=taken(scope, today),
        contact=contact(scope, today),
        held=holds.held(scope, today),
        ladder=_ladder(),
        ruled=_ruled(scope, today),
        stepped=_stepped(scope, today),
        decided=_decided(today),
        toned=_toned(today),
        composed=_composed(scope),
        columns=COLUMNS,
        final=_final(),
    )


def _money(scope):
    """The CTEs from ``kept`` to ``cover``, from the money read in advance or the books."""
    if scope["money"] is None:
        return SQL("%s, %s", credits.steps(scope), credits.cover())
    return SQL("%s, %s", credits.read_before(scope), credits.cover(scope["present"].money))


def taken(scope, today):
    """The level an item took: the highest of its sent notices in the present cycle.

    The deadline of a notice that has not gone out yet never expires: nothing follows from it.
    """
    return SQL(
        """
        SELECT DISTINCT ON (line.move_line_id)
               line.move_line_id, level.id AS level_id, level.rank, level.kind, line.deadline
          FROM (
            SELECT line.move_line_id, line.cycle, line.level_id,
                   CASE WHEN notice.has_left THEN notice.deadline
                        ELSE GREATEST(notice.deadline, %s) END AS deadline
              FROM account_dunning_notice_line line
              JOIN account_dunning_notice notice ON notice.id = line.notice_id
             WHERE line.state = 'sent'
             %s
          ) line
          JOIN item ON item.move_line_id = line.move_line_id AND item.cycle = line.cycle
          JOIN account_dunning_level level ON level.id = line.level_id
         ORDER BY line.move_line_id, level.rank DESC, line.deadline DESC
        """,
        today,
        _unnest(scope["assumed"].steps, ("int", "int", "int", "date")),
    )


def contact(scope, today):
    """The last notice to each customer, and the last courtesy, which never counts for the interval.

    A courtesy only keeps claims from being sent on the same day. The interval counts from the day
    on which a notice went out; while it is underway, from today.
    """
    return SQL(
        """
        SELECT partner_id, max(reached) FILTER (WHERE NOT is_courtesy) AS last_on,
               max(reached) FILTER (WHERE is_courtesy) AS courtesy_on
          FROM (
            SELECT partner.commercial_partner_id AS partner_id,
                   CASE WHEN notice.has_left
                        THEN GREATEST(notice.date, notice.left_on)
                        ELSE GREATEST(notice.date, %s) END AS reached,
                   notice.kind = 'courtesy' AS is_courtesy
              FROM account_dunning_notice notice
              JOIN res_partner partner ON partner.id = notice.partner_id
             WHERE notice.company_id = %s AND notice.state = 'sent' AND %s
             %s
          ) message
         GROUP BY partner_id
        """,
        today,
        scope["creditor_id"],
        of_partners(scope, SQL("notice.partner_id")),
        _unnest(scope["assumed"].contacts, ("int", "date", "boolean")),
    )


def _unnest(rows, types):
    """Return SQL that adds these rows to a query with as many columns; nothing for none."""
    if not rows:
        return SQL()
    columns = [
        SQL("%s::%s[]", list(column), SQL(kind))
        for column, kind in zip(zip(*rows, strict=True), types, strict=True)
    ]
    return SQL("UNION ALL SELECT * FROM unnest(%s)", SQL(", ").join(columns))


def _ladder():
    """The first level of each policy above each rank; once past due, courtesies are skipped.

    A small table to join: looking up the level of each item would cost more than everything else.
    """
    return SQL(
        """
        SELECT DISTINCT ON (level.policy_id, present.rank, late.past_due)
               level.policy_id, present.rank AS after_rank, late.past_due,
               level.id, level.rank, level.kind, level.days
          FROM (SELECT -1 AS rank UNION SELECT rank FROM account_dunning_level) present
         CROSS JOIN (VALUES (TRUE), (FALSE)) late (past_due)
          JOIN account_dunning_level level ON level.active AND level.rank > present.rank
           AND NOT (late.past_due AND level.kind = 'courtesy')
         ORDER BY level.policy_id, present.rank, late.past_due, level.rank
        """
    )


def _ruled(scope, today):
    """Return the policy of each customer by the first matching rule: ``partner_id, policy_id``.

    The overdue amount is that of the books, before credits: a payment that waits to be allocated
    does not move the customer to another policy.
    """
    if not scope["rule_ids"]:
        return SQL("SELECT NULL::int AS partner_id, NULL::int AS policy_id WHERE FALSE")
    return SQL(
        """
        SELECT DISTINCT ON (customer.partner_id) customer.partner_id, rule.policy_id
          FROM (
            SELECT partner_id,
                   COALESCE(sum(residual_company) FILTER (WHERE due < %(today)s), 0) AS overdue
              FROM item GROUP BY partner_id
          ) customer
          JOIN res_partner partner ON partner.id = customer.partner_id
          JOIN account_dunning_rule rule
            ON (rule.regime IS NULL OR rule.regime = partner.dunning_regime)
           AND (rule.profile IS NULL OR rule.profile = COALESCE(
                    partner.dunning_profile,
                    CASE partner.dunning_regime WHEN 'b2g' THEN 'public'
                                                WHEN 'b2c' THEN 'consumer' END))
           AND (rule.industry_id IS NULL OR rule.industry_id = partner.industry_id)
           AND customer.overdue >= COALESCE(rule.amount_min, 0)
           AND (COALESCE(rule.amount_max, 0) = 0 OR customer.overdue < rule.amount_max)
         WHERE rule.id IN %(rules)s
         ORDER BY customer.partner_id, rule.sequence, rule.id
        """,
        today=today,
        rules=scope["rule_ids"],
    )


# The level of an item: the one it took, or a higher start level.
PRESENT = SQL(
    """
    CROSS JOIN LATERAL (
        SELECT start.rank > COALESCE(taken.rank, -1) AS by_start
    ) origin
    CROSS JOIN LATERAL (
        SELECT CASE WHEN by_start THEN start.id ELSE taken.level_id END AS level_id,
               CASE WHEN by_start THEN start.rank ELSE taken.rank END AS rank,
               CASE WHEN by_start THEN start.kind ELSE taken.kind END AS kind,
               CASE WHEN by_start THEN NULL ELSE taken.deadline END AS deadline
    ) present
    """
)


def _stepped(scope, today):
    """The present level of each item, and the first level above it in the customer's policy."""
    return SQL(
        """
        SELECT item.*, held.hold_id, held.date_until AS held_until, contact.last_on,
               discounted.move_line_id IS NOT NULL AS has_discount,
               policy.id AS policy_id, policy.min_amount,
               present.level_id, present.rank AS level_rank, present.kind AS level_kind,
               next.id AS next_level_id, next.rank AS next_rank, next.kind AS next_kind,
               CASE WHEN next.id IS NOT NULL THEN GREATEST(
                   -- Where the e-invoice was rejected at first, not before the customer had it.
                   GREATEST(item.due, item.received_on) + next.days,
                   contact.last_on + policy.min_interval,
                   present.deadline + 1,
                   -- The bank of who pays by direct debit has its days to return it.
                   CASE WHEN next.kind <> 'courtesy' AND partner.dunning_pay_mode = 'debit'
                             AND item.returned_on IS NULL THEN item.due + policy.debit_days + 1 END,
                   CASE WHEN next.kind <> 'courtesy' THEN contact.courtesy_on + 1 END,
                   CASE WHEN COALESCE(present.kind, 'courtesy') = 'courtesy'
                             AND next.kind <> 'courtesy' THEN item.sent_on + %(sent_days)s END
               ) END AS next_date
          FROM weighed item
          JOIN res_partner partner ON partner.id = item.partner_id
          LEFT JOIN held ON held.move_line_id = item.move_line_id
          LEFT JOIN discounted ON discounted.move_line_id = item.move_line_id
          LEFT JOIN contact ON contact.partner_id = item.partner_id
          LEFT JOIN account_dunning_policy chosen
            -- A choice equal to the default is not stored; a choice of none is, as null.
            ON chosen.id = CASE WHEN partner.dunning_policy_id ? %(creditor_key)s
                           THEN (partner.dunning_policy_id ->> %(creditor_key)s)::int
                           ELSE %(default_choice_id)s END
           AND chosen.active
          LEFT JOIN ruled ON ruled.partner_id = item.partner_id
          LEFT JOIN account_dunning_policy policy
            ON policy.id = COALESCE(chosen.id, ruled.policy_id, %(policy_id)s) AND policy.active
          LEFT JOIN taken ON taken.move_line_id = item.move_line_id
          LEFT JOIN account_dunning_level start ON start.id = item.dunning_start_level_id
          %(present)s
          LEFT JOIN ladder next
            ON next.policy_id = policy.id AND next.after_rank = COALESCE(present.rank, -1)
           AND next.past_due = (item.due < %(today)s)
        OFFSET 0
        """,
        present=PRESENT,
        creditor_key=str(scope["creditor_id"]),
        default_choice_id=scope["default_choice_id"],
        policy_id=scope["policy_id"],
        sent_days=scope["sent_days"],
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
                       WHEN exclusion IS NOT NULL THEN exclusion
                       WHEN has_discount THEN 'discount'
                       WHEN hold_id IS NOT NULL THEN 'hold'
                       WHEN held_amount >= residual THEN 'retention'
                       WHEN payment_state = 'blocked' THEN 'blocked'
                       WHEN no_followup THEN 'no_followup'
                       -- Something is left to claim; otherwise, what covers the item.
                       WHEN credit_amount < residual - held_amount THEN CASE
                           WHEN policy_id IS NULL THEN 'no_policy' END
                       WHEN possible_amount > 0 THEN 'possible'
                       WHEN payment_state = 'in_payment' THEN 'in_payment'
                       ELSE 'covered'
                   END AS stop
              FROM stepped
            OFFSET 0
          ) item
        OFFSET 0
        """,
        today=today,
    )


def _toned(today):
    """One notice per customer, in the tone of the highest level reached.

    A courtesy is only sent if nothing overdue is claimed, on a day without another notice, and not
    to a customer with an unpaid formal notice.
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


def _composed(scope):
    """The content of the notice, and the level each item takes in it."""
    return SQL(
        """
        SELECT item.*,
               -- A grave notice lifts what it claims to its own level, others one step each.
               CASE WHEN item.role = 'claimed' THEN CASE
                    WHEN is_grave
                        THEN CASE WHEN COALESCE(level_rank, -1) < tone_rank THEN tone_level_id END
                    WHEN reached THEN next_level_id
               END END AS take_level_id,
               CASE WHEN item.role = 'claimed' THEN residual - held_amount - credit_amount
               END AS due_amount,
               CASE WHEN item.role = 'claimed' THEN
                    round(residual_company * (residual - held_amount - credit_amount)
                          / residual, %(places)s)
               END AS due_company
          FROM (
            SELECT toned.*, CASE
                       WHEN stop IS NOT NULL THEN NULL
                       -- Nothing overdue is claimed: at most a courtesy.
                       WHEN claim_rank IS NULL THEN CASE
                           WHEN reached AND NOT overdue AND NOT COALESCE(under_formal_notice, FALSE)
                                AND NOT COALESCE(written_today, FALSE) THEN 'claimed' END
                       WHEN NOT overdue THEN NULL
                       -- A grave notice claims what reaches its kind today or was reminded
                       -- before; it only lists the rest.
                       WHEN grave.is_grave AND NOT (
                           (reached AND next_kind = tone_level.kind)
                           OR COALESCE(level_kind, 'courtesy') <> 'courtesy'
                       ) THEN 'info'
                       ELSE 'claimed'
                   END AS role,
                   tone_level.id AS tone_level_id, tone_level.rank AS tone_rank, grave.is_grave
              FROM toned
              LEFT JOIN account_dunning_level tone_level
                ON tone_level.policy_id = toned.policy_id AND tone_level.active
               AND tone_level.rank = COALESCE(claim_rank, soft_rank)
              LEFT JOIN LATERAL (
                SELECT tone_level.kind IN ('registered', 'formal_notice') AS is_grave
              ) grave ON TRUE
            OFFSET 0
          ) item
        """,
        places=decimal_places(scope),
    )


def _final():
    """Drop the customers below the policy's minimum, and name the reason of each item."""
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
            -- Composed once: the planner would compute it anew wherever it is named.
            SELECT composed.*,
                   COALESCE(sum(due_company) OVER (PARTITION BY partner_id), 0)
                       < COALESCE(min_amount, 0) AS below
              FROM composed
          ) item
        """
    )
