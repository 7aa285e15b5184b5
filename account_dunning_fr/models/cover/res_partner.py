from odoo import fields, models

from ..common.groups import ACCOUNTING_GROUPS
from .account_dunning_shortcut import INSURED


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_cover_ids = fields.One2many(
        "account.dunning.cover",
        "partner_id",
        string="Decisions of the insurer",
        groups=ACCOUNTING_GROUPS,
    )

    def get_dunning_facts(self):
        """Add what the insurer decided about the customer, the latest decision first."""
        groups = super().get_dunning_facts()
        if not self.env.user.has_group(INSURED):
            return groups
        facts = self.env["account.dunning.facts"]
        decisions = facts._prepare_table(
            self.dunning_cover_ids,
            ["date_from", "date_until", "decision", "limit", "insurance_id", "reference"],
            title=self._fields["dunning_cover_ids"]._description_string(self.env),
            opened="id",
            tones=lambda cover: "muted" if cover.date_until else "",
        )
        return groups + facts._keep_told([decisions])
