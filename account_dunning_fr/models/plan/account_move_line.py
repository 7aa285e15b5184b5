from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from ..common.creditors_day import creditors_day
from ..common.due import (
    ADVANCE_CODES,
    DATED_JOURNALS,
    DEBTS,
    HOLDBACK_CODE,
    RECEIVABLE_ACCOUNTS,
    RECEIVABLE_ITEMS,
    RECEIVABLE_SQL,
)
from ..common.groups import ACCOUNTING_GROUPS
from ..common.notifications import tell
from .account_dunning_returned import RETURN_REASONS


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = [
        "account.move.line",
        "account.dunning.columns",
        "account.dunning.returned",
        "account.dunning.cycled",
    ]

    dunning_cycle = fields.Integer(
        copy=False,
        readonly=True,
        help="Number of times this item was settled and became unpaid again.",
    )
    dunning_start_level_id = fields.Many2one(
        "account.dunning.level",
        copy=False,
        ondelete="set null",
        domain="[('kind', 'in', ('courtesy', 'reminder'))]",
        help="Level from which this item is chased, where it had reminders elsewhere before.",
        writer="kept",
    )
    # Written by the room of notices, which knows what was sent.
    dunning_level_id = fields.Many2one(
        "account.dunning.level",
        string="Dunning level",
        compute="_compute_dunning_level_id",
        store=True,
        copy=False,
        index="btree_not_null",
    )

    def _auto_init(self):
        # Empty for every existing item: nothing to compute on a large ledger at installation.
        for name in (
            "dunning_level_id",
            "dunning_start_level_id",
            "dunning_cycle",
            "dunning_penalty_id",
        ):
            if not column_exists(self.env.cr, self._table, name):
                create_column(self.env.cr, self._table, name, "int4")
        return super()._auto_init()

    @api.constrains("dunning_start_level_id")
    def _check_dunning_start_level_id(self):
        for item in self:
            if item.dunning_start_level_id.kind in ("registered", "formal_notice"):
                raise ValidationError(
                    self.env._(
                        "An item starts at a reminder at most: what comes after it is proven by "
                        "the message that was sent. Choose a reminder or a courtesy message."
                    )
                )

    # -- What is due -------------------------------------------------------------------------------

    @api.model
    def _get_dunning_accounts(self, companies):
        """Return the trade receivable accounts of these companies, archived ones included."""
        return self._all_dunning_accounts().search(self._get_dunning_receivable_domain(companies))

    @api.model
    def _all_dunning_accounts(self):
        return self.env["account.account"].sudo().with_context(active_test=False)

    @api.model
    def _get_dunning_receivable_domain(self, companies):
        domain = Domain(RECEIVABLE_ACCOUNTS)
        if companies is not None:
            domain &= Domain("company_ids", "parent_of", companies.ids)
        return domain

    @api.model
    def _get_dunning_receivable_sql(self, companies):
        """Return the query of the ids of ``_get_dunning_accounts``, for the same reason in SQL."""
        accounts = self.env["account.account"]
        owned = accounts._fields["company_ids"]
        return SQL(
            """
            SELECT account.id FROM account_account account
             WHERE %(receivable)s AND EXISTS (
                SELECT FROM %(owned)s WHERE %(account)s = account.id AND %(company)s IN %(above)s)
             ORDER BY account.id
            """,
            receivable=SQL(RECEIVABLE_SQL),
            owned=SQL.identifier(owned.relation, to_flush=owned),
            account=SQL.identifier(owned.column1),
            company=SQL.identifier(owned.column2),
            above=tuple(companies.sudo().with_context(active_test=False).parent_ids.ids) or (0,),
            to_flush=[accounts._fields[name] for name, _is, _value in RECEIVABLE_ACCOUNTS],
        )

    @api.model
    def _get_dunning_coded_accounts(self, companies, *prefixes):
        """Return the accounts whose code starts with this in the chart of these companies."""
        ids = self.env.execute_query(self._get_dunning_coded_sql(companies, *prefixes))
        return self._all_dunning_accounts().browse(id_ for (id_,) in ids)

    @api.model
    def _get_dunning_coded_sql(self, companies, *prefixes):
        """Return the query of their ids.

        In SQL, because every plan of a handful of customers needs it: a search by code is a nested
        query that Odoo takes longer to build than PostgreSQL to run.
        """
        accounts = self.env["account.account"]
        return SQL(
            """
            SELECT account.id FROM account_account account
             WHERE EXISTS (SELECT FROM unnest(%s::text[]) AS root (id),
                                       unnest(%s::text[]) AS prefix (code)
                            WHERE starts_with(account.code_store ->> root.id, prefix.code))
             ORDER BY account.id
            """,
            [str(root.id) for root in companies.sudo().root_id],
            list(prefixes),
            to_flush=accounts._fields["code_store"],
        )

    @api.model
    def _get_dunning_account_ids(self, companies):
        """Return the ids of the accounts that the plan of these companies reads, by use.

        :return: dict: ``account_ids`` (trade receivables), ``holdback_ids`` (retentions of
            guarantee), ``advance_ids`` (advances, and suspense accounts)
        """
        # One query for three searches: every plan of a handful of customers needs them.
        [(receivable, holdback, advance)] = self.env.execute_query(
            SQL(
                "SELECT ARRAY(%s), ARRAY(%s), ARRAY(%s)",
                self._get_dunning_receivable_sql(companies),
                self._get_dunning_coded_sql(companies, HOLDBACK_CODE),
                self._get_dunning_coded_sql(companies, *ADVANCE_CODES),
            )
        )
        return {"account_ids": receivable, "holdback_ids": holdback, "advance_ids": advance}

    @api.model
    def _get_dunning_credits_domain(self, companies):
        """Return the domain of the credits and payments that are not allocated.

        :param companies: ``res.company`` records
        """
        return [
            ("company_id", "in", companies.ids),
            *RECEIVABLE_ITEMS,
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual", "<", 0),
        ]

    @api.model
    def _get_dunning_domain(self, companies=None, partner=None, *, is_open=True):
        """Return the domain of due items; ``exclusion_sql`` is the same in SQL.

        A due item is a posted debit on a trade receivable account, of an invoice, a receipt or an
        entry that stands for one, with a due date or in a journal where its own date counts as one.
        Not: our penalties, a refund, money returned to the customer, a retention of guarantee.

        :param companies: ``res.company`` records; the reader's by default
        :param partner: only this customer
        :param bool is_open: only what is not settled
        """
        known = self.env.companies if companies is None else companies
        holdbacks = self._get_dunning_coded_accounts(known, HOLDBACK_CODE)
        domain = (
            Domain("parent_state", "=", "posted")
            & Domain(RECEIVABLE_ITEMS)
            & Domain("balance", ">", 0)
            & Domain("dunning_penalty_id", "=", False)
            & Domain("move_id.move_type", "in", DEBTS)
            & ~Domain("move_id.origin_payment_id.payment_type", "=", "outbound")
            & (
                Domain("date_maturity", "!=", False)
                | Domain("journal_id.type", "in", DATED_JOURNALS)
                & Domain("account_id", "not in", holdbacks.ids)
            )
        )
        if companies is not None:
            domain &= Domain("company_id", "in", companies.ids)
        if partner is not None:
            domain &= Domain("partner_id.commercial_partner_id", "=", partner.id)
        if is_open:
            domain &= Domain("reconciled", "=", False) & Domain("amount_residual_currency", ">", 0)
        return domain

    # -- A payment taken back by the bank (``account.dunning.returned``) ---------------------------

    dunning_returned_on = fields.Date(
        string="Payment returned on",
        copy=False,
        writer="code",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_return_code = fields.Selection(
        RETURN_REASONS,
        string="Why the bank returned it",
        copy=False,
        writer="code",
        groups=ACCOUNTING_GROUPS,
    )

    # -- Its cycles (``account.dunning.cycled``) ---------------------------------------------------

    # What had settled it, while nobody knows yet where that money goes: no new cycle before that.
    dunning_taken_off_id = fields.Many2one(
        "account.move",
        string="Receipt to match again",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=ACCOUNTING_GROUPS,
    )
    # What a new cycle followed from, and what it removed: both come back if the receipt was merely
    # moved to another invoice.
    dunning_unsettled_by_id = fields.Many2one(
        "account.move",
        string="Receipt taken off it",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_unsettled_level_id = fields.Many2one(
        "account.dunning.level",
        string="Start level before that",
        copy=False,
        readonly=True,
        ondelete="set null",
        groups=ACCOUNTING_GROUPS,
    )

    # The cycles opened by a corrected due date or customer, ``from`` one ``to`` another, and the
    # ``start`` level that they removed: what was sent counts again if the correction is reverted.
    dunning_corrected = fields.Json(
        string="Before it was corrected", copy=False, readonly=True, groups=ACCOUNTING_GROUPS
    )

    # A match that a person undid: the receipt is in the books, but no longer pays this item.
    dunning_unmatched_id = fields.Many2one(
        "account.move",
        string="Receipt unmatched",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_unmatched_on = fields.Date(
        string="Unmatched on", copy=False, readonly=True, groups=ACCOUNTING_GROUPS
    )
    dunning_unmatched_by = fields.Many2one(
        "res.users", string="Unmatched by", copy=False, readonly=True, groups=ACCOUNTING_GROUPS
    )
    dunning_unmatched_reason = fields.Char(
        string="Why it was unmatched", copy=False, writer="kept", groups=ACCOUNTING_GROUPS
    )

    # -- Lists -------------------------------------------------------------------------------------

    @api.model
    def _get_dunning_key(self):
        return "id", "move_line_id", "move_line_id"

    # -- Start level of an item reminded elsewhere, with its author, day and reason ----------------

    dunning_start_user_id = fields.Many2one(
        "res.users",
        string="Start level set by",
        copy=False,
        readonly=True,
        groups=ACCOUNTING_GROUPS,
    )
    dunning_start_date = fields.Date(
        string="Start level set on", copy=False, readonly=True, groups=ACCOUNTING_GROUPS
    )
    dunning_start_reason = fields.Char(
        string="Reason of the start level",
        copy=False,
        groups=ACCOUNTING_GROUPS,
        writer="kept",
    )

    def _get_dunning_state(self):
        return "kept"  # a start level is set on an existing item, never on a new one

    def write(self, vals):
        if {"dunning_start_level_id", "dunning_start_reason"}.intersection(vals):
            self._check_dunning_start_level(vals)
        result = super().write(vals)
        if "dunning_start_level_id" in vals:
            level_id = vals["dunning_start_level_id"]
            author = {
                "dunning_start_user_id": level_id and self.env.uid,
                "dunning_start_date": level_id and creditors_day(self),
            }
            if not level_id:
                author["dunning_start_reason"] = False
            self.sudo().write(author)
        return result

    def _check_dunning_start_level(self, vals):
        """Check who sets the level from which an item is chased, and why.

        :param dict vals: the values written
        :raise AccessError: unless the user may set it
        :raise UserError: if a level has no reason
        """
        if self.env.su:
            return
        if not self.env.user.has_group("account_dunning_fr.group_dunning_user"):
            raise AccessError(
                self.env._("Only dunning users set the level from which an item is chased.")
            )
        for item in self:
            level = vals.get("dunning_start_level_id", item.dunning_start_level_id)
            if level and not vals.get("dunning_start_reason", item.dunning_start_reason):
                raise UserError(
                    self.env._(
                        "Write why %s starts at this level, for example « reminded by letter on "
                        "3 March from the former software ».",
                        item.move_id.display_name,
                    )
                )

    def action_undo_dunning_start_level(self):
        """Remove the start levels of these items: they are chased from the first reminder."""
        self.check_access("write")
        started = self.filtered("dunning_start_level_id")
        started.write({"dunning_start_level_id": False})
        done = self.env._("Start levels taken back: %s.", len(started))
        return tell(self.env, done, [self.env._("without one")] * len(self - started))

    @api.model
    def _propose_dunning_start_levels(self, creditor, today):
        """Return the start level that the age of each backlog item suggests.

        An item overdue for longer than a reminder of its policy takes would have received it, had
        reminders been on: the highest such level, at most ``reminder``, so that the next notice is
        the step above and nobody starts with a formal notice.

        :param creditor: ``res.company``
        :param date today: the day of the proposal
        :return: ``{account.dunning.level: items}``
        """
        rows = self.env["account.dunning.plan"].sudo()._simulate(creditor, today)
        ladders = {}
        proposals = {}
        for row in rows:
            if row.level_id or row.exclusion or not row.policy_id or row.due >= today:
                continue
            if row.policy_id not in ladders:
                policy = self.env["account.dunning.policy"].sudo().browse(row.policy_id)
                ladders[row.policy_id] = policy.level_ids.filtered(
                    lambda level: level.kind == "reminder"
                ).sorted("rank")
            reached = [
                level
                for level in ladders[row.policy_id]
                if row.due + timedelta(days=level.days) <= today
            ]
            # The first level is where the plan starts anyway.
            if len(reached) > 1:
                proposals.setdefault(reached[-2], []).append(row.move_line_id)
        return {level: self.browse(ids) for level, ids in proposals.items()}
