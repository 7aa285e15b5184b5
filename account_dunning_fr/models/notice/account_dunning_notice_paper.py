from io import BytesIO

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date
from odoo.tools.i18n import format_list
from odoo.tools.pdf import PdfReader, PdfWriter

from ...core.claims_allowed import allowed
from ...core.filenames import written_name
from ...dossier.pages import inspect
from ...dossier.pictures import image_to_pdf
from ...dossier.reading import find_pdf
from ..common.ir_actions_report import LETTER_REPORT
from ..common.private_context import pass_on, passed
from ..policy.account_dunning_level import TEXTS
from .account_dunning_notice import OPEN
from .account_dunning_notice_text import MOST_COPIES

# What is written down of a message when it leaves, and is empty before.
SENT_FIELDS = (
    "sent_to",
    "sent_lang",
    "sent_on",
    "sent_by",
    "typed_texts",
    "sent_html",
    "sent_sha256",
    "sent_address",
    "sent_recipient",
    "sent_signatory",
    "sent_kind",
    "sent_level",
)
# A registered letter of which more is known than that it was posted.
FOLLOWED = ("presented", "delivered", "refused", "unclaimed", "wrong_address")

# What is made for a message and put into its envelope, but for the invoices and others' files.
ENVELOPE = ("letter", "statement", "account_statement", "listing")

ACCOUNT_REPORT = "account_dunning_fr.report_account_statement"


