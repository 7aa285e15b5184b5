from odoo import api, fields, models
from odoo.tools import SQL

# One row a penalty and part: corrections are netted with what they correct. What was received in
# the period is what was open before, plus what was booked, less what is still open.
YEAR_END = """
    SELECT line.dunning_penalty_id AS penalty_id,
           line.dunning_penalty_part AS part,
           COALESCE(sum(opening.residual), 0) AS opening,
           COALESCE(sum(line.balance) FILTER (WHERE line.date >= %(first_day)s), 0) AS booked,
           COALESCE(sum(closing.residual), 0) AS closing
      FROM account_move_line line
      LEFT JOIN (%(opening)s) opening ON opening.move_line_id = line.id
      LEFT JOIN (%(closing)s) closing ON closing.move_line_id = line.id
     WHERE line.dunning_penalty_id IN (
            SELECT id FROM account_dunning_penalty WHERE company_id = %(creditor)s
           )
       AND line.parent_state = 'posted'
       AND line.date <= %(last_day)s
     GROUP BY line.dunning_penalty_id, line.dunning_penalty_part
    HAVING COALESCE(sum(opening.residual), 0) <> 0 OR COALESCE(sum(closing.residual), 0) <> 0
        OR COALESCE(sum(line.balance) FILTER (WHERE line.date >= %(first_day)s), 0) <> 0
     ORDER BY line.dunning_penalty_id, line.dunning_penalty_part DESC
"""


class AccountDunningPenalty(models.Model):
    """Penalties booked and received over a period, for the tax return (CGI 237 sexies)."""

    _inherit = "account.dunning.penalty"

    @api.model
    def _get_year_end_rows(self, creditor, first_day, last_day):
        """Return what was booked and received in a period, by penalty and part.

        Penalties of C. com. L441-10 II are taxed when they are received (CGI 237 sexies): the books
        carry them before, and the return takes the difference into account. ``opening`` and
        ``closing`` are what is booked and not received before the period and at its end.

        :return: list of dicts: ``penalty_id``, ``part``, ``opening``, ``booked``, ``received``,
            ``closing``; in the creditor's currency
        """
        companies = creditor._get_dunning_companies()
        Balance = self.env["account.dunning.balance"]
        before = fields.Date.subtract(first_day, days=1)
        rows = self.env.execute_query_dict(
            SQL(
                YEAR_END,
                opening=Balance._get_open_items_query(companies, before),
                closing=Balance._get_open_items_query(companies, last_day),
                creditor=creditor.id,
                first_day=first_day,
                last_day=last_day,
            )
        )
        currency = creditor.currency_id
        for row in rows:
            row["received"] = currency.round(row["opening"] + row["booked"] - row["closing"])
        return rows
