from odoo import Command, api, fields, models


class AccountDunningAssignmentBack(models.TransientModel):
    """Which items come back, and from which day: they are ours again, at their old level."""

    _name = "account.dunning.assignment.back"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Take Items Back"

    assignment_id = fields.Many2one("account.dunning.assignment", required=True, readonly=True)
    line_ids = fields.Many2many(
        "account.dunning.assignment.line",
        "account_dunning_assignment_back_line_rel",
        string="Items",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('assignment_id', '=', assignment_id), ('state', '=', 'out')]",
    )
    on = fields.Date(string="Ours again from", required=True, default=fields.Date.context_today)
    reason = fields.Char(help="Kept with the items, and in the history of the invoices.")

    @api.depends("assignment_id")
    def _compute_line_ids(self):
        """All items that are out; the user removes those that stay out."""
        for wizard in self:
            out = wizard.assignment_id.line_ids.filtered(lambda line: line.state == "out")
            wizard.line_ids = [Command.set(out.ids)]

    def action_confirm(self):
        """Take them back."""
        self.ensure_one()
        self.assignment_id._take_back(self.line_ids, self.on, self.reason)
        return {"type": "ir.actions.act_window_close"}
