from datetime import timedelta

from odoo import api, fields, models

from ...core.promises import BROKEN, PARTLY
from ..common.creditors_day import creditors_day
from ..common.mail_message import HIDDEN
from ..common.private_context import pass_on, passed
from ..notice.qr_code import draw_qr_code

LINK_DAYS = 30  # after the day of the notice, or the deadline printed on it
PAGE = "/dunning/account"


class AccountDunningNotice(models.Model):
    """What a notice says about broken promises, and the link it contains."""

    _inherit = "account.dunning.notice"

    recalled_promise_ids = fields.Many2many(
        "account.dunning.promise",
        string="Promises recalled",
        compute="_compute_recalled_promise_ids",
        compute_sudo=True,
        help="Promises that were not kept, each recalled in one message only, the oldest first.",
    )

    @api.depends(
        "state",
        "kind",
        "line_ids.claimed",
        "line_ids.left_out",
        "partner_id.dunning_promise_ids.state",
        "partner_id.dunning_promise_ids.mentioned_in_id",
    )
    def _compute_recalled_promise_ids(self):
        """A sent notice keeps what it said; a live one recalls the broken promises on its items."""
        closed = self.filtered(lambda notice: notice.state in ("sent", "cancelled"))
        promises = self.env["account.dunning.promise"].search(
            [
                "|",
                ("mentioned_in_id", "in", closed.ids),
                "&",
                ("partner_id", "in", (self - closed).partner_id.ids),
                ("state", "in", (BROKEN, PARTLY)),
            ],
            order="date_promised, id",
        )
        if not promises:  # usual for a batch: write all at once
            for notices in self.grouped(lambda notice: bool(notice.id)).values():
                notices.recalled_promise_ids = promises
            return
        for notice in self:
            own = notice._origin
            if notice in closed:
                recalled = promises.filtered(
                    lambda promise, own=own: promise.mentioned_in_id == own
                )
            else:
                recalled = notice._pick_recalled(promises)
            notice.recalled_promise_ids = recalled

    def _pick_recalled(self, promises):
        """Return those of these broken promises that this live notice recalls."""
        self.ensure_one()
        if self.kind == "courtesy":
            return promises.browse()
        items = self.line_ids._filter_claimed().move_line_id
        return promises.filtered(
            lambda promise: (
                promise.company_id == self.company_id
                and promise.partner_id == self.partner_id
                and promise.mentioned_in_id in (self.browse(), self._origin)
                and promise.item_ids & items
            )
        )

    def _on_frozen(self):
        promises = {notice: notice.sudo().recalled_promise_ids for notice in self}
        for notice, recalled in promises.items():
            recalled.mentioned_in_id = notice.id
        return super()._on_frozen()

    def _on_taken_back(self):
        promises = self.env["account.dunning.promise"].sudo()
        promises.search([("mentioned_in_id", "in", self.ids)]).mentioned_in_id = False
        return super()._on_taken_back()

    # -- The link to the page of the customer ------------------------------------------------------

    link_ids = fields.One2many("account.dunning.link", "notice_id", string="Links")

    def _get_link_end(self):
        """Return the last day on which the link of a notice opens the page."""
        self.ensure_one()
        days = [self.letter_date, self.deadline, creditors_day(self)]
        return max(day for day in days if day) + timedelta(days=LINK_DAYS)

    def _get_debtor_address(self):
        """Return the address of the customer's page that this notice contains, or False.

        It contains the token only while the notice itself is produced; in what is stored and shown,
        a placeholder takes its place.
        """
        self.ensure_one()
        company = self.company_id.sudo()
        if not company._is_dunning_page_open():
            return False
        token = passed(self.env, "debtor_tokens", {}).get(self.id, HIDDEN)
        return f"{company.get_base_url()}{PAGE}/{token}"

    def _get_debtor_code(self):
        """Return the QR code of that address for a letter, as a ``data:`` address, or False."""
        self.ensure_one()
        address = self._get_debtor_address()
        return address and draw_qr_code(address)

    def _with_links(self, channel):
        """Return these notices with a new link each, for the documents now produced from them.

        :param str channel: ``email`` or ``letter``
        """
        tokens = self.env["account.dunning.link"]._make(self, channel)
        return pass_on(self, debtor_tokens=tokens) if tokens else self

    def _render_letters(self):
        return super(AccountDunningNotice, self._with_links("letter"))._render_letters()

    def _queue_mails(self):
        return super(AccountDunningNotice, self._with_links("email"))._queue_mails()

    def _drop_letters(self):
        """Delete the links of letters that were not posted: nobody has received them."""
        links = self.filtered("letter_id").link_ids.sudo()
        links.filtered(lambda link: link.channel == "letter" and not link.request_ids).unlink()
        return super()._drop_letters()
