from functools import cache

from odoo import api, fields, models
from odoo.tools.i18n import format_list

from ...core.claims_allowed import allowed, may_state_penalties
from ...core.indemnity import FLAT_INDEMNITY
from ..common.letter_formats import format_letter_amount, format_letter_date, write_once
from ..common.private_context import pass_on, passed
from .account_dunning_enclosure import MOST_COPIES
from .account_dunning_paper import MOST_LISTED
from .qr_code import draw_qr_code

# What every sending reads of a claimed item and of its entry (``_read_items``).
READ_OF_LINES = (
    *("notice_id", "move_line_id", "move_id", "cycle", "level_id", "claimed", "left_out"),
    *("drop_reason", "state", "invoice_name", "invoice_date", "date_maturity", "currency_id"),
    *("amount_total", "amount_residual", "amount_credit", "amount_held", "amount_due"),
    "amount_due_company",
)
READ_OF_ITEMS = ("move_id", "partner_id", "dunning_cycle", "dunning_start_level_id")
READ_OF_ENTRIES = (
    *("company_id", "currency_id", "move_type", "partner_id", "commercial_partner_id"),
    *("partner_bank_id", "dunning_rate_type"),
)
TRANSFER_TEXT = 140  # characters of the remittance text of a SEPA transfer
NAMED_INVOICES = 6  # more invoices than this are counted, not named


def fit_transfer_text(names, otherwise):
    """Return the text for a transfer: the invoice numbers, if they fit.

    :param names: of the invoices
    :param str otherwise: text that identifies the payer if the numbers do not fit
    """
    reference = ", ".join(names)
    return reference if len(reference) <= TRANSFER_TEXT else otherwise


