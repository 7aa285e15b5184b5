from odoo import fields, models


class AccountDunningProof(models.Model):
    """The proofs of a registered letter are also proofs of its notice."""

    _inherit = "account.dunning.proof"

    _dunning_threads = ("registered_id", "notice_id")

    registered_id = fields.Many2one(
        "account.dunning.registered", readonly=True, index="btree_not_null", ondelete="cascade"
    )
