from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...core.filenames import written_name
from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from ..common.groups import ACCOUNTING_GROUPS
from ..common.ledger_query import as_array, get_fields
from ..common.letter_formats import format_letter_date, write_once
from ..common.marks import About, on
from .sent_files import find_sent_files

COPY_REPORT = "account_dunning_fr.report_invoice_copy"
LINES = About("account.dunning.notice.line", "move_id")
CLAIMED = "claimed"  # key of a claimed invoice, among the standings that are queried together


class AccountMove(models.Model):
    """What a notice needs from an invoice: its copy, and what was sent about it."""

    _inherit = "account.move"

    dunning_line_ids = fields.One2many(
        "account.dunning.notice.line",
        "move_id",
        string="Reminders",
        domain=[("state", "!=", "cancelled")],
        groups=ACCOUNTING_GROUPS,
    )

    def _get_dunning_bank_account(self):
        """Return the account of a penalty note: the factor's, if its invoices were assigned."""
        penalties = self._get_dunning_penalty_lines().dunning_penalty_id.sudo()
        invoices = penalties.move_line_id.move_id
        if invoices._filter_dunning_factored():
            return invoices._get_dunning_common_account()
        return super()._get_dunning_bank_account()

    def _attach_dunning_penalty_documents(self):
        # For all notes together: otherwise each would read its own invoices.
        penalties = self.line_ids.dunning_penalty_id.sudo()
        penalties.move_line_id.move_id._filter_dunning_factored()
        return super()._attach_dunning_penalty_documents()

    # -- Notices about an invoice whose items were rewritten ---------------------------------------

    @on("posted", LINES)
    def _reattach_dunning_lines(self, _before):
        """Link the notice lines of an invoice whose items were rewritten to its new items.

        Unless an item already took the same level in another notice: Odoo rewrites an item with the
        due date of one that it deletes. A new item continues the cycle of the former one.
        """
        lines = self._reattach_dunning("account.dunning.notice.line", self._is_dunning_level_free)
        for item, given in lines.filtered("move_line_id").grouped("move_line_id").items():
            if item.dunning_line_ids <= given:
                item.sudo().dunning_cycle = max(item.dunning_cycle, *given.mapped("cycle"))

    @api.model
    def _is_dunning_level_free(self, line, item):
        """Whether no other notice gave an item the level of this notice line."""
        return not item.dunning_line_ids.filtered(
            lambda other: (
                other.state != "cancelled"
                and other.level_id
                and (other.level_id, other.cycle) == (line.level_id, line.cycle)
            )
        )

    @on("posted")
    def _follow_dunning_corrections(self, before):
        """Follow a corrected customer or due date: what was sent no longer counts.

        The customer concerned now was not written to about what is due now. If the correction is
        reverted, the item goes on as before.
        """
        known = self.filtered(lambda move: move._is_dunning_known(before))
        known.line_ids._follow_dunning_corrections()

    @on("posted")
    def _judge_dunning_waiting(self, _before):
        """Check pending notices again: a receipt or credit note may cover what they would claim."""
        # A line of a bank statement may be the customer's payment before it is reconciled.
        lines = self.statement_line_id.filtered(lambda line: line.amount > 0)
        notices = self.env["account.dunning.notice"]
        notices._judge_soon(lines.partner_id, self._get_dunning_received())

    # -- Whether the invoice was ever sent ---------------------------------------------------------

    dunning_sent_on = fields.Date(
        string="First sent on",
        readonly=True,
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="The day on which Odoo first sent the invoice to the customer. Empty: never, or "
        "before the dunning was installed.",
    )
    _dunning_unsent_idx = models.Index(
        "(commercial_partner_id) WHERE move_type = 'out_invoice' AND state = 'posted' "
        "AND is_move_sent IS NOT TRUE AND payment_state IN ('not_paid', 'partial')"
    )

    def write(self, vals):
        if not vals.get("is_move_sent"):
            return super().write(vals)
        first = self.sudo().filtered(
            lambda move: not (move.is_move_sent or move.dunning_sent_on) and move.is_sale_document()
        )
        result = super().write(vals)
        # None of it is tracked, but Odoo would describe every field of the entry's items to find
        # out.
        untracked = first.with_context(tracking_disable=True)
        # Sent by the scheduler too: the day is the creditor's.
        for today, moves in self.env["res.company"]._split_dunning_days(untracked):
            super(AccountMove, moves).write({"dunning_sent_on": today})
        return result

    def _is_dunning_unsent(self):
        """Whether Odoo has no record of this invoice being sent to the customer."""
        self.ensure_one()
        return self.move_type == "out_invoice" and not self.is_move_sent

    # -- History -----------------------------------------------------------------------------------

    def action_dunning_chronology(self):
        """Show the history of these invoices, all of one customer."""
        partner, creditor = self._get_dunning_parties()
        return self.env["account.dunning.chronology.page"]._open(partner, creditor, self)

    # -- Claimed invoices may be corrected; what was sent stays ------------------------------------

    dunning_is_claimed = fields.Boolean(
        string="Claimed", compute="_compute_dunning_is_claimed", groups=ACCOUNTING_GROUPS
    )
    dunning_sent_names = fields.Char(
        string="Claimed in", compute="_compute_dunning_sent_names", groups=ACCOUNTING_GROUPS
    )

    @api.depends("dunning_line_ids.state", "dunning_line_ids.claimed", "posted_before")
    def _compute_dunning_is_claimed(self):
        """Ask together with the standing of an invoice that is opened: its form shows both."""
        if len(self) == 1:
            known = [self._fields[name] for name in ("dunning_standing", "dunning_standing_text")]
            with self.env.protecting(known, self):
                self._compute_dunning_standing()
            return
        query = self._select_dunning_claimed()
        claimed = {move_id for move_id, *_rest in self.env.execute_query(query)} if query else ()
        for move in self:
            move.dunning_is_claimed = move._origin.id in claimed

    def _show_dunning_standings(self, found):
        if len(self) == 1:
            with self.env.protecting([self._fields["dunning_is_claimed"]], self):
                self.dunning_is_claimed = CLAIMED in found.get(self._origin.id, ())
        return super()._show_dunning_standings(found)

    def _get_dunning_standing_questions(self):
        """Of one invoice, also ask whether it was claimed: no list shows that."""
        questions = super()._get_dunning_standing_questions()
        if len(self) == 1 and (claimed := self._select_dunning_claimed()):
            questions.append(claimed)
        return questions

    def _select_dunning_claimed(self):
        """Return a query for those of these invoices that were claimed, None if none can be.

        Only an invoice that was ever posted can.
        """
        ids = self._origin.filtered("posted_before").ids
        if not ids:
            return None
        return SQL(
            """
            SELECT line.move_id, FALSE, %s
              FROM account_dunning_notice_line line
             WHERE line.move_id = ANY(%s::int[]) AND line.state = 'sent' AND line.claimed
            """,
            CLAIMED,
            as_array(ids),
            to_flush=get_fields(self.env, {LINES.model: (LINES.field, "state", "claimed")}),
        )

    @api.depends("dunning_is_claimed", "state")
    def _compute_dunning_sent_names(self):
        """Name the notices of entries that are not posted: other forms do not show them."""
        named = self.filtered(lambda move: move.dunning_is_claimed and move.state != "posted")
        names = named._name_dunning_claims()
        for move in self:
            move.dunning_sent_names = names.get(move._origin, "")

    def _name_dunning_claims(self):
        """Return the names of the notices that claimed these invoices: ``{invoice: text}``."""
        claimed = [("state", "=", "sent"), ("claimed", "=", True)]
        lines = self.env[LINES.model].search([("move_id", "in", self._origin.ids), *claimed])
        names = {}
        for move, sent in lines.grouped("move_id").items():
            notices = sent.notice_id.sorted("date")
            names[move] = ", ".join(f"{it.name or it.id} ({it.level_name})" for it in notices)
        return names

    def get_dunning_facts(self):
        """Add the table of the notices about this invoice."""
        facts, lines = self.env["account.dunning.facts"], self.dunning_line_ids
        reminders = facts._prepare_table(
            lines,
            ["date", "notice_id", "level_id", "date_maturity", "days_late", "amount_due", "state"],
            title=self._fields["dunning_line_ids"]._description_string(self.env),
            opened="notice_id",
            tones=lambda line: "" if line.state == "sent" else "info",
            button=(
                "action_open_letter",
                "fa-file-pdf-o",
                lines._fields["letter_id"]._description_string(self.env),
                "letter_id",
            ),
        )
        return super().get_dunning_facts() + facts._keep_told([reminders])

    def _get_dunning_claiming_notices(self):
        """Return the notices that claimed this invoice, oldest first."""
        lines = self.dunning_line_ids.filtered(lambda line: line.state == "sent" and line.claimed)
        return lines.notice_id.sorted("date")

    @on("reset", LINES)
    def _note_dunning_reset(self, _before):
        self._note_dunning_undone(lambda env: env._("reset to draft"))

    @on("cancelled", LINES)
    def _note_dunning_cancelled(self, _before):
        self._note_dunning_undone(lambda env: env._("cancelled"))

    def action_dunning_undo(self):
        """Ask for confirmation before a claimed invoice is reset to draft."""
        self.ensure_one()
        return open_dialog(
            "account.dunning.undo.invoice",
            self.env._("Reset to draft an invoice that was claimed"),
            {"default_move_id": self.id},
        )

    def _note_dunning_undone(self, write_what):
        """Log on the invoices, and on the notices sent about them, what was done.

        :param write_what: returns what was done, given an environment in the language to use
        """
        for move in self.sudo().filtered("dunning_sent_names"):
            move = move._in_dunning_lang()
            what = write_what(move.env)
            move._message_log(
                body=move.env._(
                    "This invoice was %(what)s although it was claimed in %(names)s. What was "
                    "sent stays as it was: if a sum claimed was wrong, write to the customer.",
                    what=what,
                    names=move.dunning_sent_names,
                )
            )
            notices = move._get_dunning_claiming_notices()
            body = move.env._("The invoice %(name)s was %(what)s.", name=move.name, what=what)
            notices._message_log_batch(bodies=dict.fromkeys(notices.ids, body))

    # -- The invoice as it was sent ----------------------------------------------------------------

    dunning_sent_file_id = fields.Many2one(
        "ir.attachment",
        string="Invoice as sent",
        compute="_compute_dunning_sent_file_id",
        groups=ACCOUNTING_GROUPS,
    )

    @api.depends("invoice_pdf_report_file", "message_ids", "state")
    def _compute_dunning_sent_file_id(self):
        """Find the files of all the invoices of a batch of notices at once."""
        sent = self._get_dunning_sent_files()
        for move in self:
            move.dunning_sent_file_id = sent[move]

    def _get_dunning_sent_files(self):
        """Return the PDF of each invoice as it was sent: ``sent_files.find_sent_files``."""
        return find_sent_files(self)

    def _get_dunning_sent_file(self):
        """Return the PDF of the invoice as it was sent, or an empty ``ir.attachment``."""
        self.ensure_one()
        return self._get_dunning_sent_files()[self].with_env(self.env)

    def _get_dunning_carriers(self):
        """Return the messages with a PDF that our users sent from these invoices, oldest first.

        A note among colleagues is not sent to the customer, whatever file it has.
        """
        return (
            self.env["mail.message"]
            .sudo()
            .with_context(active_test=False)  # the sender may have left since
            .search(
                [
                    ("model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("message_type", "!=", "email"),
                    ("author_id.user_ids.share", "=", False),
                    ("attachment_ids.mimetype", "=", "application/pdf"),
                    "|",
                    ("subtype_id.internal", "!=", True),
                    ("partner_ids.partner_share", "=", True),
                ],
                order="date, id",
            )
        )

    # -- Enclosed file -----------------------------------------------------------------------------

    def _get_dunning_document(self, notice):
        """Return the PDF of the invoice to enclose: the one sent at the time, else a reprint.

        :param notice: the notice to which a reprint is attached
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
        """Return the PDF of the invoice that was sent, else the reprint made for this notice."""
        self.ensure_one()
        return self.dunning_sent_file_id or self.env["ir.attachment"].search(
            [
                ("res_model", "=", notice._name),
                ("res_id", "=", notice.id),
                ("name", "=", self._get_invoice_report_filename()),
            ],
            limit=1,
        )

    # -- Complete copy, marked as a reprint --------------------------------------------------------

    def _get_dunning_print_lang(self):
        # Used for the page, its title and its foot.
        key = ("print lang", self._name, self.id)
        return write_once(self.env, key, self._find_dunning_print_lang)

    def _find_dunning_print_lang(self):
        partner = self.sudo().line_ids.dunning_penalty_id.partner_id[:1]
        partner = partner or self.commercial_partner_id or self.company_id.partner_id
        return partner._get_dunning_lang()

    def _get_dunning_foot(self):
        return " – ".join(filter(None, (self.company_id.dunning_creditor_id.name, self.name)))

    def _print_dunning_copy(self):
        """Return the complete copy of the invoice, as a PDF (bytes).

        Not Odoo's own report: without the patched Qt it lacks the creditor's name and address.
        """
        self.ensure_one()
        printed = self.env["ir.actions.report"]._render_dunning_apart(COPY_REPORT, self.ids)
        return printed[self.id]

    def _get_dunning_reprint_text(self):
        """Return the title of a copy printed today: never a true copy of what was sent."""
        today = creditors_day(self)
        lang = self._get_dunning_print_lang() if self else self.env.lang
        speaking = self.with_context(lang=lang).env
        return speaking._("reprint of %s", format_letter_date(speaking, today))

    def _get_dunning_copy_name(self):
        """Return the file name of such a copy, without extension."""
        self.ensure_one()
        return written_name(f"{self.name} {self._get_dunning_reprint_text()}")

    def _get_dunning_kind_text(self):
        """Return what the document is, as a label for its number."""
        self.ensure_one()
        return {
            "out_refund": self.env._("Credit note no."),
            "out_receipt": self.env._("Receipt no."),
        }.get(self.move_type, self.env._("Invoice no."))

    def _get_dunning_copy_facts(self):
        """Return the dates and references of the invoice: a list of labels and values."""
        self.ensure_one()
        dues = (
            self.line_ids._filter_dunning_receivable()
            .filtered("date_maturity")
            .sorted("date_maturity")
        )
        due = ", ".join(
            f"{format_letter_date(self.env, line.date_maturity)} "
            f"({self.currency_id.format(line.amount_currency)})"
            for line in dues
        )
        if len(dues) == 1:
            due = format_letter_date(self.env, dues.date_maturity)
        other = self.partner_shipping_id - self.partner_id
        delivered_to = other and other._display_address()
        facts = (
            (
                self.env._("Invoice date"),
                format_letter_date(self.env, self.invoice_date or self.date),
            ),
            (self.env._("Delivery date"), format_letter_date(self.env, self.delivery_date)),
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
        """Return the amounts above the total: a list of labels and amounts, one per tax."""
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

    # -- Why today's notice is not sent, and the button that lifts it ------------------------------

    def _prepare_dunning_plan(self, row, confirmed=False):
        vals = super()._prepare_dunning_plan(row, confirmed)
        code, delay = self._get_dunning_delay(row)
        if not delay and (notice := self._get_underway_dunning_notice()):
            delay = self.env._(
                "The message %(reference)s is on its way: no mail server took it yet. %(answer)s",
                reference=notice.name,
                answer=notice.delivery_reason or "",
            ).rstrip()
        if delay:
            vals["dunning_reason"] = f"{vals['dunning_reason'].rstrip('.')}. {delay}"
        return {**vals, "dunning_stop": vals["dunning_stop"] or code}

    def _get_dunning_delay(self, row):
        """Return what prevents today's notice from being sent automatically.

        :param row: the row of the plan, or None
        :return: its key among the stops and a sentence for the user; both False if nothing does
        """
        self.ensure_one()
        if not row or row.stop or row.reason not in ("claimed", "info"):
            return False, False
        creditor = self.company_id.dunning_creditor_id.sudo()
        notice = self._get_live_dunning_notice()
        if delay := notice.blocking_reason or notice.wait_reason:
            return "message", delay
        if not creditor.dunning_active:
            return "switch", self.env._("Nothing leaves by itself: sending is not switched on.")
        if creditor._get_dunning_stale_bank_journals(creditors_day(self)):
            today = creditors_day(self)
            return "statements", creditor._get_dunning_statement_warning(today)
        return bool(notice) and "message", False

    def _get_underway_dunning_notice(self):
        """Return the notice that claims this invoice and that no mail server accepted yet."""
        lines = self.sudo().dunning_line_ids.filtered(
            lambda line: line.claimed and line.state == "sent"
        )
        return lines.notice_id.filtered(lambda n: n.delivery == "underway" and not n.has_left)[:1]

    def _get_live_dunning_notice(self):
        """Return the notice to this customer that is in preparation, or an empty recordset."""
        notices = self.env["account.dunning.notice"].sudo()
        return notices._get_live(self.company_id.dunning_creditor_id, self.commercial_partner_id)

    # -- Buttons -----------------------------------------------------------------------------------

    def action_dunning_open_message(self):
        """Open today's notice."""
        self.ensure_one()
        notice = self._get_live_dunning_notice().sudo(False)
        return notice._get_records_action() if notice else False

    def action_dunning_switch(self):
        """Open the page where sending is switched on."""
        return self.env["account.dunning.golive"].action_open()

    def action_dunning_statements(self):
        """Open the bank journals whose statements are too old."""
        self.ensure_one()
        creditor = self.company_id.dunning_creditor_id
        stale = creditor.sudo()._get_dunning_stale_bank_journals(creditors_day(self))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.open_account_journal_dashboard_kanban"
        )
        return {**action, "domain": [("id", "in", stale.ids)], "context": {}}

    # -- Chasing from a list of invoices -----------------------------------------------------------

    def action_dunning_chase(self):
        """Choose what to write to the customers of these invoices."""
        self.check_access("write")
        invoices = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
        if not invoices:
            raise UserError(self.env._("Choose customer invoices: only they are chased."))
        return open_dialog(
            "account.dunning.chase", self.env._("Chase now"), {"default_move_ids": invoices.ids}
        )

    # -- Notes on the invoices of a notice ---------------------------------------------------------

    @api.model
    def _log_dunning(self, bodies):
        """Log a note on each of these invoices, all but the first in one statement.

        A batch of notices logs hundreds: one by one they would take a sixth of the sending time.

        :param dict bodies: ``{invoice id: HTML}``
        """
        if not bodies:
            return
        (first, body), *others = bodies.items()
        message = self.browse(first)._message_log(body=body)
        if others:
            message._copy_dunning_note(dict(others))
            self.browse(dict(others)).invalidate_recordset(["message_ids"])
