from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.groups import ACCOUNTING_GROUPS
from ..common.marks import About, on

LINES = About("account.dunning.assignment.line", "move_id")
INSURED = About("account.dunning.insured", "move_id")
INDEMNITY = About("account.dunning.insured", "indemnity_move_id")


class AccountMove(models.Model):
    """Whom an invoice is to be paid to while somebody else holds it; the insurer's indemnities."""

    _inherit = "account.move"

    dunning_assignment_line_ids = fields.One2many(
        "account.dunning.assignment.line",
        "move_id",
        string="Handed over",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_assignment_id = fields.Many2one(
        "account.dunning.assignment",
        string="In the hands of",
        compute="_compute_dunning_assignment_id",
        groups=ACCOUNTING_GROUPS,
    )

    @api.depends("dunning_assignment_line_ids.state")
    def _compute_dunning_assignment_id(self):
        lines = self.sudo().dunning_assignment_line_ids.filtered(lambda line: line.state == "out")
        by_move = lines.grouped("move_id")
        # Most invoices are not handed over: they are all set at once.
        self.dunning_assignment_id = False
        for move in self:
            if out := by_move.get(move):
                move.dunning_assignment_id = out[:1].assignment_id

    def _get_dunning_factor_account(self):
        assignment = self.sudo().dunning_assignment_id
        if assignment and assignment.kind == "factor":
            return assignment.bank_id
        return super()._get_dunning_factor_account()

    def _has_to_be_paid(self):
        """Invoices payable to the factor are not paid to us online."""
        return self._get_dunning_factor_account() is None and super()._has_to_be_paid()

    @on("posted", LINES)
    def _reattach_dunning_assignment_lines(self, _before):
        """Keep what Odoo wrote again handed over: items, holds and the factor's account."""
        lines = self.env["account.dunning.assignment.line"]
        self._reattach_dunning(
            lines._name,
            lambda line, item: item not in line.assignment_id.line_ids.move_line_id,
        )
        out = lines.sudo().search([("move_id", "in", self.ids), ("state", "=", "out")])
        out._hold()
        out._point_to_factor()

    def action_dunning_assign(self):
        """Prepare the hand-over of these invoices to a factor."""
        return self._prepare_dunning_assignment("factor")

    def action_dunning_entrust(self):
        """Prepare entrusting these invoices to a collection agency."""
        return self._prepare_dunning_assignment("agency")

    def _prepare_dunning_assignment(self, kind):
        """Open a new document that hands these invoices over, for the user to complete.

        :param str kind: of the document
        :raise UserError: where there are several creditors, or nothing is open
        """
        creditor = self.company_id.dunning_creditor_id
        if len(creditor) != 1:
            raise UserError(self.env._("Choose the invoices of one creditor."))
        assignments = self.env["account.dunning.assignment"]
        assignments.check_access("create")
        items = self.env["account.move.line"].search(
            self.env["account.move.line"]._get_dunning_domain(creditor._get_dunning_companies())
            & fields.Domain("move_id", "in", self.ids),
            order="date_maturity, id",
        )
        if not items:
            raise UserError(self.env._("Nothing of these invoices is open."))
        self.env["account.dunning.hand"]._check_free(items)
        return {
            "type": "ir.actions.act_window",
            "name": assignments._description,
            "res_model": assignments._name,
            "view_mode": "form",
            "context": {
                "default_kind": kind,
                "default_company_id": creditor.id,
                "default_line_ids": [
                    fields.Command.create({"move_line_id": item.id}) for item in items
                ],
            },
        }

    # -- An insurer's indemnity: when its entry is posted, reset, cancelled or reversed ------------

    def _get_dunning_indemnities(self):
        return (
            self.env["account.dunning.insured"]
            .sudo()
            .search([("indemnity_move_id", "in", self.ids)])
        )

    @on("posted", INSURED)
    def _reattach_dunning_insured(self, _before):
        """Keep what the insurer was told of the items of an invoice when Odoo writes them again."""
        self._reattach_dunning("account.dunning.insured")

    @on("posted", INDEMNITY)
    def _book_dunning_indemnities(self, _before):
        for entry, items in self._get_dunning_indemnities().grouped("indemnity_move_id").items():
            items._book(entry)

    @on("reset", INDEMNITY)
    def _reopen_dunning_indemnities(self, _before):
        self._get_dunning_indemnities()._unbook(True)

    @on("cancelled deleting", INDEMNITY)
    def _cancel_dunning_indemnities(self, _before):
        self._get_dunning_indemnities()._unbook(False)

    @on("reversed", INDEMNITY)
    def _undo_dunning_indemnities(self, _before):
        """Prepare the indemnity again when its entry is reversed by hand."""
        booked = self._get_dunning_indemnities().filtered(lambda item: item.step == "paid")
        booked._unbook(False)
