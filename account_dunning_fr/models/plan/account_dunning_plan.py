from contextlib import nullcontext

from odoo import api, models
from odoo.tools import SQL, format_amount, format_date

from ...core.money import to_decimal
from ..common.ledger_query import interpret, over_the_ledger, owe_many
from .query import Assumed, CustomerRow, PlanRow, Present, build, by_customer
from .query.credits import WAITING_COLUMNS, money, steps, waiting
from .query.items import item
from .query.present import ITEM_COLUMNS, as_rows, look
from .query.waiting_money import surely_waits

NAMED_CREDITS = 3
# Temporary tables of all customers' open items and money while the plan runs.
ITEMS, MONEY = SQL("dunning_item"), SQL("dunning_money")


class AccountDunningPlan(models.AbstractModel):
    """Which item reaches which level today, and why others do not; read only.

    ``_simulate(creditor)`` answers "what would be sent today?". ``account.dunning.notice.draft``
    brings the notices in line with it, and the gate before each sending asks it again for one
    customer, so that all three agree.

    One query (``query.build``) decides every open item of a creditor; nothing runs per item.
    """

    _name = "account.dunning.plan"
    _description = "Dunning Plan"

    # -- The plan --------------------------------------------------------------------------------

    @api.model
    def _get_scope(self, creditor, partners=None):
        """Return the values that bound the plan query.

        :param creditor: ``res.company`` in whose name customers are chased
        :param partners: commercial partners, or None for all customers
        :return: dict as ``query.build`` takes it; ``few``: the items of these customers were read
            before the query; ``owes``: False if these customers have no open item; for a look at a
            past day, never for a plan: ``held_on``, the day of which the holds count, and
            ``open_on``, the day on which the items were open
        """
        companies = creditor._get_dunning_companies()
        return {
            "creditor_id": creditor.id,
            "zone": creditor.sudo()._get_dunning_timezone(),
            # None: it was archived, or another company has become the creditor since.
            "company_ids": companies.ids or [0],
            **self.env["account.move.line"]._get_dunning_account_ids(companies),
            "currency_id": creditor.currency_id.id,
            "root_id": creditor.root_id.id,
            "policy_id": creditor._get_dunning_policy().id or None,
            "rule_ids": tuple(self.env["account.dunning.rule"]._get_applicable(creditor).ids),
            "default_choice_id": self.env["res.partner"]._get_dunning_default_choice(creditor),
            "sent_days": creditor.sudo().dunning_sent_days,
            "partner_ids": None if partners is None else partners.commercial_partner_id.ids,
            "assumed": Assumed(),
            "present": Present(),
            "items": None,
            "money": None,
            "held_on": None,
            "open_on": None,
            "few": False,
            "owes": True,
        }

    @api.model
    def _get_query(self, scope, today):
        """Return the query of a plan, and the context in which it runs: its reach.

        :param dict scope: scope of some customers (``_read_scope``) or all (``_read_scope_of_all``)
        :param date today: the day of the plan
        :return: ``SQL`` selecting the columns of ``PlanRow``, and a context manager
        """
        reach = nullcontext() if scope["few"] else over_the_ledger(self.env.cr)
        return build(scope, today), reach

    @api.model
    def _begin_scope(self, creditor, partners=None):
        """Return the scope of a plan before any query, after flushing what it reads."""
        self.env.flush_all()
        interpret(self.env.cr)
        return self._get_scope(creditor, partners)

    @api.model
    def _prepare_scope(self, creditor, partners=None, assumed=None):
        """Return the scope of a plan, after finding out what there is for these customers.

        The items of many customers are not read in advance: PostgreSQL holds them better itself.
        """
        scope = self._begin_scope(creditor, partners)
        if assumed:
            scope["assumed"] = assumed
        few = partners is not None and not owe_many(self.env.cr, partners)
        self.env.cr.execute(look(scope, few))
        items, *present = self.env.cr.fetchone()
        scope["present"] = Present(*present)
        if few:
            scope["few"], scope["owes"] = True, items is not None
            scope["items"] = as_rows(items, ITEM_COLUMNS)
        return scope

    @api.model
    def _read_waiting(self, scope):
        """Read the money of the customers whose items were read in advance."""
        if not scope["few"]:
            return
        query = SQL("SELECT json_agg(waiting)::text FROM (%s) waiting", waiting(scope))
        [(money,)] = self.env.execute_query(query)
        scope["present"] = scope["present"]._replace(money=money is not None)
        scope["money"] = as_rows(money, WAITING_COLUMNS)

    @api.model
    def _read_scope(self, creditor, partners):
        """Return the scope of the plan of some customers, with what was read of them in advance."""
        scope = self._prepare_scope(creditor, partners)
        self._read_waiting(scope)
        return scope

    @api.model
    def _read_scope_of_all(self, creditor):
        """Return the scope of the plan of all customers, with items and money in temporary tables.

        ``ITEMS`` and ``MONEY`` are read once, and PostgreSQL knows their size. In one long query it
        would overestimate every step, and sort where it should hash.
        """
        scope = self._begin_scope(creditor)
        with over_the_ledger(self.env.cr):
            scope["items"] = self._keep_rows(ITEMS, item(scope))
            self._look_around(scope)
            scope["money"] = self._keep_rows(MONEY, waiting(scope))
            [(found,)] = self.env.execute_query(SQL("SELECT EXISTS (%s)", scope["money"]))
            scope["present"] = scope["present"]._replace(money=found)
        return scope

    @api.model
    def _look_around(self, scope):
        """Find out which steps of the plan can find something, without reading any item."""
        self.env.cr.execute(look(scope, False))
        scope["present"] = Present(*self.env.cr.fetchone()[1:])

    @api.model
    def _read_sure_money(self, scope):
        """Read the money that is surely some customers' and is not set against an item.

        Of most of them none waits, and the query of all that may is so long that PostgreSQL takes
        ten times as long to plan as to answer it: penalties, promises and payment plans ask for it
        each day, one customer after the other. So a look tells first whether there may be any.

        :param dict scope: as ``_begin_scope`` returns it
        :return: list of dicts, the columns of ``credits.money``, the oldest first
        """
        [(waits,)] = self.env.execute_query(surely_waits(scope))
        if not waits:
            return []
        self._look_around(scope)
        self.env.cr.execute(
            SQL(
                "SELECT * FROM (%s) source ORDER BY on_date, move_id, kind, source_id", money(scope)
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _keep_rows(self, table, query):
        """Store the rows of a query in a temporary table, and return a query of that table."""
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        cr.execute(SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, query))
        cr.execute(SQL("ANALYZE %s", table))
        return SQL("(SELECT * FROM %s)", table)

    @api.model
    def _simulate(self, creditor, today=None, partners=None, assumed=None):
        """Return what the plan says of each open item: a list of ``PlanRow``.

        :param creditor: ``res.company``
        :param date today: the day of the plan; today by default
        :param partners: only these customers
        :param assumed: ``query.Assumed``: what is assumed to happen before a future day; nothing by
            default
        """
        today = today or creditor._get_dunning_today()
        return list(map(PlanRow._make, self._ask(creditor, today, partners, assumed)))

    @api.model
    def _simulate_customers(self, creditor, today, partners=None, assumed=None, left_out=()):
        """Return what the plan says of each customer who owes something: a list of ``CustomerRow``.

        :param left_out: ids of the items that a person left out of the notice
        """

        def sum_up(plan):
            return by_customer(plan, today, list(left_out))

        return list(map(CustomerRow._make, self._ask(creditor, today, partners, assumed, sum_up)))

    @api.model
    def _ask(self, creditor, today, partners, assumed, sum_up=None):
        """Return the rows of the plan of a day; the arguments are those of ``_simulate``.

        :param sum_up: function that turns the query of the plan into the one to run; by default the
            query itself runs
        """
        scope = self._prepare_scope(creditor, partners, assumed)
        if not scope["owes"]:
            return []
        self._read_waiting(scope)
        query, reach = self._get_query(scope, today)
        with reach:
            self.env.cr.execute(sum_up(query) if sum_up else query)
            return self.env.cr.fetchall()

    # -- Why: the row of an item as a sentence for the user ----------------------------------------

    @api.model
    def _find_confirmed(self, rows):
        """Hook: return the ids of the items whose step of today a person already confirmed.

        Filled by the room that prepares the notices; asked once for all the rows of a page.

        :param rows: ``PlanRow``
        :rtype: set
        """
        return set()

    @api.model
    def _explain(self, creditor, row, confirmed=False):
        """Return in one sentence what happens next with an item, or why nothing does.

        :param creditor: ``res.company`` of the plan
        :param row: ``PlanRow``
        :param bool confirmed: whether a person confirmed this step (``_find_confirmed``)
        """
        sentence = self._explain_stop(creditor, row) or self._explain_step(row, confirmed)
        return sentence if row.stop else self._add_unclaimed(sentence, row)

    @api.model
    def _add_unclaimed(self, sentence, row):
        """Add to the sentence which parts of the item are not claimed."""
        currency = self.env["res.currency"].browse(row.currency_id)
        if row.held_amount:
            amount = format_amount(self.env, float(row.held_amount), currency)
            sentence = self.env._(
                "%(sentence)s (%(amount)s disputed, not claimed)", sentence=sentence, amount=amount
            )
        if row.possible_amount:
            amount = format_amount(self.env, float(row.possible_amount), currency)
            sentence = self.env._(
                "%(sentence)s (%(amount)s not claimed: money that may be its payment)",
                sentence=sentence,
                amount=amount,
            )
        return sentence

    @api.model
    def _explain_stop(self, creditor, row):
        if row.stop == "hold":
            return self.env["account.dunning.hold"].sudo().browse(row.hold_id)._get_sentence()
        if row.stop in ("covered", "possible"):
            return self._explain_credit(creditor, row)
        return {
            "blocked": self.env._("Not chased: the payment is blocked on the invoice."),
            "no_followup": self.env._(
                "Not chased: excluded from follow-up on the invoice (No Follow-Up)."
            ),
            "in_payment": self.env._("Not chased: a payment is in process."),
            "discount": self.env._(
                "Not chased: early-payment discount taken, to be booked. Post the discount granted "
                "to settle the invoice."
            ),
            "no_due_date": self.env._(
                "Not chased: without a due date. Write it on the journal item."
            ),
            "no_debt": self.env._(
                "Not chased: no debt of the customer, but a refund or money paid to him."
            ),
            "retention": self.env._(
                "Not chased: a retention of guarantee, until the works are accepted for good."
            ),
            "no_policy": self.env._(
                "Not chased: neither the customer nor the company has a dunning policy."
            ),
        }.get(row.stop)

    @api.model
    def _explain_credit(self, creditor, row):
        """Return which money covers the item, or may cover it."""
        partner = self.env["res.partner"].browse(row.partner_id)
        is_sure = row.stop == "covered"
        names = self._get_credit_names(creditor, partner, is_sure)
        if is_sure:
            return self.env._(
                "Not chased: covered by a credit or a payment not yet allocated (%s). Allocate it "
                "to the invoice.",
                names,
            )
        return self.env._(
            "Not chased for now: money that may be its payment is matched with nothing (%s). Match "
            "it, or say that it is not for these invoices.",
            names,
        )

    @api.model
    def _explain_step(self, row, confirmed):
        next_level = self.env["account.dunning.level"].sudo().browse(row.next_level_id)
        if row.reason == "minimum":
            return self.env._("Not chased: the total due is below the minimum of the policy.")
        if row.reason == "finished":
            return self.env._("All the levels of the policy were sent.")
        if row.reason == "claimed" and row.take_level_id:
            level = self.env["account.dunning.level"].sudo().browse(row.take_level_id)
            if not (level.automatic or confirmed):
                return self.env._(
                    "To be confirmed by a person since %(date)s: %(level)s",
                    date=format_date(self.env, row.next_date),
                    level=level.name,
                )
            return self.env._("To be sent today: %s", level.name)
        if row.reason in ("claimed", "info"):
            return self.env._("Mentioned in the message to be sent today, at its present level.")
        return self.env._(
            "Next step: %(level)s on %(date)s",
            level=next_level.name,
            date=format_date(self.env, row.next_date),
        )

    # -- Unallocated credits of a customer, by name ------------------------------------------------

    @api.model
    def _get_credit_names(self, creditor, partner, is_sure=True):
        """Return the credits and payments not yet allocated, by name and amount, for the user.

        :param creditor: ``res.company``
        :param partner: commercial partner
        :param bool is_sure: only those that are certainly the customer's; otherwise all of them,
            the uncertain ones first
        :rtype: str
        """
        columns = SQL("label, amount, currency_id")
        rest = SQL("AND (is_sure OR NOT %s) ORDER BY is_sure, on_date, source_id", is_sure)
        credits = self._read_money(creditor, partner, columns, rest)
        currencies = self.env["res.currency"]
        names = [
            f"{label} ({format_amount(self.env, float(amount), currencies.browse(currency_id))})"
            for label, amount, currency_id in credits[:NAMED_CREDITS]
        ]
        return ", ".join(names) + (", …" if len(credits) > NAMED_CREDITS else "")

    @api.model
    def _get_credit_value(self, creditor, partner):
        """Return the customer's unallocated money, in the company's currency.

        :rtype: ``Decimal``
        """
        [(value,)] = self._read_money(creditor, partner, SQL("COALESCE(sum(value), 0)"), SQL())
        return to_decimal(value, creditor.currency_id.rounding)

    @api.model
    def _read_money(self, creditor, partner, columns, rest):
        """Read the money of a customer as the plan does.

        :param SQL columns: columns of the step ``kept`` in ``query/credits.py``
        :param SQL rest: further conditions, order
        """
        scope = self._prepare_scope(creditor, partner)
        query = SQL(
            "WITH item AS (%s), %s SELECT %s FROM kept WHERE partner_id = %s AND amount > 0 %s",
            scope["items"] or item(scope),
            steps(scope),
            columns,
            partner.commercial_partner_id.id,
            rest,
        )
        return self.env.execute_query(query)
