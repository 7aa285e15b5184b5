from decimal import Decimal

from odoo import api, fields, models

from ..common.private_context import pass_on, passed


class AccountDunningCase(models.Model):
    """The sums of a file: what the books say, element by element, up to the date of the sums."""

    _inherit = "account.dunning.case"

    amount_principal = fields.Monetary(string="Principal", readonly=True)
    amount_interest = fields.Monetary(string="Late-payment interest", readonly=True)
    amount_indemnity = fields.Monetary(string="Flat indemnities", readonly=True)
    amount_costs = fields.Monetary(
        string="Accessory costs",
        compute="_compute_amount_costs",
        help="The costs recorded below that are claimed from the debtor.",
    )
    amount_total = fields.Monetary(string="Total claimed", compute="_compute_amount_total")
    amount_recovered = fields.Monetary(
        string="Recovered",
        compute="_compute_amount_recovered",
        help="Principal paid or credited since the hand-over, by the books.",
    )
    figures_problem = fields.Char(readonly=True)

    @api.depends("cost_ids.amount", "cost_ids.claimed")
    def _compute_amount_costs(self):
        for case in self:
            case.amount_costs = sum(case.cost_ids.filtered("claimed").mapped("amount"))

    @api.depends(
        "amount_principal",
        "amount_interest",
        "amount_indemnity",
        "amount_costs",
        "penal_clause_amount",
    )
    def _compute_amount_total(self):
        for case in self:
            case.amount_total = sum(amount for _label, amount in case._get_elements())

    @api.depends("item_ids.amount_left", "item_ids.amount_at_handover", "state")
    def _compute_amount_recovered(self):
        for case in self:
            left = case.item_ids if case.state != "preparation" else case.item_ids.browse()
            case.amount_recovered = sum(
                item._to_euros(item.amount_at_handover - item.amount_left) for item in left
            )

    def _get_elements(self):
        """Return the elements of the sum claimed, in euros, as ``(label, amount)``."""
        self.ensure_one()
        return [
            (self.env._("Principal"), self.amount_principal),
            (self.env._("Late-payment interest"), self.amount_interest),
            (self.env._("Flat indemnities for recovery costs"), self.amount_indemnity),
            (self.env._("Penalty clause"), self.penal_clause_amount),
            (self.env._("Accessory costs"), self.amount_costs),
        ]

    # -- The statement ---------------------------------------------------------------------------

    def _make_statement(self):
        """Return the statement of penalties of the items, at the date of the sums."""
        self.ensure_one()
        return self.env["account.dunning.statement"].create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "date_until": self.date,
                "imputation": self.imputation,
                "item_ids": self.item_ids.move_line_id.ids,
                "with_disputed": True,
            }
        )

    def _get_sections(self):
        """Return the sums item by item.

        :return: the dicts of ``account.dunning.statement._get_sections``, each with
            ``interest_claimed`` and ``indemnity_claimed`` (accrued, less paid or waived),
            ``deducted`` (what was)
        """
        self.ensure_one()
        known = passed(self.env, "sections", {})
        if self.id in known:
            return known[self.id]  # computed once for all the documents of a file
        # Whoever reads the file reads its sums; opening the dialog of statements is another right.
        self.check_access("read")
        sections = self.sudo()._make_statement()._get_sections()
        lines = self.item_ids.move_line_id
        penalties = self.env["account.dunning.penalty"].sudo()._get_by_item(lines)
        for section in sections:
            penalty = penalties[section["item"]]
            for part, accrued in (
                ("interest", section["interest_left"]),
                ("indemnity", section["indemnity"]),
            ):
                claimed = penalty._get_left(part, Decimal(str(accrued)))
                section[f"{part}_claimed"] = claimed
                section[f"{part}_deducted"] = accrued - claimed
        return sections

    def _with_sections(self):
        """Return this case with its sums, computed once for all the documents of its file."""
        self.ensure_one()
        return pass_on(self, sections={self.id: self._get_sections()})

    def _refresh(self):
        """Compute the sums again from the books, then examine the file; not once it has left."""
        for case in self.sudo().filtered(lambda case: case.state == "preparation"):
            sections = case._get_sections()
            euro = case.currency_id
            in_euros = [s for s in sections if s["item"].currency_id == euro]
            case.write(
                {
                    "amount_principal": sum(s["principal_left"] for s in in_euros),
                    "amount_interest": sum(s["interest_claimed"] for s in in_euros),
                    "amount_indemnity": sum(s["indemnity_claimed"] for s in sections),
                    "figures_problem": next(filter(None, (s["problem"] for s in sections)), False),
                }
            )
            case._examine()

    def action_refresh(self):
        """Compute the sums again, look for the pieces, and examine the file."""
        self.action_gather()

    def action_statement(self):
        """Open the statement of penalties as it is today, payments since hand-over included."""
        self.ensure_one()
        wizard = self.env["account.dunning.statement"].create(
            {
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "imputation": self.imputation,
                "item_ids": self.item_ids.move_line_id.ids,
                "with_disputed": True,
            }
        )
        return wizard._get_records_action(name=self.env._("Statement of penalties"), target="new")

    # -- The statement of account ----------------------------------------------------------------

    def _get_account_rows(self):
        """Return the statement of account: each invoice, what was paid or credited, the balance.

        :return: list of dicts ``date``, ``label``, ``debit``, ``credit``, ``balance`` (running, by
            currency), ``currency``; its last balance ties to the principal by the books
        """
        self.ensure_one()
        events = self.env["account.dunning.accrual"]._get_events(self.item_ids.move_line_id)
        entries = []
        for item in self.item_ids.sorted(lambda item: (item.date_maturity, item.id)):
            label = self.env._(
                "Invoice %(name)s, due on %(due)s",
                name=item.invoice_name,
                due=item.date_maturity.strftime("%d/%m/%Y"),
            )
            entries.append((item.invoice_date, label, item.amount_total, 0.0, item.currency_id))
            for entry in item._get_settlements(events[item.move_line_id.id], self.date):
                entries.append((*entry, item.currency_id))
        rows, balances = [], {}
        for on, label, debit, credit, currency in sorted(entries, key=lambda entry: entry[0]):
            balances[currency] = currency.round(balances.get(currency, 0.0) + debit - credit)
            rows.append(
                {
                    "date": on,
                    "label": label,
                    "debit": debit,
                    "credit": credit,
                    "balance": balances[currency],
                    "currency": currency,
                }
            )
        return rows


class AccountDunningCaseItem(models.Model):
    _inherit = "account.dunning.case.item"

    def _to_euros(self, amount):
        """Convert an amount of the item's currency, at the rate of the date of the sums."""
        self.ensure_one()
        euro = self.case_id.currency_id
        if self.currency_id == euro or not amount:
            return amount
        return self.currency_id._convert(amount, euro, self.company_id, self.case_id.date)

    def _get_settlements(self, events, until):
        """Return what reduced the item up to a day, as ``(date, label, 0, amount)``.

        The reconciliations are named where they tell the same sum as what counts as received;
        where they do not (a write-off, a transfer to a doubtful account) only what counts is told.

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
