from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountDunningPolicy(models.Model):
    """An ordered ladder of levels. A customer follows his own policy, or else the company's."""

    _name = "account.dunning.policy"
    _description = "Dunning Policy"
    _inherit = [
        "account.dunning.guarded",
        "account.dunning.shipped",
        "account.dunning.plausible",
        "account.dunning.tracked",
    ]
    _order = "sequence, name, id"

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
    followers = fields.Char(
        string="Who follows it",
        compute="_compute_followers",
        help="Whom a change of this policy concerns.",
    )
    reply_days = fields.Integer(
        string="Days to read an answer",
        default=3,
        required=True,
        help="An answer of the customer suspends his next step until somebody has read it, for so "
        "many days at most. 0: it suspends nothing.",
    )
    debit_days = fields.Integer(
        string="Days to return a debit",
        default=7,
        required=True,
        help="Of a customer who pays by direct debit, nothing is claimed before so many days after "
        "the due date: his bank may return the debit within five working days (SEPA Core Rulebook, "
        "EPC016-06). A debit returned is claimed at once.",
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

    _debit_days_positive = models.Constraint(
        "CHECK (debit_days >= 0)", "The days to return a debit cannot be negative."
    )
    _reply_days_positive = models.Constraint(
        "CHECK (reply_days >= 0)", "The days to read an answer cannot be negative."
    )

    @api.depends_context("company", "lang", "uid")
    def _compute_followers(self):
        """Describe who a change affects: companies by default, rules, customers by choice."""
        companies = self.env["res.company"].sudo().search([("dunning_policy_id", "in", self.ids)])
        rules = dict(
            self.env["account.dunning.rule"]
            .sudo()
            ._read_group([("policy_id", "in", self.ids)], ["policy_id"], ["__count"])
        )
        for policy in self:
            chosen = policy._get_choosing_customers()
            default = companies.filtered_domain([("dunning_policy_id", "=", policy.id)])
            parts = [
                bool(default) and self.env._("by default: %s", self._name_companies(default)),
                policy in rules and self.env._("rules: %s", rules[policy]),
                bool(chosen) and self.env._("customers of their own choice: %s", len(chosen)),
            ]
            policy.followers = ", ".join(filter(None, parts)) or self.env._("nobody")

    @api.model
    def _name_companies(self, companies):
        """Return the names of companies; those that the user does not work for have none."""
        known = companies if self.env.su else companies & self.env.user.company_ids
        names = known.mapped("name")
        return ", ".join(names if known == companies else [*names, self.env._("another company")])

    def _get_choosing_customers(self):
        """Return the customers for whom the company chose this policy."""
        return self.env["res.partner"].sudo().search([("dunning_policy_id", "in", self.ids)])

    def _is_followed_by(self, partner):
        """Whether only this customer follows it."""
        self.ensure_one()
        return (
            self._get_choosing_customers() == partner
            and not self.env["res.company"].sudo().search([("dunning_policy_id", "=", self.id)])
            and not self.env["account.dunning.rule"].sudo().search([("policy_id", "=", self.id)])
        )

    def _adapt(self, partner, creditor):
        """Return a policy for one customer only, which can be changed without affecting others.

        The one that only he follows, or else a copy of this one with its levels, set on him.

        :param partner: commercial partner, in the creditor's company
        :param creditor: ``res.company``
        """
        self.ensure_one()
        if self._is_followed_by(partner):
            return self
        name = self.env._(
            "%(policy)s – %(customer)s", policy=self.name, customer=partner.display_name
        )
        own = self.copy({"name": name, "company_id": creditor.id})
        partner.dunning_policy_id = own
        return own

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
                    companies=self._name_companies(companies),
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for policy, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%s (copy)", policy.name)
        return vals_list