class AccountDunningClaim(models.AbstractModel):
    """What a notice asks to be paid: principal, the penalties it states, means of payment.

    Principal and penalties are kept apart; a level that merely states penalties claims only the
    principal.
    """

    _name = "account.dunning.claim"
    _inherit = ["account.dunning.guarded"]
    _description = "What a Reminder Claims"

    total_text = fields.Char(compute="_compute_quoted")
    deadline_text = fields.Char(compute="_compute_quoted")
    invoices_text = fields.Char(compute="_compute_invoices_text")
    # Whoever may read a notice reads all of it, including the invoices of another branch.
    penalties_text = fields.Char(compute="_compute_penalties_text", compute_sudo=True)
    demanded_text = fields.Char(
        string="Sum asked",
        compute="_compute_demanded_text",
        compute_sudo=True,
        help="What the message asks to be paid: the principal, and the penalties that it applies.",
    )

    @api.depends("line_ids.amount_due", "line_ids.claimed", "line_ids.left_out", "deadline")
    @api.depends_context("lang")
    def _compute_quoted(self):
        """The total (one amount per currency) and the deadline, as the texts quote them."""
        for notice in self:
            totals = [
                format_letter_amount(self.env, section["total"], section["currency"])
                for section in notice._get_sections()
                if section["total"]
            ]
            notice.total_text = format_list(self.env, totals)
            notice.deadline_text = format_letter_date(self.env, notice.deadline)

    @api.depends("line_ids.claimed", "line_ids.left_out", "line_ids.drop_reason")
    @api.depends_context("lang")
    def _compute_invoices_text(self):
        """The claimed invoices as the subject line quotes them: by number, or just how many."""
        for notice in self:
            names = notice._get_invoice_names()
            if len(names) == 1:
                notice.invoices_text = self.env._("invoice %s", names[0])
            elif len(names) <= NAMED_INVOICES:
                notice.invoices_text = self.env._("invoices %s", ", ".join(names))
            else:
                notice.invoices_text = self.env._("%s invoices, listed below", len(names))

    @api.depends("letter_date", "line_ids.amount_due", "line_ids.left_out", "level_id")
    @api.depends_context("lang")
    def _compute_penalties_text(self):
        """The penalties claimed on top of the total, as a formal notice words them."""
        euro = self.env["res.currency"]._get_dunning_euro()
        for notice in self:
            account = notice._get_applied_account()
            if not account:
                notice.penalties_text = ""
                continue
            facts = {
                name: format_letter_amount(self.env, account[name], euro)
                for name in ("interest", "indemnity", "total")
            }
            facts["date"] = format_letter_date(self.env, notice.letter_date)
            if account["indemnity"]:
                notice.penalties_text = self.env._(
                    " in principal, plus %(interest)s of interest and %(indemnity)s of flat "
                    "indemnity at %(date)s, that is %(total)s in all,",
                    **facts,
                )
            else:
                notice.penalties_text = self.env._(
                    " in principal, plus %(interest)s of interest at %(date)s, that is %(total)s "
                    "in all,",
                    **facts,
                )

    @api.depends("letter_date", "line_ids.amount_due", "line_ids.left_out", "level_id")
    @api.depends_context("lang")
    def _compute_demanded_text(self):
        for notice in self:
            notice.demanded_text = notice._get_transfer_text()

    # -- What is claimed --------------------------------------------------------------------------

    def _get_claimed_lines(self):
        """Return the lines in the total, oldest due date first; computed once per rendering."""
        self.ensure_one()
        return write_once(
            self.env,
            ("claimed", self.id, self.env.lang, self.env.su),
            lambda: self.line_ids._filter_standing()._filter_claimed()._sort_by_due_date(),
        )

    def _get_sections(self):
        """Return the items by currency, as the notice shows them; computed once per rendering.

        :return: list of dicts: ``currency``, ``claimed`` and ``listed`` (lines), ``total`` claimed
            in that currency
        """
        self.ensure_one()
        key = ("sections", self.id, self.env.lang, self.env.su)
        return write_once(self.env, key, self._split_sections)

    def _split_sections(self):
        lines = self.line_ids._filter_standing()
        sections = []
        for currency, group in lines.grouped("currency_id").items():
            claimed = group._filter_claimed()
            sections.append(
                {
                    "currency": currency,
                    "claimed": claimed._sort_by_due_date(),
                    "listed": group.filtered(lambda line: not line.claimed and not line.left_out),
                    "total": currency.round(sum(claimed.mapped("amount_due"))),
                }
            )
        return sections

    def _get_invoice_names(self):
        """Return the numbers of the claimed invoices, each once, oldest due date first."""
        names = self._get_claimed_lines().mapped("invoice_name")
        return list(dict.fromkeys(filter(None, names)))

    def _has_retention(self):
        """Whether an amount that is not claimed is a retention of guarantee, not a dispute."""
        self.ensure_one()
        held = self.line_ids.filtered("amount_held").move_line_id
        return any(item._get_dunning_retention() for item in held)

    def _get_discounts(self):
        """Return the early-payment discounts still available, for a notice before the due date.

        :return: list of dicts: ``name`` (invoice), ``amount``, ``full``, ``currency``, ``date``
        """
        self.ensure_one()
        if self.kind != "courtesy":
            return []
        return [
            {
                "name": line.invoice_name,
                "amount": item.discount_amount_currency,
                "full": line.amount_due,
                "currency": line.currency_id,
                "date": item.discount_date,
            }
            for line in self.line_ids._filter_claimed()
            for item in line.move_line_id
            if item.discount_date
            and item.discount_date >= self.letter_date
            and line.currency_id.compare_amounts(line.amount_due, line.amount_total) == 0
        ]

    # -- How it is paid ---------------------------------------------------------------------------

    def _get_transfers(self):
        """Return the transfers to make, each with the bank account of its invoices.

        Penalties that the notice applies are paid into the same account as their invoice.

        :return: list of dicts, one per account and currency: ``account`` (``res.partner.bank``,
            empty if there is none), ``currency``, ``amount``, ``names`` (the invoices); empty if
            the money is debited
        """
        self.ensure_one()
        if self._announces_debit():
            return []
        lines = self._get_claimed_lines()
        accounts = lines._get_bank_accounts()
        groups = lines.grouped(lambda line: (accounts[line].id, line.currency_id.id))
        penalties = self._get_penalties_applied()
        return [
            {
                "account": accounts[group[0]],
                "currency": group[0].currency_id,
                "amount": group[0].currency_id.round(
                    sum(line.amount_due + penalties.get(line, 0.0) for line in group)
                ),
                "names": list(dict.fromkeys(filter(None, group.mapped("invoice_name")))),
            }
            for group in groups.values()
        ]

    def _get_payment_mentions(self):
        """Hook: sentences to print above the payment details, such as who is to be paid instead.

        :rtype: list
        """
        self.ensure_one()
        return []

    def _get_transfer_text(self):
        """Return the amounts to transfer, in words: one per currency."""
        amounts = {}
        for transfer in self._get_transfers():
            currency = transfer["currency"]
            amounts[currency] = currency.round(amounts.get(currency, 0.0) + transfer["amount"])
        return " + ".join(
            format_letter_amount(self.env, amount, currency) for currency, amount in amounts.items()
        )

    def _get_payment_reference(self, names):
        """Return the payment reference for the customer: the invoices, or else the notice."""
        self.ensure_one()
        whose = self.name or self.partner_id.ref or self.partner_id.name
        return fit_transfer_text(names, whose)

    def _get_qr_code(self, transfers=None):
        """Return the SEPA transfer QR code of the total as a ``data:`` URL, or False.

        Only if one amount in euros is paid into one IBAN.

        :param list transfers: result of ``_get_transfers``, if already computed
        """
        self.ensure_one()
        transfers = self._get_transfers() if transfers is None else transfers
        if len(transfers) != 1:
            return False
        [transfer] = transfers
        text = transfer["account"]._get_dunning_transfer_code(
            transfer["amount"],
            self._get_payment_reference(transfer["names"]),
            transfer["currency"],
            self.partner_id,
        )
        return text and draw_qr_code(text)

    def _get_payment_links(self):
        """Return the online payment link of each claimed invoice; empty if there is none.

        :return: dict ``{invoice: URL}``
        """
        self.ensure_one()
        moves = self.line_ids._filter_claimed().move_id
        few = len(moves) <= MOST_COPIES
        online = self.company_id.dunning_pays_online and not self._announces_debit()
        if not moves or not few or not online:
            return {}
        return {
            move: f"{move.get_base_url()}{move.get_portal_url()}"
            for move in moves.sudo()
            if move._has_to_be_paid()
        }

    # -- Penalties --------------------------------------------------------------------------------

    def _get_stated_regime(self):
        """Return the regime whose late-payment terms the notice states, or False.

        None is stated before a person confirmed the regime, nor by a foreign creditor. A consumer
        owes no indemnity, and interest only at the legal rate from the formal notice (C. civ.
        1231-6 and 1344-1).
        """
        self.ensure_one()
        regime = self.partner_id.dunning_regime
        silent = self.is_free or self.level_id.penalties == "none"
        if silent or not may_state_penalties(regime, self.kind):
            return False
        if not self.company_id._is_dunning_french():
            return False
        return regime

    def _get_stated_rights(self):
        """Return what the notice may state on top of the principal (``core.claims_allowed``)."""
        return allowed(self._get_stated_regime())

    def _get_flat_indemnity(self):
        """Return the flat indemnity for recovery costs, in euros (C. com. D. 441-5)."""
        return float(FLAT_INDEMNITY)

    def _get_penalty_lines(self):
        """Return the lines on whose items penalties are stated: the claimed ones."""
        return self.line_ids.filtered(
            lambda line: line.claimed and not line.left_out and line.move_line_id
        )

    def _with_penalties(self):
        """Return these notices with what their items owe, computed for all of them at once.

        The gate, the texts, the letter, its enclosures and the e-mail all need it for each
        customer: they find it with these records. Records that already have it are returned
        unchanged.
        """
        items_by_day = {
            on: notices.filtered(lambda notice: notice._get_stated_regime())
            ._get_penalty_lines()
            .move_line_id
            for on, notices in self.grouped("letter_date").items()
        }
        accrual = self.env["account.dunning.accrual"]
        if accrual._has_remembered(items_by_day):
            return self
        items = self.env["account.move.line"].union(*items_by_day.values())
        # What the terms of each row need.
        items.move_id.fetch(["dunning_rate_type", "commercial_partner_id", "company_id"])
        return pass_on(
            self,
            owed=accrual._remember(items_by_day),
            booked=self.env["account.dunning.penalty"].sudo()._get_by_item(items),
            stated={},
        )

    def _spare_columns(self, records):
        """Return records that only fetch the fields asked for, if a notice has very many items.

        Otherwise the first field read would fetch all columns, which for twenty thousand items and
        their entries (more than two hundred columns) takes a hundred megabytes.

        :param records: any recordset used to write these notices
        """
        many = self._has_many_items()
        return records.with_context(prefetch_fields=False) if many else records

    def _has_many_items(self):
        """Whether one of these notices has more items than it lists."""
        return any(len(notice.line_ids) > MOST_LISTED for notice in self)

    def _read_items(self):
        """Fetch at once all that the steps of a sending read of the items of these notices.

        Only for very many items; otherwise the ORM's prefetch does.
        """
        if not self._has_many_items():
            return
        lines = self.line_ids
        lines.fetch(READ_OF_LINES)
        items = lines.move_line_id
        items.fetch(READ_OF_ITEMS)
        items.move_id.fetch(READ_OF_ENTRIES)

    def _get_penalty_statement(self):
        """Return the penalties that the notice states, according to the customer's regime.

        Principal and penalties are kept apart: penalties accrued, less those paid or waived. For
        records of ``_with_penalties`` they are added up once, whatever the language: only the label
        of a row depends on it.

        :return: False, or dict: ``rows`` (list of ``PenaltyRow``), ``totals`` (``{currency:
            (interest, a day)}``), ``indemnity`` in euros
        """
        self.ensure_one()
        if not self._get_stated_regime():
            return False
        lines = self._get_penalty_lines()
        stated = passed(self.env, "stated", {})
        key = (self.id, self.letter_date, lines._ids, self.env.uid, self.env.su)
        written = stated.setdefault(key, {})
        if (lang := self.env.lang) not in written:
            written[lang] = self._state_penalties(lines, next(iter(written.values()), None))
        return written[lang]

    def _state_penalties(self, lines, elsewhere):
        """Compute the result of ``_get_penalty_statement``.

        :param lines: the lines it covers
        :param dict elsewhere: the same in another language, if already computed
        """
        get_labels = cache(lines.move_line_id._get_dunning_rate_labels)
        if elsewhere:
            return {**elsewhere, "rows": [row.written(get_labels) for row in elsewhere["rows"]]}
        rows = self._get_penalty_rows(lines, get_labels)
        return {"rows": rows, **self._add_penalties_up(rows)}

    def _get_penalty_rows(self, lines, get_labels):
        """Return what the notice states of the penalties of each of these lines, by due date.

        :param get_labels: as ``_prepare_penalty_row`` takes it
        """
        items = lines.move_line_id
        accrued = self.env["account.dunning.accrual"]._compute_items(items, self.letter_date)
        booked = self.env["account.dunning.penalty"].sudo()._get_by_item(items)
        return [
            line._prepare_penalty_row(
                accrued[line.move_line_id.id], booked[line.move_line_id], get_labels
            )
            for line in lines._sort_by_due_date()
        ]

    @api.model
    def _add_penalties_up(self, rows):
        """Return the totals of rows of ``_get_penalty_statement``.

        Interest is rounded item by item, and its sum is not rounded again. The interest of one more
        day is rounded where it is shown: per item in a row, overall in a total, as in the request
        to the court; otherwise many small items would add nothing.

        :return: dict: ``totals`` (interest, and that of one more day, by currency), ``indemnity``
            in euros, and ``days_differ``: whether the days as shown do not add up to their total
        """
        exact, shown, indemnity = {}, {}, 0.0
        for row in rows:
            currency = row["line"].currency_id
            indemnity += row["indemnity"]
            interest, a_day = exact.get(currency, (0.0, 0.0))
            exact[currency] = (interest + row["interest"], a_day + row["a_day"])
            shown[currency] = shown.get(currency, 0.0) + currency.round(row["a_day"])
        totals = {
            currency: (currency.round(interest), currency.round(a_day))
            for currency, (interest, a_day) in exact.items()
        }
        differ = any(
            currency.compare_amounts(shown[currency], totals[currency][1]) for currency in totals
        )
        return {"totals": totals, "indemnity": indemnity, "days_differ": differ}

    def _get_penalty_problem(self):
        """Return why the penalties of this notice cannot be stated, for the user, or False."""
        self.ensure_one()
        statement = self._get_penalty_statement()
        problems = [row["problem"] for row in statement["rows"]] if statement else []
        return next(filter(None, problems), False)

    def _get_applied_account(self):
        """Return the account of a notice that claims penalties with the principal, or False.

        A level that merely states them claims only the principal.
        """
        self.ensure_one()
        if self.level_id.penalties != "applied":
            return False
        return self._get_recapitulation(self._get_penalty_statement())

    def _get_penalties_applied(self):
        """Return the penalties claimed with the principal, ``{line: euros}``; empty if only stated.

        Their sum is that of the account printed in the notice.
        """
        self.ensure_one()
        if not self._get_applied_account():
            return {}
        rows = self._get_penalty_statement()["rows"]
        return {row["line"]: row["interest"] + row["indemnity"] for row in rows}

    def _get_recapitulation(self, penalties):
        """Return principal, penalties and indemnity as one account, or False.

        Only if everything is in euros: amounts in different currencies are not added up.

        :param dict penalties: result of ``_get_penalty_statement``, or False
        :return: dict of amounts in euros: ``principal``, ``interest``, ``a_day``, ``indemnity``,
            ``total``; and ``counted``, the number of whole indemnities, 0 if one was paid in part
        """
        self.ensure_one()
        euro = self.env["res.currency"]._get_dunning_euro()
        sections = [section for section in self._get_sections() if section["total"]]
        if not penalties or [section["currency"] for section in sections] != [euro]:
            return False
        interest, a_day = penalties["totals"].get(euro, (0.0, 0.0))
        if not interest and not penalties["indemnity"]:
            return False
        principal = sections[0]["total"]
        flat = self._get_flat_indemnity()
        count = round(penalties["indemnity"] / flat)
        return {
            "principal": principal,
            "interest": interest,
            "a_day": a_day,
            "indemnity": penalties["indemnity"],
            "counted": count if euro.is_zero(penalties["indemnity"] - count * flat) else 0,
            "total": euro.round(principal + interest + penalties["indemnity"]),
        }
