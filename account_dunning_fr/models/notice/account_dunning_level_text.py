from odoo import api, fields, models

from ..policy.account_dunning_level import TEXTS


class AccountDunningNotice(models.Model):
    _inherit = "account.dunning.notice"

    text_warning = fields.Char(compute="_compute_text_warning")

    @api.depends("subject", "body", "closing", "kind", "state", "total_text", "deadline_text")
    def _compute_text_warning(self):
        for notice in self:
            warning = False
            if notice.state in ("draft", "ready") and notice.level_id._is_written():
                # The facts as the message writes them: in the customer's language.
                local = notice.with_context(lang=notice.lang)
                facts = {"sum": local.total_text or "", "deadline": local.deadline_text or ""}
                text = " ".join(notice[name] or "" for name in TEXTS)
                warning = notice.level_id._get_mention_sentence(notice.kind, text, facts)
            notice.text_warning = warning
