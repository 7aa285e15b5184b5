from odoo import fields, models


class AccountDunningHold(models.Model):
    """The holds of items that somebody else holds: they end when the items come back."""

    _inherit = "account.dunning.hold"

    assignment_id = fields.Many2one(
        "account.dunning.assignment",
        string="Handed over by",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )

    def _get_release_advice(self, owner):
        if owner._name != "account.dunning.assignment":
            return super()._get_release_advice(owner)
        return self.env._(
            "%(customer)s is not chased because %(holder)s has the item (%(number)s): take it back "
            "there, and the hold ends with it.",
            customer=self.partner_id.display_name,
            holder=owner.holder_id.display_name,
            number=owner.name,
        )