class AccountDunningNotice(models.Model):
    """Letters by the dozen: printed together, kept one by one, put in one PDF for the printer.

    Printing stores the letter, so that what is posted and what is kept are the same document.
    """

    _inherit = "account.dunning.notice"

    def _drop_letters_to_post(self):
        """Forget the letters of what has not left yet: it says something else now."""
        self.filtered(lambda n: n.letter_id and n.state in ("draft", "ready"))._drop_letters()

    def _drop_letters(self):
        """Forget letters that were printed and not posted, with what was made to go with them.

        They no longer say what is due.
        """
        for name in ENVELOPE:
            notices = self.sudo()
            if files := notices[f"{name}_id"]:
                names = [f"{name}_id", f"{name}_sha256"]
                kept = [each for each in names if each in notices._fields]
                notices.write(dict.fromkeys(kept, False))
                files._unlink_dunning_unnamed()

    def _goes_on_paper(self):
        """Whether the notice is, or was, to be put in an envelope."""
        self.ensure_one()
        return self.send_letter or self.send_registered

    def _print_letters(self):
        """Print the letters that do not bear today's date yet, and store each of them.

        Leaves out the formal notices that are not complete, each with what it lacks. Runs the gate
        first: a notice with nothing left to claim is cancelled, and not printed.

        :return: the notices that have a letter to post, in the order given
        """
        today = fields.Date.context_today(self)
        complete = self._split_complete()
        complete._reprint_sent()
        for notice in complete.sudo()._filter_to_print(today):
            notice._refresh()
        to_print = complete.sudo()._filter_to_print(today)
        to_print._drop_letters()
        for notice in to_print:
            notice.write({"name": notice._get_next_reference(), "printed_on": today})
        to_print._render_letters()
        return complete.filtered(
            lambda n: n.state != "cancelled" and not n.not_posted_reason and n.sudo().letter_id
        )

    def _filter_to_print(self, today):
        """Return those of these messages whose letter is being prepared, and not of this day."""
        return self.filtered(
            lambda n: (
                n.state in ("draft", "ready") and n._goes_on_paper() and not n._is_printed(today)
            )
        )

    def _render_letters(self):
        """Print the letters of these messages together, and keep each with what it encloses."""
        letters = self.env["ir.actions.report"].sudo()._render_dunning_letters(self)
        for notice in self:
            notice._store_letter(letters[notice.id])

    def _is_printed(self, today):
        """Whether the letter that is kept is the one to post on this day."""
        self.ensure_one()
        return bool(self.letter_id) and self.printed_on == today

    def _get_letters_pdf(self, recto=False, enclosed=True):
        """Return one PDF of the letters of these notices, by post code, then by customer.

        What was sent comes as it was kept; the letters not printed yet are printed first, with
        today's date and deadline. Notices that go by e-mail or call only are left out.

        :param bool recto: start each letter on a new sheet, for printing on both sides
        :param bool enclosed: put the files enclosed with a letter behind it
        :rtype: bytes
        :raise UserError: if none of the notices has a letter
        """
        notices = self._print_letters()._sort_for_posting()
        if not notices:
            raise UserError(self.env._("None of these messages goes by post: nothing to print."))
        contents = []
        for notice in notices:
            contents += notice._get_letter_contents()
            contents += notice._get_enclosure_contents() if enclosed else []
        return self._merge_pdfs(contents, recto)

    def _get_letter_contents(self):
        """Return what goes into the envelope: the letter, then what was made to go with it.

        A statement of penalties too long for pages goes by e-mail alone.

        :return: list of PDF documents (bytes)
        """
        self.ensure_one()
        letter = self._get_kept_file("letter").sudo()
        names = ("statement", "listing", "account_statement")
        others = [self._get_kept_file(name).sudo() for name in names]
        return [letter.raw, *(file.raw for file in others if file.mimetype == "application/pdf")]

    def _sort_for_posting(self):
        """Return these notices in the order of their envelopes: country, post code, name."""

        def key(notice):
            place = notice._get_postal_address()
            country = "" if place.country_id == notice.company_id.country_id else place.country_id
            return (country and country.name, place.zip or "", notice.partner_id.name, notice.id)

        return self.sorted(key)

    def _merge_pdfs(self, contents, recto=False):
        """Return one PDF of several.

        :param list contents: PDF documents (bytes)
        :param bool recto: start each document on an odd page
        :rtype: bytes
        """
        writer = PdfWriter()
        for content in contents:
            pages = PdfReader(BytesIO(content), strict=False).pages
            for page in pages:
                writer.add_page(page)
            if recto and len(pages) % 2:
                writer.add_blank_page(pages[-1].mediabox.width, pages[-1].mediabox.height)
        stream = BytesIO()
        writer.write(stream)
        return stream.getvalue()

    def action_print(self):
        """Print the letters; the date and the deadline printed are those of today."""
        self._check_prepare()
        stale = self._pass_posting_gate()
        to_print = self - stale
        if not to_print:
            return stale._notify_not_posted()
        to_print._print_letters()
        return self.env.ref(LETTER_REPORT).report_action(to_print, config=False)

    # -- Posting -----------------------------------------------------------------------------------
    # Paper that follows an e-mail: it bears the day on which it is posted, or does not leave.

    letter_date = fields.Date(
        compute="_compute_letter_date",
        help="The date that the letter bears: the day of printing, if the e-mail left before.",
    )
    not_posted_reason = fields.Char(
        string="Letter not posted", readonly=True, help="Why the letter never left."
    )
    typed_texts = fields.Char(
        readonly=True, help="The texts that a person wrote; the others are those of the level."
    )
    posting_recorded_on = fields.Datetime(readonly=True, copy=False)
    posting_recorded_by = fields.Many2one("res.users", readonly=True, copy=False)
    posting_undo = fields.Json(
        readonly=True, copy=False, help="What the posting changed, for its way back."
    )
    can_undo_posting = fields.Boolean(compute="_compute_can_undo_posting")

    @api.depends("posted_on", "posting_recorded_on")
    def _compute_can_undo_posting(self):
        for notice in self:
            notice.can_undo_posting = notice.posted_on and notice._is_posting_recorded_today()

    @api.depends("date", "printed_on")
    def _compute_letter_date(self):
        for notice in self:
            days = [day for day in (notice.date, notice.printed_on) if day]
            notice.letter_date = max(days, default=False)

    # -- Recording the posting, and its way back -------------------------------------------------

    def action_record_posting(self):
        """Ask on which day these letters were posted, with which number and proof."""
        self._check_send()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record posting"),
            "res_model": "account.dunning.posting",
            "view_mode": "form",
            "target": "new",
            "context": {"default_notice_ids": self.ids},
        }

    def _get_posting_problem(self, on, together=False):
        """Return why the posting of this letter cannot be recorded, for the user, or False.

        :param date on: the day of posting
        :param bool together: with others: a registered letter has its number and its proof, alone
        """
        self.ensure_one()
        if self.state == "draft":
            return self.env._("not confirmed: confirm the message first")
        if self.state == "cancelled":
            return self.env._("cancelled")
        if not self._goes_on_paper():
            return self.env._("no letter: it goes by e-mail or by call")
        if self.posted_on:
            return self.env._("posted already, on %s", format_date(self.env, self.posted_on))
        if self.not_posted_reason:
            return self.not_posted_reason
        if together and self.send_registered:
            return self.env._("registered: record it on the screen of the registered letters")
        if not self.printed_on or not self.sudo().letter_id:
            return self.env._("not printed: print the letter first")
        if self.printed_on != on:
            day = format_date(self.env, self.printed_on)
            return self.env._("the letter bears the date of %s: print it again", day)
        return False

    def _add_posting_proofs(self, attachments):
        """File these attachments as proofs of the posting that was just recorded.

        :param attachments: ``ir.attachment`` that the user may read
        """
        self.ensure_one()
        letter = self.registered_ids.filtered(lambda x: x.posted_on == self.posted_on)[-1:]
        if letter:
            letter._add_proofs(attachments, "deposit")
            return
        self.check_access("write")
        attachments.check_access("read")  # a proof is read by all who read the message
        self.env["account.dunning.proof"].sudo().create(
            [
                {
                    "notice_id": self.id,
                    "attachment_id": attachment._take_dunning_over(self).id,
                    "kind": "deposit",
                }
                for attachment in attachments
            ]
        )

    def _prepare_posting_undo(self):
        """Return who records a posting and when, and what its way back has to restore."""
        self.ensure_one()
        before = {"state": self.state}
        if self.state != "sent":
            left_out = self.line_ids.filtered("left_out")
            before |= {
                "date": fields.Date.to_string(self.date),
                "deadline": fields.Date.to_string(self.deadline),
                "left_out": {str(line.id): [line.claimed, line.level_id.id] for line in left_out},
            }
        return {
            "posting_recorded_on": fields.Datetime.now(),
            "posting_recorded_by": self.env.uid,
            "posting_undo": before,
        }

    def _is_posting_recorded_today(self):
        """Whether the posting was recorded on this day of the user."""
        self.ensure_one()
        recorded = self.posting_recorded_on
        if not recorded or not self.posting_undo:
            return False
        today = fields.Date.context_today(self)
        return fields.Date.context_today(self, recorded) == today

    def action_undo_posting(self):
        """Take back a posting recorded today by mistake; what left by e-mail stays sent.

        What was sealed stays: another seal, and the history, tell that the posting was undone.
        """
        self._check_send()
        for notice in self:
            notice._check_undo_posting()
            notice.sudo()._undo_posting()

    def _check_undo_posting(self):
        """:raise UserError: why the posting of this letter is not taken back"""
        self.ensure_one()
        notice = self.sudo()
        letters = notice.registered_ids.filtered("posted_on")
        if not notice.posted_on:
            raise UserError(self.env._("No posting is recorded: nothing is to be undone."))
        if not self._is_posting_recorded_today():
            raise UserError(
                self.env._(
                    "A posting is undone on the day on which it was recorded, not later: what was "
                    "sent is a record from then on."
                )
            )
        if letters.filtered("provider_ref"):
            raise UserError(self.env._("The provider took this letter: it is on its way."))
        if letters.filtered(lambda letter: letter.state in FOLLOWED):
            raise UserError(
                self.env._("What became of this letter is recorded already: it was posted.")
            )
        self._check_no_other_live()

    def _check_no_other_live(self):
        """:raise UserError: another message to the customer is being prepared since"""
        notice = self.sudo()
        if notice.posting_undo["state"] == "sent":
            return
        domain = [
            ("partner_id", "=", notice.partner_id.id),
            ("company_id", "=", notice.company_id.id),
            ("state", "in", ("draft", "ready")),
        ]
        if notice.search_count(domain, limit=1):
            raise UserError(
                self.env._(
                    "Another message to %s is being prepared since: postpone it first.",
                    notice.partner_id.display_name,
                )
            )

    def _undo_posting(self):
        """Restore what the posting changed; the seal and the history tell that it was undone."""
        self.ensure_one()
        undone = {
            "posted_on": fields.Date.to_string(self.posted_on),
            "recorded_on": fields.Datetime.to_string(self.posting_recorded_on),
            "recorded_by": self.posting_recorded_by.name or "",
            "undone_on": fields.Datetime.to_string(fields.Datetime.now()),
            "undone_by": self.env.user.name,
        }
        posted_on, before = self.posted_on, self.posting_undo
        self._withdraw_posting_proofs(first=before["state"] != "sent")
        letters = self.registered_ids.filtered(lambda letter: letter.posted_on == posted_on)
        letters._undo_posting()
        self.write(
            {
                "posted_on": False,
                "posting_undo": False,
                "posting_recorded_on": False,
                "posting_recorded_by": False,
            }
        )
        if before["state"] != "sent":
            self._undo_leaving(before)
        pass_on(self, posting_undone=undone)._seal()
        self._tell_undone(posted_on)

    def _undo_leaving(self, before):
        """Bring a message that left by post alone back to what it was before.

        :param dict before: what ``_prepare_posting_undo`` kept
        """
        typed = (self.typed_texts or "").split(",")
        texts = {f"custom_{name}": False for name in TEXTS if name not in typed}
        # Before the state: a change of the texts of what waits would drop its letter.
        self.write({**texts, **dict.fromkeys(SENT_FIELDS, False)})
        days = {name: before[name] or False for name in ("date", "deadline")}
        self.write({**days, "state": before["state"]})
        for line in self.line_ids:
            if kept := before["left_out"].get(str(line.id)):
                line.write({"claimed": kept[0], "level_id": kept[1]})
        self.call_ids.filtered(lambda call: call.state == "todo")._cancel()
        promises = self.env["account.dunning.promise"]
        promises.search([("mentioned_in_id", "=", self.id)]).mentioned_in_id = False

    def _withdraw_posting_proofs(self, first):
        """Withdraw the proofs of the posting; the history keeps their names and their sums.

        :param bool first: the message left by post alone: what was enclosed did not leave either
        """
        kinds = ("deposit", "enclosure", "letter") if first else ("deposit",)
        current = self.registered_ids.filtered(lambda letter: letter.posted_on == self.posted_on)
        proofs = self.proof_ids.filtered(
            lambda proof: (
                proof.kind in kinds and (not proof.registered_id or proof.registered_id in current)
            )
        )
        proofs._withdraw()

    def _tell_undone(self, posted_on):
        """Say in the history, and on the invoices where they were claimed, what was taken back."""
        local = self._in_company_lang()
        body = local.env._(
            "The posting of the letter on %(date)s, recorded by mistake, was undone by %(user)s.",
            date=format_date(local.env, posted_on),
            user=self.env.user.name,
        )
        self._message_log(body=body)
        if self.state == "sent":
            return
        note = local.env._(
            "The posting of the reminder %s was undone: it claims nothing yet.", self.name
        )
        moves = self.line_ids.filtered("claimed").move_id
        self._log_on_moves(dict.fromkeys(moves.ids, note))

    def _prepare_sealed_note(self):
        undone = passed(self.env, "posting_undone")
        note = super()._prepare_sealed_note()
        return {**note, "posting_undone": undone} if undone else note

    # -- The gate --------------------------------------------------------------------------------

    def _pass_posting_gate(self):
        """Take off the list the letters of messages that left before, and are no longer due.

        Paper passes the gate that e-mails pass: a payment, a signed plan, a dispute or any other
        hold of the same day stops it. The level that the e-mail took stays.

        :return: the messages of which a letter does not leave any more
        """
        waiting = self.sudo().filtered(
            lambda n: n.state == "sent" and n.to_post and n._goes_on_paper()
        )
        stale = waiting - waiting._filter_still_due()
        for notice in stale:
            local = notice._in_company_lang()
            local._give_up_posting(local._explain_not_due())
        return stale.with_env(self.env)

    def _explain_not_due(self):
        """Return why what this message claims is not due as it says, for the user."""
        self.ensure_one()
        claimed = self.line_ids.filtered(lambda line: line.claimed and not line.left_out)
        rows = self.env["account.dunning.plan"].sudo()
        rows = rows._simulate(self.company_id, partners=self.partner_id)
        stops = {row.move_line_id: row.stop for row in rows}
        labels = dict(claimed._fields["drop_reason"]._description_selection(self.env))
        found = {
            labels.get(stops.get(line.move_line_id.id, "paid"))
            for line in claimed
            if stops.get(line.move_line_id.id, "paid")
        }
        changed = self.env._("What is owed changed since the message left")
        reasons = ", ".join(sorted(filter(None, found)))
        return f"{changed}: {reasons}." if reasons else f"{changed}."

    @api.model
    def _give_up_settled_letters(self, creditor):
        """Each morning, take off the list of letters to post those that are no longer due.

        :param creditor: ``res.company``
        """
        self.search(
            [("company_id", "=", creditor.id), ("state", "=", "sent"), ("to_post", "=", True)]
        )._pass_posting_gate()

    def _notify_not_posted(self):
        """Return the action that tells which letters left the list, and why."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Letters not posted"),
                "message": "\n".join(
                    f"{notice.partner_id.display_name} – {notice.not_posted_reason}"
                    for notice in self
                ),
                "type": "warning",
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _reprint_sent(self):
        """Print letters again whose e-mail left earlier: with today's date and a new deadline.

        The deadline of the notice becomes the later one, which is the one that binds. A letter
        that no longer says what is due does not leave.
        """
        today = fields.Date.context_today(self)
        self._pass_posting_gate()
        late = self.sudo().filtered(
            lambda n: n.state == "sent" and n.to_post and n._goes_on_paper()
        )
        late = late.filtered(lambda n: not n._is_printed(today))
        for notice in late:
            deadline = notice.level_id._get_deadline(today, notice.partner_id)
            notice.write({"printed_on": today, "deadline": deadline})
            notice._render_letters()
            notice._seal()
            notice._message_log(
                body=self.env._(
                    "Letter printed again with today's date; its deadline, %s, replaces the one "
                    "before.",
                    fields.Date.to_string(notice.deadline),
                )
            )

    def action_give_up_posting(self):
        """Leave it at the e-mail: the letter is not posted."""
        self._check_send()
        if any(notice.state != "sent" or not notice.to_post for notice in self):
            raise UserError(
                self.env._(
                    "Only a letter whose message already left can be given up. Cancel the other "
                    "messages with « Postpone »."
                )
            )
        self.sudo()._give_up_posting(self.env._("Given up by %s.", self.env.user.name))

    def _give_up_posting(self, reason):
        """Keep why these letters are not posted.

        :param str reason: a sentence for the user
        """
        self.write({"not_posted_reason": reason})
        self._message_log_batch(
            bodies={
                notice.id: self.env._("The letter is not posted. %s", reason) for notice in self
            }
        )

    # -- The envelope ----------------------------------------------------------------------------

    def _get_postal_address(self):
        """Return the contact whose address is on the envelope: the recipient's, else its firm's."""
        self.ensure_one()
        return self.recipient_id if self.recipient_id.street else self.partner_id

    def _get_envelope(self):
        """Return the lines of the address as the letter bears them.

        :rtype: list
        """
        self.ensure_one()
        place, recipient = self._get_postal_address(), self.recipient_id
        country = place.country_id if place.country_id != self.company_id.country_id else None
        lines = [
            self.partner_name or self.partner_id.name,
            recipient.name if recipient != self.partner_id else False,
            place.street,
            place.street2,
            " ".join(filter(None, [place.zip, place.city])),
            country and country.name,
        ]
        return [line for line in lines if line]

    # -- Enclosures --------------------------------------------------------------------------------
    # What goes with a message: the invoices, the statements, and the files that a person adds.
    #
    # By default a copy of each invoice claimed, and the statement of penalties with a formal
    # notice. On a draft each file can be left out or added; once sent, what left is kept as a
    # proof with its SHA-256.

    enclose_invoices = fields.Boolean(
        string="Enclose the invoices",
        default=True,
        writer=OPEN,
        help="A copy of each invoice claimed goes with the message.",
    )
    kept_back_move_ids = fields.Many2many(
        "account.move",
        "account_dunning_notice_kept_back_rel",
        "notice_id",
        "move_id",
        string="Invoices not enclosed",
        readonly=True,
    )
    copies_on_request = fields.Boolean(
        compute="_compute_enclosed_move_ids",
        help="The invoices are too many to be copied: the message offers their copies.",
    )
    enclosable_move_ids = fields.Many2many("account.move", compute="_compute_enclosed_move_ids")
    enclosed_move_ids = fields.Many2many(
        "account.move",
        string="Copies of invoices",
        compute="_compute_enclosed_move_ids",
        inverse="_inverse_enclosed_move_ids",
        writer=OPEN,
        domain="[('id', 'in', enclosable_move_ids)]",
        help="Remove an invoice whose copy is not to leave; choose it again to put it back.",
    )
    enclose_penalties = fields.Boolean(
        string="Enclose the statement of penalties",
        writer=OPEN,
        help="The interest of each invoice, segment by segment, and the flat indemnities. Only "
        "where the customer's legal regime is confirmed and penalties are due.",
    )
    enclose_account = fields.Boolean(
        string="Enclose the statement of account",
        writer=OPEN,
        help="All that the customer owes on the day of the message, due or not.",
    )
    account_statement_id = fields.Many2one(
        "ir.attachment",
        string="Statement of account",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    own_attachment_ids = fields.Many2many(
        "ir.attachment",
        "account_dunning_notice_own_attachment_rel",
        "notice_id",
        "attachment_id",
        string="Other files",
        writer=OPEN,
        bypass_search_access=True,
        help="An order, a delivery note, a signed quotation: whatever supports the claim.",
    )

    @api.depends(
        "enclose_invoices",
        "kept_back_move_ids",
        "line_ids.claimed",
        "line_ids.left_out",
        "line_ids.drop_reason",
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_enclosed_move_ids(self):
        """The copies that leave: who works in one branch chooses among its invoices alone."""
        for notice in self:
            lines = notice.line_ids.filtered(
                lambda line: line.claimed and not line.left_out and not line.drop_reason
            )
            moves = lines.move_id._filtered_access("read")
            moves = moves.filtered(lambda move: move.is_sale_document())
            notice.copies_on_request = len(moves) > MOST_COPIES
            if notice.copies_on_request:
                moves = moves.browse()
            notice.enclosable_move_ids = moves
            enclosed = moves - notice.kept_back_move_ids
            notice.enclosed_move_ids = enclosed if notice.enclose_invoices else False

    def _inverse_enclosed_move_ids(self):
        for notice in self:
            offered, owner = notice.enclosable_move_ids, notice.sudo()
            kept_back = offered - notice.enclosed_move_ids
            owner.kept_back_move_ids = (owner.kept_back_move_ids - offered) | kept_back

    @api.model_create_multi
    def create(self, vals_list):
        notices = super().create(vals_list)
        notices._keep_own_attachments()
        return notices

    def _keep_own_attachments(self):
        """Keep the files that a person adds as the message's own: what he chose is what leaves.

        :raise AccessError: where a file is enclosed that the user may not read himself
        """
        for notice in self:
            files = notice.sudo().own_attachment_ids
            foreign = files - files._filter_dunning_owned(notice)
            if foreign and not self.env.su:
                foreign.with_env(self.env).check_access("read")
            if foreign:
                own = [file._take_dunning_over(notice).id for file in foreign]
                commands = [Command.unlink(file.id) for file in foreign]
                commands += [Command.link(file_id) for file_id in own]
                notice.sudo().write({"own_attachment_ids": commands})

    def _encloses_penalties(self):
        """Whether the statement of penalties goes with the message: asked for, and not empty.

        A consumer never receives one: he owes interest from the formal notice on, nothing before.
        """
        self.ensure_one()
        regime = self.enclose_penalties and self._get_stated_regime()
        if not regime or not allowed(regime).penalties.at_once:
            return False
        penalties = self._get_penalty_statement()
        return any(row["interest"] or row["indemnity"] for row in penalties["rows"])

    # -- What the message announces --------------------------------------------------------------

    def _get_enclosed_text(self):
        """Return what goes with the message as the message announces it, or an empty string."""
        return format_list(self.env, self._get_enclosed_names())

    def _get_enclosed_names(self):
        """Return what goes with the message.

        :return: list of phrases, in the language of the context
        """
        self.ensure_one()
        names, moves = [], self.enclosed_move_ids
        if self._is_list_enclosed():
            names.append(self.env._("list of the items claimed"))
        if len(moves) == 1:
            names.append(self.env._("copy of the invoice %s", moves.name))
        elif moves == self.enclosable_move_ids and moves:
            names.append(self.env._("copies of the %s invoices listed", len(moves)))
        elif moves:
            numbers = ", ".join(moves.sorted("invoice_date").mapped("name"))
            names.append(self.env._("copies of the invoices %s", numbers))
        elif self.copies_on_request and self.enclose_invoices:
            names.append(self.env._("copies of the invoices on request"))
        if self._encloses_penalties():
            names.append(self.env._("statement of late-payment penalties"))
        if self.enclose_account:
            names.append(self.env._("statement of account"))
        return names + [name.rpartition(".")[0] or name for name in self._get_own_files("name")]

    def _get_own_files(self, name):
        """Return one value of each file that a person added."""
        return self._get_own_enclosures().sudo().mapped(name)

    def _get_own_enclosures(self):
        """Return the files that a person added: each is this message's own."""
        self.ensure_one()
        files = self.sudo().own_attachment_ids.sorted("id")
        return files._filter_dunning_owned(self._origin).with_env(self.env)

    def _get_posted_files(self):
        """Return the files that went by post; an invoice never printed as a file is not one."""
        self.ensure_one()
        if not self._goes_on_paper():
            return self.env["ir.attachment"]
        files = self.env["ir.attachment"]
        for name in ENVELOPE:
            files |= self._get_kept_file(name)
        for move in self.enclosed_move_ids:
            files |= move._find_dunning_document(self)
        return files | self._get_own_enclosures()

    def _store_account_statement(self):
        """Keep the statement of account that goes with the message, at the day that it bears."""
        self.ensure_one()
        if not self.enclose_account:
            return
        company = self.company_id
        notice = self.with_context(allowed_company_ids=company.ids, lang=self.lang)
        wizard = notice.env["account.dunning.account.statement"].create(
            {
                "company_id": company.id,
                "partner_ids": [Command.set(self.partner_id.ids)],
                "date": self.letter_date,
            }
        )
        content, _kind = notice.env["ir.actions.report"]._render_qweb_pdf(
            ACCOUNT_REPORT, wizard.ids
        )
        title = notice.env._("Statement of account")
        name = written_name(f"{title} {self.name or ''}", "pdf")
        self.account_statement_id = self._create_document(name, content)

    def _get_enclosure_contents(self):
        """Return the invoices and the other files that are printed behind the letter.

        :return: list of PDF documents (bytes); files that are neither PDF nor pictures are left out
        :raise UserError: naming the file that cannot be read
        """
        self.ensure_one()
        notice = self.sudo()
        files = self.env["ir.attachment"].sudo()
        for move in notice.enclosed_move_ids:
            files |= move._get_dunning_document(notice)
        contents = []
        for file in files | self._get_own_enclosures().sudo():
            content = file._get_dunning_content()
            found = inspect(content)
            if found.problem:
                raise UserError(
                    self.env._(
                        "The file %s cannot be read: leave it out of the message, or ask for "
                        "another copy.",
                        file.name,
                    )
                )
            if found.kind == "image":
                contents.append(image_to_pdf(content, file.name))
            elif found.kind == "pdf":
                contents.append(content[find_pdf(content) :])
        return contents
