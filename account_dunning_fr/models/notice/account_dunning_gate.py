from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..common.creditors_day import creditors_day
from ..policy.account_dunning_level import TEXTS
from .states import LIVE


class AccountDunningGate(models.AbstractModel):
    """The gate: what prevents a notice from being sent, explained to the user.

    What the notice claims must still be due, its address must work, its penalties must be
    computable, and a formal notice (« mise en demeure ») must be complete. The law lists no
    mandatory content for one (C. civ. 1344); what is required here tells a judge who claims what
    from whom, and how it could have been paid.
    """

    _name = "account.dunning.gate"
    _inherit = ["account.dunning.guarded"]
    _description = "Checks before a Reminder Leaves"

    missing_text = fields.Text(compute="_compute_missing_text")
    unsent_warning = fields.Char(compute="_compute_unsent_warning")
    bank_warning = fields.Char(compute="_compute_bank_warning")
    rate_warning = fields.Char(compute="_compute_rate_warning")
    text_warning = fields.Char(compute="_compute_text_warning")

    # -- Warnings ---------------------------------------------------------------------------------

    @api.depends(
        "kind",
        "state",
        "partner_id",
        "user_id.partner_id.function",
        "company_id.dunning_user_id.partner_id.function",
        "line_ids.amount_due",
    )
    def _compute_missing_text(self):
        for notice in self:
            missing = notice._get_missing() if notice.state in LIVE else []
            notice.missing_text = "\n".join(missing)

    @api.depends("state", "line_ids.claimed", "line_ids.left_out", "line_ids.move_id.is_move_sent")
    @api.depends_context("lang")
    def _compute_unsent_warning(self):
        for notice in self:
            names = []
            if notice.state in LIVE:
                lines = notice.sudo()._get_claimed_lines()
                names = lines.filtered(
                    lambda line: line.move_id and line.move_id._is_dunning_unsent()
                ).mapped("invoice_name")
            notice.unsent_warning = bool(names) and self.env._(
                "Never sent to the customer, as far as Odoo knows: %s. Check that he received "
                "them; a copy goes with this message unless you leave it out.",
                ", ".join(dict.fromkeys(filter(None, names))),
            )

    @api.depends("state", "line_ids.claimed", "line_ids.left_out", "line_ids.move_id")
    @api.depends_context("lang")
    def _compute_bank_warning(self):
        """Warn the user if the notice cannot name a bank account for one of its amounts."""
        for notice in self:
            live = notice.state in LIVE
            names = notice._get_unpayable_names() if live else []
            notice.bank_warning = bool(names) and self.env._(
                "The message gives no account for %s: no bank journal of the creditor has one in "
                "their currency, or they were assigned. Enter the account on its bank journal.",
                ", ".join(names),
            )

    def _get_unpayable_names(self):
        """Return the claimed invoices that have no bank account to be paid into."""
        lines = self.sudo()._get_claimed_lines()
        accounts = lines._get_bank_accounts()
        unpaid = lines.filtered(lambda line: not accounts[line])
        return list(dict.fromkeys(filter(None, unpaid.mapped("invoice_name"))))

    @api.depends("level_id.penalties", "partner_id.dunning_regime", "state", "date")
    def _compute_rate_warning(self):
        """Warn the user, never the debtor, that a rate used by the notice is not confirmed."""
        for notice in self:
            live = notice.state in LIVE
            notice.rate_warning = live and notice._explain_figures(notice._get_awaited_figures())

    @api.depends("subject", "body", "closing", "kind", "state", "total_text", "deadline_text")
    def _compute_text_warning(self):
        for notice in self:
            warning = False
            if notice.state in LIVE and notice.level_id._is_written():
                # The facts as the notice prints them, in the customer's language.
                local = notice.with_context(lang=notice.lang)
                facts = {"sum": local.total_text or "", "deadline": local.deadline_text or ""}
                text = " ".join(notice[name] or "" for name in TEXTS)
                warning = notice.level_id._get_mention_sentence(notice.kind, text, facts)
            notice.text_warning = warning

    # -- Claims still due -------------------------------------------------------------------------

    def _check_claims(self):
        """:raise UserError: if nothing is claimed any more, or its penalties cannot be computed"""
        self.ensure_one()
        if not self.line_ids._filter_claimed():
            raise UserError(
                self.env._(
                    "Nothing is claimed in the message to %s any more: cancel it, or put an "
                    "item back in.",
                    self.partner_id.display_name,
                )
            )
        problem = self._get_disclosure_problem() or self._get_free_problem()
        problem = problem or self._get_penalty_problem()
        if problem := problem or self._get_rate_problem():
            raise UserError(problem)

    def _is_still_due(self):
        """Whether every item claimed by a queued notice is still due as it says."""
        self.ensure_one()
        return bool(self._filter_still_due())

    def _filter_still_due(self):
        """Keep the notices whose claimed items are all due, for the same amounts and dates."""
        owed = {}
        for creditor, notices in self.grouped("company_id").items():
            rows = self.env["account.dunning.plan"]._simulate(creditor, partners=notices.partner_id)
            owed |= {row.move_line_id: row.left for row in rows if not row.stop}
        # Fetched alone: all columns of thousands of items take several times as long.
        self.line_ids.move_line_id.sudo().fetch(["date_maturity"])

        def is_due(line):
            if line._is_deferred_since():  # nothing was owed yet (C. civ. 1305-2)
                return False
            left = owed.get(line.move_line_id.id, 0.0)
            return line.currency_id.compare_amounts(left, line.amount_due) == 0

        return self.filtered(
            lambda notice: all(is_due(line) for line in notice.line_ids._filter_claimed())
        )

    def _explain_not_due(self):
        """Explain to the user why what this notice claims is no longer due as it says."""
        self.ensure_one()
        claimed = self.line_ids._filter_claimed()
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

    # -- It can arrive ----------------------------------------------------------------------------

    def _get_email_problem(self, refused=None):
        """Return why this notice cannot be sent by e-mail, for the user, or False.

        It is an incomplete formal notice, its own or the company's address is missing, or the
        address refused or returned a message.

        :param dict refused: result of ``_get_refusals`` for this notice, if already computed
        """
        self.ensure_one()
        return (
            self._get_formal_problem()
            or self._get_address_problem()
            or self._get_refusal_problem(refused)
            or self._get_bounce_problem()
        )

    def _get_address_problem(self):
        """Return which e-mail address is missing, for the user, or False."""
        if not self.send_email:
            return self.env._(
                "The message to %s does not go by e-mail: print it, then record its posting.",
                self.partner_id.display_name,
            )
        fault = self.recipient_id._get_dunning_email_fault()
        if fault == "archived":
            return self.env._(
                "%s is archived: take the customer out of the archive, choose another recipient, "
                "or send a letter.",
                self.recipient_id.display_name,
            )
        if fault == "missing":
            return self.env._(
                "%s has no valid e-mail address: fill it in, choose another recipient, or send "
                "a letter.",
                self.recipient_id.display_name,
            )
        if not email_normalize(self.company_id.email):
            return self.env._(
                "The company %s has no e-mail address to write from: fill it in.",
                self.company_id.display_name,
            )
        return False

    def _get_bounce_problem(self):
        """Return why the address must not be used any more (a message came back), or False."""
        recipient = self.recipient_id.sudo()
        return recipient._get_dunning_email_fault() == "returned" and self.env._(
            "An e-mail to %(name)s came back: %(email)s is unknown. Correct the address, "
            "choose another recipient, or send a letter.",
            name=recipient.display_name,
            email=recipient.email,
        )

    # -- Unconfirmed rates ------------------------------------------------------------------------

    def _get_awaited_figures(self):
        """Return the unconfirmed published figures on which the stated penalties rest.

        A contractual rate depends on none; the default rate depends on the central bank's, and a
        multiple of the legal rate on that one.

        :return: list of ``core.rates.Figure``
        """
        self.ensure_one()
        if not self._get_stated_regime():
            return []
        # A user of one branch must see that the notice waits, whatever else it claims.
        notice = self.sudo()
        items = notice._get_penalty_lines().move_line_id
        accrued = notice.env["account.dunning.accrual"]._compute_items(items, self.letter_date)
        figures = [figure for item in items for figure in accrued[item.id].figures]
        return self.env["account.dunning.rate"]._get_unconfirmed(figures)

    def _explain_figures(self, figures):
        """Say which figures are not confirmed and whether they block a notice, or return False."""
        if not figures:
            return False
        if not self.company_id.dunning_send_unconfirmed:
            return self._explain_awaited(figures)
        return self.env._(
            "Not confirmed: %s. The company sends all the same: look at the table of rates "
            "before the message leaves.",
            self._name_figures(figures),
        )

    @api.model
    def _name_figures(self, figures):
        rates = self.env["account.dunning.rate"]
        return ", ".join(rates._get_figure_name(figure) for figure in figures)

    @api.model
    def _explain_awaited(self, figures):
        """Return for which figures a message waits, and who confirms them.

        :param list figures: ``core.rates.Figure``
        """
        return self.env._(
            "The message waits for a rate that is not confirmed: %s. A dunning manager confirms it "
            "on “To do today”.",
            self._name_figures(figures),
        )

    def _get_rate_problem(self):
        """Return why the notice waits for a rate, for the user, or False."""
        self.ensure_one()
        if self.company_id.dunning_send_unconfirmed:
            return False
        return self._explain_figures(self._get_awaited_figures())

    @api.model
    def _get_figures_to_confirm(self, creditors, today):
        """Return the figures to confirm for the notices in preparation and the next ones.

        :param creditors: ``res.company`` records
        :param date today: the day of the question
        :return: list of ``core.rates.Figure`` of all half-years since the oldest debt on which a
            notice in preparation states penalties, and in any case of the current one
        """
        [(oldest,)] = self.env["account.dunning.notice.line"]._read_group(
            [
                ("notice_id.company_id", "in", creditors.ids),
                ("notice_id.state", "in", LIVE),
                ("notice_id.level_id.penalties", "!=", "none"),
                ("claimed", "=", True),
            ],
            [],
            ["date_maturity:min"],
        )
        Rate = self.env["account.dunning.rate"]
        late = fields.Date.add(oldest, days=1) if oldest else today
        return Rate._get_unconfirmed(Rate._get_figures(min(late, today), today))

    def _note_awaited_rates(self, today):
        """Note on each of these notices which rate it waits for.

        :param date today: the day of the run
        :return: the notices of one creditor that wait
        """
        waiting = self.browse()
        if self.company_id.dunning_send_unconfirmed:
            return waiting
        if self and self._get_figures_to_confirm(self.company_id, today):
            for notice in self._with_penalties():
                if problem := notice._get_rate_problem():
                    waiting |= notice.with_env(self.env)
                    if notice.waiting_reason != problem:
                        notice.waiting_reason = problem
        return waiting

    # -- Completeness of a formal notice ----------------------------------------------------------

    def _get_missing(self):
        """Return what a formal notice lacks, each as something for the user to do.

        :return: list of sentences, empty for any other kind of notice
        """
        self.ensure_one()
        if self.kind != "formal_notice":
            return []
        notice = self.sudo()
        missing = [
            *notice._get_missing_of_sender(),
            *notice._get_missing_of_signatory(),
            *notice._get_missing_of_accounts(),
            *notice._get_missing_of_debtor(),
        ]
        if not notice.line_ids._filter_claimed():
            missing.append(self.env._("Sums: no item is claimed."))
        if problem := notice._get_penalty_problem():
            missing.append(self.env._("Sums: %s", problem))
        stale = notice.company_id._get_dunning_stale_bank_journals(creditors_day(notice))
        if stale:
            missing.append(
                self.env._(
                    "Bank statements of %s: too old, import them first.",
                    ", ".join(stale.mapped("display_name")),
                )
            )
        return missing

    def _get_missing_of_sender(self):
        company = self.company_id
        partner = company.partner_id
        checks = [
            (company.name, self.env._("Sender: the name of the company.")),
            (
                company.dunning_legal_form,
                self.env._("Sender: the legal form, on the form of the company."),
            ),
            (
                partner.street and partner.zip and partner.city,
                self.env._("Sender: street, post code and town."),
            ),
            (partner._get_dunning_siren(), self.env._("Sender: the SIREN or SIRET.")),
            (
                company.email or company.phone,
                self.env._("Sender: an e-mail address or a telephone number."),
            ),
        ]
        return [sentence for present, sentence in checks if not present]

    def _get_missing_of_signatory(self):
        signatory = self._get_signatory()
        checks = [
            (
                signatory,
                self.env._(
                    "Signatory: a responsible on the message who still is a user, or the dunning "
                    "contact of the company in the settings."
                ),
            ),
            (
                not signatory or signatory.partner_id.function,
                self.env._(
                    "Signatory: the capacity in which %s signs, as the job position on the contact "
                    "of this user.",
                    signatory.name,
                ),
            ),
        ]
        return [sentence for present, sentence in checks if not present]

    def _get_missing_of_accounts(self):
        accounts = self._get_claimed_lines()._get_bank_accounts().values()
        checks = [
            (
                all(account.acc_type == "iban" for account in accounts),
                self.env._("IBAN: a bank journal with a valid IBAN, for each sum claimed."),
            ),
            (
                not any(account.dunning_wrong_key for account in accounts),
                self.env._(
                    "IBAN: the account’s own RIB key; the one in the IBAN is that of another "
                    "account. Compare it with the RIB of the bank."
                ),
            ),
        ]
        return [sentence for present, sentence in checks if not present]

    def _get_missing_of_debtor(self):
        place = self._get_postal_address()
        checks = [
            (self.partner_id.name, self.env._("Customer: the name.")),
            (
                place.street and place.zip and place.city,
                self.env._("Customer: street, post code and town of %s.", place.display_name),
            ),
        ]
        return [sentence for present, sentence in checks if not present]

    def _get_formal_problem(self):
        """Return why this formal notice cannot be sent, with all that is missing, or False."""
        self.ensure_one()
        if self.kind == "formal_notice":
            problem = self.company_id._get_dunning_foreign_problem()
            if problem:
                return problem
        missing = self._get_missing()
        if not missing:
            return False
        return self.env._(
            "The formal notice to %(customer)s is not complete:\n%(missing)s",
            customer=self.partner_id.display_name,
            missing="\n".join(f"- {sentence}" for sentence in missing),
        )

    def _split_complete(self):
        """Note on each incomplete formal notice what it lacks.

        :return: the complete ones
        :raise UserError: if none of these notices is complete
        """
        live = self.filtered(lambda notice: notice.state in LIVE)
        problems = {notice: notice._get_formal_problem() for notice in live}
        incomplete = live.filtered(lambda notice: problems[notice])
        if incomplete and incomplete == self:
            raise UserError("\n\n".join(problems[notice] for notice in incomplete))
        for notice in live.sudo().filtered(lambda n: n.kind == "formal_notice"):
            notice.blocking_reason = problems[notice]
        return self - incomplete
