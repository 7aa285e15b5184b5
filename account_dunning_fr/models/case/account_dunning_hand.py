from odoo import fields, models


class AccountDunningHand(models.Model):
    """The items claimed by a court file are in the hands of the court, from its preparation on."""

    _inherit = "account.dunning.hand"

    case_id = fields.Many2one(
        "account.dunning.case",
        string="Court file",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )

    def _get_advice(self):
        if not self.case_id:
            return super()._get_advice()
        return self.env._("Take it out of the file while it is prepared, or close the file.")
