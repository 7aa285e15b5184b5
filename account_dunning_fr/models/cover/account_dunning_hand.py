from odoo import fields, models


class AccountDunningHand(models.Model):
    """The items that were handed over, and those for which the insurer was asked to step in."""

    _inherit = "account.dunning.hand"

    insured_id = fields.Many2one(
        "account.dunning.insured",
        string="Insured item",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )
    assignment_id = fields.Many2one(
        "account.dunning.assignment",
        string="Handed over by",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )

    def _get_advice(self):
        if self.insured_id:
            return self.env._("Empty the day of the request for intervention first.")
        if self.assignment_id:
            return self.env._("Take the item back in %s first.", self.assignment_id.display_name)
        return super()._get_advice()
