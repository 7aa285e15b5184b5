import re

from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS

PDF_FIELD = "invoice_pdf_report_file"
# Odoo renames the PDF of an invoice that is reset to draft: « F_1 (detached by … on …).pdf ».
DETACHED = re.compile(r"\(.+\)\.pdf$", re.IGNORECASE)


class AccountMove(models.Model):
    """The PDF of an invoice as it was sent, and the one that a message encloses."""

    _inherit = "account.move"

    dunning_sent_file_id = fields.Many2one(
        "ir.attachment",
        string="Invoice as sent",
        compute="_compute_dunning_sent_file_id",
        groups=ACCOUNTING_GROUPS,
    )

    @api.depends("invoice_pdf_report_file", "message_ids", "state")
    def _compute_dunning_sent_file_id(self):
        """The files of all the invoices of a batch of messages, found at once."""
        sent = self._get_dunning_sent_files()
        for move in self:
            move.dunning_sent_file_id = sent[move]

    def _get_dunning_sent_files(self):
        """Return the PDF of each invoice as it was sent; a Factur-X invoice is such a PDF.

        What a message carried comes first, the last one sent; then the PDF that the invoice holds,
        then the one that Odoo took out of its field when the invoice was reset to draft.

        :return: ``{move: ir.attachment}`` with full rights, an empty one where there is none
        """
        held = self._get_dunning_held_files()
        carried = self._get_dunning_carried_files(held)
        found = {}
        for move in self:
            present = held[move].filtered("res_field")[-1:]
            found[move] = carried[move][-1:] or present or held[move][-1:]
        return found

    def _get_dunning_sent_file(self):
        """Return the PDF of the invoice as it was sent, or an empty ``ir.attachment``."""
        self.ensure_one()
        return self._get_dunning_sent_files()[self].with_env(self.env)

    def _get_dunning_held_files(self):
        """Return the PDF that each invoice holds, and those it held, the oldest first."""
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("res_field", "in", (False, PDF_FIELD)),
                    ("mimetype", "=", "application/pdf"),
                ],
                order="id",
            )
        )
        held = files.filtered(
            lambda file: (
                file.res_field
                or (DETACHED.search(file.name) and self.browse(file.res_id)._names_dunning(file))
            )
        ).grouped("res_id")
        return {move: held.get(move.id, files.browse()) for move in self}

    def _get_dunning_carried_files(self, held):
        """Return the PDF of each invoice that our messages to the customer carried, oldest first.

        What somebody else wrote proves nothing, whatever the name of his file.

        :param dict held: ``{move: ir.attachment}``, the PDF that it holds or held
        """
        carried = {move: self.env["ir.attachment"].sudo() for move in self}
        for message in self._get_dunning_carriers():
            move = self.browse(message.res_id)
            sums = set(held[move].mapped("checksum"))
            carried[move] |= message.attachment_ids.filtered(
                lambda file, sums=sums, move=move: (
                    file.mimetype == "application/pdf"
                    and (file.checksum in sums or move._names_dunning(file))
                )
            ).sorted(lambda file, sums=sums: (file.checksum in sums, file.id))
        return carried

    def _get_dunning_carriers(self):
        """Return the messages with a PDF that our users sent from these invoices, oldest first."""
        return (
            self.env["mail.message"]
            .sudo()
            .with_context(active_test=False)  # whoever sent it may have left since
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("message_type", "!=", "email"),
                    ("author_id.user_ids.share", "=", False),
                    ("attachment_ids.mimetype", "=", "application/pdf"),
                ],
                order="date, id",
            )
        )

    def _names_dunning(self, file):
        """Whether a file bears the number of this invoice in its name."""
        self.ensure_one()
        number = re.escape((self.name or "").strip("/").replace("/", "_"))
        return bool(number) and bool(re.search(rf"(?<![a-z0-9]){number}(?!\d)", file.name, re.I))

    # -- The file that a message encloses ----------------------------------------------------------

    def _get_dunning_document(self, notice):
        """Return the PDF of the invoice to enclose: the one sent at the time, else a reprint.

        :param notice: the notice that the print is attached to, where one is made
        :return: ``ir.attachment``
        """
        self.ensure_one()
        if found := self._find_dunning_document(notice):
            return found
        return self.env["ir.attachment"].create(
            {
                "name": self._get_invoice_report_filename(),
                "raw": self._print_dunning_copy(),
                "mimetype": "application/pdf",
                "res_model": notice._name,
                "res_id": notice.id,
            }
        )

    def _find_dunning_document(self, notice):
        """Return the PDF of the invoice that was sent, else the print made for this notice."""
        self.ensure_one()
        return self.dunning_sent_file_id or self.env["ir.attachment"].search(
            [
                ("res_model", "=", notice._name),
                ("res_id", "=", notice.id),
                ("name", "=", self._get_invoice_report_filename()),
            ],
            limit=1,
        )
