from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        self.env["account.dunning.insolvency"].sudo()._warn_of_payments(partials)
        return partials


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_insolvency_ids = fields.One2many(
        "account.dunning.insolvency",
        "partner_id",
        string="Insolvency proceedings",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_insolvency_warning = fields.Char(
        compute="_compute_dunning_insolvency_warning", groups=ACCOUNTING_GROUPS
    )

    @api.depends("dunning_insolvency_ids.state", "dunning_insolvency_ids.date_deadline")
    def _compute_dunning_insolvency_warning(self):
        # Most customers have none: the count, read with others, spares them a query.
        concerned = self.filtered("dunning_insolvency_count")
        (self - concerned).dunning_insolvency_warning = False
        for partner in concerned:
            current = partner.commercial_partner_id.dunning_insolvency_ids.filtered(
                lambda record: record.state in ("open", "declared")
            )[:1]
            partner.dunning_insolvency_warning = current.display_name if current else False

    def action_dunning_insolvency(self):
        """Open the insolvency proceedings of this customer, or the form that records them."""
        self.ensure_one()
        known = self.commercial_partner_id.dunning_insolvency_ids.filtered(
            lambda record: record.state in ("open", "declared")
        )
        if known:
            return known[:1]._get_records_action()
        action = self._get_dunning_form_action(
            "account.dunning.insolvency", self.env._("Insolvency proceedings")
        )
        return {**action, "target": "current"}
