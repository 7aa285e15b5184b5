from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date

from ..common.creditors_day import creditors_day
from ..common.groups import check_sender
from ..common.notifications import RELOAD
from .query.credits import steps
from .query.items import decimal_places, item
from .query.waiting_money import KINDS

KIND_LABELS = [
    ("credit", "Credit on his account"),
    ("payment", "Payment in process"),
    ("bank", "Line of a bank statement"),
    ("advance", "Advance, or money to sort"),
    ("online", "Payment online"),
]


def open_source(money):
    """Return the action that opens the payment, the bank line or the entry that holds the money.

    :param money: one record with a ``kind`` and a ``source_id``
    """
    money.ensure_one()
    return money.env[KINDS[money.kind]].browse(money.source_id)._get_records_action()


class AccountDunningWaitingMoney(models.Model):
    """Money of customers with open items, not reconciled with any item: one row per source.

    These are the sources used by the plan itself: what stops a notice is listed here.
    """

    _name = "account.dunning.waiting.money"
    _description = "Money to Identify"
    _auto = False
    _order = "date, id"
    _rec_name = "label"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    kind = fields.Selection(KIND_LABELS, string="Where it is", readonly=True)
    source_id = fields.Integer(readonly=True)
    label = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_company = fields.Monetary(
        string="Amount (company currency)", currency_field="company_currency_id", readonly=True
    )
    is_sure = fields.Boolean(
        string="His payment",
        readonly=True,
        help="It is surely the customer's payment: what it covers is not claimed. What may only be "
        "his is not claimed either, until it is matched or said not to be for these invoices.",
    )
    to_identify = fields.Boolean(
        readonly=True,
        help="Nothing says yet which invoice it pays: match it, or say that it pays none.",
    )

    @property
    def _table_query(self):
        self.env.flush_all()
        plan = self.env["account.dunning.plan"].sudo()
        # A user of a branch alone works for its creditor, although he is not a user of that
        # company.
        chosen = self.env["res.company"].browse(self.env.context.get("allowed_company_ids"))
        allowed = self._get_own_companies(chosen)
        queries = [
            self._get_money_query(plan._get_scope(creditor) | {"company_ids": (allowed & mine).ids})
            for creditor in allowed.sudo().dunning_creditor_id
            if (mine := creditor._get_dunning_companies()) & allowed
        ]
        return SQL(" UNION ALL ").join(SQL("(%s)", query) for query in queries)

    @api.model
    def _get_own_companies(self, chosen):
        """Return those of the chosen companies (of all, if none) in which the user works.

        The superuser works in each of them. A user whose only company is a branch is not a user of
        its creditor.

        :param chosen: ``res.company`` records
        """
        if self.env.su:
            return chosen or self.env.companies
        return self.env.user.company_ids & (chosen or self.env.user.company_ids)

    @api.model
    def _get_money_query(self, scope):
        """Return the query of the sources of money of a creditor's customers, one row each."""
        numbers = SQL(" ").join(
            SQL("WHEN %s THEN %s", kind, number) for number, kind in enumerate(KINDS)
        )
        return SQL(
            """
            WITH item AS (%(item)s), %(steps)s
            SELECT DISTINCT ON (kind, source_id)
                   source_id * 8 + CASE kind %(numbers)s END AS id, partner_id, company_id, kind,
                   source_id, label, on_date AS date, amount, currency_id,
                   round(value, %(places)s) AS amount_company, is_sure,
                   NOT is_sure OR kind = 'bank' OR NOT EXISTS (
                       SELECT FROM item WHERE item.partner_id = kept.partner_id
                          AND item.currency_id = kept.currency_id) AS to_identify
              FROM kept
             WHERE amount > 0 AND partner_id IN (SELECT partner_id FROM item)
             ORDER BY kind, source_id, partner_id
            """,
            item=item(scope),
            steps=steps(scope),
            numbers=numbers,
            places=decimal_places(scope),
        )

    @api.model
    def _sum_to_identify(self, creditors):
        """Return the money to identify of each customer, in one query per creditor.

        :param creditors: ``res.company`` records
        :return: list of ``(creditor id, customer id, count, amount in the creditor's currency)``
        """
        self.check_access("read")
        allowed = self._get_own_companies(creditors.union(self.env.companies))
        self.env.flush_all()
        plan = self.env["account.dunning.plan"].sudo()
        found = []
        for creditor in creditors:
            if mine := creditor._get_dunning_companies() & allowed:
                scope = plan._get_scope(creditor) | {"company_ids": mine.ids}
                rows = self.env.execute_query(
                    SQL(
                        "SELECT partner_id, count(*), sum(amount_company) FROM (%s) money "
                        "WHERE to_identify GROUP BY partner_id",
                        self._get_money_query(scope),
                    )
                )
                found += [(creditor.id, *row) for row in rows]
        return found

    @api.depends("label", "amount", "currency_id", "date")
    def _compute_display_name(self):
        for money in self:
            money.display_name = self.env._(
                "%(label)s of %(date)s: %(amount)s",
                label=money.label or money.kind,
                date=format_date(self.env, money.date),
                amount=format_amount(self.env, money.amount, money.currency_id),
            )

    def action_open(self):
        """Open the payment, the bank line or the entry, to match it."""
        return open_source(self)

    def action_set_aside(self):
        """Record that this money is not for the due invoices: it covers nothing any more."""
        check_sender(self.env)
        self.check_access("read")
        self.env["account.dunning.set.aside"].sudo().create(
            [
                {
                    "company_id": money.company_id.id,
                    "partner_id": money.partner_id.id,
                    "kind": money.kind,
                    "source_id": money.source_id,
                    "label": money.label,
                    "date": money.date,
                    "amount": money.amount,
                    "currency_id": money.currency_id.id,
                    "decided_on": creditors_day(self),
                    "decided_by": self.env.uid,
                }
                for money in self
            ]
        )
        self.invalidate_model()
        return RELOAD
