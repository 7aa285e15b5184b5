from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .account_dunning_route import ROUTES


class AccountDunningRouteFee(models.Model):
    """A fee of a route, as a person read it on the website of a court or in a tariff.

    No amounts are shipped: they change, and differ by court. Each says where it was read, and when.
    """

    _name = "account.dunning.route.fee"
    _description = "Fee of a Route"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _order = "route, court_id, id"

    company_id = fields.Many2one(
        "res.company",
        string="Creditor",
        required=True,
        default=lambda self: self.env.company.dunning_creditor_id,
        writer="create",
    )
    route = fields.Selection(ROUTES, required=True, writer="anyone")
    court_id = fields.Many2one(
        "account.dunning.court", help="Empty: whatever the court.", writer="anyone"
    )
    name = fields.Char(string="Fee", required=True, writer="anyone")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    amount = fields.Monetary(required=True, writer="anyone")
    seen_on = fields.Date(
        string="Read on", required=True, default=fields.Date.context_today, writer="anyone"
    )
    source = fields.Char(
        string="Where it was read",
        required=True,
        help="Page of the court, tariff of the commissaire de justice, agreement with the lawyer.",
        writer="anyone",
    )

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A fee is a positive amount.")

    def _compute_currency_id(self):
        self.currency_id = self.env["res.currency"]._get_dunning_euro()

    @api.constrains("seen_on")
    def _check_seen_on(self):
        if any(fee.seen_on > fields.Date.context_today(fee) for fee in self):
            raise ValidationError(self.env._("Nobody has read anything on a day to come."))

    @api.model
    def _get_of_case(self, case):
        """Return the fees that apply to a file, those of its court and of any court, by route."""
        fees = self.search(
            [("company_id", "=", case.company_id.id), ("court_id", "in", (False, case.court_id.id))]
        )
        return fees.grouped("route")
