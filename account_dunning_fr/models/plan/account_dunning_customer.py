from odoo import api, models
from odoo.tools import format_amount, format_date

from ..common.account_dunning_customer import CustomerPart
from ..common.marks import tells

SHOWN_ITEMS = 200
SHOWN_RETURNS = 5
# The columns of a plan row that determine its sentence: items with the same values share one.
SAID_OF = (
    *("stop", "reason", "hold_id", "next_level_id", "next_date", "take_level_id"),
    *("held_amount", "possible_amount", "currency_id", "exclusion"),
)


class AccountDunningCustomer(models.AbstractModel):
    """What the customer owes, item by item, with its level and why it is chased or not."""

    _inherit = "account.dunning.customer"

    @api.model
    @tells
    def _get_item_parts(self, partner, creditors, today):
        """Show the open items and what happens next, after one run of the plan per creditor."""
        plan, rows = self.env["account.dunning.plan"].sudo(), []
        for creditor in creditors:
            found = plan._simulate(creditor, today, partner)
            rows += [(creditor, row) for row in found if row.partner_id == partner.id]
        readable = self.env["account.move"].browse({row.move_id for _creditor, row in rows})
        readable = set(readable._filtered_access("read").ids)
        rows = [(creditor, row) for creditor, row in rows if row.move_id in readable]
        rows.sort(key=lambda each: (each[1].due, each[1].move_line_id))
        sentences = self._explain_rows(rows)
        items = [
            self._show_item(row, sentences[row.move_line_id], today)
            for _creditor, row in rows[:SHOWN_ITEMS]
        ]
        title = self.env._("What he owes")
        if len(rows) > SHOWN_ITEMS:
            title = self.env._(
                "What he owes: the first %(shown)s of %(all)s items",
                shown=SHOWN_ITEMS,
                all=len(rows),
            )
        link = {"name": "action_view_dunning_items", "label": self.env._("Items due")}
        return [
            CustomerPart("items", title, items, "items", buttons=[link]),
            CustomerPart("figures", "", self._get_figures(partner, rows, today), "figures"),
            CustomerPart("next", "", self._get_next(rows, sentences), "next"),
        ]

    @api.model
    @tells
    def _get_debit_return_parts(self, partner, creditors, today):
        """Show the last debits returned by the bank: the fee of each may be claimed."""
        returns = self.env["account.dunning.debit.return"].search(
            self._get_ours(partner, creditors), limit=SHOWN_RETURNS
        )
        rows = [
            self._prepare_row(
                format_amount(self.env, each.amount, each.currency_id),
                record=each,
                detail=each._get_reason(),
                value=format_date(self.env, each.day),
                tone="warning",
            )
            for each in returns
        ]
        return [CustomerPart("returns", self.env._("Debits returned"), rows, sequence=26)]

    @api.model
    def _explain_rows(self, rows):
        """Return for each item why it is chased or not; each sentence is made only once.

        :param rows: pairs of ``res.company`` and ``PlanRow``
        :return: ``{move_line_id: sentence}``
        """
        plan = self.env["account.dunning.plan"].sudo()
        confirmed = plan._find_confirmed([row for _creditor, row in rows])
        made, sentences = {}, {}
        for creditor, row in rows:
            is_confirmed = row.move_line_id in confirmed
            kind = (creditor.id, is_confirmed, *(getattr(row, name) for name in SAID_OF))
            if kind not in made:
                made[kind] = plan._explain(creditor, row, is_confirmed)
            sentences[row.move_line_id] = made[kind]
        return sentences

    @api.model
    def _show_item(self, row, sentence, today):
        level = self.env["account.dunning.level"].sudo().browse(row.level_id or ())
        currency = self.env["res.currency"].browse(row.currency_id)
        late = (today - row.due).days
        return self._prepare_row(
            row.move_name or "",
            record=self.env["account.move"].browse(row.move_id),
            value=format_amount(self.env, row.residual, currency),
            due=format_date(self.env, row.due),
            late=self.env._("%s days late", late) if late > 0 else "",
            level=level.name or "",
            why=sentence,
            tone="muted" if row.stop else "",
            line_id=row.move_line_id,
        )

    @api.model
    def _get_figures(self, partner, rows, today):
        """Return what he owes, how much of it is overdue, and since when."""
        overdue = [row for _creditor, row in rows if row.overdue]
        oldest = max(((today - row.due).days for row in overdue), default=0)
        figures = (
            (self.env._("Owed"), partner.dunning_due_text, ""),
            (self.env._("Overdue"), partner.dunning_overdue_text, "danger"),
            (
                self.env._("Oldest"),
                self.env._("%s days late", oldest) if oldest else "",
                "",
            ),
        )
        return [
            self._prepare_row(label, value=value, tone=tone)
            for label, value, tone in figures
            if value
        ]

    @api.model
    def _get_next(self, rows, sentences):
        """Return what happens next: the step of the item that moves first."""
        moving = [each for each in rows if not each[1].stop and each[1].next_date]
        if not moving:
            return []
        _creditor, row = min(moving, key=lambda each: (each[1].next_date, each[1].due))
        sentence = sentences[row.move_line_id]
        return [self._prepare_row(sentence, value=format_date(self.env, row.next_date))]
