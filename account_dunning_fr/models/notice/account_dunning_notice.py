from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from ..common.groups import check_sender
from ..common.ledger_query import get_fields
from ..common.notifications import tell
from ..policy.account_dunning_level import LEVEL_KINDS
from .states import CHANNELS, DEBTOR, LIVE, OPEN, OTHER, STATES

# What is read of the lines by the statements that store branches and totals.
READ_FOR_BRANCHES = {
    "account.dunning.notice": ["company_id"],
    "account.dunning.notice.line": ["notice_id", "move_id", "drop_reason"],
    "account.move": ["company_id"],
}
READ_FOR_TOTALS = {
    "account.dunning.notice": ["amount_total"],
    "account.dunning.notice.line": ["notice_id", "claimed", "left_out", "amount_due_company"],
}


class AccountDunningNotice(models.Model):
    """One message to one customer, in the name of one creditor.

    The plan prepares it (``draft`` or ``ready``), every run refreshes it, and
    ``account_dunning_notice_sending.py`` sends it: from then on it is a frozen record. A notice
    with nothing left to claim, or that a person does not want, is ``cancelled`` with its reason.
    This file has its fields, states and access checks; each part with a job of its own is a model
    that it inherits.
    """

    _name = "account.dunning.notice"
    _description = "Dunning Notice"
    _inherit = [
        "account.dunning.claim",  # the amounts it claims
        "account.dunning.wording",  # what it says, to whom, and in which language
        "account.dunning.enclosure",  # its enclosures
        "account.dunning.paper",  # its letter
        "account.dunning.gate",  # what prevents it from being sent
        "account.dunning.sending.limits",  # when it may be sent automatically
        "account.dunning.dispatch",  # its letter on the way to the post office
        "account.dunning.delivery",  # its e-mail, and the replies to it
        "account.dunning.expiry",  # the deadline of a formal notice
        "account.dunning.evidence",  # what was sent, kept word for word
        "account.dunning.addressees",  # its other recipients
        "account.dunning.choice",  # what a person chose instead of the policy
        "mail.thread",
        "mail.activity.mixin",
        "account.dunning.guarded",
    ]
    _order = "date DESC, id DESC"
    _mail_post_access = "read"
    _dunning_named_files = ("letter_id", "own_attachment_ids")

    name = fields.Char(string="Reference", readonly=True, copy=False)
    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True
    )
    branch_ids = fields.Many2many(
        "res.company",
        "account_dunning_notice_branch_rel",
        "notice_id",
        "branch_id",
        string="Branches",
        readonly=True,
        copy=False,
        help="The branches of the creditor whose items are in the message.",
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_name = fields.Char(readonly=True, help="The customer's name when it was written to.")
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, index=True, tracking=True
    )
    date = fields.Date(readonly=True, help="Day of sending; until then the planned day.")
    deadline = fields.Date(string="New deadline", readonly=True)
    level_id = fields.Many2one(
        "account.dunning.level", required=True, readonly=True, ondelete="restrict", tracking=True
    )
    policy_id = fields.Many2one(related="level_id.policy_id", store=True)
    kind = fields.Selection(
        LEVEL_KINDS,
        compute="_compute_kind",
        store=True,
        index=True,
    )
    level_name = fields.Char(string="Name of the level", compute="_compute_level_name")
    automatic = fields.Boolean(related="level_id.automatic")
    regime = fields.Selection(
        related="partner_id.dunning_regime", string="Legal regime", related_sudo=True
    )
    regime_missing = fields.Boolean(
        compute="_compute_regime_missing",
        help="The level states penalties, and the customer's legal regime is not confirmed.",
    )
    statement_warning = fields.Char(compute="_compute_statement_warning")
    user_id = fields.Many2one("res.users", string="Responsible", index=True, writer=OPEN)
    send_email = fields.Boolean(string="E-mail", writer=OPEN)
    send_letter = fields.Boolean(string="Letter", writer=OPEN)
    send_registered = fields.Boolean(string="Registered letter", writer=OPEN)
    make_call = fields.Boolean(string="Call", writer=OPEN)
    channels = fields.Char(compute="_compute_channels")
    line_ids = fields.One2many("account.dunning.notice.line", "notice_id", string="Items")
    claimed_line_ids = fields.One2many(
        "account.dunning.notice.line",
        "notice_id",
        string="Claimed",
        domain=[("claimed", "=", True)],
    )
    amount_total = fields.Monetary(
        string="Principal",
        currency_field="company_currency_id",
        readonly=True,
        help="Principal claimed, in the company's currency.",
    )
    confirmed_by = fields.Many2one("res.users", readonly=True)
    confirmed_to = fields.Char(
        readonly=True, copy=False, help="Recipient and address when the message was confirmed."
    )
    blocking_reason = fields.Char(readonly=True, help="Why the last attempt to send it failed.")
    failed_on = fields.Date(readonly=True)
    cancel_reason = fields.Char(readonly=True)
    move_ids = fields.Many2many("account.move", compute="_compute_move_ids", string="Invoices")
    proof_ids = fields.One2many("account.dunning.proof", "notice_id", string="Proofs")
    reply_ids = fields.One2many("account.dunning.reply", "notice_id", string="Answers")
    _live_once = models.UniqueIndex(
        "(partner_id, company_id) WHERE state IN ('draft', 'ready')",
        "This customer already has a message being prepared.",
    )
    _todo_idx = models.Index("(company_id, state) WHERE state IN ('draft', 'ready')")
    _undelivered_idx = models.Index("(company_id, partner_id) WHERE undelivered")
    _underway_idx = models.Index("(mail_id) WHERE delivery IN ('underway', 'partial')")
    _expiry_idx = models.Index(
        "(company_id, deadline) WHERE kind = 'formal_notice' AND state = 'sent'"
    )

    @api.depends("level_id.kind", "sent_kind", "chosen")
    def _compute_kind(self):
        """Take the kind of the level; a free message demands no more than a reminder does."""
        for notice in self:
            kind = notice.level_id.kind
            plain = notice.is_free and kind != "courtesy"
            notice.kind = notice.sent_kind or ("reminder" if plain else kind)

    @api.depends("level_id.name", "sent_level", "chosen")
    @api.depends_context("lang")
    def _compute_level_name(self):
        """Take the name of the level or, once sent, the name it had at that time."""
        for notice in self:
            kept = notice.sent_level or {}
            name = kept.get(self.env.lang) or kept.get("en_US") or next(iter(kept.values()), False)
            if notice.is_free:
                name = name or self.env._("Free message")
            notice.level_name = name or notice.level_id.name

    @api.depends("name", "partner_id", "level_id", "sent_level", "chosen")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for notice in self:
            parts = [notice.name, notice.partner_id.display_name, notice.level_name]
            notice.display_name = " – ".join(filter(None, parts))

    @api.depends(*CHANNELS)
    @api.depends_context("lang")
    def _compute_channels(self):
        for notice in self:
            notice.channels = notice.level_id._get_channel_names(notice)

    @api.depends("level_id.penalties", "partner_id.dunning_regime", "state")
    def _compute_regime_missing(self):
        for notice in self:
            notice.regime_missing = (
                notice.state in LIVE
                and notice.level_id.penalties != "none"
                and not notice.is_free
                and not notice.regime
            )

    @api.depends("company_id", "state")
    def _compute_statement_warning(self):
        today = creditors_day(self)
        for company, notices in self.grouped("company_id").items():
            warning = company.sudo()._get_dunning_statement_warning(today)
            for notice in notices:
                notice.statement_warning = notice.state in LIVE and warning

    @api.depends("line_ids.move_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_move_ids(self):
        """List the invoices that the user may open; those of another branch show as lines only."""
        for notice in self:
            lines = notice.line_ids._filter_standing()
            notice.move_ids = lines.move_id._filtered_access("read")

    # -- Access checks and the frozen record ------------------------------------------------------

    def write(self, vals):
        typed = any(self._get_dunning_writer(self._fields[name]) == OPEN for name in vals)
        ready = self.filtered(lambda notice: notice.state == "ready") if typed else self.browse()
        result = super().write(vals)
        if typed or not vals.get("printed_on", True):
            self._drop_letters_to_post()
        if typed and not self.env.su:
            self._check_channels()
            ready.sudo()._ask_again(lambda env: env._("It was changed: please confirm it again."))
        if "own_attachment_ids" in vals:
            self._keep_own_attachments()
        return result

    def _check_channels(self):
        """:raise UserError: if no channel is left, or not the one that the level requires"""
        for notice in self.filtered(lambda notice: notice.state in OPEN.split()):
            if not any(notice[channel] for channel in CHANNELS):
                raise UserError(
                    self.env._("Choose how the message leaves: by e-mail, letter or call.")
                )
            registered = notice.level_id.send_registered and not notice.is_free
            if registered and not notice.send_registered:
                raise UserError(
                    self.env._(
                        "The level “%s” leaves as a registered letter: that does not change on "
                        "the message. A dunning manager changes the level.",
                        notice.level_id.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if "sent" in self.mapped("state"):
            raise UserError(
                self.env._("A message that was sent is evidence: it cannot be deleted.")
            )

    def _check_prepare(self):
        """:raise AccessError: unless the user may prepare messages (billing) in these companies"""
        self.check_access("write")

    def _check_send(self):
        """:raise AccessError: unless the user may send messages"""
        self.check_access("write")
        check_sender(self.env)
        if not self.env.su:
            self._check_branches()

    def _check_branches(self):
        """:raise AccessError: unless the user works for every company whose items are claimed"""
        lines = self.sudo().line_ids._filter_claimed()
        foreign = lines.move_id.company_id - self.env.user.company_ids
        if foreign:
            raise AccessError(
                self.env._(
                    "This message also claims invoices of %s: somebody who works for all these "
                    "companies confirms and sends it.",
                    ", ".join(foreign.mapped("name")),
                )
            )

    # -- Values computed from the lines ----------------------------------------------------------

    def _write_branches(self):
        """Store which branches own items of these notices, besides the creditor itself.

        The record rules use it to let the users of a single branch read the notice.
        """
        if not self:
            return
        relation = SQL.identifier(self._fields["branch_ids"].relation)
        ids = tuple(self.ids)
        self.env.cr.execute(SQL("DELETE FROM %s WHERE notice_id IN %s", relation, ids))
        self.env.execute_query(
            SQL(
                """
                INSERT INTO %s (notice_id, branch_id)
                SELECT DISTINCT line.notice_id, move.company_id
                  FROM account_dunning_notice_line line
                  JOIN account_dunning_notice notice ON notice.id = line.notice_id
                  JOIN account_move move ON move.id = line.move_id
                 WHERE line.notice_id IN %s AND line.drop_reason IS NULL
                   AND move.company_id <> notice.company_id
                """,
                relation,
                ids,
                to_flush=get_fields(self.env, READ_FOR_BRANCHES),
            )
        )
        self.invalidate_recordset(["branch_ids"])

    def _write_totals(self):
        """Store the totals in one statement, without the items that a person left out."""
        self.env.execute_query(
            SQL(
                """
                UPDATE account_dunning_notice notice
                   SET amount_total = (
                        SELECT COALESCE(sum(line.amount_due_company), 0)
                          FROM account_dunning_notice_line line
                         WHERE line.notice_id = notice.id AND line.claimed
                           AND line.left_out IS NOT TRUE
                       )
                 WHERE notice.id IN %s
                """,
                tuple(self.ids),
                to_flush=get_fields(self.env, READ_FOR_TOTALS),
            )
        )
        self.invalidate_recordset(["amount_total"])

    def _reset_confirmation(self):
        """Ask for a new confirmation where a person confirmed, or printed, other figures."""
        self.filtered("printed_on").printed_on = False
        confirmed = self.filtered(lambda notice: notice.state == "ready" and notice.confirmed_by)
        confirmed._ask_again(
            lambda env: env._(
                "The figures changed since it was confirmed: please confirm it again."
            )
        )

    def _ask_again(self, write_note):
        """Return confirmed notices to draft: they are no longer what somebody agreed to.

        :param write_note: returns the reason for the history, given an environment in its language
        """
        if self:
            self.write({"state": "draft", "confirmed_by": False, "confirmed_to": False})
        for notices in self.grouped("company_id").values():
            speaking = notices._in_dunning_lang()
            note = write_note(speaking.env)
            speaking._message_log_batch(bodies=dict.fromkeys(notices.ids, note))

    def _cancel_unclaimed(self):
        """Cancel the live notices that the plan no longer wants, for the reasons of their lines."""
        labels = dict(self.line_ids._fields["drop_reason"]._description_selection(self.env))

        def get_reason(notice):
            reasons = {labels[r] for r in notice.line_ids.mapped("drop_reason") if r}
            # Without a reason, its items are claimed in the notice of another customer.
            return ", ".join(sorted(reasons)) or labels["merged"]

        for reason, notices in self.grouped(get_reason).items():
            notices.write({"state": "cancelled", "cancel_reason": reason})

    # -- Actions ----------------------------------------------------------------------------------

    @api.model
    def action_prepare_today(self):
        """Prepare and show what is due today for the current company, even if sending is off."""
        self.check_access("write")
        self.env["account.dunning.notice.draft"].sudo()._follow_plan(
            self.env.company.dunning_creditor_id
        )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_notice"
        )

    def action_confirm(self):
        """Confirm the notices: the next scheduled sending sends them, or a person does.

        An incomplete formal notice says what is missing, and stays in draft.

        :return: for several notices, an action that says how many were confirmed and why others
            were not
        """
        self._check_send()
        drafts = self.filtered(lambda notice: notice.state == "draft")
        if self and not drafts:
            raise UserError(self.env._("Only a message to confirm can be confirmed."))
        complete = drafts._split_complete()
        for notice in complete.sudo():
            notice._refresh()
        live = complete.sudo().filtered(lambda notice: notice.state == "draft")
        live.write({"state": "ready", "confirmed_by": self.env.uid, "failed_on": False})
        for notice in live:
            notice.confirmed_to = notice._get_destination()
        self.env["account.dunning.run"]._forgive(live)
        return self._tell_confirmed(drafts, complete, live) if len(self) > 1 else None

    def _tell_confirmed(self, drafts, complete, live):
        """Return the action that says how many of these notices were confirmed."""
        done = self.env._("Messages confirmed: %s.", len(live))
        skipped = [
            *[self.env._("not to be confirmed")] * len(self - drafts),
            *[self.env._("a formal notice that is not complete")] * len(drafts - complete),
            *[
                notice.cancel_reason or self.env._("nothing is claimed any more")
                for notice in complete - live
            ],
        ]
        return tell(self.env, done, skipped)

    def action_back_to_draft(self):
        """Withdraw the confirmation."""
        self._check_prepare()
        if any(notice.state != "ready" for notice in self):
            raise UserError(self.env._("Only a ready message can go back to confirmation."))
        self.sudo().write({"state": "draft", "confirmed_by": False, "confirmed_to": False})

    def action_refresh(self):
        """Recompute the notice from the books."""
        self._check_prepare()
        for notice in self.sudo():
            notice._refresh()

    def action_postpone(self):
        """Ask until when the customer must not be chased, and cancel the notice."""
        self._check_prepare()
        return open_dialog(
            "account.dunning.postpone", self.env._("Postpone"), {"default_notice_ids": self.ids}
        )

    def action_confirm_regime(self):
        """Confirm the legal regime proposed for the customer."""
        self.partner_id.action_confirm_dunning_regime()

    def action_view_invoices(self):
        """Open the invoices of the notice."""
        self.ensure_one()
        return self.move_ids._get_records_action(name=self.env._("Invoices"))

    def action_chronology(self):
        """Show the history of this customer's debts."""
        self.ensure_one()
        return self.env["account.dunning.chronology.page"]._open(self.partner_id, self.company_id)

    # -- On live figures --------------------------------------------------------------------------

    def _refresh(self):
        """Run the plan for these customers only, on live figures."""
        self.filtered(lambda notice: notice.state in LIVE)._refresh_customer()
        redirected = self.filtered(
            lambda notice: (
                notice.state == "ready"
                and notice.confirmed_to
                and notice.confirmed_to != notice._get_destination()
            )
        )
        redirected._ask_again(
            lambda env: env._(
                "Its recipient or his e-mail address changed: please confirm it again."
            )
        )

    def _get_destination(self):
        """Return the recipients and their addresses as a text, to detect when either changes."""
        self.ensure_one()
        others = self.other_recipient_ids | self.copy_user_ids.sudo().partner_id
        reached = [self.recipient_id, *others.sorted("id").sudo(self.env.su)]
        return ", ".join(f"{contact.id} {contact.email or ''}" for contact in reached)

    def _refresh_customer(self):
        """Run the plan for the customers of these notices, whatever the state of the notices."""
        for creditor, notices in self.grouped("company_id").items():
            self.env["account.dunning.notice.draft"]._follow_plan(
                creditor, partners=notices.partner_id
            )

    # -- Replies and bounces, see also ``account_dunning_delivery.py`` -----------------------------

    def message_update(self, msg_dict, update_vals=None):
        """Schedule an activity for the person in charge when somebody replies, one at a time.

        Automatic e-mails and messages of colleagues are not replies.
        """
        result = super().message_update(msg_dict, update_vals)
        author = self.env["res.partner"].sudo().browse(msg_dict.get("author_id") or [])
        sender, subject = msg_dict.get("email_from"), msg_dict.get("subject")
        for notice in self.sudo():
            env = notice._in_dunning_lang().env
            origin = notice._get_message_origin(
                author, sender, subject, msg_dict.get("dunning_automatic")
            )
            summary = {
                DEBTOR: env._("The customer answered the reminder"),
                OTHER: env._("Received on the reminder, from %s", sender),
            }.get(origin)
            if summary and summary not in notice.activity_ids.mapped("summary"):
                notice.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=notice._get_follower_user().id,
                    summary=summary,
                    note=escape(subject or ""),
                )
        return result

    def _message_post_after_hook(self, message, msg_vals):
        """Store incoming e-mails as replies; a message of a colleague marks them as answered."""
        result = super()._message_post_after_hook(message, msg_vals)
        if message.message_type == "email":
            self.env["account.dunning.reply"].sudo()._keep(self.sudo(), message.sudo())
        elif message.message_type == "comment":
            self.env["account.dunning.reply"]._note_answered(self, message)
        return result

    def _message_receive_bounce(self, email, partner):
        """Record that the message was not delivered, and ask for another address."""
        result = super()._message_receive_bounce(email, partner)
        self.env["account.dunning.reply"].sudo()._keep_bounce(self.sudo(), email)
        for notice in self.sudo().filtered(lambda n: n.state == "sent" and not n.bounced_on):
            notice.bounced_on = notice.company_id._get_dunning_today()
            env = notice._in_dunning_lang().env
            notice.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=notice._get_follower_user().id,
                summary=env._("E-mail returned: find another address"),
                note=escape(
                    env._(
                        "%s does not receive e-mails. Correct the address on the contact, or "
                        "choose another contact: until then no reminder leaves for it.",
                        email,
                    )
                ),
            )
        return result

    # -- For reports about the notice -------------------------------------------------------------

    def _get_follower_user(self):
        """Return who handles replies: person in charge, company's contact, sender or user."""
        self.ensure_one()
        sender = self.sent_by if self.sent_by.active and not self.sent_by.share else None
        return self.user_id or self.company_id.dunning_user_id or sender or self.env.user

    def _get_dunning_print_lang(self):
        return self.lang

    def _get_dunning_foot(self):
        """Return the foot of each page: the sender and the number of the notice."""
        self.ensure_one()
        return " – ".join(filter(None, (self.company_id.name, self.name)))

    # -- From wherever one stands: prepare today's messages to some customers, and open them ------

    @api.model
    def _chase(self, creditor, partners):
        """Prepare today's notices for these customers only.

        :param creditor: ``res.company``
        :param partners: commercial partners
        :return: the live notices that the user may see
        :raise AccessError: unless the user may prepare notices
        """
        self.check_access("write")
        self.env["account.dunning.notice.draft"].sudo()._follow_plan(creditor, partners=partners)
        return self._get_live(creditor, partners)

    @api.model
    def _get_live(self, creditor, partners):
        """Return the live notice of each of these customers."""
        return self.search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", creditor.id),
                ("state", "in", LIVE),
            ]
        )
