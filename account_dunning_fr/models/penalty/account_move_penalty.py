from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.private_context import pass_on, passed

PENALTY_LINKS = ("dunning_penalty_id", "dunning_penalty_part")


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "account.dunning.rate.terms"]

    dunning_penalty_ids = fields.One2many(
        "account.dunning.penalty",
        "move_id",
        string="Penalties",
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    # A copy is another contract: it takes the terms of its own day.
    dunning_rate_type = fields.Selection(copy=False)
    dunning_rate_percent = fields.Float(copy=False)
    dunning_rate_multiple = fields.Integer(copy=False)

    def _post(self, soft=True):
        again = self.filtered(lambda move: move.posted_before and move.state == "draft")
        posted = super()._post(soft)
        (again & posted)._move_dunning_penalties_waived(-1, self.env._("Entry posted again"))
        posted._snapshot_dunning_rate()
        posted._reattach_dunning_penalties()
        return posted

    def _snapshot_dunning_rate(self):
        """Write down on customer invoices the rate terms in force when they are posted.

        A rate typed on the invoice itself stays. Where neither the customer nor the company says
        anything yet, nothing is written: what is typed later holds for these invoices too.
        """
        invoices = self.filtered(
            lambda move: move.is_sale_document(include_receipts=True) and not move.dunning_rate_type
        )
        by_terms = invoices.grouped(lambda invoice: invoice._get_dunning_terms())
        for terms, group in by_terms.items():
            if terms.dunning_rate_type:
                group.write(
                    {
                        "dunning_rate_type": terms.dunning_rate_type,
                        "dunning_rate_percent": terms.dunning_rate_percent,
                        "dunning_rate_multiple": terms.dunning_rate_multiple,
                    }
                )

    def _reattach_dunning_penalties(self):
        """Give the penalties of an invoice whose items were rewritten back to its items.

        They find their item by invoice and due date; those that find none are taken back.
        """
        orphans = (
            self.env["account.dunning.penalty"]
            .sudo()
            .search([("move_id", "in", self.ids), ("move_line_id", "=", False)])
        )
        taken = orphans.move_id.dunning_penalty_ids.move_line_id
        for penalty in orphans:
            item = penalty.move_id.line_ids.filtered(
                lambda line, penalty=penalty: (
                    line.account_type == "asset_receivable"
                    and line.date_maturity == penalty.date_maturity
                )
            )
            penalty.move_line_id = (item - taken)[:1]
            taken |= penalty.move_line_id

    def _get_dunning_terms(self):
        """Return the record whose rate terms apply: the invoice, the customer, else the company."""
        self.ensure_one()
        candidates = (
            self,
            self.commercial_partner_id.sudo(),
            self.company_id.dunning_creditor_id.sudo(),
        )
        for record in candidates:
            if record.dunning_rate_type:
                return record
        return candidates[-1]

    def action_dunning_statement(self):
        """Open the statement of penalties of these invoices."""
        partner = self.commercial_partner_id
        creditor = self.company_id.dunning_creditor_id
        if len(partner) != 1 or len(creditor) != 1:
            raise UserError(self.env._("Choose the invoices of one customer."))
        items = self.line_ids.filtered(
            lambda item: item.account_type == "asset_receivable" and item.balance > 0
        )
        wizard = self.env["account.dunning.statement"].create(
            {"partner_id": partner.id, "company_id": creditor.id, "item_ids": items.ids}
        )
        return wizard._get_records_action(name=self.env._("Statement of penalties"), target="new")

    def action_book_dunning_penalties(self):
        """Show what would be booked as penalties on these invoices, and book it on confirmation."""
        return self.env["account.dunning.booking"]._open(moves=self)

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Tell the items that are copied that they take the penalties back."""
        moves = pass_on(self, reversing=True)
        reverses = super(AccountMove, moves)._reverse_moves(default_values_list, cancel=cancel)
        reverses = reverses.with_env(self.env)
        self._move_dunning_penalties_waived(1, self.env._("Entry reversed"))
        return reverses

    def button_draft(self):
        posted = self.filtered(lambda move: move.state == "posted")
        prepared = self.filtered(lambda move: move.state == "cancel" and not move.posted_before)
        result = super().button_draft()
        posted._move_dunning_penalties_waived(1, self.env._("Entry reset to draft"))
        prepared._move_dunning_penalties_waived(-1, self.env._("Entry prepared again"))
        return result

    def button_cancel(self):
        prepared = self.filtered(lambda move: move.state == "draft" and not move.posted_before)
        result = super().button_cancel()
        prepared._move_dunning_penalties_waived(1, self.env._("Entry cancelled"))
        return result

    def _move_dunning_penalties_waived(self, sign, reason):
        """What a person takes out of the books by hand is a waiver: it is not booked again.

        :param int sign: 1 when the entries leave the books, -1 when they come back
        :param str reason: kept on the penalties
        """
        for line in self.line_ids.filtered("dunning_penalty_id"):
            line.dunning_penalty_id._add_waived(
                line.dunning_penalty_part, sign * line.amount_currency, reason
            )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    dunning_penalty_id = fields.Many2one(
        "account.dunning.penalty",
        string="Penalties of",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    dunning_penalty_part = fields.Selection(
        [("interest", "Late-payment interest"), ("indemnity", "Flat indemnity")],
        readonly=True,
        copy=False,
    )
    dunning_is_booked = fields.Boolean(compute="_compute_dunning_is_booked")

    @api.model
    def _is_dunning_handed_on(self, field):
        """Whoever may reverse an entry copies the links of its items to their reversals."""
        reversing = field.name in PENALTY_LINKS and passed(self.env, "reversing")
        return bool(reversing) or super()._is_dunning_handed_on(field)

    @api.depends("dunning_penalty_id", "parent_state", "move_id.posted_before")
    def _compute_dunning_is_booked(self):
        """In the books, or prepared for them; an entry taken out of the books no longer counts."""
        for line in self:
            prepared = line.parent_state == "draft" and not line.move_id.posted_before
            line.dunning_is_booked = bool(line.dunning_penalty_id) and (
                line.parent_state == "posted" or prepared
            )

    def _copy_data_extend_business_fields(self, values):
        """The reversal of an item of penalties takes them back; another copy has no link."""
        result = super()._copy_data_extend_business_fields(values)
        if passed(self.env, "reversing"):
            values["dunning_penalty_id"] = self.dunning_penalty_id.id
            values["dunning_penalty_part"] = self.dunning_penalty_part
        return result

    def _get_dunning_rate_label(self):
        """Return the basis of the rate of this item, as a statement names it."""
        self.ensure_one()
        regime = self.partner_id.commercial_partner_id.sudo().dunning_regime
        if regime == "b2g":
            return self.env._(
                "main refinancing rate of the European Central Bank plus 8 points, at the "
                "half-year in which the interest began"
            )
        if regime == "b2c":
            return self.env._("legal interest rate, from the formal notice")
        return self.move_id._get_dunning_terms()._get_dunning_rate_label()

    def _get_dunning_schedule(self, table, regime, due):
        """Return the schedule of rates that applies to this item.

        :param table: ``core.rates.RateTable``
        :param str regime: ``b2b``, ``b2g`` or ``b2c``
        :param date due: last day that is not late
        :return: ``core.rates.RateSchedule``
        """
        self.ensure_one()
        if regime == "b2g":
            return table.default_b2g(fields.Date.add(due, days=1))
        if regime == "b2c":
            return table.legal()
        terms = self.move_id._get_dunning_terms()
        return terms._get_dunning_rate_schedule(table) or table.default_b2b()
