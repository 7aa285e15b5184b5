from odoo import api, fields, models
from odoo.tools import format_amount

from ...core.claim import CLAIMS, OUT_OF_COURT
from ...core.limitation import Interruption, limitation
from ..common.creditors_day import creditors_day
from .states import LEFT


class AccountDunningCaseItem(models.Model):
    """One due item claimed in a court file; it keeps what identifies it if the books change."""

    _name = "account.dunning.case.item"
    _description = "Item of a Court File"
    _inherit = ["account.dunning.guarded"]
    _order = "case_id, date_maturity, id"

    case_id = fields.Many2one(
        "account.dunning.case",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
        writer="create",
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        index="btree_not_null",
        ondelete="set null",
        writer="create",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        ondelete="restrict",
        writer="create",
    )
    is_live = fields.Boolean(compute="_compute_is_live", store=True)
    invoice_name = fields.Char(string="Number", readonly=True)
    invoice_date = fields.Date(readonly=True)
    date_maturity = fields.Date(string="Due date", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_total = fields.Monetary(string="Amount due", readonly=True)
    amount_left = fields.Monetary(
        string="Remaining due",
        compute="_compute_amount_left",
        help="By the books today.",
    )
    amount_at_handover = fields.Monetary(string="At hand-over", readonly=True, copy=False)
    limit_on = fields.Date(
        string="Time-barred at the latest on",
        compute="_compute_limit",
        help="Last day to act, at the latest: counted from the due date. The period may have begun "
        "earlier, when the service was completed or the goods were delivered.",
    )
    limit_detail = fields.Text(string="How it was counted", compute="_compute_limit")

    @api.depends("case_id.state")
    def _compute_is_live(self):
        for item in self:
            item.is_live = item.case_id.state != "closed"

    def _is_posted(self):
        """Whether the books still hold the item: its invoice is neither a draft nor cancelled."""
        self.ensure_one()
        return bool(self.move_line_id) and self.move_id.state == "posted"

    def _is_owed(self):
        """Whether the books still hold the item as a debt of the debtor of the file.

        Its invoice may have been corrected to another customer. A debtor who became a contact of
        another customer is still who he was.
        """
        self.ensure_one()
        customer = self.move_line_id.partner_id.commercial_partner_id
        return self._is_posted() and customer == self.case_id.partner_id.commercial_partner_id

    @api.depends(
        "move_line_id.amount_residual_currency", "move_line_id.partner_id", "move_id.state"
    )
    def _compute_amount_left(self):
        """What counts as paid according to the books: write-offs and transfers to 416 do not.

        Nothing is due by the books on an invoice that is a draft, cancelled or another customer's.
        """
        accrued = self.env["account.dunning.accrual"]._compute_items(
            self.move_line_id, creditors_day(self), with_disputed=True
        )
        for item in self:
            if not item._is_owed():
                item.amount_left = 0
                continue
            line = item.move_line_id
            statement = accrued[line.id].statement
            item.amount_left = (
                float(statement.principal_left) if statement else line.amount_residual_currency
            )

    @api.depends(
        "date_maturity",
        "case_id.regime",
        "case_id.route",
        "case_id.served_on",
        "case_id.acknowledged_on",
        "case_id.executed_on",
        "case_id.filed_on",
    )
    @api.depends_context("lang")
    def _compute_limit(self):
        notices = {case: case._get_formal_notices() for case in self.case_id}
        for item in self:
            counted = item._get_limitation(notices.get(item.case_id))
            item.limit_on = counted and counted.last_day
            item.limit_detail = counted and item._describe_limitation(counted)

    def _get_limitation(self, notices=None):
        """Return how the limitation period of this item is counted, or False without a due date.

        :param dict notices: the formal notices of the case by item, if already known
        :return: ``core.limitation.Limitation``
        """
        self.ensure_one()
        case = self.case_id
        if not self.date_maturity:
            return False
        return limitation(
            self.date_maturity, case.regime or "b2c", self._get_interruptions(notices)
        )

    def _get_interruptions(self, notices=None):
        """Return what interrupted the limitation period, and what people wrongly believe does.

        Against a public body, a written demand has effects of its own (loi 68-1250, art. 2), which
        are not counted: nothing is said of them.
        """
        case = self.case_id
        found = [(case.acknowledged_on, "acknowledgement"), (case.executed_on, "enforcement")]
        if case.route not in OUT_OF_COURT:
            filed = "court_claim" if case.route in CLAIMS else "order_filed"
            found += [(case.filed_on, filed), (case.served_on, "order_served")]
        notices = case._get_formal_notices() if notices is None else notices
        notice = notices.get(self.move_line_id.id)
        if notice and case.regime != "b2g":
            found.append((notice.date, "formal_notice"))
        return [Interruption(on, kind) for on, kind in found if on]

    def _describe_limitation(self, counted):
        """Describe the computation in words, one line per step."""
        kinds = {
            "start": self.env._("Due date"),
            "acknowledgement": self.env._("Acknowledgement by the debtor"),
            "order_filed": self.env._("Request filed"),
            "court_claim": self.env._("Claim before a court"),
            "order_served": self.env._("Order served"),
            "enforcement": self.env._("Act of execution"),
            "formal_notice": self.env._("Formal notice"),
        }
        effects = {
            "starts": self.env._("the period starts"),
            "restarts": self.env._("interrupts: the period starts again"),
            "none": self.env._("does not interrupt"),
            "early": self.env._("before the period"),
            "late": self.env._("after the period"),
        }
        return "\n".join(
            self.env._(
                "%(day)s %(what)s: %(effect)s (%(law)s), last day %(last)s",
                day=step.on.strftime("%d/%m/%Y"),
                what=kinds[step.kind],
                effect=effects[step.effect],
                law=step.source,
                last=step.last_day.strftime("%d/%m/%Y"),
            )
            for step in counted.steps
        )

    @api.model
    def _prepare_vals(self, line):
        """Return the values of the item that claims a journal item.

        :param line: ``account.move.line``
        """
        return {
            "move_line_id": line.id,
            "move_id": line.move_id.id,
            "invoice_name": line.move_id.name,
            "invoice_date": line.move_id.invoice_date or line.date,
            "date_maturity": line.date_maturity,
            "currency_id": line.currency_id.id,
            "amount_total": line.amount_currency,
        }

    @api.model_create_multi
    def create(self, vals_list):
        items = super().create(vals_list)
        items.case_id._check_in_preparation()
        for item in items.filtered(lambda item: not item.invoice_name):
            item.sudo().write(self._prepare_vals(item.move_line_id))
        items._take_in_hand()
        return items

    def unlink(self):
        cases = self.case_id
        cases._check_in_preparation()
        self._get_hands().unlink()
        result = super().unlink()
        cases.sudo().filtered("dossier_id")._ask_about_receipts()  # no longer, if they were gone
        return result

    def _take_in_hand(self):
        """Reserve for the court what open files claim: nobody else may have it in hand."""
        hands = self.env["account.dunning.hand"]
        today = creditors_day(self)
        for case, items in self.filtered("is_live").grouped("case_id").items():
            hands._take("court", items.move_line_id, ("case_id", case), today)

    def _get_hands(self):
        """Return the court's reservations of these items, with full rights."""
        return (
            self.env["account.dunning.hand"]
            ._get_live(self.move_line_id)
            .filtered(lambda hand: hand.case_id in self.case_id)
        )

    # -- Figures -----------------------------------------------------------------------------------

    def _to_euros(self, amount):
        """Convert an amount of the item's currency at the rate of the date of the sums."""
        self.ensure_one()
        euro = self.case_id.currency_id
        if self.currency_id == euro or not amount:
            return amount
        return self.currency_id._convert(amount, euro, self.company_id, self.case_id.date)

    def _get_settlements(self, events, until):
        """Return what reduced the item up to a day, as ``(date, label, 0, amount)``.

        Reconciliations are named if they add up to what counts as received; otherwise (a write-off,
        a transfer to a doubtful account) only what counts is listed.

        :param events: ``core.interest.Event`` of the item
        """
        self.ensure_one()
        counted = [event for event in events if event.kind == "credit_note" or event.on <= until]
        partials = self.move_line_id.matched_credit_ids.filtered(
            lambda partial: not partial.credit_move_id.move_id.exchange_diff_partial_ids
        ).sorted(lambda partial: (partial.credit_move_id.date, partial.id))
        kinds = {
            "out_refund": self.env._("Credit note %s"),
        }
        named = [
            (
                partial.credit_move_id.date,
                kinds.get(partial.credit_move_id.move_id.move_type, self.env._("Payment %s"))
                % partial.credit_move_id.move_id.name,
                0.0,
                partial.debit_amount_currency,
            )
            for partial in partials
            if partial.credit_move_id.date <= until
        ]
        total = float(sum(event.amount for event in counted))
        if self.currency_id.compare_amounts(sum(row[3] for row in named), total) == 0:
            return named
        labels = {
            "payment": self.env._("Payment"),
            "credit_note": self.env._("Credit note"),
            "discount": self.env._("Early-payment discount"),
        }
        return [
            (e.on, labels[e.kind], 0.0, float(e.amount))
            for e in sorted(counted, key=lambda event: event.on)
        ]

    @api.model
    def _tell_receipts(self, receipts, *, gone):
        """Log in the files handed over what was reconciled with their items since, or undone.

        What they claim does not change. One in preparation that was generated is only compared with
        the books.

        :param dict receipts: ``{item: [(name of a receipt, amount)]}``
        :param bool gone: whether these were undone
        """
        for item, found in receipts.items():
            case = item.case_id._in_dunning_lang()
            for name, amount in found if case.state != "preparation" else ():
                values = {
                    "invoice": item.invoice_name,
                    "receipt": name,
                    "amount": format_amount(case.env, amount, item.currency_id),
                }
                case._message_log(
                    body=case.env._(
                        "No longer set against %(invoice)s: %(receipt)s, %(amount)s.", **values
                    )
                    if gone
                    else case.env._(
                        "Set against %(invoice)s since the file left: %(receipt)s, %(amount)s.",
                        **values,
                    )
                )
        self.browse().union(*receipts)._get_told_cases()._ask_about_receipts()

    def _get_told_cases(self):
        """Return the files of these items that have left, or were generated and may have."""
        return self.case_id.filtered(
            lambda case: case.state in LEFT or (case.state == "preparation" and case.dossier_id)
        )
