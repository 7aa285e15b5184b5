from odoo import api, fields, models

from ...core.promises import BROKEN, PARTLY


class AccountDunningNotice(models.Model):
    """What a notice says of the promises that were not kept."""

    _inherit = "account.dunning.notice"

    recalled_promise_ids = fields.Many2many(
        "account.dunning.promise",
        string="Promises recalled",
        compute="_compute_recalled_promise_ids",
        compute_sudo=True,
        help="Promises that were not kept, each recalled in one message only, the oldest first.",
    )

    @api.depends(
        "state",
        "kind",
        "line_ids.claimed",
        "line_ids.left_out",
        "partner_id.dunning_promise_ids.state",
        "partner_id.dunning_promise_ids.mentioned_in_id",
    )
    def _compute_recalled_promise_ids(self):
        """What a message said stays; a live one recalls the broken promises of what it claims."""
        closed = self.filtered(lambda notice: notice.state in ("sent", "cancelled"))
        promises = self.env["account.dunning.promise"].search(
            [
                "|",
                ("mentioned_in_id", "in", closed.ids),
                "&",
                ("partner_id", "in", (self - closed).partner_id.ids),
                ("state", "in", (BROKEN, PARTLY)),
            ],
            order="date_promised, id",
        )
        for notice in self:
            own = notice._origin
            if notice in closed:
                recalled = promises.filtered(
                    lambda promise, own=own: promise.mentioned_in_id == own
                )
            else:
                recalled = notice._pick_recalled(promises)
            notice.recalled_promise_ids = recalled

    def _pick_recalled(self, promises):
        """Return those of these broken promises that this live message recalls."""
        self.ensure_one()
        if self.kind == "courtesy":
            return promises.browse()
        items = self.line_ids._filter_claimed().move_line_id
        return promises.filtered(
            lambda promise: (
                promise.company_id == self.company_id
                and promise.partner_id == self.partner_id
                and promise.mentioned_in_id in (self.browse(), self._origin)
                and promise.item_ids & items
            )
        )

    def _on_frozen(self):
        promises = {notice: notice.sudo().recalled_promise_ids for notice in self}
        for notice, recalled in promises.items():
            recalled.mentioned_in_id = notice.id
        return super()._on_frozen()

    def _on_taken_back(self):
        promises = self.env["account.dunning.promise"].sudo()
        promises.search([("mentioned_in_id", "in", self.ids)]).mentioned_in_id = False
        return super()._on_taken_back()
