from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.impairment import Rule
from ...core.money import CENT, to_decimal

GROUNDS = [
    ("liquidation", "Liquidation opened"),
    ("receivership", "Receivership opened"),
    ("safeguard", "Safeguard opened"),
    ("court", "Court file handed over"),
    ("formal_notice", "Formal notice expired, unpaid"),
    ("dispute", "In dispute"),
    ("age", "Days late"),
]


class AccountDunningImpairmentRule(models.Model):
    """A line of the matrix that proposes how a claim is treated at a closing.

    Each company chooses its own rates: no legal text sets them, and a depreciation must be
    justified customer by customer.
    """

    _name = "account.dunning.impairment.rule"
    _description = "Rule of Depreciation"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _order = "sequence, days, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", string="Creditor", help="Empty: all of them.")
    ground = fields.Selection(GROUNDS, string="Where", required=True, default="age")
    days = fields.Integer(
        string="From days late", help="Of the oldest item, counted from its due date."
    )
    percent = fields.Float(
        string="Depreciation (%)",
        digits=(5, 2),
        help="Of the claim less the VAT that is not lost. 0: moved to doubtful customers, without "
        "a depreciation.",
    )

    _percent_plausible = models.Constraint(
        "CHECK (percent >= 0 AND percent <= 100)", "A depreciation lies between 0 and 100 %."
    )

    @api.constrains("days")
    def _check_days(self):
        if any(rule.days < 0 for rule in self):
            raise ValidationError(self.env._("A number of days late is not negative."))

    @api.depends("ground", "days", "percent")
    @api.depends_context("lang")
    def _compute_display_name(self):
        grounds = dict(self._fields["ground"]._description_selection(self.env))
        for rule in self:
            rule.display_name = f"{grounds.get(rule.ground)} – {rule.percent:g} %"

    @api.model
    def _get_matrix(self, company):
        """Return the rules of a company: its own if it has any, otherwise the shared ones.

        :return: list of ``core.impairment.Rule``
        """
        rules = self.sudo().search([("company_id", "in", (False, company.id))])
        own = rules.filtered("company_id")
        return [
            Rule(rule.ground, rule.days, to_decimal(rule.percent, CENT)) for rule in own or rules
        ]
