from odoo import api, models


class AccountDunningNotice(models.Model):
    _inherit = "account.dunning.notice"

    @api.depends("sent_html")
    def _compute_message_html(self):
        kept = self.filtered("sent_html")
        for notice in kept:
            notice.message_html = notice.sent_html
        return super(AccountDunningNotice, self - kept)._compute_message_html()

    def _freeze(self, user, on=None):
        result = super()._freeze(user, on)
        records = [(notice, notice._prepare_record_vals()) for notice in self]
        for notice, vals in records:
            notice.write(vals)
        for level, notices in self.grouped("level_id").items():
            notices.write({"sent_kind": level.kind, "sent_level": level.sudo()._get_names()})
        return result

    def _after_sending(self, called=False):
        result = super()._after_sending(called)
        self.env["account.dunning.proof"].create(
            [
                {"notice_id": notice.id, "attachment_id": attachment.id, "kind": "enclosure"}
                for notice in self
                for attachment in notice.mail_id.attachment_ids or notice._get_posted_files()
            ]
        )
        self._seal()
        return result
