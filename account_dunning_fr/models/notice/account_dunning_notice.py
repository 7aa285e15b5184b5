from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, email_normalize, email_normalize_all

from ...core.replies import is_automatic
from ...core.seals import sha256
from ..common.groups import check_sender
from ..common.message_origin import AUTOMATIC, DEBTOR, OTHER, OURS
from ..policy.account_dunning_level import LEVEL_KINDS, TEXTS

STATES = [("draft", "To confirm"), ("ready", "Ready"), ("sent", "Sent"), ("cancelled", "Cancelled")]
CHANNELS = ("send_email", "send_letter", "send_registered", "make_call")
# While these last, a person may change what the message says; the figures follow the books.
OPEN = "draft ready"

SHOWN_CUSTOMERS = 5  # of those to whom nothing leaves, in one message


class AccountDunningNotice(models.Model):
    """One message to one customer in the name of one creditor.

    It is prepared by the plan (``draft`` or ``ready``), refreshed by every run, and leaves through
    ``_send``: from then on it is a frozen record. A notice that has nothing left to claim, or that
    a person does not want, is ``cancelled`` with its reason.
    """

    _name = "account.dunning.notice"
    _description = "Dunning Notice"
    _inherit = [
        "account.dunning.sealed",
        "mail.thread",
        "mail.activity.mixin",
        "account.dunning.guarded",
    ]
    _order = "date DESC, id DESC"
    _mail_post_access = "read"

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
    info_line_ids = fields.One2many(
        "account.dunning.notice.line",
        "notice_id",
        string="For information",
        domain=[("claimed", "=", False), ("drop_reason", "=", False)],
    )
    dropped_line_ids = fields.One2many(
        "account.dunning.notice.line",
        "notice_id",
        string="Dropped",
        domain=[("drop_reason", "!=", False)],
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

    _live_once = models.UniqueIndex(
        "(partner_id, company_id) WHERE state IN ('draft', 'ready')",
        "This customer already has a message being prepared.",
    )
    _todo_idx = models.Index("(company_id, state) WHERE state IN ('draft', 'ready')")

    @api.depends("level_id.kind", "sent_kind")
    def _compute_kind(self):
        for notice in self:
            notice.kind = notice.sent_kind or notice.level_id.kind

    @api.depends("level_id.name", "sent_level")
    @api.depends_context("lang")
    def _compute_level_name(self):
        """The name of the level; of what was sent, the name that it had then."""
        for notice in self:
            kept = notice.sent_level or {}
            name = kept.get(self.env.lang) or kept.get("en_US") or next(iter(kept.values()), False)
            notice.level_name = name or notice.level_id.name

    @api.depends("name", "partner_id", "level_id", "sent_level")
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
                notice.state in ("draft", "ready")
                and notice.level_id.penalties != "none"
                and not notice.regime
            )

    @api.depends("company_id", "state")
    def _compute_statement_warning(self):
        today = fields.Date.context_today(self)
        for company, notices in self.grouped("company_id").items():
            warning = company.sudo()._get_dunning_statement_warning(today)
            for notice in notices:
                notice.statement_warning = notice.state in ("draft", "ready") and warning

    @api.depends("line_ids.move_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_move_ids(self):
        """The invoices that the user may open: those of another branch are read by their lines."""
        for notice in self:
            lines = notice.line_ids.filtered(lambda line: not line.drop_reason)
            notice.move_ids = lines.move_id._filtered_access("read")

    # -- Rights and the frozen record ------------------------------------------------------------

    def write(self, vals):
        typed = any(self._get_dunning_writer(self._fields[name]) == OPEN for name in vals)
        ready = self.filtered(lambda notice: notice.state == "ready") if typed else self.browse()
        result = super().write(vals)
        if typed or not vals.get("printed_on", True):
            self._drop_letters_to_post()
        if typed and not self.env.su:
            self._check_channels()
            ready.sudo()._ask_again(self.env._("It was changed: please confirm it again."))
        if "own_attachment_ids" in vals:
            self._keep_own_attachments()
        return result

    def _check_channels(self):
        """:raise UserError: if a message would reach nobody, or not in the way of its level"""
        for notice in self.filtered(lambda notice: notice.state in OPEN.split()):
            if not any(notice[channel] for channel in CHANNELS):
                raise UserError(
                    self.env._("Choose how the message leaves: by e-mail, letter or call.")
                )
            if notice.level_id.send_registered and not notice.send_registered:
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
        lines = self.sudo().line_ids.filtered(lambda line: line.claimed and not line.left_out)
        foreign = lines.move_id.company_id - self.env.user.company_ids
        if foreign:
            raise AccessError(
                self.env._(
                    "This message also claims invoices of %s: somebody who works for all these "
                    "companies confirms and sends it.",
                    ", ".join(foreign.mapped("name")),
                )
            )

    # -- What follows from its lines -------------------------------------------------------------

    def _write_branches(self):
        """Write down whose items are in these messages, beside the creditor's own.

        Who works in one of these branches alone reads the message by it.
        """
        if not self:
            return
        self.env.flush_all()
        relation = SQL.identifier(self._fields["branch_ids"].relation)
        ids = tuple(self.ids)
        self.env.cr.execute(SQL("DELETE FROM %s WHERE notice_id IN %s", relation, ids))
        self.env.cr.execute(
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
            )
        )
        self.invalidate_recordset(["branch_ids"])

    def _write_totals(self):
        """Write what each message claims, without what a person left out, in one statement."""
        self.env.flush_all()
        self.env.cr.execute(
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
            )
        )
        self.invalidate_recordset(["amount_total"])

    def _reset_confirmation(self):
        """Ask again for the notices that a person had confirmed, or printed, on other figures."""
        self.filtered("printed_on").printed_on = False
        confirmed = self.filtered(lambda notice: notice.state == "ready" and notice.confirmed_by)
        confirmed._ask_again(
            self.env._("The figures changed since it was confirmed: please confirm it again.")
        )

    def _ask_again(self, note):
        """Bring messages back to be confirmed: they are no longer what somebody agreed to.

        :param str note: why, for the history of each
        """
        if self:
            self.write({"state": "draft", "confirmed_by": False, "confirmed_to": False})
            self._message_log_batch(bodies=dict.fromkeys(self.ids, note))

    def _cancel_unclaimed(self):
        """Cancel the live notices that the plan no longer wants, each with its lines' reasons."""
        labels = dict(self.line_ids._fields["drop_reason"]._description_selection(self.env))

        def get_reason(notice):
            reasons = {labels[r] for r in notice.line_ids.mapped("drop_reason") if r}
            # Without a reason, its items are claimed in the message of another customer.
            return ", ".join(sorted(reasons)) or labels["merged"]

        for reason, notices in self.grouped(get_reason).items():
            notices.write({"state": "cancelled", "cancel_reason": reason})

    # -- Actions ---------------------------------------------------------------------------------

    @api.model
    def action_prepare_today(self):
        """Prepare what is due today for the present company, switched on or not, and show it."""
        self.check_access("write")
        self.env["account.dunning.notice.draft"].sudo()._follow_plan(
            self.env.company.dunning_creditor_id
        )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_notice"
        )

    def action_confirm(self):
        """Confirm the messages: they leave with the next scheduled sending, or by hand.

        A formal notice that is not complete says what it lacks, and stays.
        """
        self._check_send()
        complete = self._split_complete()
        if any(notice.state != "draft" for notice in complete):
            raise UserError(self.env._("Only a message to confirm can be confirmed."))
        for notice in complete.sudo():
            notice._refresh()
        live = complete.sudo().filtered(lambda notice: notice.state == "draft")
        live.write({"state": "ready", "confirmed_by": self.env.uid, "failed_on": False})
        for notice in live:
            notice.confirmed_to = notice._get_destination()
        self.env["account.dunning.run"]._forgive(live)

    def action_back_to_draft(self):
        """Take the confirmation back."""
        self._check_prepare()
        if any(notice.state != "ready" for notice in self):
            raise UserError(self.env._("Only a ready message can go back to confirmation."))
        self.sudo().write({"state": "draft", "confirmed_by": False, "confirmed_to": False})

    def action_refresh(self):
        """Compute the message again from the books."""
        self._check_prepare()
        for notice in self.sudo():
            notice._refresh()

    def action_postpone(self):
        """Ask until when the customer is not to be chased, and cancel the message."""
        self._check_prepare()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Postpone"),
            "res_model": "account.dunning.postpone",
            "view_mode": "form",
            "target": "new",
            "context": {"default_notice_ids": self.ids},
        }

    def action_confirm_regime(self):
        """Confirm the legal regime proposed for the customer."""
        self.partner_id.action_confirm_dunning_regime()

    def action_view_invoices(self):
        """Open the invoices of the message."""
        self.ensure_one()
        return self.move_ids._get_records_action(name=self.env._("Invoices"))

    def _refresh(self):
        """Run the plan for these customers only: the gate, on live figures."""
        self.filtered(lambda notice: notice.state in ("draft", "ready"))._refresh_customer()
        redirected = self.filtered(
            lambda notice: (
                notice.state == "ready"
                and notice.confirmed_to
                and notice.confirmed_to != notice._get_destination()
            )
        )
        redirected._ask_again(
            self.env._("Its recipient or his e-mail address changed: please confirm it again.")
        )

    def _get_destination(self):
        """Return whom the message goes to and at which address, to tell when either changes."""
        self.ensure_one()
        return f"{self.recipient_id.id} {self.recipient_id.email or ''}"

    def _refresh_customer(self):
        """Run the plan for the customers of these notices, whatever became of the notices."""
        for creditor, notices in self.grouped("company_id").items():
            self.env["account.dunning.notice.draft"]._follow_plan(
                creditor, partners=notices.partner_id
            )

    # -- Who writes back ---------------------------------------------------------------------------

    def _get_message_origin(self, author, email_from, subject, automatic=False):
        """Return who wrote a message that came back on this reminder.

        The debtor's are the messages of his own contacts, and those of the exact address written
        to. What a program sent is nobody's answer; a colleague's message is ours. Anybody else may
        write to the address of a reminder: what he says is told as his.

        :param author: ``res.partner`` that Odoo recognised, or empty
        :param str email_from: the sender, with or without a name
        :param bool automatic: whether its headers said that a program wrote it
        :return: ``debtor``, ``ours``, ``automatic`` or ``other``
        """
        self.ensure_one()
        address = email_normalize(email_from) or ""
        if automatic or is_automatic({}, subject, address):
            return AUTOMATIC
        if author._is_dunning_colleague(address):
            return OURS
        customer = self.partner_id.commercial_partner_id
        known = author.commercial_partner_id == customer and (
            not address or address == author.email_normalized
        )
        if known or address in email_normalize_all(self.sent_to or ""):
            return DEBTOR
        return DEBTOR if address and customer._has_dunning_address(address) else OTHER

    # -- The record of what was sent: kept word for word, and verified at any time -----------------

    sent_html = fields.Html(string="Message sent", readonly=True, sanitize=False)
    sent_sha256 = fields.Char(string="SHA-256 of the message", readonly=True)
    sent_address = fields.Text(
        string="Address on the letter", readonly=True, help="As it was on the day of sending."
    )
    sent_kind = fields.Selection(LEVEL_KINDS, string="Kind at the sending", readonly=True)
    sent_level = fields.Json(
        string="Level at the sending", readonly=True, help="Its name, by language."
    )
    sent_recipient = fields.Char(string="Recipient at the sending", readonly=True)
    sent_signatory = fields.Char(string="Signed by", readonly=True)
    proof_ids = fields.One2many("account.dunning.proof", "notice_id", string="Proofs")

    def _prepare_record_vals(self):
        """Return the message and the address as they leave, with the sum of the message."""
        self.ensure_one()
        message = str(self._render_part("account_dunning_fr.notice_message"))
        return {
            "sent_html": message,
            "sent_sha256": sha256(message.encode()),
            "sent_address": "\n".join(self._get_envelope()) if self._goes_on_paper() else False,
            "sent_recipient": self.recipient_id.name,
            "sent_signatory": self._get_signatory().name,
        }

    # -- The seal ----------------------------------------------------------------------------------

    def _has_left(self):
        return self.filtered(lambda notice: notice.state == "sent")

    def _get_seal_kind(self):
        return "notice"

    def _get_sealed_files(self):
        """Return what left with the message, the letters that were posted among it."""
        left = self.proof_ids.filtered(lambda proof: proof.kind in ("enclosure", "letter"))
        letters = self.letter_id | self.statement_id | self.account_statement_id
        return letters | left.attachment_id

    def _prepare_sealed_record(self):
        """Return what the message said, to whom, and what it claimed, as it was written down."""
        self.ensure_one()
        return {
            "reference": self.name or "",
            "state": self.state,
            "kind": self.sent_kind or "",
            "level": self.sent_level or {},
            "customer": self.partner_name or "",
            "recipient": self.sent_recipient or "",
            "email": self.sent_to or "",
            "address": self.sent_address or "",
            "signatory": self.sent_signatory or "",
            "date": fields.Date.to_string(self.date) or "",
            "deadline": fields.Date.to_string(self.deadline) or "",
            "sent_on": fields.Datetime.to_string(self.sent_on) or "",
            "posted_on": fields.Date.to_string(self.posted_on) or "",
            "message_id": self.message_ref or "",
            "channels": [name for name in CHANNELS if self[name]],
            "language": self.sent_lang or "",
            "subject": self.custom_subject or "",
            "text": str(self.sent_html or ""),
            "letter": self.letter_sha256 or "",
            "statement": self.statement_sha256 or "",
            "total": self._write_amount(self.amount_total, self.company_currency_id),
            "lines": [line._prepare_sealed_line() for line in self.line_ids.sorted("id")],
        }

    @api.model
    def _write_amount(self, amount, currency):
        """Return an amount as a record writes it, with its currency."""
        return f"{amount:.{currency.decimal_places}f} {currency.name}"

    def action_verify(self):
        """Compute again the sums of what was sent and of its proofs, and say what was found."""
        self.check_access("read")
        if any(notice.state != "sent" for notice in self):
            raise UserError(self.env._("Only what was sent has a record to verify."))
        parts = [part for notice in self.sudo() for part in notice._get_sealed_parts()]
        altered = [name for name, kept, found in parts if kept != found]
        if altered:
            message = self.env._(
                "Altered since it was kept: %s. Tell your administrator: a backup holds the "
                "original.",
                ", ".join(altered),
            )
        else:
            names = ", ".join(name for name, _kept, _found in parts)
            message = self.env._("As it was kept, checked by SHA-256: %s.", names)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Altered") if altered else self.env._("Intact"),
                "message": message if parts else self.env._("Nothing was kept with a sum."),
                "type": "danger" if altered else "success",
                "sticky": bool(altered),
            },
        }

    def action_view_seals(self):
        """Show the seals of the message: its number in the chain, and its sums."""
        self.ensure_one()
        return self.seal_ids._get_records_action(name=self.env._("Seals"))

    def action_chronology(self):
        """Show what happened with the debts of this customer."""
        self.ensure_one()
        return self.env["account.dunning.chronology.page"]._open(self.partner_id, self.company_id)

    def _get_sealed_parts(self):
        """Return what is kept with its sum.

        :return: list of (name for the user, sum that was kept, sum computed now)
        """
        self.ensure_one()
        if self.erased_on:
            return []
        parts = []
        if self.sent_sha256:
            found = sha256(str(self.sent_html or "").encode())
            parts.append((self.env._("text of %s", self.name), self.sent_sha256, found))
        for document, kept in (
            (self.letter_id, self.letter_sha256),
            (self.statement_id, self.statement_sha256),
        ):
            if kept:
                found = document._get_dunning_sum()
                parts.append((document.name or self.env._("document"), kept, found))
        parts += [
            (proof.attachment_id.name, proof.sha256, proof.attachment_id._get_dunning_sum())
            for proof in self.proof_ids
        ]
        return parts

    # -- What a changed text no longer says --------------------------------------------------------

    text_warning = fields.Char(compute="_compute_text_warning")

    @api.depends("subject", "body", "closing", "kind", "state", "total_text", "deadline_text")
    def _compute_text_warning(self):
        for notice in self:
            warning = False
            if notice.state in ("draft", "ready") and notice.level_id._is_written():
                # The facts as the message writes them: in the customer's language.
                local = notice.with_context(lang=notice.lang)
                facts = {"sum": local.total_text or "", "deadline": local.deadline_text or ""}
                text = " ".join(notice[name] or "" for name in TEXTS)
                warning = notice.level_id._get_mention_sentence(notice.kind, text, facts)
            notice.text_warning = warning

    # -- From wherever one stands: prepare today's messages to some customers, and open them -------

    @api.model
    def _chase(self, creditor, partners):
        """Prepare today's messages to these customers only.

        :param creditor: ``res.company``
        :param partners: commercial partners
        :return: the live messages, visible to the user
        :raise AccessError: unless the user may prepare messages
        """
        self.check_access("write")
        self.env["account.dunning.notice.draft"].sudo()._follow_plan(creditor, partners=partners)
        return self.search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", creditor.id),
                ("state", "in", ("draft", "ready")),
            ]
        )

    def _get_chase_action(self, customers, reason):
        """Open what was prepared; the form's arrows lead from one message to the next.

        :param customers: those who were to be chased
        :param reason: function of a customer, returns why nothing leaves to him
        :raise UserError: if there is nothing to send to any of them
        """
        left = customers - self.partner_id
        names = [
            self.env._("%(customer)s: %(reason)s", customer=each.display_name, reason=reason(each))
            for each in left[:SHOWN_CUSTOMERS]
        ]
        if len(left) > SHOWN_CUSTOMERS:
            names.append(self.env._("and %s others", len(left) - SHOWN_CUSTOMERS))
        if not self:
            raise UserError(self.env._("There is nothing to send today. %s", "\n".join(names)))
        action = self._get_records_action(name=self.env._("Reminders"))
        if not left:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Nothing to send today to some customers"),
                "message": " – ".join(names),
                "next": action,
            },
        }

    # -- What is emptied when its time of keeping is over ------------------------------------------

    def _prepare_erased_vals(self, rule):
        text = self._get_erased_text(rule)
        empty = [
            "sent_address",
            "sent_to",
            "sent_recipient",
            "sent_signatory",
            "partner_name",
            "message_ref",
            "chosen_recipient_id",
            "letter_id",
            "statement_id",
            "account_statement_id",
            "custom_closing",
        ]
        return {
            **dict.fromkeys(empty, False),
            "custom_subject": text,
            "custom_body": Markup("<p>%s</p>") % text,
            "sent_html": Markup("<p>%s</p>") % text,
            "own_attachment_ids": [fields.Command.clear()],
            "erased_on": fields.Date.context_today(self),
            "erased_rule": rule,
        }

    def _erase_parts(self, rule):
        """Empty the registered letters, the proofs, of which the sums stay, and the seals."""
        letters = self.registered_ids
        for letter in letters:
            letter._erase_history()
        letters.write({"address": False, "sent_letter_id": False, "sent_statement_id": False})
        self.proof_ids.write({"attachment_id": False})
        self.seal_ids._erase(rule)

    def _get_own_files_to_erase(self):
        files = super()._get_own_files_to_erase() | self.registered_ids._get_dunning_files()
        ours = ("account.dunning.notice", "account.dunning.registered")
        named = self.own_attachment_ids | self.proof_ids.attachment_id
        return files | named.filtered(lambda file: not file.res_model or file.res_model in ours)
