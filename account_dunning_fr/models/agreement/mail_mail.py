from odoo import api, models

from ..common.mail_message import show
from ..common.private_context import passed

NOTICE = "account.dunning.notice"


class MailMail(models.Model):
    _inherit = "mail.mail"

    @api.model_create_multi
    def create(self, vals_list):
        """Put its own link into the e-mail of each notice: the history never contains it."""
        tokens = passed(self.env, "debtor_tokens", {})
        return super().create([self._add_dunning_link(vals, tokens) for vals in vals_list])

    @api.model
    def _add_dunning_link(self, vals, tokens):
        token = vals.get("model") == NOTICE and tokens.get(vals.get("res_id"))
        if not token or not vals.get("body_html"):
            return vals
        return {**vals, "body_html": show(vals["body_html"], token)}
