from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountDunningPolicy(models.Model):
    """An ordered ladder of levels. A customer follows the policy set on it, else the company's."""

    _name = "account.dunning.policy"
    _description = "Dunning Policy"
    _inherit = [
        "account.dunning.guarded",
        "account.dunning.shipped",
        "account.dunning.plausible",
        "account.dunning.tracked",
    ]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share this policy between all companies."
    )
    min_interval = fields.Integer(
        string="Days between messages",
        default=7,
        required=True,
        help="Days that pass, at least, between two messages to the same customer. Courtesy "
        "messages, sent before the due date, do not count.",
    )
    min_amount = fields.Float(
        string="Minimum amount",
        digits="Account",
        default=5.0,
        help="Nothing is sent for a total below this amount, in the company's currency.",
    )
    transit_days = fields.Integer(
        string="Days in the post",
        default=2,
        help="Added to the deadline printed in a letter, so that the customer has the full time.",
    )
    level_ids = fields.One2many("account.dunning.level", "policy_id", string="Levels", copy=True)

    _min_interval_positive = models.Constraint(
        "CHECK (min_interval >= 1)",
        "The days between two messages must be 1 or more.",
    )
    _min_amount_positive = models.Constraint(
        "CHECK (min_amount >= 0)", "The minimum amount cannot be negative."
    )
    _transit_days_positive = models.Constraint(
        "CHECK (transit_days >= 0)", "The days in the post cannot be negative."
    )

    @api.constrains("level_ids", "active")
    def _check_levels(self):
        for policy in self:
            policy.level_ids._check_order_in_policy()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        companies = self.env["res.company"].sudo().search([("dunning_policy_id", "in", self.ids)])
        if companies:
            raise ValidationError(
                self.env._(
                    "The policy “%(policy)s” is the default of %(companies)s: choose another "
                    "default in the company's settings first, or archive this policy.",
                    policy=companies[0].dunning_policy_id.name,
                    companies=", ".join(companies.mapped("name")),
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for policy, vals in zip(self, vals_list, strict=True):
            vals["name"] = self.env._("%s (copy)", policy.name)
        return vals_list
