from odoo import api, fields, models


class AccountDunningClosing(models.TransientModel):
    """The day of a closing: the treatment of each customer's claims is proposed in a list."""

    _name = "account.dunning.closing"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Closing of Doubtful Customers"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(
        string="Closing of",
        required=True,
        default=lambda self: self._default_date(),
        help="What was open at the end of that day counts, whatever was paid since.",
    )

    @api.model
    def _default_date(self):
        """Propose the end of the last completed financial year."""
        today = fields.Date.context_today(self)
        year = self.env.company.compute_fiscalyear_dates(today)
        return fields.Date.subtract(year["date_from"], days=1)

    def action_show(self):
        """Make the proposals, and show the list; nothing is booked."""
        self.ensure_one()
        return self.env["account.dunning.impairment"]._open_closing(self.company_id, self.date)
