from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.registered import normalize_number
from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog

# Dates that end the delivery of a letter: at most one of them is set.
OUTCOMES = {
    "delivered_on": "delivered",
    "refused_on": "refused",
    "unclaimed_on": "unclaimed",
    "wrong_address_on": "wrong_address",
}
DATES = ("posted_on", "presented_on", *OUTCOMES)

RECEIPT_DELAY = 21  # days; the post office keeps a letter for 15, and the receipt travels back
POSTING_LIST = "account_dunning_fr.report_posting_list"

RETURNED = ("refused", "unclaimed", "wrong_address")


class AccountDunningRegistered(models.Model):
    """One registered letter of one notice: its number, its tracking, and the proofs of both.

    It depends on no provider: everything may be entered by hand. A provider fills in the same
    fields (``account.dunning.registered.provider``).
    """

    _name = "account.dunning.registered"
    _description = "Registered Letter"
    _inherit = [
        "account.dunning.registered.transmission",  # its transmission through a provider
        "mail.thread",
        "mail.activity.mixin",
        "account.dunning.guarded",
        "account.dunning.plausible",
    ]
    _order = "posted_on DESC, id DESC"
    _mail_post_access = "read"

    notice_id = fields.Many2one(
        "account.dunning.notice",
        string="Message",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="notice_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="notice_id.partner_id", store=True, index=True)
    level_id = fields.Many2one(related="notice_id.level_id", store=True)
    user_id = fields.Many2one(related="notice_id.user_id", store=True)
    amount_total = fields.Monetary(
        related="notice_id.amount_total", currency_field="company_currency_id"
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    letter_id = fields.Many2one(related="notice_id.letter_id")
    recipient_id = fields.Many2one(
        "res.partner",
        readonly=True,
        ondelete="restrict",
        help="To whom it was posted.",
        index="btree_not_null",
    )
    address = fields.Text(readonly=True, help="As written on the envelope on the day of posting.")
    kind = fields.Selection(
        [
            ("lrar", "Paper, with acknowledgement of receipt"),
            ("lre", "Electronic (LRE)"),
        ],
        default="lrar",
        required=True,
        help="Only a qualified electronic registered letter is worth a paper one (art. L100 of "
        "the postal code); a consumer must have agreed to it beforehand.",
        writer="create to_post",
    )
    number = fields.Char(
        tracking=True,
        copy=False,
        help="As printed on the label.",
        writer="to_post posted presented delivered refused unclaimed wrong_address",
    )
    posted_on = fields.Date(tracking=True, copy=False, writer="code")
    presented_on = fields.Date(
        string="First presentation",
        tracking=True,
        copy=False,
        writer="posted presented delivered refused unclaimed wrong_address",
    )
    delivered_on = fields.Date(
        tracking=True,
        copy=False,
        writer="posted presented delivered refused unclaimed wrong_address",
    )
    refused_on = fields.Date(
        tracking=True,
        copy=False,
        writer="posted presented delivered refused unclaimed wrong_address",
    )
    unclaimed_on = fields.Date(
        tracking=True,
        copy=False,
        help="Returned: the addressee was notified and never came.",
        writer="posted presented delivered refused unclaimed wrong_address",
    )
    wrong_address_on = fields.Date(
        tracking=True,
        copy=False,
        help="Returned: the addressee is unknown at this address.",
        writer="posted presented delivered refused unclaimed wrong_address",
    )
    state = fields.Selection(
        [
            ("to_post", "To post"),
            ("posted", "Handed to the post"),
            ("presented", "Presented"),
            ("delivered", "Delivered"),
            ("refused", "Refused by the addressee"),
            ("unclaimed", "Unclaimed"),
            ("wrong_address", "Wrong address"),
            ("cancelled", "Not posted"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
    )
    waiting_for = fields.Selection(
        [
            ("posting", "Posting"),
            ("number", "Number"),
            ("receipt", "Acknowledgement of receipt"),
        ],
        compute="_compute_waiting_for",
        store=True,
        index="btree_not_null",
        help="What is still missing: the posting, then the number, then the receipt.",
    )
    age = fields.Integer(
        string="Waiting (days)",
        compute="_compute_age",
        help="Days since the letter was prepared, or since it was posted.",
    )
    provider_ref = fields.Char(
        string="Provider's reference", readonly=True, copy=False, index="btree_not_null"
    )
    provider_problem = fields.Char(readonly=True, copy=False)

    _number_once = models.UniqueIndex(
        "(company_id, number) WHERE number IS NOT NULL AND state <> 'cancelled'",
        "This number is already that of another registered letter.",
    )
    _one_outcome = models.Constraint(
        "CHECK (num_nonnulls(delivered_on, refused_on, unclaimed_on, wrong_address_on) <= 1)",
        "A letter ends once: delivered, refused, unclaimed or wrong address. Keep one date only.",
    )
    _posted_first = models.Constraint(
        "CHECK (posted_on IS NOT NULL OR num_nonnulls(presented_on, delivered_on, refused_on, "
        "unclaimed_on, wrong_address_on) = 0)",
        "Record the posting of the letter before what became of it.",
    )
    _in_order = models.Constraint(
        "CHECK (COALESCE(presented_on >= posted_on, TRUE) "
        "AND COALESCE(COALESCE(delivered_on, refused_on, unclaimed_on, wrong_address_on) "
        ">= COALESCE(presented_on, posted_on), TRUE))",
        "The dates of a registered letter follow each other: posting, first presentation, then "
        "delivery or return.",
    )

    # -- Computed ----------------------------------------------------------------------------------

    @api.depends("partner_id", "number", "notice_id.name")
    def _compute_display_name(self):
        for letter in self:
            parts = [letter.number or letter.notice_id.name, letter.partner_id.display_name]
            letter.display_name = " – ".join(filter(None, parts))

    @api.depends(*DATES, "notice_id.state", "notice_id.not_posted_reason", "given_up_reason")
    def _compute_state(self):
        for letter in self:
            outcome = next((state for field, state in OUTCOMES.items() if letter[field]), None)
            given_up = letter.notice_id.state == "cancelled" or letter.notice_id.not_posted_reason
            if letter.given_up_reason:
                letter.state = "cancelled"
            elif letter.posted_on:
                letter.state = outcome or ("presented" if letter.presented_on else "posted")
            else:
                letter.state = "cancelled" if given_up else "to_post"

    @api.depends("state", "number", "proof_ids.kind")
    def _compute_waiting_for(self):
        for letter in self:
            if letter.state == "cancelled":
                letter.waiting_for = False
            elif letter.state == "to_post":
                letter.waiting_for = "posting"
            elif not letter.number:
                letter.waiting_for = "number"
            elif "receipt" not in letter.proof_ids.mapped("kind"):
                letter.waiting_for = "receipt"
            else:
                letter.waiting_for = False

    @api.depends("waiting_for", "posted_on", "notice_id.date")
    def _compute_age(self):
        today = creditors_day(self)
        for letter in self:
            since = letter.posted_on or letter.notice_id.date or today
            letter.age = (today - since).days if letter.waiting_for else 0

    @api.constrains(*DATES)
    def _check_not_future(self):
        today = creditors_day(self)
        for letter in self:
            if any(letter[field] and letter[field] > today for field in DATES):
                raise ValidationError(
                    self.env._(
                        "A date of the registered letter to %s is in the future: correct it.",
                        letter.partner_id.display_name,
                    )
                )

    # -- CRUD --------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._normalize(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._normalize(vals)
        if vals.get("number"):
            self._check_number_free(vals["number"])
        lost = self.filtered("wrong_address_on")
        result = super().write(vals)
        if vals.get("wrong_address_on"):
            (self - lost)._on_wrong_address()
        return result

    @api.model
    def _normalize(self, vals):
        """Normalize the number in values for ``create`` or ``write``."""
        if vals.get("number"):
            try:
                vals["number"] = normalize_number(vals["number"])
            except ValueError as error:
                raise ValidationError(
                    self._get_bad_number_sentence(vals["number"], str(error))
                ) from None

    def _check_number_free(self, number):
        """:raise ValidationError: naming the letter that already has this number"""
        other = self.sudo().search(
            [
                ("company_id", "in", self.company_id.ids),
                ("number", "=", number),
                ("state", "!=", "cancelled"),
                ("id", "not in", self.ids),
            ],
            limit=1,
        )
        if other:
            raise ValidationError(
                self.env._(
                    "The number %(number)s is already that of the letter %(reference)s to "
                    "%(customer)s.",
                    number=number,
                    reference=other.notice_id.name,
                    customer=other.partner_id.display_name,
                )
            )

    @api.model
    def _get_bad_number_sentence(self, number, reason):
        """Return why a number is refused, for the user.

        :param str reason: ``number`` or ``check_digit`` (``core.registered``)
        """
        if reason == "check_digit":
            return self.env._(
                "The number %s has a wrong check digit: one of its digits is not the one of the "
                "label.",
                number,
            )
        return self.env._(
            "“%s” is not the number of a registered letter: type what is printed under the bar "
            "code, letters and digits.",
            number,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if any(letter.posted_on or letter.proof_ids for letter in self):
            raise UserError(
                self.env._("A registered letter that was posted is evidence: it is not deleted.")
            )

    # -- Registered letters on their way: printed, posted, and come back ---------------------------

    # -- Actions -----------------------------------------------------------------------------------

    can_undo_posting = fields.Boolean(related="notice_id.can_undo_posting")

    def action_record_posting(self):
        """Ask for the day of posting of this letter, with its number and proof."""
        return self.notice_id.action_record_posting()

    def action_undo_posting(self):
        """Undo the posting of this letter, recorded today by mistake."""
        self.notice_id.action_undo_posting()

    def action_print(self):
        """Print the letters."""
        return self.notice_id.action_print()

    def action_open_letter(self):
        """Open this letter as it was posted, not the one printed after it."""
        self.ensure_one()
        letter = self.sudo()
        document = letter.sent_letter_id
        if not document and (letter.notice_id.printed_on or not self.previous_id):
            document = letter.letter_id
        if not document:
            raise UserError(self.env._("This letter is not printed yet."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{document.id}",
            "target": "new",
        }

    # -- Effects of posting and delivery ----------------------------------------------------------

    def _on_posting(self, on):
        """Store the posting, and each letter's recipient and address.

        :param date on: day of posting
        """
        for letter in self.filtered(lambda x: not x.posted_on and x.state != "cancelled"):
            letter.sudo().write(letter._prepare_posting_vals(on))

    def _prepare_posting_vals(self, on):
        """Return the values that a letter stores about its posting.

        :param date on: day of posting
        """
        self.ensure_one()
        notice = self.notice_id
        return {
            "posted_on": on,
            "recipient_id": notice.recipient_id.id,
            "address": "\n".join(notice._get_envelope()),
            "deadline": notice.deadline,
            "sent_letter_id": notice.letter_id.id,
            "sent_statement_id": notice.statement_id.id,
        }

    def _undo_posting(self):
        """Clear recipients and addresses of these letters, which were not posted; numbers stay."""
        for letter in self:
            letter.write(dict.fromkeys(letter._prepare_posting_vals(False), False))

    def _get_posting_proofs(self):
        """Return the files that prove the posting, and files that another letter replaced.

        :return: ``ir.attachment`` records
        """
        self.ensure_one()
        letter = self.sudo()
        if letter.sent_letter_id == letter.notice_id.letter_id:
            return self.deposit_ids
        return self.deposit_ids | letter.sent_letter_id | letter.sent_statement_id

    def _on_wrong_address(self):
        """Suspend the next step of each customer whose letter came back, and ask for an address."""
        Hold = self.env["account.dunning.hold"].sudo()
        for letter in self.sudo():
            env = letter._in_dunning_lang().env
            held = Hold.search(
                [
                    ("partner_id", "=", letter.partner_id.id),
                    ("company_id", "=", letter.company_id.id),
                    ("reason", "=", "address"),
                    ("is_current", "=", True),
                ],
                limit=1,
            )
            if not held:
                Hold.create(
                    {
                        "partner_id": letter.partner_id.id,
                        "company_id": letter.company_id.id,
                        "reason": "address",
                        "note": env._(
                            "Registered letter %s came back", letter.number or letter.notice_id.name
                        ),
                        "user_id": self.env.user.id,
                    }
                )
            letter.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=letter.user_id.id or letter.notice_id.sent_by.id or self.env.uid,
                summary=env._("Wrong address: find where %s is", letter.partner_id.name),
                note=env._(
                    "The letter came back. The customer is not chased until the address is "
                    "corrected on its form, or the hold released."
                ),
            )

    @api.model
    def _get_receipt_overdue_domain(self, today):
        """Return the domain of letters whose receipt should have come back.

        :param date today: the day of the question
        """
        return [
            ("waiting_for", "=", "receipt"),
            ("posted_on", "<", today - timedelta(days=RECEIPT_DELAY)),
        ]

    # -- The day's letters -------------------------------------------------------------------------

    def _is_to_enter(self):
        """Whether the posting or the number of this letter has yet to be entered."""
        self.ensure_one()
        return self.waiting_for in ("posting", "number")

    def _check_postable(self, on):
        """:raise UserError: if a letter cannot have been posted on this day"""
        if not on:
            raise UserError(self.env._("Fill in the day on which the letters were posted."))
        if on > creditors_day(self):
            raise UserError(self.env._("The day of posting is in the future: correct it."))

    def _get_posting_pdf(self, recto=False):
        """Return one PDF: the posting list, then the letters in the same order.

        Letters that do not bear today's date yet are printed first.

        :param bool recto: start each letter on a new sheet
        :rtype: bytes
        :raise UserError: if none of them is still to be posted
        """
        notices = self.notice_id._print_letters()._sort_for_posting()
        letters = self.filtered(lambda letter: letter.notice_id in notices)
        if not letters:
            raise UserError(
                self.env._("Nothing is to be posted any more: the customers paid meanwhile.")
            )
        letters = letters.sorted(lambda letter: notices.ids.index(letter.notice_id.id))
        report = self.env["ir.actions.report"].sudo()
        listing, _kind = report._render_qweb_pdf(POSTING_LIST, letters.ids)
        contents = [listing]
        for notice in letters.notice_id:
            contents += notice._get_letter_contents() + notice._get_enclosure_contents()
        return notices._merge_pdfs(contents, recto)

    def _get_dunning_print_lang(self):
        return self.company_id[:1].partner_id._get_dunning_lang()

    def _get_dunning_foot(self):
        """Return the sender for the foot of a posting list; each sender has a list of its own."""
        return self.company_id.name if len(self.company_id) == 1 else ""

    def action_enter_today(self):
        """Open today's letters, or the selected ones: print them, then enter their numbers."""
        return open_dialog(
            "account.dunning.registered.entry",
            self.env._("Registered letters of the day"),
            {"active_model": self._name, "active_ids": self.ids},
        )

    # -- Electronic letters ------------------------------------------------------------------------

    @api.constrains("kind", "posted_on")
    def _check_lre_consent(self):
        """An electronic letter may only be sent to a private person who agreed to it beforehand."""
        today = creditors_day(self)
        for letter in self.filtered(lambda letter: letter.kind == "lre"):
            partner = letter.partner_id.sudo()
            agreed = partner.dunning_lre_consent_on
            if partner._is_dunning_person() and not (
                agreed and agreed <= (letter.posted_on or today)
            ):
                raise ValidationError(
                    self.env._(
                        "%s is a private person who has not agreed to electronic registered "
                        "letters: note the agreement on the customer, or send a letter on paper.",
                        partner.display_name,
                    )
                )
