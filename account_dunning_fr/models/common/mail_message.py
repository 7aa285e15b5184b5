from odoo import api, models
from odoo.exceptions import UserError

from .account_dunning_retained import is_erasing

# Content, author, date and thread of a message.
CONTENT = {
    "attachment_ids",
    "author_id",
    "body",
    "date",
    "dunning_automatic",
    "email_from",
    "message_id",
    "message_type",
    "model",
    "parent_id",
    "partner_ids",
    "res_id",
    "subject",
    "subtype_id",
    "tracking_value_ids",
}

# The token of a link stays out of the history, which more people may read than may send the link.
HIDDEN = "hidden-from-the-history"


def hide(body, token):
    """Return a text without the token.

    :param body: text or ``Markup``; may be empty
    :param str token: may be empty
    """
    return body.replace(token, HIDDEN) if body and token else body


def show(body, token):
    """Undo ``hide``, for the e-mail to the person who gets the link."""
    return body.replace(HIDDEN, token)


class MailMessage(models.Model):
    """The history of what was sent cannot be changed, by whomever and whatever screen."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        """Give messages on our documents the subject of their e-mail.

        Odoo would write it when the e-mail is created, when the history no longer allows it.
        """
        for vals in vals_list:
            model = self.env.registry.models.get(vals.get("model"))
            told = vals.get("message_type") == "comment" and not vals.get("subject")
            if told and vals.get("res_id") and getattr(model, "_get_with_history", None):
                document = self.env[vals["model"]].sudo().browse(vals["res_id"]).exists()
                if document:
                    vals["subject"] = document._message_compute_subject()
        return super().create(vals_list)

    def write(self, vals):
        kept = self._get_dunning_history() if CONTENT.intersection(vals) else self.browse()
        before = {message: message._get_dunning_identity() for message in kept}
        result = super().write(vals)
        if any(message._get_dunning_identity() != before[message] for message in kept):
            raise UserError(
                self.env._("The history of a document that left stays as it was written.")
            )
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_history(self):
        if self._get_dunning_history():
            raise UserError(self.env._("The history of a document that left is not deleted."))

    def _get_dunning_history(self):
        """Return the messages about a document that was sent or posted.

        Models with such documents say which ones: ``_get_with_history``.
        """
        if is_erasing(self.env):
            return self.browse()
        models_by_name = self.env.registry.models
        ours = self.sudo().filtered(
            lambda m: m.res_id and getattr(models_by_name.get(m.model), "_get_with_history", None)
        )
        kept = ours.browse()
        for model, messages in ours.grouped("model").items():
            documents = self.env[model].sudo().browse(messages.mapped("res_id")).exists()
            left = set(documents._get_with_history().ids)
            kept |= messages.filtered(lambda m, left=left: m.res_id in left)
        return kept

    def _get_dunning_identity(self):
        """Return what must not change in a message that is evidence."""
        self.ensure_one()
        return {name: self[name] for name in CONTENT}
