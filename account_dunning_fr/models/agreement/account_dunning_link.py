from secrets import token_urlsafe

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...core.filenames import written_name
from ...core.seals import sha256
from ..common.account_dunning_facts import BILLING
from ..common.creditors_day import creditors_day
from ..common.notifications import tell
from .account_dunning_notice import PAGE

TOKEN_BYTES = 24  # 192 bits in 32 characters: short enough for a code scanned from paper


class AccountDunningLink(models.Model):
    """The link contained in a notice: it opens what one customer owes one creditor.

    Whoever has it reads and sends requests in the customer's name, so the link itself is only in
    the notice: only its hash is stored. Each notice has its own link, so that a request can be
    traced to the notice, and a link can be closed without the others.
    """

    _name = "account.dunning.link"
    _description = "Link to the Account of a Customer"
    _inherit = ["account.dunning.guarded"]
    _order = "id DESC"

    _dunning_writer = "code"

    company_id = fields.Many2one("res.company", string="Creditor", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    notice_id = fields.Many2one(
        "account.dunning.notice",
        string="Message",
        index="btree_not_null",
        ondelete="cascade",
        help="The message that brought it.",
    )
    request_ids = fields.One2many("account.dunning.request", "link_id", string="Requests")
    channel = fields.Selection([("email", "E-mail"), ("letter", "Letter")], required=True)
    token_hash = fields.Char(
        string="SHA-256 of the link", required=True, groups="base.group_system"
    )
    until = fields.Date(required=True, help="Last day on which it opens the page.")
    opened_count = fields.Integer(
        string="Times opened", help="Programs that look at e-mails before their reader count too."
    )
    opened_on = fields.Datetime(string="Last opened")
    closed_on = fields.Date(help="From that day it opens nothing, whatever its last day.")
    closed_by = fields.Many2one("res.users")
    standing = fields.Selection(
        [("open", "In force"), ("over", "Over"), ("closed", "Closed")],
        compute="_compute_standing",
        help="Over: its last day has passed, its message was cancelled, or the page is closed.",
    )

    _token_once = models.UniqueIndex("(token_hash)", "This link exists already.")

    @api.depends("channel", "notice_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        channels = dict(self._fields["channel"]._description_selection(self.env))
        for link in self:
            given = link.company_id._get_dunning_day(link.create_date)
            link.display_name = self.env._(
                "%(channel)s of %(day)s",
                channel=channels.get(link.channel, ""),
                day=given and format_date(self.env, given),
            )

    @api.depends("until", "closed_on", "notice_id.state", "company_id.dunning_debtor_page")
    def _compute_standing(self):
        for link in self:
            over = "open" if link.sudo()._is_open() else "over"
            link.standing = "closed" if link.closed_on else over

    def _get_use(self):
        """Return how often the link was opened, and its last day, for display."""
        self.ensure_one()
        return {"count": self.opened_count, "day": format_date(self.env, self.until)}

    # -- Closed by the creditor --------------------------------------------------------------------

    def action_close(self):
        """Close these links: they open nothing any more. Other links stay open.

        :raise AccessError: unless the user may bill
        """
        self.check_access("read")
        if not self.env.user.has_group(BILLING):
            raise AccessError(self.env._("Only billing users close the links of customers."))
        left = self.filtered(lambda link: not link.closed_on)
        today = creditors_day(self)
        left.sudo().write({"closed_on": today, "closed_by": self.env.uid})
        done = self.env._("Links closed: %s.", len(left))
        return tell(self.env, done, [self.env._("closed already")] * len(self - left))

    # -- Made with a message -----------------------------------------------------------------------

    @api.model
    def _make(self, notices, channel):
        """Make a link for each notice whose creditor has opened the page to his customers.

        :param notices: ``account.dunning.notice`` records
        :param str channel: by which the link is sent
        :return: ``{notice id: token}``; from now on, no one else knows the tokens
        """
        open_to = notices.filtered(lambda notice: notice.company_id._is_dunning_page_open())
        tokens = {notice.id: token_urlsafe(TOKEN_BYTES) for notice in open_to}
        self.sudo().create(
            [
                {
                    "company_id": notice.company_id.id,
                    "partner_id": notice.partner_id.id,
                    "notice_id": notice.id,
                    "channel": channel,
                    "token_hash": self._hash(tokens[notice.id]),
                    "until": notice._get_link_end(),
                }
                for notice in open_to
            ]
        )
        return tokens

    @api.model
    def _hash(self, token):
        return sha256(token.encode())

    # -- Opened by a visitor -----------------------------------------------------------------------

    @api.model
    def _find(self, token):
        """Return the link with this token, as superuser; empty unless it is open.

        :param str token: as received from a visitor
        """
        link = self.sudo().search([("token_hash", "=", self._hash(token))])
        return link.filtered(lambda link: link._is_open())

    def _is_open(self):
        """Whether the link still opens anything.

        If its customer has become a contact of another customer since, nothing is his own any more.
        """
        self.ensure_one()
        return (
            self.until >= self.company_id._get_dunning_today()
            and not self.closed_on
            and self.notice_id.state != "cancelled"
            and self.partner_id == self.partner_id.commercial_partner_id
            and self.company_id.dunning_debtor_page
        )

    def _for_visitor(self):
        """Return this link as superuser, in the language of its customer, to show the page.

        In the books of this creditor, and on the creditor's day.
        """
        self.ensure_one()
        companies = self.company_id._get_dunning_companies()
        local = self.company_id._in_dunning_day(self.with_user(SUPERUSER_ID))
        return local.with_company(self.company_id).with_context(
            lang=self.partner_id._get_dunning_lang(),
            allowed_company_ids=(self.company_id | companies).ids,
        )

    def _note_opened(self):
        """Count an opening of the page; of two at the same time, counting one is enough."""
        for link in self.sudo().try_lock_for_update(allow_referencing=True):
            link.write({"opened_count": link.opened_count + 1, "opened_on": fields.Datetime.now()})

    # -- Asked by a visitor ------------------------------------------------------------------------

    def _count_asked(self):
        """Return how many requests came by this link in the last day."""
        self.ensure_one()
        since = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        asked = self.env["account.dunning.request"]
        return asked.search_count([("link_id", "=", self.id), ("made_at", ">", since)])

    def _ask(self, vals, files):
        """Record a request, unless the same one is still pending.

        :param dict vals: values of the request, as read from the form
        :param files: list of (name, content, type)
        :raise UserError: if it is there already
        """
        requests = self.env["account.dunning.request"]
        same = ("kind", "partner_id", "company_id", "amount", "day", "note", "count", "reference")
        waiting = requests.search(
            [*((name, "=", vals.get(name) or False) for name in same), ("state", "=", "new")]
        )
        items = set(vals.get("item_ids", [(6, 0, [])])[0][2])
        if any(set(known.item_ids.ids) == items for known in waiting):
            raise UserError(self.env._("You sent us this already: we are looking at it."))
        return requests._receive(vals, files)

    @api.model
    def _count_use(self, creditors, since, until):
        """Return how the links were used within some days.

        :param creditors: ``res.company`` records
        :param date since: first day
        :param date until: last day
        :return: dict of ``links``, ``opened``, ``asked`` and ``paid``, how many of each
        """
        end = fields.Date.add(until, days=1)

        def within(name):
            return [
                ("company_id", "in", creditors.ids),
                (name, ">=", fields.Datetime.to_datetime(since)),
                (name, "<", fields.Datetime.to_datetime(end)),
            ]

        made = within("create_date")
        # Whoever never gave a link has no page; requests and payments by earlier links count on
        # their own day.
        if not self.search_count(made[:1], limit=1):
            return dict.fromkeys(("links", "opened", "asked", "paid"), 0)
        paid = [
            *within("last_state_change"),
            ("state", "=", "done"),
            ("landing_route", "=like", f"{PAGE}/%"),
        ]
        return {
            "links": self.search_count(made),
            "opened": self.search_count([*made, ("opened_count", ">", 0)]),
            "asked": self.env["account.dunning.request"].search_count(within("made_at")),
            "paid": self.env["payment.transaction"].sudo().search_count(paid),
        }

    # -- Documents ---------------------------------------------------------------------------------

    def _give_invoice(self, move):
        """Return the file name and content of an invoice, as sent or printed again."""
        self.ensure_one()
        sent = move._get_dunning_sent_file()
        if sent:
            return written_name(move.name, "pdf"), sent._get_dunning_content()
        return f"{move._get_dunning_copy_name()}.pdf", move._print_dunning_copy()

    def _print_statement(self):
        """Return the file name and content of today's statement of account."""
        self.ensure_one()
        today = creditors_day(self)
        content = self.partner_id._print_dunning_account_statement(self.company_id, today)
        name = self.env._("Statement of account %s", fields.Date.to_string(today))
        return written_name(name, "pdf"), content

    def _print_penalties(self, items):
        """Return the file name and content of the statement of penalties on some items."""
        self.ensure_one()
        today = creditors_day(self)
        content = self.partner_id._print_dunning_penalties(self.company_id, items, today)
        name = self.env._("Penalties %s", fields.Date.to_string(today))
        return written_name(name, "pdf"), content
