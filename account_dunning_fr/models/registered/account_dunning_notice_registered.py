from odoo import api, fields, models

SYNC = {"state", "send_registered", "printed_on", "posted_on"}


class AccountDunningNotice(models.Model):
    """The registered letters of a notice: one is opened as soon as there is a letter to post."""

    _inherit = "account.dunning.notice"

    registered_ids = fields.One2many(
        "account.dunning.registered", "notice_id", string="Registered letters"
    )
    registered_number = fields.Char(
        compute="_compute_registered_number",
        help="Printed on the letter where it is known beforehand.",
    )

    @api.depends("registered_ids.number", "registered_ids.state")
    def _compute_registered_number(self):
        for notice in self:
            live = notice.registered_ids.filtered(lambda letter: letter.state != "cancelled")
            notice.registered_number = live.sorted("id")[-1:].number  # of the last one posted

    @api.model_create_multi
    def create(self, vals_list):
        notices = super().create(vals_list)
        notices._sync_registered()
        return notices

    def write(self, vals):
        result = super().write(vals)
        if SYNC.intersection(vals):
            self._sync_registered()
        if vals.get("posted_on"):
            self.sudo().registered_ids._on_posting(fields.Date.to_date(vals["posted_on"]))
        return result

    def _sync_registered(self):
        """Open the registered letters that are to be posted, forget those that are not any more."""
        wanted = self.sudo().filtered(
            lambda n: n.send_registered and (n.state in ("ready", "sent") or n.printed_on)
        )
        wanted = wanted.filtered(
            lambda n: (
                n.state != "cancelled"
                and not n.posted_on
                and not n.not_posted_reason
                and not n.registered_ids
            )
        )
        self.env["account.dunning.registered"].sudo().create(
            [{"notice_id": notice.id} for notice in wanted]
        )
        others = self.sudo().filtered(lambda n: not n.send_registered).registered_ids
        others.filtered(
            lambda letter: not (letter.posted_on or letter.number or letter.proof_ids)
        ).unlink()
