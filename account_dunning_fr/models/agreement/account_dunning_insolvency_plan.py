from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date

from ...core.dividends import HUNDRED, Share, dividends, yearly
from ...core.instalments import KEPT, MISSED, judge
from ...core.money import ZERO, to_decimal
from .account_dunning_insolvency_course import DATES
from .res_partner import UNDER_WAY


class AccountDunningInsolvencyPlan(models.AbstractModel):
    """The dividends of the plan that ends proceedings: expected, received, missed.

    They are percentages of the admitted claim. Payments matched with what was owed at the opening
    are set against them in the order of their dates. A missed dividend is a task for a person,
    never a notice to the customer.
    """

    _name = "account.dunning.insolvency.plan"
    _inherit = ["account.dunning.insolvency.course"]
    _description = "Dividends of Insolvency Proceedings"

    plan_first_on = fields.Date(string="First dividend on", copy=False, writer=DATES)
    plan_years = fields.Integer(string="Dividends, one a year", copy=False, writer=DATES)
    plan_percent = fields.Float(
        string="% of the claim paid",
        digits=(5, 2),
        default=100.0,
        help="Less than 100: the plan gives the rest up.",
        writer=DATES,
    )
    dividend_ids = fields.One2many(
        "account.dunning.insolvency.dividend", "insolvency_id", string="Dividends", copy=False
    )
    amount_dividends = fields.Monetary(
        string="Dividends received", currency_field="euro_id", compute="_compute_amount_dividends"
    )

    @api.depends("dividend_ids.received")
    def _compute_amount_dividends(self):
        for record in self:
            record.amount_dividends = sum(record.dividend_ids.mapped("received"))

    @api.constrains("dividend_ids")
    def _check_dividends(self):
        for record in self:
            total = sum(to_decimal(line.percent) for line in record.dividend_ids)
            if total > HUNDRED:
                raise ValidationError(self.env._("The dividends are more than the claim."))

    def action_compute_dividends(self):
        """Write equal dividends, one a year; their days and percentages can then be changed."""
        self.check_access("write")
        for record in self:
            record._check_open(DATES.split())
            if not record.plan_first_on or not record.amount_admitted:
                raise UserError(
                    self.env._("Record the admission of the claim, and the day of the dividend.")
                )
            try:
                shares = yearly(
                    record.plan_first_on, record.plan_years, to_decimal(record.plan_percent)
                )
            except ValueError as error:
                raise UserError(
                    self.env._("A plan pays 1 to 30 dividends, of more than 0 and at most 100 %.")
                ) from error
            record.dividend_ids = [
                Command.clear(),
                *(
                    Command.create({"date": share.due, "percent": float(share.percent)})
                    for share in shares
                ),
            ]
        self._sync_todos()

    # -- What came ---------------------------------------------------------------------------------

    def _judge_dividends(self, today):
        """Check the dividends of these proceedings on a day.

        :return: ``{line: (amount, received, state)}``, in euros
        """
        return {line: told for record in self for line, told in record._judge_plan(today)}

    def _judge_plan(self, today):
        self.ensure_one()
        lines = self.dividend_ids.filtered("date").sorted(lambda line: (line.date, line.percent))
        shares = [Share(line.date, to_decimal(line.percent)) for line in lines]
        percents = [share.percent for share in shares]
        if not percents or min(percents) <= 0 or sum(percents) > HUNDRED:
            return  # still being entered
        expected = dividends(to_decimal(self.amount_admitted), shares)
        judged = judge(
            expected,
            self._get_dividends_received(),
            min(today, self.liquidation_on or today),
            tolerance_days=self.company_id.sudo().dunning_promise_days,
        )
        for line, (_due, amount), (received, state) in zip(lines, expected, judged, strict=True):
            yield line, (float(amount), float(received), state if amount else KEPT)

    def _get_dividends_received(self):
        """Return what has been paid since the plan on what was owed at the opening, in euros."""
        self.ensure_one()
        since, until = self.plan_on, self.liquidation_on
        if not since:
            return ZERO
        items = self._get_earlier_items()
        events = self.env["account.dunning.accrual"].sudo()._get_events(items)
        total = ZERO
        for item in items:
            paid = sum(
                event.amount
                for event in events[item.id]
                if event.kind == "payment"
                and since <= event.on
                and not (until and event.on >= until)
            )
            total += to_decimal(self._to_euros_at_opening(float(paid), item)) if paid else ZERO
        return total

    def _get_missed_dividends(self, today):
        """Return the dividends of these proceedings that were not received."""
        judged = self._judge_dividends(today)
        missed = [line.id for line, (_due, _got, state) in judged.items() if state == MISSED]
        return self.env["account.dunning.insolvency.dividend"].browse(missed)

    def _get_dividend_todo(self, today):
        """Return the activities for the dividends: {what: day}.

        Each missed dividend is named, with the missing amount; for the next one, the day on which
        to check whether it was received.
        """
        self.ensure_one()
        if self.liquidation_on:
            return {}
        tolerance = timedelta(days=self.company_id.sudo().dunning_promise_days)
        todos, waiting = {}, []
        for line, (amount, received, state) in self._judge_dividends(today).items():
            if state == MISSED:
                missing = format_amount(self.env, amount - received, self.euro_id)
                words = {"day": format_date(self.env, line.date), "amount": missing}
                named = self.env._("Dividend of %(day)s: %(amount)s did not come", **words)
                todos[named] = line.date + tolerance
            elif state != KEPT:
                waiting.append(line.date)
        if waiting:
            look = self.env._("Look whether the dividend came")
            todos[look] = min(waiting) + tolerance
        return todos

    @api.model
    def _review_dividends(self):
        """Check each night for missing dividends, and name them in activities; one commit each."""
        records = self.search(
            [
                ("state", "in", UNDER_WAY),
                ("plan_on", "!=", False),
                ("liquidation_on", "=", False),
                ("dividend_ids", "!=", False),
            ]
        )
        self.env["ir.cron"]._commit_progress(remaining=len(records))
        for record in records:
            with self.env["account.dunning.run"]._working_on(record):
                record._sync_todos()
            if not self.env["ir.cron"]._commit_progress(1):
                break
