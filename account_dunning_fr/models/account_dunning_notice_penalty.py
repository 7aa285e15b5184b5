from odoo import api, fields, models
from odoo.tools import format_date

from .private_context import pass_on, passed


class AccountDunningNotice(models.Model):
    """What a notice states about penalties, from the level that states them."""

    _inherit = "account.dunning.notice"

    rate_warning = fields.Char(compute="_compute_rate_warning")

    @api.depends("level_id.penalties", "partner_id.dunning_regime", "state", "date")
    def _compute_rate_warning(self):
        """Tell the user, never the debtor, that a rate of the message is not confirmed."""
        for notice in self:
            days = []
            if notice.state in ("draft", "ready") and notice._get_stated_regime():
                due = [line.date_maturity for line in notice.line_ids if line.claimed]
                if due:
                    days = self.env["account.dunning.rate"]._get_unconfirmed(
                        fields.Date.add(min(due), days=1), notice.date
                    )
            notice.rate_warning = bool(days) and self.env._(
                "The rates of the half-year from %s are not confirmed: check the table of rates "
                "before the message leaves.",
                format_date(self.env, days[-1]),
            )

    def _get_penalty_statement(self):
        """Return the penalties that the message states, by the customer's regime.

        Principal and penalties are kept apart: penalties accrued, less those paid or waived.

        :return: False, or dict: ``rows`` (dicts of ``line``, ``days``, ``label``, ``interest``,
            ``a_day``), ``totals`` (``{currency: (interest, a day)}``), ``indemnity`` in euros
        """
        self.ensure_one()
        if not self._get_stated_regime():
            return False
        lines = self._get_penalty_lines()
        items = lines.move_line_id
        accrued = self.env["account.dunning.accrual"]._compute_items(items, self.letter_date)
        booked = passed(self.env, "booked", {})
        if not all(item in booked for item in items):
            booked = self.env["account.dunning.penalty"].sudo()._get_by_item(items)
        rows, totals, indemnity = [], {}, 0.0
        for line in lines.sorted("date_maturity"):
            item = line.move_line_id
            row = line._prepare_penalty_row(accrued[item.id], booked[item])
            rows.append(row)
            indemnity += row["indemnity"]
            interest, a_day = totals.get(line.currency_id, (0.0, 0.0))
            totals[line.currency_id] = (
                line.currency_id.round(interest + row["interest"]),
                line.currency_id.round(a_day + row["a_day"]),
            )
        return {"rows": rows, "totals": totals, "indemnity": indemnity}

    def _get_penalty_lines(self):
        """Return the lines on whose items penalties are stated: what is claimed."""
        return self.line_ids.filtered(
            lambda line: line.claimed and not line.left_out and line.move_line_id
        )

    def _with_penalties(self):
        """Return these notices with what their items owe, computed for all of them at once.

        The check, the texts, the letter and the e-mail each need it, customer by customer: they
        find it with these records.
        """
        items_by_day = {
            on: notices.filtered(lambda notice: notice._get_stated_regime())
            ._get_penalty_lines()
            .move_line_id
            for on, notices in self.grouped("letter_date").items()
        }
        items = self.env["account.move.line"].union(*items_by_day.values())
        # What the terms of each row need.
        items.move_id.fetch(["dunning_rate_type", "commercial_partner_id", "company_id"])
        return pass_on(
            self,
            owed=self.env["account.dunning.accrual"]._remember(items_by_day),
            booked=self.env["account.dunning.penalty"].sudo()._get_by_item(items),
        )

    def _get_penalty_problem(self):
        """Return why the penalties of this message cannot be stated, for the user, or False."""
        self.ensure_one()
        statement = self._get_penalty_statement()
        problems = [row["problem"] for row in statement["rows"]] if statement else []
        return next(filter(None, problems), False)


class AccountDunningNoticeLine(models.Model):
    _inherit = "account.dunning.notice.line"

    def _prepare_penalty_row(self, accrued, penalty):
        """Return what a message states about the penalties of one item.

        :param accrued: ``account.dunning.accrual`` result of the item
        :param penalty: ``account.dunning.penalty`` of the item, empty before the first booking
        :return: dict: amounts in the item's currency, indemnity in euros, and ``a_day``
        """
        self.ensure_one()
        segments = accrued.statement.segments if accrued.statement else ()
        return {
            "line": self,
            "days": sum(segment.days for segment in segments),
            "rate": float(accrued.annual_rate),
            "label": self.move_line_id._get_dunning_rate_label(),
            "interest": penalty._get_left("interest", accrued.interest),
            "indemnity": penalty._get_left("indemnity", accrued.indemnity),
            "a_day": float(accrued.a_day),
            "problem": accrued.problem,
        }
