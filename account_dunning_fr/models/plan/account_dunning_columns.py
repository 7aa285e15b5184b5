from odoo import api, fields, models
from odoo.tools import SQL, Query

from ..common.creditors_day import creditors_day
from ..common.due import DUE_JOINS, DUE_ON, HOLDBACK_CODE, RECEIVABLE_SQL, exclusion_sql
from ..common.groups import ACCOUNTING_GROUPS
from ..common.ledger_query import get_fields

# Columns that are not stored but sorted and grouped: the method that computes each in SQL.
READ_IN_SQL = {
    "dunning_days_overdue": "_get_dunning_days_overdue_sql",
    "dunning_reminded_on": "_get_dunning_reminded_on_sql",
}
# The fields that these methods read: pending changes are flushed before the query.
READ_FROM = {
    "account.move.line": [
        *("move_id", "account_id", "journal_id", "parent_state", "reconciled", "date"),
        *("date_maturity", "amount_residual"),
    ],
    "account.move": ["move_type", "origin_payment_id"],
    "account.payment": ["payment_type"],
    "account.account": ["account_type", "non_trade"],
    "account.journal": ["type"],
}


class AccountDunningColumns(models.AbstractModel):
    """The dunning columns of invoices and items, which their lists show, filter and group by.

    Nothing is stored, so that posting costs nothing: days and dates are computed in SQL, holds and
    what is due today come from the plan.
    """

    _name = "account.dunning.columns"
    _description = "Dunning Columns"

    dunning_days_overdue = fields.Integer(
        string="Days overdue",
        compute="_compute_dunning_dates",
        search="_search_dunning_days_overdue",
        aggregator=None,
        groups=ACCOUNTING_GROUPS,
        help="Days since the oldest unpaid due date, today.",
    )
    dunning_reminded_on = fields.Date(
        string="Reminded on",
        compute="_compute_dunning_dates",
        search="_search_dunning_reminded_on",
        groups=ACCOUNTING_GROUPS,
        help="Day of the last message that claimed it.",
    )
    dunning_on_hold = fields.Boolean(
        string="On hold",
        compute="_compute_dunning_situation",
        search="_search_dunning_on_hold",
        groups=ACCOUNTING_GROUPS,
        help="Not chased for now: suspended, blocked or excluded from follow-up.",
    )
    dunning_to_chase = fields.Boolean(
        string="To chase today",
        compute="_compute_dunning_situation",
        search="_search_dunning_to_chase",
        groups=ACCOUNTING_GROUPS,
        help="Claimed in today's message to the customer.",
    )

    @api.model
    def _get_dunning_key(self):
        """Return the columns of the items and of the notice lines that refer to this record.

        :return: names for ``account_move_line``, for ``account_dunning_notice_line`` and for the
            rows of the plan
        """
        raise NotImplementedError

    # -- Read in SQL -----------------------------------------------------------------------------

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr not in READ_IN_SQL:  # the usual case: every field of every query comes here
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        return self._get_dunning_column_sql(field_expr, SQL.identifier(alias, "id"))

    def _get_dunning_column_sql(self, name, record):
        """Return the SQL of a column, with the fields it reads.

        They are not flushed at once: Odoo describes all fields of the items at each write of an
        entry, and asks for the SQL of ours to find out whether one can group by them.

        :param SQL record: the id of the record in the outer query
        """
        value = getattr(self, READ_IN_SQL[name])(record)
        return SQL("%s", value, to_flush=get_fields(self.env, self._get_dunning_read()))

    @api.model
    def _get_dunning_read(self):
        """Return the names of the fields that the columns read, by model."""
        return READ_FROM

    def _get_dunning_days_overdue_sql(self, record):
        """Return the days overdue of a record's oldest item, as a subquery to sort by.

        :param SQL record: the id of the record in the outer query
        """
        item_key, _line_key, _row_key = self._get_dunning_key()
        items = self.env["account.move.line"]
        # The query of the accounts, not their ids: Odoo asks for this SQL at each write of an
        # entry, only to learn whether one can sort and group by it.
        holdbacks = items._get_dunning_coded_sql(self.env.companies, HOLDBACK_CODE)
        return SQL(
            """
            (SELECT max(%(today)s::date - %(due)s)
               FROM account_move_line aml
               %(joins)s
               JOIN account_account account ON account.id = aml.account_id
              WHERE aml.%(key)s = %(record)s AND aml.parent_state = 'posted'
                AND aml.reconciled IS NOT TRUE AND aml.amount_residual > 0
                AND %(receivable)s AND %(due)s < %(today)s AND %(exclusion)s IS NULL)
            """,
            key=SQL.identifier(item_key),
            record=record,
            today=creditors_day(self),
            due=DUE_ON,
            joins=SQL(DUE_JOINS),
            receivable=SQL(RECEIVABLE_SQL),
            exclusion=exclusion_sql(holdbacks),
        )

    def _get_dunning_reminded_on_sql(self, record):
        """Return the day of the last notice sent that claimed a record, as a subquery.

        :param SQL record: the id of the record in the outer query
        """
        _item_key, line_key, _row_key = self._get_dunning_key()
        return SQL(
            """
            (SELECT max(notice.date)
               FROM account_dunning_notice_line line
               JOIN account_dunning_notice notice ON notice.id = line.notice_id
              WHERE line.%s = %s AND line.state = 'sent' AND line.claimed
                AND notice.has_left)
            """,
            SQL.identifier(line_key),
            record,
        )

    def _compute_dunning_dates(self):
        record = SQL.identifier(self._table, "id")
        query = Query(self.env, self._table)
        query.add_where(SQL("%s IN %s", record, tuple(self._origin.ids) or (0,)))
        rows = self.env.execute_query(
            query.select(
                record,
                self._get_dunning_column_sql("dunning_days_overdue", record),
                self._get_dunning_column_sql("dunning_reminded_on", record),
            )
        )
        values = {row[0]: row[1:] for row in rows}
        for listed in self:
            days, reminded_on = values.get(listed._origin.id, (0, False))
            listed.dunning_days_overdue = days or 0
            listed.dunning_reminded_on = reminded_on

    def _search_dunning_days_overdue(self, operator, value):
        return self._search_dunning_sql("dunning_days_overdue", operator, value, 0)

    def _search_dunning_reminded_on(self, operator, value):
        return self._search_dunning_sql("dunning_reminded_on", operator, value, None)

    def _search_dunning_sql(self, name, operator, value, empty):
        """Return the domain of the records whose value in a column meets a condition.

        :param str name: of a column read in SQL
        :param empty: stands for no value
        """
        record = SQL.identifier("listed", "id")
        found_value = self._get_dunning_column_sql(name, record)
        found = SQL("(SELECT %s AS id, %s AS value)", record, found_value)
        column = SQL("found.value")
        if empty is not None:
            column = SQL("COALESCE(found.value, %s)", empty)
        if operator == "in":
            values = [each for each in value if each is not False]
            condition = SQL("%s = ANY(%s)", column, values)
            if False in value:
                condition = SQL("(%s OR found.value IS NULL)", condition)
        elif operator in ("<", "<=", ">", ">="):
            condition = SQL("%s %s %s", column, SQL(operator), value)
        else:
            return NotImplemented
        return [
            (
                "id",
                "in",
                SQL(
                    "(SELECT found.id FROM %s listed CROSS JOIN LATERAL %s found WHERE %s)",
                    SQL.identifier(self._table),
                    found,
                    condition,
                ),
            )
        ]

    # -- Read in the plan ------------------------------------------------------------------------

    def _compute_dunning_situation(self):
        rows = self._get_dunning_situation(self.company_id, self.partner_id)
        held, chased = self._split_dunning_rows(rows)
        for listed in self:
            listed.dunning_on_hold = listed._origin.id in held
            listed.dunning_to_chase = listed._origin.id in chased

    @api.model
    def _get_dunning_situation(self, companies, partners=None):
        """Return the rows of today's plan for the creditors of these companies."""
        rows = []
        for creditor in companies.dunning_creditor_id:
            plan = self.env["account.dunning.plan"].sudo()
            rows += plan._simulate(creditor, partners=partners)
        return rows

    def _split_dunning_rows(self, rows):
        """Return the ids of the records on hold, and of those claimed today."""
        _item_key, _line_key, key = self._get_dunning_key()
        held = {getattr(row, key) for row in rows if row.stop in ("hold", "blocked", "no_followup")}
        chased = {getattr(row, key) for row in rows if row.final_role == "claimed"}
        return held, chased

    def _search_dunning_on_hold(self, operator, value):
        return self._search_dunning_row(0, operator, value)

    def _search_dunning_to_chase(self, operator, value):
        return self._search_dunning_row(1, operator, value)

    def _search_dunning_row(self, index, operator, value):
        if operator != "in":
            return NotImplemented
        rows = self._get_dunning_situation(self.env.companies)
        ids = self._split_dunning_rows(rows)[index]
        return [("id", "in" if True in value else "not in", list(ids))]
