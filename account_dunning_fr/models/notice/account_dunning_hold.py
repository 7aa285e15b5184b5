from odoo import api, fields, models

# The fields that say whom a hold concerns, how much, and when.
HOLDS = {
    *("partner_id", "move_id", "move_line_id", "amount_held"),
    *("date_from", "date_until", "claims_before", "released_on"),
}


class AccountDunningHold(models.Model):
    """The pause opened by an unread reply.

    Whatever opens or widens a hold, pending notices of its customer are checked at once.
    """

    _inherit = "account.dunning.hold"

    reply_id = fields.Many2one(
        "account.dunning.reply",
        string="Answer",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        holds._judge_waiting()
        return holds

    def write(self, vals):
        result = super().write(vals)
        if not HOLDS.isdisjoint(vals):
            self._judge_waiting()
        return result

    def _judge_waiting(self):
        """Check the pending notices of the customers of these holds, if they are in force."""
        current = self.sudo().filtered("is_current")
        debtors = current.partner_id | current.move_id.line_ids.partner_id
        self.env["account.dunning.notice"]._judge_soon(debtors)
