from odoo import fields, models


class AccountDunningHand(models.Model):
    """The items for which the insurer was asked to intervene are in his hand."""

    _inherit = "account.dunning.hand"

    insured_id = fields.Many2one(
        "account.dunning.insured",
        string="Insured item",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )

    def _get_advice(self):
        if not self.insured_id:
            return super()._get_advice()
        return self.env._("Empty the day of the request for intervention first.")
