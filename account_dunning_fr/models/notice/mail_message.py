from functools import cache

from markupsafe import escape

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

from ...core.replies import is_automatic


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_parse(self, message, save_original=False):
        """Record whether a program wrote the message, as its headers are not stored.

        A subject is put on one line, as in the copies for colleagues: with several lines it would
        be refused as a change of the history, and the reply would be lost.
        """
        parsed = super().message_parse(message, save_original=save_original)
        if parsed.get("subject"):
            parsed["subject"] = " ".join(parsed["subject"].split())
        sender = email_normalize(parsed.get("email_from")) or ""
        if is_automatic(dict(message.items()), parsed.get("subject"), sender):
            parsed["dunning_automatic"] = True
        return parsed

    def _get_message_create_valid_field_names(self):
        return super()._get_message_create_valid_field_names() | {"dunning_automatic"}


class MailMessage(models.Model):
    """Identifies the debtor among those who write back; and copies one note to many invoices."""

    _inherit = "mail.message"

    dunning_automatic = fields.Boolean(
        string="Automatic answer",
        readonly=True,
        help="Written by a program: an absence, a receipt, a returned e-mail.",
    )

    def _get_dunning_origin(self, notice):
        """Return who wrote this message on a notice, as far as the notice knows.

        :param notice: ``account.dunning.notice``
        """
        self.ensure_one()
        return notice._get_message_origin(
            self.author_id, self.email_from, self.subject, self.dunning_automatic
        )

    def _copy_dunning_note(self, bodies):
        """Copy this log note to other records of its model, each with its own text.

        :param dict bodies: ``{record id: HTML}``; the note has neither files nor recipients
        """
        self.ensure_one()
        self.env.flush_all()
        own = {"id", "res_id", "message_id", "record_name", "body"}
        names = [
            name
            for name, field in self._fields.items()
            if field.store and field.column_type and name not in own
        ]
        field = self._fields["body"]
        sanitized = cache(lambda body: str(field.convert_to_cache(escape(body), self)))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO mail_message (res_id, message_id, body, %(columns)s)
                SELECT own.res_id,
                       replace(message.message_id, '<', '<' || own.res_id || '-'),
                       own.text, %(names)s
                  FROM mail_message message,
                       unnest(%(res_ids)s, %(texts)s) own (res_id, text)
                 WHERE message.id = %(message_id)s
                """,
                columns=SQL(", ").join(map(SQL.identifier, names)),
                names=SQL(", ").join(SQL.identifier("message", name) for name in names),
                res_ids=list(bodies),
                texts=[sanitized(body) for body in bodies.values()],
                message_id=self.id,
            )
        )
