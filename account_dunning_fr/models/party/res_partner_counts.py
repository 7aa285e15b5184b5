from odoo import api, fields, models
from odoo.tools import SQL

from ..common.groups import ACCOUNTING_GROUPS

# What each counter of a customer counts: a model with a customer, and which of its records.
COUNTED = {
    "dunning_notice_count": ("account.dunning.notice", []),
    "dunning_case_count": ("account.dunning.case", []),
    "dunning_insolvency_count": (
        "account.dunning.insolvency",
        [("state", "in", ("open", "declared"))],
    ),
}


class ResPartner(models.Model):
    """What the form of a customer says at its opening, counted by one query for all."""

    _inherit = "res.partner"

    dunning_notice_count = fields.Integer(
        string="Reminders", compute="_compute_dunning_counts", groups=ACCOUNTING_GROUPS
    )
    dunning_case_count = fields.Integer(
        string="Court files", compute="_compute_dunning_counts", groups=ACCOUNTING_GROUPS
    )
    dunning_insolvency_count = fields.Integer(
        string="Insolvency proceedings under way",
        compute="_compute_dunning_counts",
        groups=ACCOUNTING_GROUPS,
    )

    @api.depends("commercial_partner_id", "dunning_insolvency_ids.state")
    def _compute_dunning_counts(self):
        customers = self.commercial_partner_id._origin
        parts = [
            SQL(
                "SELECT %s, partner_id, count(*) FROM (%s) counted GROUP BY partner_id",
                name,
                # Through Odoo's search, so that the rules of access hold.
                self.env[model]
                ._search([("partner_id", "in", customers.ids), *domain])
                .select("partner_id"),
            )
            for name, (model, domain) in COUNTED.items()
        ]
        rows = self.env.execute_query(SQL(" UNION ALL ").join(parts))
        counts = {(name, partner_id): count for name, partner_id, count in rows}
        for partner in self:
            for name in COUNTED:
                customer = partner.commercial_partner_id._origin
                partner[name] = counts.get((name, customer.id), 0)
