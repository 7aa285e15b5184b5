from io import BytesIO

from odoo import api, fields, models
from odoo.tools.pdf import PdfReader

from ...core.pages import split_pages
from ...models.common.account_dunning_run import queued

LIST_LINES = 25  # letters on one page of the list, two lines of text each
PRINTED_TOGETHER = 100  # letters rendered and committed together
LIST_REPORT = "account_dunning_fr.report_letters_list"


class AccountDunningLetters(models.TransientModel):
    """Letters printed together: one PDF in the order of the envelopes, with a list."""

    _name = "account.dunning.letters"
    _inherit = ["account.dunning.dialog"]
    _description = "Letters Printed Together"

    notice_ids = fields.Many2many("account.dunning.notice", required=True)
    with_list = fields.Boolean(
        string="With the list", default=True, help="A first page that lists the letters."
    )
    recto = fields.Boolean(
        string="Printed on both sides", help="Each letter starts on a new sheet."
    )

    with_enclosures = fields.Boolean(
        default=True,
        help="The invoices and the other files enclosed are printed behind each letter. Files that "
        "are neither PDF nor pictures are printed apart.",
    )

    def action_print(self):
        """Print the letters, and open them as one PDF; large numbers go to the scheduled action."""
        self.ensure_one()
        self.notice_ids._check_prepare()
        stale = self.notice_ids._pass_posting_gate()
        if stale and stale == self.notice_ids:
            return stale._notify_not_posted()
        runs = self.env["account.dunning.run"]
        if runs._is_long(len(self.notice_ids), at_once=50):
            notices = self.notice_ids._sort_for_posting()
            batches = [
                notices[start : start + PRINTED_TOGETHER]
                for start in range(0, len(notices), PRINTED_TOGETHER)
            ]
            choices = {name: self[name] for name in ("with_list", "recto", "with_enclosures")}
            finish = (self._name, "_make_chosen")
            return runs._enqueue(batches, "_print_chosen", finish=finish, choices=choices)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._make().id}",
            "target": "new",
            "close": True,
        }

    @api.model
    @queued("print_chosen")
    def _make_chosen(self, notices, choices):
        """Return letters that were printed in batches as one PDF (``ir.attachment``)."""
        return self.create({"notice_ids": notices.ids, **choices})._make()

    def _make(self):
        """Return the letters as one PDF (``ir.attachment``)."""
        notices = self.notice_ids
        content = notices._get_letters_pdf(self.recto, self.with_enclosures)
        if self.with_list:
            cover, _type = self.env["ir.actions.report"]._render_qweb_pdf(LIST_REPORT, self.ids)
            content = notices._merge_pdfs([cover, content], self.recto)
        name = self.env._("Letters.pdf")
        letters = self.env["ir.attachment"]._attach_dunning(self, name, content)
        return letters.with_env(self.env)

    def _get_list_pages(self):
        """Return the letters in order, as the pages of the list.

        :return: list of lists of dicts: ``rank``, ``notice``, ``place`` (contact), ``pages``
        """
        self.ensure_one()
        letters = self.notice_ids.filtered(lambda n: n.state != "cancelled" and n.sudo().letter_id)
        rows = []
        for rank, notice in enumerate(letters._sort_for_posting(), 1):
            recipient = notice.recipient_id
            content = BytesIO(notice.sudo().letter_id.raw)
            rows.append(
                {
                    "rank": rank,
                    "notice": notice,
                    "place": recipient if recipient.street else notice.partner_id,
                    "pages": len(PdfReader(content, strict=False).pages),
                }
            )
        return split_pages(rows, LIST_LINES)
