from odoo import fields, models


class AccountDunningHold(models.Model):
    """The holds on items claimed by a court file: they end with it."""

    _inherit = "account.dunning.hold"

    case_id = fields.Many2one(
        "account.dunning.case",
        string="Court file",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )

    def _get_release_advice(self, owner):
        if owner._name != "account.dunning.case":
            return super()._get_release_advice(owner)
        return self.env._(
            "%(customer)s is not chased because of the court file %(owner)s: take it back to "
            "preparation, or close it as withdrawn, and the hold ends with it.",
            customer=self.partner_id.display_name,
            owner=owner.display_name,
        )
