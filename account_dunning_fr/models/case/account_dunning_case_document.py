from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.seals import sha256
from ...dossier.pages import timeless

# What a file holds besides its pieces, and the statements that are pieces of their own.
REPORTS = {
    "bordereau": "account_dunning_fr.report_case_bordereau",
    "request": "account_dunning_fr.report_case_request",
    "data_sheet": "account_dunning_fr.report_case_data_sheet",
    "chronology": "account_dunning_fr.report_case_chronology",
    "mandate": "account_dunning_fr.report_case_mandate",
    "cover_letter": "account_dunning_fr.report_case_cover_letter",
    "account": "account_dunning_fr.report_case_account",
    "penalties": "account_dunning_fr.report_case_statement",
    "notice": "account_dunning_fr.report_case_notice",
    "reply": "account_dunning_fr.report_case_reply",
    "sending": "account_dunning_fr.report_case_sending",
}
NUMBERED = {"sending": "invoice_proof", "account": "account", "penalties": "penalties"}


class AccountDunningCaseDocument(models.Model):
    """A document made by the software for a file: printed again only when its text changes.

    A PDF bears the time at which it was printed; so a document is kept with the fingerprint of the
    page that it was printed from, and given again as it is while that page says the same.
    """

    _name = "account.dunning.case.document"
    _description = "Document Made for a Court File"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "case_id, kind"

    case_id = fields.Many2one("account.dunning.case", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    kind = fields.Char(required=True)
    attachment_id = fields.Many2one("ir.attachment", ondelete="restrict")
    fingerprint = fields.Char()

    _kind_once = models.UniqueIndex("(case_id, kind)", "This document was already made.")


class AccountDunningCase(models.Model):
    _inherit = "account.dunning.case"

    document_ids = fields.One2many("account.dunning.case.document", "case_id")

    @api.model
    def _get_document_titles(self):
        """Return the title of each document, as its bookmark and its file name state it."""
        return {
            "bordereau": self.env._("Bordereau"),
            "request": self.env._("Request for an order to pay"),
            "data_sheet": self.env._("Data sheet"),
            "chronology": self.env._("Chronology"),
            "mandate": self.env._("Mandate"),
            "cover_letter": self.env._("Cover letter"),
            "account": self.env._("Statement of account"),
            "penalties": self.env._("Statement of the sums claimed"),
            "notice": self.env._("Message"),
            "reply": self.env._("E-mail received"),
            "sending": self.env._("Sending of the invoices by e-mail"),
        }

    def _get_document(self, kind):
        """Return a document of the file, as an attachment.

        :param str kind: a key of ``REPORTS``
        """
        self.ensure_one()
        return self._get_made_attachment(kind, self)

    def _get_made_attachment(self, kind, record):
        """Return the document made of a record, printed again only if its page changed.

        :param str kind: a key of ``REPORTS``, followed by what tells it from its like
        :param record: the record that the report prints
        :return: ``ir.attachment``
        """
        self.ensure_one()
        # What the case was given crosses to the report: the sums are computed once a file.
        report = self.env["ir.actions.report"].sudo().with_context(lang=self._get_document_lang())
        reference = REPORTS[kind.split("-")[0]]
        page, _type = report._render_qweb_html(reference, record.ids)
        fingerprint = sha256(page)
        document = self.sudo().document_ids.filtered(lambda doc: doc.kind == kind)
        known = document.attachment_id._filter_dunning_owned(self)
        if known and document.fingerprint == fingerprint:
            return known
        # It is not rendered again.
        content, extension = report._print_dunning_page(reference, record.id, page)
        title = self._get_document_titles()[kind.split("-")[0]]
        if extension == "pdf":
            content = timeless(content, f"{title} {self.name}")
        name = f"{title} {self.name}.{extension}".replace("/", "-")
        attachment = self.env["ir.attachment"]._attach_dunning(self, name, content)
        vals = {"attachment_id": attachment.id, "fingerprint": fingerprint}
        if document:
            document.write(vals)
        else:
            document.create({"case_id": self.id, "kind": kind, **vals})
        return attachment

    def _make_statements(self):
        """Make the numbered statements again: the account, and the sums claimed."""
        self.ensure_one()
        titles = self.with_context(lang=self._get_document_lang())._get_document_titles()
        for kind, category in NUMBERED.items():
            if kind == "sending" and not self._get_sendings():
                continue
            piece = self.piece_ids.filtered(lambda piece, kind=kind: piece.key == f"made:{kind}")
            if not piece:
                piece = (
                    self.env["account.dunning.case.piece"]
                    .sudo()
                    .create(
                        {
                            "case_id": self.id,
                            "key": f"made:{kind}",
                            "category": category,
                            "name": titles[kind],
                            "origin": "made",
                        }
                    )
                )
            attachment = self._get_document(kind)
            if not piece._holds(attachment):
                piece.date = self.date
                piece._attach(attachment, "made")

    def _get_sendings(self):
        """Return the e-mails that carried the invoices, as the message log keeps them.

        :return: list of dicts ``move``, ``message``, ``to``, ``mail_state``
        """
        self.ensure_one()
        sent = self.move_ids._get_dunning_sent_files()
        messages = self.move_ids._get_dunning_carriers().filtered(
            lambda message: (
                sent[self.move_ids.browse(message.res_id)].checksum
                in message.attachment_ids.mapped("checksum")
            )
        )
        return [
            {
                "move": self.move_ids.browse(message.res_id),
                "message": message,
                "to": self._get_addresses(message),
                "failed": "exception" in message.notification_ids.mapped("notification_status"),
            }
            for message in messages
        ]

    @api.model
    def _get_addresses(self, message):
        """Return to whom a message went, as an e-mail header states it."""
        mails = self.env["mail.mail"].sudo().search([("mail_message_id", "=", message.id)])
        partners = message.notified_partner_ids | message.partner_ids | mails.recipient_ids
        addresses = [partner.email for partner in partners if partner.email]
        addresses += [mail.email_to for mail in mails if mail.email_to]
        return ", ".join(dict.fromkeys(addresses))

    def action_print_request(self):
        """Print the request."""
        self.ensure_one()
        if not self.item_ids:
            raise UserError(self.env._("Nothing is claimed: choose the items."))
        return self.env.ref(REPORTS["request"]).report_action(self, config=False)
