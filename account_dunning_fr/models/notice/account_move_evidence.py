import re

from odoo import api, fields, models
from odoo.tools import format_date

from ..common.groups import ACCOUNTING_GROUPS

COPY_REPORT = "account_dunning_fr.report_invoice_copy"
PDF_FIELD = "invoice_pdf_report_file"
# Odoo renames the PDF of an invoice that is reset to draft: « F_1 (detached by … on …).pdf ».
DETACHED = re.compile(r"\(.+\)\.pdf$", re.IGNORECASE)


class AccountMove(models.Model):
    """An invoice that was claimed: it may be corrected, and what was sent about it stays."""

    _inherit = "account.move"

    dunning_sent_names = fields.Char(
        string="Claimed in", compute="_compute_dunning_sent_names", groups=ACCOUNTING_GROUPS
    )

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

    @api.depends("dunning_line_ids.state")
    def _compute_dunning_sent_names(self):
        for move in self:
            sent = move.dunning_line_ids.filtered(
                lambda line: line.state == "sent" and line.claimed
            )
            notices = sent.notice_id.sorted("date")
            move.dunning_sent_names = ", ".join(
                f"{notice.name or notice.id} ({notice.level_name})" for notice in notices
            )

    def _get_dunning_claiming_notices(self):
        """Return the messages that claimed this invoice, the oldest first."""
        lines = self.dunning_line_ids.filtered(lambda line: line.state == "sent" and line.claimed)
        return lines.notice_id.sorted("date")

    def button_draft(self):
        result = super().button_draft()
        self._note_dunning_undone(self.env._("reset to draft"))
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._note_dunning_undone(self.env._("cancelled"))
        return result

    def action_dunning_undo(self):
        """Ask before an invoice that was claimed is reset to draft."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reset to draft an invoice that was claimed"),
            "res_model": "account.dunning.undo.invoice",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def _note_dunning_undone(self, what):
        """Tell on the invoices and on the messages sent about them what was done.

        :param str what: what was done with the invoices, for the user
        """
        for move in self.sudo().filtered("dunning_sent_names"):
            move._message_log(
                body=self.env._(
                    "This invoice was %(what)s although it was claimed in %(names)s. What was "
                    "sent stays as it was: if a sum claimed was wrong, write to the customer.",
                    what=what,
                    names=move.dunning_sent_names,
                )
            )
            notices = move._get_dunning_claiming_notices()
            body = self.env._("The invoice %(name)s was %(what)s.", name=move.name, what=what)
            notices._message_log_batch(bodies=dict.fromkeys(notices.ids, body))

    # -- The invoice as it was sent ----------------------------------------------------------------

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

    # -- A complete copy, which says that it is a reprint ------------------------------------------

    def _get_dunning_print_lang(self):
        partner = self.sudo().line_ids.dunning_penalty_id.partner_id[:1]
        partner = partner or self.commercial_partner_id or self.company_id.partner_id
        return partner._get_dunning_lang()

    def _get_dunning_foot(self):
        return " – ".join(filter(None, (self.company_id.dunning_creditor_id.name, self.name)))

    def _print_dunning_copy(self):
        """Return the complete copy of the invoice, as a PDF (bytes).

        Not Odoo's own print: without the patched Qt it lacks the creditor's name and address.
        """
        self.ensure_one()
        printed = self.env["ir.actions.report"]._render_dunning_apart(COPY_REPORT, self.ids)
        return printed[self.id]

    def _get_dunning_reprint_text(self):
        """Return what a copy printed today is called: never a true copy of what was sent."""
        today = fields.Date.context_today(self)
        lang = self._get_dunning_print_lang() if self else self.env.lang
        return self.with_context(lang=lang).env._(
            "reprint of %s", format_date(self.env, today, lang_code=lang)
        )

    def _get_dunning_kind_text(self):
        """Return what the document is, with the word of its number."""
        self.ensure_one()
        return {
            "out_refund": self.env._("Credit note no."),
            "out_receipt": self.env._("Receipt no."),
        }.get(self.move_type, self.env._("Invoice no."))

    def _get_dunning_copy_facts(self):
        """Return the dates and references of the invoice: a list of labels and values."""
        self.ensure_one()
        dues = self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.date_maturity
        ).sorted("date_maturity")
        due = ", ".join(
            f"{format_date(self.env, line.date_maturity)} "
            f"({self.currency_id.format(line.amount_currency)})"
            for line in dues
        )
        if len(dues) == 1:
            due = format_date(self.env, dues.date_maturity)
        other = self.partner_shipping_id - self.partner_id
        delivered_to = other and other._display_address()
        facts = (
            (self.env._("Invoice date"), format_date(self.env, self.invoice_date or self.date)),
            (self.env._("Delivery date"), format_date(self.env, self.delivery_date)),
            (self.env._("Due date"), due),
            (self.env._("Payment terms"), self.invoice_payment_term_id.name),
            (self.env._("Our order"), self.invoice_origin),
            (self.env._("Your reference"), self.ref),
            (self.env._("Payment reference"), self.payment_reference),
            (self.env._("Customer's VAT number"), self.commercial_partner_id.vat),
            (self.env._("Delivered to"), ", ".join((delivered_to or "").split("\n"))),
        )
        return [fact for fact in facts if fact[1]]

    def _get_dunning_copy_totals(self):
        """Return the sums before the total: a list of labels and amounts, each tax apart."""
        self.ensure_one()
        rows = [(self.env._("Total excl. VAT"), self.amount_untaxed)]
        taxes = self.line_ids.filtered("tax_line_id")
        sign = -1 if self.is_inbound() else 1
        for tax, lines in taxes.grouped("tax_line_id").items():
            label = tax.tax_label or tax.name
            rows.append((label, sign * sum(lines.mapped("amount_currency"))))
        rest = self.amount_total - sum(row[1] for row in rows)
        if not self.currency_id.is_zero(rest):
            rows.append((self.env._("Rounding"), rest))
        return rows
