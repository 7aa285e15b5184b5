from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..party.res_partner import REGIMES
from .res_partner import PROFILES

# The ready-made policies for customers with special legal regimes.
READY = {"b2g": "policy_france_public", "b2c": "policy_france_consumer"}


class AccountDunningRule(models.Model):
    """Which policy applies to customers without one of their own: the first rule that matches.

    A customer's own policy comes before the rules, the company's default after them. The plan
    applies the rules inside its query (``plan/query``).
    """

    _name = "account.dunning.rule"
    _description = "Dunning Rule"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible", "account.dunning.tracked"]
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", string="Creditor", help="Leave empty for a rule of all companies."
    )
    regime = fields.Selection(REGIMES, string="Legal regime", help="Empty: any, confirmed or not.")
    profile = fields.Selection(
        PROFILES,
        string="Customer profile",
        help="Empty: any. A confirmed public body or consumer has that profile unless another one "
        "is set.",
    )
    industry_id = fields.Many2one("res.partner.industry", help="Empty: any.")
    amount_min = fields.Float(
        string="Overdue from",
        digits="Account",
        help="Total overdue of the customer, in the company's currency, this amount included.",
    )
    amount_max = fields.Float(
        string="Overdue below",
        digits="Account",
        help="Total overdue of the customer, this amount excluded. 0: no limit.",
    )
    policy_id = fields.Many2one(
        "account.dunning.policy", required=True, ondelete="cascade", check_company=True
    )

    _amounts_order = models.Constraint(
        "CHECK (amount_min >= 0 AND (amount_max = 0 OR amount_max > amount_min))",
        "The amounts of a rule are positive, and the second is more than the first (or 0).",
    )

    @api.depends("policy_id")
    def _compute_display_name(self):
        for rule in self:
            rule.display_name = rule.policy_id.display_name

    @api.constrains("policy_id", "regime", "profile", "industry_id", "amount_min", "amount_max")
    def _check_selects(self):
        for rule in self:
            if not any(
                (rule.regime, rule.profile, rule.industry_id, rule.amount_min, rule.amount_max)
            ):
                raise ValidationError(
                    self.env._(
                        "This rule would fit every customer: say which (regime, profile, industry "
                        "or amount). For all customers, change the company's default policy."
                    )
                )

    @api.model
    def _get_applicable(self, creditor):
        """Return the rules of a creditor in order, without those of archived policies."""
        return self.sudo().search(
            [
                ("policy_id.active", "=", True),
                "|",
                ("company_id", "=", False),
                ("company_id", "=", creditor.id),
            ]
        )

    # -- Ready-made policies for public bodies and consumers ---------------------------------------

    @api.model
    def _get_ready(self, creditor):
        """Return the ready-made policies that no rule of a creditor uses yet, by regime."""
        known = set(self._get_applicable(creditor).mapped("regime"))
        ready = {
            regime: self.env.ref(f"account_dunning_fr.{name}", raise_if_not_found=False)
            for regime, name in READY.items()
            if regime not in known
        }
        return {regime: policy for regime, policy in ready.items() if policy and policy.active}

    @api.model
    def _follow_ready(self, creditor):
        """Create the rules that apply the ready-made policies to public bodies and consumers."""
        return self.create(
            [
                {"company_id": creditor.id, "regime": regime, "policy_id": policy.id}
                for regime, policy in self._get_ready(creditor).items()
            ]
        )
