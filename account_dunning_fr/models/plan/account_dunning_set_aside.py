from odoo import api, fields, models
from odoo.exceptions import UserError

from ..common.creditors_day import creditors_day
from ..common.groups import check_sender
from ..common.notifications import tell
from .account_dunning_waiting_money import KIND_LABELS, open_source


class AccountDunningSetAside(models.Model):
    """« N'est pas pour ces factures »: money that, as a person said, pays none of the due invoices.

    For that customer it covers nothing any more, until this is undone. Kept with its author.
    """

    _name = "account.dunning.set.aside"
    _description = "Money Set Aside"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "decided_on DESC, id DESC"
    _rec_name = "label"

    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, readonly=True
    )
    kind = fields.Selection(KIND_LABELS, required=True, readonly=True)
    source_id = fields.Integer(required=True, readonly=True)
    label = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    decided_on = fields.Date(string="Said on", required=True, readonly=True)
    decided_by = fields.Many2one("res.users", string="Said by", required=True, readonly=True)
    undone_on = fields.Date(readonly=True)
    undone_by = fields.Many2one("res.users", readonly=True)

    _once = models.UniqueIndex(
        "(kind, source_id, partner_id) WHERE undone_on IS NULL",
        "This money was set aside already.",
    )

    @api.model
    def _fold_dunning_merged(self, customers, kept):
        asides = self.search([("partner_id", "in", customers.ids), ("undone_on", "=", False)])
        doubles = asides._get_dunning_doubles(kept, lambda aside: (aside.kind, aside.source_id))
        doubles.write({"undone_on": creditors_day(self), "undone_by": self.env.uid})
        return super()._fold_dunning_merged(customers, kept)

    def action_undo(self):
        """Let the money count again."""
        check_sender(self.env)
        self.check_access("read")
        left = self.filtered(lambda aside: not aside.undone_on)
        if not left:
            raise UserError(self.env._("This money counts again already."))
        left.sudo().write({"undone_on": creditors_day(self), "undone_by": self.env.uid})
        if len(self) == 1:
            return None
        done = self.env._("Money that counts again: %s.", len(left))
        return tell(self.env, done, [self.env._("counted again already")] * len(self - left))

    def action_open(self):
        """Open the payment, the bank line or the entry."""
        return open_source(self)
