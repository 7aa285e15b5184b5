from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    dunning_to_hand_over = fields.Boolean(
        string="To hand over",
        compute="_compute_dunning_to_hand_over",
        search="_search_dunning_to_hand_over",
        groups="account.group_account_invoice,account.group_account_readonly",
        help="Its formal notice expired; it is unpaid and not on hold.",
    )
    dunning_formal_deadline = fields.Date(
        string="Deadline of the formal notice",
        compute="_compute_dunning_formal_deadline",
        groups="account.group_account_invoice,account.group_account_readonly",
    )

    def _compute_dunning_to_hand_over(self):
        partners = self.partner_id.commercial_partner_id
        owed = self.env["account.dunning.notice"]._get_expired_items(partners=partners)
        for item in self:
            item.dunning_to_hand_over = item in owed

    def _search_dunning_to_hand_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        items = self.env["account.dunning.notice"]._get_expired_items(self.env.companies)
        return [("id", "in" if True in value else "not in", items.ids)]

    def _compute_dunning_formal_deadline(self):
        lines = self.env["account.dunning.notice.line"]._read_group(
            [
                ("move_line_id", "in", self.ids),
                ("claimed", "=", True),
                ("notice_id.kind", "=", "formal_notice"),
                ("notice_id.has_left", "=", True),
                ("state", "=", "sent"),
            ],
            ["move_line_id"],
            ["notice_id:recordset"],
        )
        deadlines = {
            item: max((day for day in notices.mapped("deadline") if day), default=False)
            for item, notices in lines
        }
        for item in self:
            item.dunning_formal_deadline = deadlines.get(item, False)
