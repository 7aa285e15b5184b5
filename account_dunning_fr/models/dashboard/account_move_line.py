"""Indexes for the sums of the dashboard: without them each opening reads the whole ledger."""

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..common.creditors_day import creditors_day
from ..common.groups import ACCOUNTING_GROUPS
from . import parts

SHOWN = 40  # of an invalid value, in the error message


class AccountMoveLine(models.Model):
    """Receivable items as they were open on a day: the lists behind the dashboard.

    The day is that of the domain on ``dunning_open_on``, and of the context (``dunning_as_of``) for
    the figures; today by default.
    """

    _inherit = "account.move.line"

    dunning_open_on = fields.Date(
        string="Open on",
        compute="_compute_dunning_open_on",
        search="_search_dunning_open_on",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_residual_on = fields.Monetary(
        string="Remaining",
        help="What was not paid on the day of the dashboard, in the company's currency.",
        compute="_compute_dunning_residual_on",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_part_of = fields.Char(
        string="Part of",
        compute="_compute_dunning_part",
        search="_search_dunning_part_of",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_part = fields.Monetary(
        string="In the figure",
        help="What of the item counts in the figure of the dashboard, in its currency.",
        compute="_compute_dunning_part",
        currency_field="dunning_part_currency_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_part_currency_id = fields.Many2one(
        "res.currency",
        string="Currency of the dashboard",
        compute="_compute_dunning_part",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_due = fields.Date(
        string="Due or dated",
        compute="_compute_dunning_due",
        search="_search_dunning_due",
        help="The due date, else the date: what the ages of the dashboard count from.",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_days_late = fields.Integer(
        string="Days late", compute="_compute_dunning_days_late", groups=ACCOUNTING_GROUPS
    )

    @api.model
    def _get_dunning_as_of(self):
        """Return the day of the figures: it only affects what is shown, never what may be read.

        :raise UserError: if the value in the context is no date
        """
        given = self.env.context.get("dunning_as_of")
        try:
            day = date.fromisoformat(given) if given else None
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("This is no date: %s", repr(given)[:SHOWN])) from error
        return day or creditors_day(self)

    @api.depends_context("dunning_as_of")
    def _compute_dunning_open_on(self):
        self.dunning_open_on = self._get_dunning_as_of()

    def _search_dunning_open_on(self, operator, value):
        """Search the items that were open on a day, from the balance of that day."""
        if operator != "in":
            return NotImplemented
        Balance = self.env["account.dunning.balance"]
        days = [fields.Date.to_date(day) for day in value if day]
        queries = [
            SQL(
                "SELECT move_line_id FROM (%s) open_item",
                Balance._get_open_items_query(self.env.companies, day),
            )
            for day in days
        ]
        return Domain.OR(Domain("id", "in", query) for query in queries)

    @api.depends("amount_residual", "balance")
    @api.depends_context("dunning_as_of", "allowed_company_ids")
    def _compute_dunning_residual_on(self):
        query = self.env["account.dunning.balance"]._get_open_items_query(
            self.env.companies, self._get_dunning_as_of(), self.partner_id
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT move_line_id, residual FROM (%s) open_item WHERE move_line_id IN %s",
                query,
                tuple(self.ids) or (0,),
            )
        )
        residuals = dict(rows)
        for item in self:
            item.dunning_residual_on = residuals.get(item._origin.id, 0)

    @api.depends("amount_residual", "balance")
    @api.depends_context("dunning_part", "allowed_company_ids")
    def _compute_dunning_part(self):
        part = self.env.context.get("dunning_part")
        page = self.env["account.dunning.dashboard"]
        amounts = parts.read(page, part, self._origin.ids) if part else {}
        for item in self:
            item.dunning_part_of = part
            item.dunning_part = float(amounts.get(item._origin.id, 0))
            item.dunning_part_currency_id = self.env.company.currency_id

    def _search_dunning_part_of(self, operator, value):
        if operator != "in":
            return NotImplemented
        page = self.env["account.dunning.dashboard"]
        return Domain.OR(Domain("id", "in", list(parts.read(page, part))) for part in value if part)

    @api.depends("date_maturity", "date")
    def _compute_dunning_due(self):
        for item in self:
            item.dunning_due = item.date_maturity or item.date

    def _search_dunning_due(self, operator, value):
        if operator not in ("<", "<=", ">", ">="):
            return NotImplemented
        return Domain("date_maturity", operator, value) | (
            Domain("date_maturity", "=", False) & Domain("date", operator, value)
        )

    @api.depends("date_maturity", "date")
    @api.depends_context("dunning_as_of")
    def _compute_dunning_days_late(self):
        as_of = self._get_dunning_as_of()
        for item in self:
            due = item.dunning_due
            item.dunning_days_late = max((as_of - due).days, 0) if due else 0

    # -- Index -------------------------------------------------------------------------------------

    # The balance of the receivable accounts on a day, and the money received, from the index alone:
    # the control line reads every item ever posted on them.
    _dunning_balance_idx = models.Index(
        "(account_id, date) INCLUDE (company_id, balance, journal_id, partner_id, currency_id) "
        "WHERE parent_state = 'posted'"
    )
    # Likewise for open items: without it each opening reads the rows of everything owed.
    _dunning_open_idx = models.Index(
        "(account_id, partner_id) INCLUDE (id, move_id, company_id, currency_id, date, "
        "date_maturity, amount_residual, amount_residual_currency) "
        "WHERE parent_state = 'posted' AND reconciled IS NOT TRUE"
    )
