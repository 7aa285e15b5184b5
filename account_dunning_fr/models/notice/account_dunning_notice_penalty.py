from odoo import api, fields, models

from ..common.private_context import pass_on, passed


class AccountDunningNotice(models.Model):
    """What a notice states about penalties, from the level that states them."""

    _inherit = "account.dunning.notice"

    rate_warning = fields.Char(compute="_compute_rate_warning")

    @api.depends("level_id.penalties", "partner_id.dunning_regime", "state", "date")
    def _compute_rate_warning(self):
        """Tell the user, never the debtor, that a rate of the message is not confirmed."""
        for notice in self:
            live = notice.state in ("draft", "ready")
            notice.rate_warning = live and notice._explain_figures(notice._get_awaited_figures())

    def _get_awaited_figures(self):
        """Return the published figures on which the penalties stated rest, and nobody confirmed.

        What a contract fixes waits for nothing; the default rate for the central bank's, a multiple
        of the legal rate for that one.

        :return: list of ``core.rates.Figure``
        """
        self.ensure_one()
        if not self._get_stated_regime():
            return []
        # A user of one branch reads that the message waits, whatever else it claims.
        notice = self.sudo()
        items = notice._get_penalty_lines().move_line_id
        accrued = notice.env["account.dunning.accrual"]._compute_items(items, self.letter_date)
        figures = [figure for item in items for figure in accrued[item.id].figures]
        return self.env["account.dunning.rate"]._get_unconfirmed(figures)

    def _explain_figures(self, figures):
        """Return which figures are not confirmed and whether they stop a message, or False."""
        if not figures:
            return False
        Rate = self.env["account.dunning.rate"]
        names = ", ".join(Rate._get_figure_name(figure) for figure in figures)
        if self.company_id.dunning_send_unconfirmed:
            return self.env._(
                "Not confirmed: %s. The company sends all the same: look at the table of rates "
                "before the message leaves.",
                names,
            )
        return self.env._(
            "The message waits for a rate that is not confirmed: %s. A dunning manager confirms it "
            "on “To do today”.",
            names,
        )

    def _get_rate_problem(self):
        """Return why the message waits for a rate, for the user, or False."""
        self.ensure_one()
        if self.company_id.dunning_send_unconfirmed:
            return False
        return self._explain_figures(self._get_awaited_figures())

    @api.model
    def _get_figures_to_confirm(self, creditors, today):
        """Return what is to be confirmed for the messages being prepared, and for those to come.

        :param creditors: ``res.company`` records
        :param date today: the day of the question
        :return: list of ``core.rates.Figure``: of the half-years since the oldest debt on which a
            message being prepared states penalties, the present one at least
        """
        [(oldest,)] = self.env["account.dunning.notice.line"]._read_group(
            [
                ("notice_id.company_id", "in", creditors.ids),
                ("notice_id.state", "in", ("draft", "ready")),
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
        """Tell, on each of these messages, for which rate it waits.

        :param date today: the day of the run
        :return: those of one creditor that wait
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
