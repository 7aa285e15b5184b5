from odoo import api, fields, models
from odoo.tools import format_date

from ...core.insurance import is_extension_allowed

OPEN_STATES = ("draft", "running")


class AccountDunningPaymentPlan(models.Model):
    """A plan on insured items that runs longer than the insurer allows, who is asked first."""

    _inherit = "account.dunning.payment.plan"

    insurer_warning = fields.Char(compute="_compute_insurer_warning")

    @api.depends("line_ids.date", "item_ids", "partner_id", "company_id", "state")
    @api.depends_context("lang")
    def _compute_insurer_warning(self):
        for plan in self:
            plan.insurer_warning = plan._get_insurer_warning()

    def _get_insurer_warning(self):
        """Return the warning to show before this plan is signed, or False."""
        self.ensure_one()
        last = max(filter(None, self.line_ids.mapped("date")), default=None)
        if not last or self.state not in OPEN_STATES:
            return False
        covers = self.env["account.dunning.cover"].sudo()
        covers = covers.search(
            [("company_id", "=", self.company_id.id), ("partner_id", "=", self.partner_id.id)]
        )
        items = self.item_ids._origin
        consented = self.env["account.dunning.insured"].sudo()
        consented = consented.search(
            [
                ("move_line_id", "in", items.ids),
                ("consented_on", "!=", False),
                ("extended_to", ">=", last),
            ]
        ).move_line_id
        for item, cover in covers._choose_all(items - consented).items():
            due = item.date_maturity or item.date
            if not is_extension_allowed(cover.insurance_id._get_contract(), due, last):
                return self.env._(
                    "The last instalment, on %(last)s, is later than the longest extension that "
                    "the credit insurance allows for %(invoice)s: ask %(insurer)s first.",
                    last=format_date(self.env, last),
                    invoice=item.move_id.name,
                    insurer=cover.insurance_id.insurer_id.name,
                )
        return False
