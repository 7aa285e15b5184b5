from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, formatLang

from ...core.rate_by_regime import rate_by_regime
from ..common.account_dunning_facts import BOOKED
from ..common.creditors_day import creditors_day
from ..common.groups import ACCOUNTING_GROUPS
from ..common.marks import About, on
from ..common.private_context import pass_on

PENALTY_LINKS = ("dunning_penalty_id", "dunning_penalty_part")

TERMS = ("dunning_rate_type", "dunning_rate_percent", "dunning_rate_multiple")


class AccountMove(models.Model):
    """The penalties of an invoice, the rate that they follow, and the entries that book them."""

    _name = "account.move"
    _inherit = ["account.move", "account.dunning.rate.terms"]

    dunning_penalty_ids = fields.One2many(
        "account.dunning.penalty",
        "move_id",
        string="Penalties",
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    # A copy is another contract: it takes the terms of its own date.
    dunning_rate_type = fields.Selection(copy=False)
    dunning_rate_percent = fields.Float(copy=False)
    dunning_rate_multiple = fields.Integer(copy=False)

    @api.constrains("partner_id")
    def _check_dunning_penalty_customer(self):
        """Neither another customer nor none; a reversal names whom its entry names."""
        lines = self.line_ids.filtered("dunning_penalty_id")
        lines._check_dunning_penalty_customer()
        for line in lines:
            if not (line.move_id.partner_id or line.move_id.reversed_entry_id):
                line._refuse_dunning_penalty_customer()

    @on("posted")
    def _follow_dunning_penalties(self, before):
        """Undo the waiver: what a person removed from the books was posted again."""
        again = self.filtered(lambda move: before.get(move) == ("draft", True))
        again._move_dunning_penalties_waived(-1, self.env._("Entry posted again"))
        self._snapshot_dunning_rate()

    @on("posted", About("account.dunning.penalty", "move_id"))
    def _reattach_dunning_penalties(self, _before):
        """Link the rewritten items of an invoice to their penalties."""
        self._reattach_dunning("account.dunning.penalty")

    @on("posted")
    def _settle_dunning_penalties(self, _before):
        corrections = self.filtered(lambda move: not move.reversed_entry_id)
        corrections._settle_dunning_penalty_corrections()

    def _snapshot_dunning_rate(self):
        """Store on customer invoices the rate terms in force when they are posted.

        A rate entered on the invoice itself is kept. If neither the customer nor the company has
        terms yet, nothing is stored: terms entered later will apply to these invoices too.
        """
        invoices = self.filtered(
            lambda move: move.is_sale_document(include_receipts=True) and not move.dunning_rate_type
        )
        by_terms = invoices.grouped(lambda invoice: invoice._get_dunning_terms())
        for terms, group in by_terms.items():
            if terms.dunning_rate_type:
                group.write(
                    {
                        "dunning_rate_type": terms.dunning_rate_type,
                        "dunning_rate_percent": terms.dunning_rate_percent,
                        "dunning_rate_multiple": terms.dunning_rate_multiple,
                    }
                )

    def _get_dunning_terms(self):
        """Return the record whose rate terms apply: the invoice, the customer, else the company."""
        self.ensure_one()
        candidates = (
            self,
            self.commercial_partner_id.sudo(),
            self.company_id.dunning_creditor_id.sudo(),
        )
        for record in candidates:
            if record.dunning_rate_type:
                return record
        return candidates[-1]

    def _get_dunning_schedule(self, table, regime, first_late_day):
        """Return the schedule of rates that applies to this entry under a regime.

        :param table: ``core.rates.RateTable``
        :param str regime: ``b2b``, ``b2g`` or ``b2c``
        :param date first_late_day: day on which a public body's rate is frozen
        :return: ``core.rates.RateSchedule``
        """
        self.ensure_one()
        agreed = self._get_dunning_terms()._get_dunning_rate_schedule(table)
        return rate_by_regime(table, regime, first_late_day, agreed)

    def _get_dunning_stated_rate(self, regime):
        """Return the basis of the rate of this entry under a regime, in words.

        The same for letters, statements, requests and the invoice itself.

        :param str regime: ``b2b``, ``b2g``, ``b2c``, or False while nobody confirmed it
        """
        self.ensure_one()
        if regime == "b2g":
            return self.env._(
                "main refinancing rate of the European Central Bank plus 8 points, at the "
                "half-year in which the interest began"
            )
        if regime == "b2c":
            return self.env._("legal interest rate, from the formal notice")
        return self._get_dunning_terms()._get_dunning_rate_label()

    def action_dunning_statement(self):
        """Open the penalty statement of these invoices."""
        partner, creditor = self._get_dunning_parties()
        items = self.line_ids._filter_dunning_receivable().filtered(lambda item: item.balance > 0)
        wizard = self.env["account.dunning.statement"].create(
            {"partner_id": partner.id, "company_id": creditor.id, "item_ids": items.ids}
        )
        return wizard._get_records_action(name=self.env._("Statement of penalties"), target="new")

    def action_book_dunning_penalties(self):
        """Preview the penalties to book on these invoices, and book them on confirmation."""
        return self.env["account.dunning.booking"]._open(moves=self)

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Mark the copied items as reversing the penalties."""
        moves = pass_on(self, reversing=True)
        reverses = super(AccountMove, moves)._reverse_moves(default_values_list, cancel=cancel)
        reverses = reverses.with_env(self.env)
        self._move_dunning_penalties_waived(1, self.env._("Entry reversed"))
        return reverses

    @on("reset")
    def _waive_dunning_reset(self, before):
        posted = self.filtered(lambda move: before[move][0] == "posted")
        posted._move_dunning_penalties_waived(1, self.env._("Entry reset to draft"))
        prepared = self.filtered(lambda move: before[move] == ("cancel", False))
        prepared._move_dunning_penalties_waived(-1, self.env._("Entry prepared again"))

    @on("cancelled")
    def _waive_dunning_cancelled(self, before):
        prepared = self.filtered(lambda move: before[move] == ("draft", False))
        prepared._move_dunning_penalties_waived(1, self.env._("Entry cancelled"))

    def _move_dunning_penalties_waived(self, sign, reason):
        """Treat what a person removes from the books as a waiver: it is not booked again.

        :param int sign: 1 when the entries leave the books, -1 when they come back
        :param str reason: stored on the penalties
        """
        for line in self.line_ids.filtered("dunning_penalty_id"):
            line.dunning_penalty_id._add_waived(
                line.dunning_penalty_part, sign * line.amount_currency, reason
            )

    # -- Figures -----------------------------------------------------------------------------------

    dunning_penalty_booked = fields.Monetary(
        string="Penalties booked",
        compute="_compute_dunning_penalty_booked",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
        help="Interest and flat indemnity posted, in the company's currency, corrections deducted.",
    )
    dunning_penalty_paid = fields.Monetary(
        string="Penalties paid",
        compute="_compute_dunning_penalty_booked",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_penalty_left = fields.Monetary(
        string="Penalties booked, not received",
        compute="_compute_dunning_penalty_booked",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_penalty_waived = fields.Monetary(
        string="Penalties waived",
        compute="_compute_dunning_penalty_booked",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_penalty_to_date = fields.Monetary(
        string="Penalties to date",
        compute="_compute_dunning_penalty_to_date",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
        help="Interest and flat indemnity owed by law today, whether booked or not, in the "
        "company's currency.",
    )
    dunning_penalty_owed = fields.Monetary(
        string="Penalties left to claim",
        compute="_compute_dunning_penalty_to_date",
        currency_field="company_currency_id",
        groups=ACCOUNTING_GROUPS,
        help="Penalties to date, less what was paid or waived.",
    )

    @api.depends("dunning_penalty_ids.line_ids.amount_residual", "dunning_penalty_ids.waive_reason")
    def _compute_dunning_penalty_booked(self):
        # Most of a page have none: written together.
        bare = self.filtered(lambda move: not move.sudo().dunning_penalty_ids)
        bare.update({f"dunning_penalty_{name}": 0.0 for name in BOOKED})
        penalties = {move: move.sudo().dunning_penalty_ids for move in self - bare}
        figures = self.env["account.dunning.penalty"].sudo()._sum_figures(penalties)
        for move, sums in figures.items():
            move.update({f"dunning_penalty_{name}": sums[name] for name in BOOKED})

    @api.depends("payment_state", "dunning_penalty_paid", "dunning_penalty_waived")
    def _compute_dunning_penalty_to_date(self):
        today = creditors_day(self)
        items = (
            self.sudo()
            .line_ids._filter_dunning_receivable()
            .filtered(
                lambda line: (
                    line.parent_state == "posted"
                    and line.move_id.is_sale_document(include_receipts=True)
                    and line.balance > 0
                    and line.date_maturity
                    and max(line.date_maturity, line.move_id.invoice_date) < today
                    and not line.dunning_penalty_id
                )
            )
        )
        accrued = self.env["account.dunning.accrual"].sudo()._compute_items(items, today)
        euro = self.env["res.currency"]._get_dunning_euro()
        owed = dict.fromkeys(self.ids, 0.0)
        for item in items:
            company, result = item.company_id, accrued[item.id]
            for amount, currency in (
                (result.interest, item.currency_id),
                (result.indemnity, euro),
            ):
                owed[item.move_id.id] += currency._convert(
                    float(amount), company.currency_id, company, today
                )
        for move in self:
            total = move.company_currency_id.round(owed.get(move.id, 0.0))
            left = total - move.dunning_penalty_paid - move.dunning_penalty_waived
            move.dunning_penalty_to_date = total
            move.dunning_penalty_owed = max(left, 0.0)

    # -- Doubtful ----------------------------------------------------------------------------------

    def _get_dunning_sentence(self, row, confirmed=False):
        """An invoice moved to doubtful customers looks settled, but is not."""
        settled = self.payment_state in ("paid", "in_payment", "reversed")
        if row is None and self.state == "posted" and settled:
            transfers = self.sudo().line_ids._get_dunning_doubtful_transfers()
            for line, day in transfers.values():
                if not line.reconciled:
                    return line._get_dunning_doubtful_sentence(day)
        return super()._get_dunning_sentence(row, confirmed)

    # -- Posting penalty entries -------------------------------------------------------------------

    def _settle_dunning_penalty_corrections(self):
        """Reconcile each correction (a credit) with what it reverses, as far as both are open.

        Whichever was posted last. What stays open of a correction was paid by the customer without
        being owed: it is the customer's money.
        """
        penalties = self.line_ids.dunning_penalty_id.sudo()
        if not penalties:
            return
        corrections = self.env["account.move.line"].search(
            [
                ("dunning_penalty_id", "in", penalties.ids),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("balance", "<", 0),
            ]
        )
        for correction in corrections:
            taken_back = correction.dunning_penalty_id.sudo().line_ids.filtered(
                lambda line, correction=correction: (
                    line.parent_state == "posted"
                    and line.balance > 0
                    and not line.reconciled
                    and line.dunning_penalty_part == correction.dunning_penalty_part
                    and line.account_id == correction.account_id
                )
            )
            if taken_back and not correction.reconciled:
                (correction + taken_back).reconcile()

    def _check_dunning_date_has_come(self, until):
        """Require a person's approval before an entry bears a future date.

        :param date until: last day computed
        :raise UserError: if the first open day is neither computed nor today yet
        """
        last = max(self.mapped("date"))
        if last > max(until, creditors_day(self)):
            raise UserError(
                self.env._(
                    "its date, the first open day, is %s and has not come: post it by hand if "
                    "it is to bear that date",
                    format_date(self.env, last),
                )
            )

    def _check_dunning_accounts_in_use(self):
        """:raise UserError: if an entry uses an archived account"""
        if archived := self.line_ids.account_id.filtered(lambda account: not account.active):
            raise UserError(
                self.env._(
                    "The account %s is archived: nothing can be posted on it.",
                    ", ".join(archived.mapped("display_name")),
                )
            )

    def _check_dunning_penalty_analytics(self):
        """:raise UserError: if a plan is mandatory and no distribution model provides it"""
        alike = {
            (line.company_id, line.account_id, str(line.analytic_distribution)): line
            for line in self.line_ids
        }
        try:
            for line in alike.values():
                line.with_context(validate_analytic=True)._validate_distribution(
                    company_id=line.company_id.id,
                    account=line.account_id.id,
                    business_domain="general",
                )
        except ValidationError as error:
            raise UserError(
                self.env._(
                    "The analytic distribution of the account %s is mandatory: give it in "
                    "Invoicing > Configuration > Analytic Distribution Models, or limit the "
                    "plan to other accounts.",
                    line.account_id.display_name,
                )
            ) from error

    # -- The retention of guarantee (« retenue de garantie ») of a public contract -----------------

    dunning_retention = fields.Monetary(
        string="Retention of guarantee",
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="What a public buyer rightly keeps until the works are accepted for good: it bears "
        "no late-payment interest (CCP R. 2192-33). Leave it empty where the payment terms give it "
        "a due date of its own.",
    )
    dunning_has_retention = fields.Boolean(
        compute="_compute_dunning_has_retention", groups=ACCOUNTING_GROUPS
    )

    @api.depends("commercial_partner_id.dunning_regime", "dunning_retention", "move_type")
    def _compute_dunning_has_retention(self):
        for move in self:
            regime = move.commercial_partner_id.sudo().dunning_regime
            move.dunning_has_retention = move.move_type == "out_invoice" and (
                regime == "b2g" or bool(move.dunning_retention)
            )

    @api.constrains("dunning_retention")
    def _check_dunning_retention(self):
        for move in self.filtered("dunning_retention"):
            if not 0 < move.dunning_retention < move.amount_total:
                raise ValidationError(
                    self.env._(
                        "The retention of guarantee lies between zero and the total of the "
                        "invoice, %s.",
                        formatLang(self.env, move.amount_total, currency_obj=move.currency_id),
                    )
                )

    # -- Terms -------------------------------------------------------------------------------------
    # Where the rate that an invoice states is no longer the one of the customer or the company.

    dunning_rate_difference = fields.Char(
        compute="_compute_dunning_rate_difference",
        groups=ACCOUNTING_GROUPS,
        help="The rate written on the invoice is the one used.",
    )

    @api.depends(*TERMS, "commercial_partner_id", "company_id")
    def _compute_dunning_rate_difference(self):
        for move in self:
            move.dunning_rate_difference = move._get_dunning_rate_difference()

    @api.depends("commercial_partner_id.dunning_regime")
    def _compute_dunning_rate_warning(self):
        return super()._compute_dunning_rate_warning()

    def _is_dunning_floor_checked(self):
        """The legal floor only applies between professionals (C. com. L. 441-10 II)."""
        return self.commercial_partner_id.sudo().dunning_regime not in ("b2c", "b2g")

    def _get_dunning_rate_difference(self):
        """Return how the terms of the invoice differ from the current ones, or False."""
        self.ensure_one()
        partner = self.commercial_partner_id.sudo()
        if not self.dunning_rate_type or partner.dunning_regime not in (False, "b2b"):
            return False
        creditor = self.company_id.dunning_creditor_id.sudo()
        present = partner if partner.dunning_rate_type else creditor
        if not present.dunning_rate_type:
            return False
        mine, theirs = self._get_dunning_rate_label(), present._get_dunning_rate_label()
        if mine == theirs:
            return False
        return self.env._(
            "This invoice was posted with the %(invoice)s, which is used. The present terms of "
            "%(who)s are the %(present)s.",
            invoice=mine,
            who=present.display_name,
            present=theirs,
        )
