from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.creditors_day import creditors_day
from ..hold.account_dunning_hold import DISPUTES


class AccountDunningAssignmentLine(models.Model):
    """An item that was handed over; it keeps what identifies it even if the books change."""

    _name = "account.dunning.assignment.line"
    _description = "Item Handed Over"
    _inherit = ["account.dunning.guarded"]
    _order = "assignment_id, date_maturity, id"
    _rec_name = "invoice_name"

    assignment_id = fields.Many2one(
        "account.dunning.assignment",
        required=True,
        index=True,
        ondelete="cascade",
        writer="create",
    )
    company_id = fields.Many2one(related="assignment_id.company_id", store=True)
    kind = fields.Selection(related="assignment_id.kind", store=True)
    holder_id = fields.Many2one(related="assignment_id.holder_id", store=True, index=True)
    date = fields.Date(related="assignment_id.date", store=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        index="btree_not_null",
        ondelete="set null",
        writer="create",
    )
    move_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", string="Debtor", readonly=True, index=True)
    invoice_name = fields.Char(string="Invoice number", readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due date", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(string="When handed over", readonly=True)
    amount_company = fields.Monetary(
        string="When handed over (company currency)",
        currency_field="company_currency_id",
        readonly=True,
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    open_amount = fields.Monetary(related="move_line_id.amount_residual_currency")
    amount_left = fields.Monetary(
        string="Still open",
        related="move_line_id.amount_residual",
        currency_field="company_currency_id",
    )
    bank_before_id = fields.Many2one("res.partner.bank", readonly=True)
    state = fields.Selection(
        [("draft", "In preparation"), ("out", "Handed over"), ("back", "Came back")],
        default="draft",
        required=True,
        readonly=True,
        index=True,
    )
    back_on = fields.Date(string="Came back on", readonly=True)
    back_reason = fields.Char(string="Why it came back", readonly=True)
    told_on = fields.Date(
        string="Told on",
        readonly=True,
        help="Day on which the other party was told of a credit note or a dispute.",
    )
    told_credit = fields.Monetary(
        string="Credit notes known", readonly=True, help="When handed over, or told since."
    )
    told_dispute = fields.Boolean(string="Dispute known", readonly=True)

    _item_once = models.UniqueIndex(
        "(assignment_id, move_line_id)", "This item is in this document already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_draft()
        for line in lines:
            line._check_item()
            line.sudo().write(line._prepare_vals())
        return lines

    def unlink(self):
        self._check_draft()
        return super().unlink()

    def _check_draft(self):
        if any(line.assignment_id.state != "draft" for line in self):
            raise UserError(self.env._("This was handed over: what it holds stays as it was."))

    def _check_item(self):
        """:raise UserError: unless this is an open item of a customer of this creditor"""
        self.move_line_id.check_access("read")
        if not self._is_open():
            raise UserError(
                self.env._(
                    "%s is no open invoice of a customer of this creditor.",
                    self.move_line_id.display_name,
                )
            )
        self.env["account.dunning.hand"]._check_free(self.move_line_id)

    def _is_open(self):
        """Whether the item is owed to the creditor, by the definition used everywhere."""
        self.ensure_one()
        item = self.move_line_id.sudo()
        companies = self.assignment_id.company_id._get_dunning_companies()
        return bool(item.filtered_domain(item._get_dunning_domain(companies)))

    def _prepare_vals(self):
        item = self.move_line_id.sudo()
        return {
            "move_id": item.move_id.id,
            "partner_id": item.partner_id.commercial_partner_id.id,
            "invoice_name": item.move_id.name,
            "invoice_date": item.move_id.invoice_date or item.date,
            "date_maturity": item.date_maturity or item.date,
            "currency_id": item.currency_id.id,
            "amount": item.amount_residual_currency,
            "amount_company": item.amount_residual,
        }

    def _is_paid(self):
        """Whether the item has been settled in full."""
        return self.move_line_id.reconciled

    def _get_ended(self):
        """Return the day the other party was done with the item, None while it holds it."""
        self.ensure_one()
        if self.back_on or not self._is_paid():
            return self.back_on or None
        return max(self.move_line_id.matched_credit_ids.mapped("max_date"), default=None)

    # -- Leaving and coming back: with the server's full rights ------------------------------------

    def _leave(self):
        """Hand the items over: keep their amounts, and stop our reminders unless we still chase."""
        for line in self:
            line.write({**line._prepare_vals(), "state": "out", "told_on": False})
        self._know_changes()
        self._point_to_factor()
        self._hold()

    def _hold(self):
        """Hold the items that are out, unless we chase them on behalf of whoever holds them."""
        holds = self.env["account.dunning.hold"].sudo()
        held = self._get_holds().move_line_id
        out = self.filtered(lambda line: line.state == "out" and line.move_line_id not in held)
        quiet = out.filtered(lambda line: line.assignment_id.chases != "us")
        holds.create([line._prepare_hold_vals() for line in quiet])

    def _get_holds(self):
        """Return the holds of these items that have not been released, with full rights."""
        return (
            self.env["account.dunning.hold"]
            .sudo()
            .search(
                [
                    ("assignment_id", "in", self.assignment_id.ids),
                    ("move_line_id", "in", self.move_line_id.ids),
                    ("released_on", "=", False),
                ]
            )
        )

    def _prepare_hold_vals(self):
        return {
            "company_id": self.company_id.id,
            "assignment_id": self.assignment_id.id,
            "move_id": self.move_id.id,
            "move_line_id": self.move_line_id.id,
            "reason": self.kind,
            "date_from": self.date,
            "note": self.assignment_id.display_name,
        }

    def _come_back(self, day, reason):
        """Take the items back from a day on, at the level they had reached."""
        hands = self.env["account.dunning.hand"]._get_live(self.move_line_id)
        hands.filtered(lambda hand: hand.assignment_id in self.assignment_id)._give_back(day)
        self._get_holds()._release()
        self.write({"state": "back", "back_on": day, "back_reason": reason})
        for line in self:
            if line.move_id.partner_bank_id == line.assignment_id.bank_id:
                line.move_id.partner_bank_id = line.bank_before_id

    def _point_to_factor(self):
        """Put the factor's account on the invoices: Odoo prints this field wherever it names one.

        Odoo's own PDF, payment QR code, e-mail and e-invoice file all use this field.
        """
        for line in self.sudo().filtered(lambda line: line.assignment_id.bank_id):
            move, bank = line.move_id, line.assignment_id.bank_id
            if not move.is_sale_document(include_receipts=True) or line.state != "out":
                continue
            if not line._get_siblings():
                line.bank_before_id = move.partner_bank_id
            move.partner_bank_id = bank

    def _get_siblings(self):
        """Return the other items of the invoice, if it already bears the factor's account."""
        return self.assignment_id.line_ids.filtered(
            lambda other: (
                other != self
                and other.move_id == self.move_id
                and other.move_id.partner_bank_id == self.assignment_id.bank_id
            )
        )

    # -- A credit note or a dispute after the hand-over --------------------------------------------

    def _get_changes(self):
        """Return what has been credited and disputed on the invoices of these lines so far.

        :return: ``{line: (total of the credit notes, their numbers, whether it is disputed)}``
        """
        lines = self.sudo()
        holds = self.env["account.dunning.hold"].sudo()
        disputed = holds.search(
            [
                ("move_id", "in", lines.move_id.ids),
                ("reason", "in", DISPUTES),
                ("released_on", "=", False),
            ]
        ).move_id
        changes = {}
        for line in lines:
            matched = line.move_line_id.matched_credit_ids.credit_move_id.move_id
            credits = (matched | line.move_id.reversal_move_ids).filtered(
                lambda move: move.move_type == "out_refund" and move.state == "posted"
            )
            names = ", ".join(credits.mapped("name"))
            total = sum(credits.mapped("amount_total"))
            changes[line] = (total, names, line.move_id in disputed)
        return changes

    def _know_changes(self):
        """Record what is credited and disputed as known to the other party."""
        for line, (credited, _names, disputed) in self._get_changes().items():
            line.write({"told_credit": credited, "told_dispute": disputed})

    @api.model
    def _get_to_tell(self, creditors):
        """Return the changes to items that are out, of which the other party does not know yet.

        :return: ``{line: sentence}``
        """
        out = self.search([("company_id", "in", creditors.ids), ("state", "=", "out")])
        told = {}
        for line, (credited, names, disputed) in out._get_changes().items():
            if line.currency_id.compare_amounts(credited, line.told_credit) > 0:
                told[line] = self.env._("Credit note %s: tell who has the invoice", names)
            elif disputed and not line.told_dispute:
                told[line] = self.env._("Disputed: tell who has the invoice")
        return told

    def action_told(self):
        """Record that the other party was told today of the credit note or the dispute."""
        self.assignment_id.check_access("write")
        out = self.sudo().filtered(lambda line: line.state == "out")
        out._know_changes()
        out.told_on = creditors_day(self)

    def action_open(self):
        """Open the document by which the item was handed over."""
        return self.assignment_id._get_records_action()
