from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS
from ..common.notifications import tell

PROFILES = [
    ("historic", "Long-standing"),
    ("new", "New"),
    ("strategic", "Strategic"),
    ("at_risk", "At risk"),
    ("public", "Public sector"),
    ("consumer", "Consumer"),
]
NEW_MONTHS, HISTORIC_YEARS = 6, 2


class ResPartner(models.Model):
    """The policy of a customer, and the profile from which rules choose a policy."""

    _inherit = "res.partner"

    dunning_policy_id = fields.Many2one(
        "account.dunning.policy",
        string="Dunning policy",
        company_dependent=True,
        tracking=True,
        help="Leave empty for the company's default.",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_profile = fields.Selection(
        PROFILES,
        string="Customer profile",
        groups=ACCOUNTING_GROUPS,
        help="Chooses the dunning policy by the rules, for a customer that has none of its own.",
    )
    dunning_profile_proposed = fields.Selection(
        PROFILES,
        string="Proposed profile",
        compute="_compute_dunning_profile_proposed",
        groups=ACCOUNTING_GROUPS,
        help="From the legal regime, the degree of trust, and the first invoice.",
    )

    @api.depends("dunning_regime", "trust")
    def _compute_dunning_profile_proposed(self):
        today = fields.Date.context_today(self)
        first_days = dict(
            self.env["account.move"]
            .sudo()
            ._read_group(
                [
                    # The contact is indexed, the commercial partner is not.
                    ("partner_id", "child_of", self.ids),
                    ("commercial_partner_id", "in", self.ids),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("company_id", "in", self.env.companies.ids),
                ],
                ["commercial_partner_id"],
                ["invoice_date:min"],
            )
        )
        for partner in self:
            partner.dunning_profile_proposed = partner._propose_dunning_profile(
                first_days.get(partner._origin), today
            )

    def _propose_dunning_profile(self, first_day, today):
        """Return the profile suggested by the facts, or False.

        :param date first_day: day of the first invoice, None if there is none
        :param date today: the day of the proposal
        """
        self.ensure_one()
        by_regime = {"b2g": "public", "b2c": "consumer"}.get(self.dunning_regime)
        if by_regime:
            return by_regime
        if self.trust == "bad":
            return "at_risk"
        if not first_day or first_day > today - relativedelta(months=NEW_MONTHS):
            return "new"
        return first_day <= today - relativedelta(years=HISTORIC_YEARS) and "historic"

    def action_set_dunning_profile(self):
        """Set the proposed profile on the selected customers that have none yet.

        :return: for several customers, the action that says how many were set
        """
        self.check_access("write")
        missing = self.commercial_partner_id.filtered(lambda partner: not partner.dunning_profile)
        for profile, partners in missing.grouped("dunning_profile_proposed").items():
            partners.dunning_profile = profile
        if len(self) == 1:
            return None
        done = self.env._("Profiles taken: %s.", len(missing.filtered("dunning_profile")))
        left = self.commercial_partner_id - missing
        skipped = [
            *[self.env._("had one already")] * len(left),
            *[self.env._("nothing is proposed")]
            * len(missing.filtered(lambda partner: not partner.dunning_profile)),
        ]
        return tell(self.env, done, skipped)

    # -- The policy that was chosen: one for all companies of a creditor ---------------------------

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        chosen = partners.sudo().filtered("dunning_policy_id")
        for twins in chosen._get_dunning_twins() if chosen else ():
            for partner, twin in zip(chosen, twins, strict=True):
                twin.dunning_policy_id = partner.dunning_policy_id
        return partners

    def write(self, vals):
        result = super().write(vals)
        if "dunning_policy_id" in vals:
            # A customer is chased on behalf of the creditor: his policy is the same wherever it is
            # set.
            for partners in self._get_dunning_twins():
                super(ResPartner, partners).write({"dunning_policy_id": vals["dunning_policy_id"]})
        return result

    def _get_dunning_twins(self):
        """Return these customers as seen from the other companies of the creditor."""
        company = self.env.company
        others = company.dunning_creditor_id._get_dunning_companies() - company
        partners = self.sudo().with_context(tracking_disable=True)
        return [partners.with_company(other) for other in others]

    @api.model
    def _get_dunning_default_choice(self, creditor):
        """Return the id of the policy followed by customers without a choice, or None.

        Set as default value of the field: Odoo does not store a choice equal to it.
        """
        partner = self.sudo().with_company(creditor)
        return self._fields["dunning_policy_id"].get_company_dependent_fallback(partner).id or None
