from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS

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
    """The profile of a customer: what the rules choose its policy, so its tone, from."""

    _inherit = "res.partner"

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
                    # The contact has an index, the customer he belongs to has none.
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
        """Return the profile that the facts suggest, or False.

        :param date first_day: day of the first invoice, None without any
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
        """Take the proposed profile for the selected customers that have none yet."""
        self.check_access("write")
        missing = self.commercial_partner_id.filtered(lambda partner: not partner.dunning_profile)
        for profile, partners in missing.grouped("dunning_profile_proposed").items():
            partners.dunning_profile = profile
