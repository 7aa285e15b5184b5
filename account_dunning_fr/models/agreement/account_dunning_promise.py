from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date

from ...core.money import to_decimal
from ...core.promises import BROKEN, KEPT, PARTLY, RUNNING, last_day, outcome
from ..common.account_dunning_retained import Kept
from ..common.account_dunning_run import recorded
from ..common.creditors_day import creditors_day
from .account_dunning_agreement import OPEN_ITEMS

LATE_RECORD_DAYS = 31  # a payment recorded later than this changes no promise any more


class AccountDunningPromise(models.Model):
    """An amount that a customer promised to pay by a day, and whether the promise was kept.

    While it runs, its items are not chased. The payments received since decide whether it was kept;
    the day after a broken promise its items are chased again, and the next notice says so.
    """

    _name = "account.dunning.promise"
    _description = "Promise to Pay"
    _inherit = ["account.dunning.agreement", "account.dunning.plausible"]
    _order = "date_promised DESC, id DESC"

    _hold_owner = "promise_id"
    _reply_outcome = "promise"
    _dunning_kept = Kept("promise", "closed_on")

    item_ids = fields.Many2many(
        "account.move.line",
        "account_dunning_promise_item_rel",
        "promise_id",
        "item_id",
        string="Items",
        compute="_compute_item_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain=OPEN_ITEMS,
        help="What the promise is about; all that is overdue, unless you choose. The others are "
        "still claimed.",
        writer="create running",
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        writer="create running",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        tracking=True,
        writer="create running",
    )
    date_promised = fields.Date(
        string="To be paid on",
        required=True,
        tracking=True,
        default=lambda self: self._default_date_promised(),
        writer="create running",
    )
    date_made = fields.Date(
        string="Promised on",
        required=True,
        default=fields.Date.context_today,
        writer="create running",
    )
    date_limit = fields.Date(
        string="Waited for until",
        compute="_compute_date_limit",
        store=True,
        help="The day promised and the days of tolerance of the company.",
    )
    source = fields.Selection(
        [
            ("call", "Call"),
            ("email", "E-mail"),
            ("letter", "Letter"),
            ("page", "His page"),
            ("other", "Other"),
        ],
        required=True,
        default="call",
        writer="create running",
    )
    state = fields.Selection(
        [
            (RUNNING, "Running"),
            (KEPT, "Promise kept"),
            (PARTLY, "Partly kept"),
            (BROKEN, "Promise broken"),
            ("replaced", "Replaced"),
            ("cancelled", "Cancelled"),
        ],
        default=RUNNING,
        required=True,
        readonly=True,
        tracking=True,
        copy=False,
        index=True,
    )
    closed_on = fields.Date(readonly=True, copy=False)
    amount_received = fields.Monetary(string="Received since", compute="_compute_amount_received")
    mentioned_in_id = fields.Many2one(
        "account.dunning.notice",
        string="Recalled in",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The message that told the customer that the promise was not kept.",
    )

    _amount_positive = models.Constraint("CHECK (amount > 0)", "Enter the amount promised.")
    _running_idx = models.Index("(company_id, partner_id) WHERE state = 'running'")

    @api.model
    def _default_date_promised(self):
        return fields.Date.context_today(self) + timedelta(days=7)

    @api.depends("partner_id", "company_id")
    def _compute_item_ids(self):
        for promise in self:
            promise.item_ids = promise._choose_items(promise.item_ids)

    @api.depends("item_ids")
    def _compute_currency_id(self):
        for promise in self:
            currency = promise.item_ids.currency_id[:1] or promise.company_id.currency_id
            promise.currency_id = currency or self.env.company.currency_id

    @api.depends("item_ids")
    def _compute_amount(self):
        for promise in self:
            promise.amount = sum(promise.item_ids.mapped("amount_residual_currency"))

    @api.depends("date_promised", "company_id")
    def _compute_date_limit(self):
        for promise in self:
            days = promise.company_id.sudo().dunning_promise_days
            promise.date_limit = promise.date_promised and last_day(promise.date_promised, days)

    @api.depends("state")
    def _compute_amount_received(self):
        received = self._get_received()
        for promise in self:
            promise.amount_received = float(received.get(promise.id, 0))

    @api.depends("amount", "date_promised", "currency_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = self.env._(
                "Promise of %(amount)s for %(date)s",
                amount=format_amount(self.env, promise.amount, promise.currency_id),
                date=format_date(self.env, promise.date_promised),
            )

    @api.constrains("item_ids", "partner_id", "company_id")
    def _check_items(self):
        self._check_agreed_items(
            without=self.env._(
                "Choose at least one unpaid item that the customer promises to pay."
            ),
            in_several=self.env._("A promise is in one currency: make one for each."),
        )

    @api.constrains("date_promised", "date_made")
    def _check_dates(self):
        for promise in self:
            if promise.date_promised < promise.date_made:
                raise ValidationError(
                    self.env._("A customer cannot promise for a day that is past.")
                )

    # -- CRUD ------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        promises = super().create(vals_list)
        for promise in promises:
            promise._replace_earlier()
            promise._hold()
        return promises

    def write(self, vals):
        result = super().write(vals)
        if {"item_ids", "date_promised", "company_id"} & set(vals):
            for promise in self.filtered(lambda promise: promise.state == RUNNING):
                promise._release_holds()
                promise._hold()
        return result

    def _replace_earlier(self):
        """Replace a running promise about the same item."""
        earlier = self.search(
            [
                ("id", "not in", self.ids),
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("state", "=", RUNNING),
                ("item_ids", "in", self.item_ids.ids),
            ]
        )
        earlier._close("replaced")

    def _hold(self):
        """Put the items of the promise on hold until its day and the tolerance have passed."""
        self.ensure_one()
        note = self._in_dunning_lang().display_name
        self._open_holds(
            [
                {
                    **vals,
                    "reason": "promise",
                    "note": note,
                    "date_from": min(self.date_made, creditors_day(self)),
                    "date_until": self.date_limit,
                }
                for vals in self._prepare_item_holds(self.item_ids)
            ]
        )

    # -- Kept or broken --------------------------------------------------------------------------

    def _get_received(self):
        """Return what was received for each promise up to its limit, ``{promise id: Decimal}``."""
        dated = self.filtered(lambda promise: isinstance(promise.id, int) and promise.date_limit)
        since = min(dated.mapped("date_made"), default=None)
        rivals = dated._get_rivals(since) if dated else dated
        return self.env["account.dunning.money.received"]._get_received(
            [
                (
                    promise.id,
                    promise.company_id.sudo(),
                    promise.partner_id,
                    promise.currency_id,
                    promise._get_owed_items(),
                    promise.date_made,
                    promise.date_limit,
                    to_decimal(promise.amount),
                )
                for promise in (dated.sudo() | rivals).sorted(
                    lambda promise: (promise.date_limit, promise.id)
                )
            ]
        )

    def _get_rival_domain(self, since):
        return [("state", "in", (RUNNING, KEPT, PARTLY, BROKEN)), ("date_limit", ">=", since)]

    @api.model
    def _review(self, creditor, today, partners=None):
        """Close the promises that are kept or broken by now, and check recently closed ones again.

        :param creditor: ``res.company``
        :param date today: the day of the review
        :param partners: only these customers; all by default
        :return: the promises that changed
        """
        domain = fields.Domain("company_id", "=", creditor.id) & (
            fields.Domain("state", "=", RUNNING)
            | fields.Domain("state", "in", (PARTLY, BROKEN))
            & fields.Domain("date_limit", ">=", today - timedelta(days=LATE_RECORD_DAYS))
        )
        if partners is not None:
            domain &= fields.Domain("partner_id", "in", partners.commercial_partner_id.ids)
        promises = self.search(domain)
        changed = self.browse()
        for promise, state in promises._judge(today).items():
            if state != promise.state:
                promise._close(state)
                changed |= promise
        return changed

    def _judge(self, today):
        """Return the state of each of these promises on a day, ``{promise: state}``."""
        received = self._get_received()
        return {
            promise: "cancelled"  # nothing of it is owed any more
            if not promise._get_owed_items()
            else outcome(
                to_decimal(promise.amount),
                max(received[promise.id], Decimal(0)),
                promise.date_limit,
                today,
                tolerance=to_decimal(promise.company_id.sudo().dunning_promise_amount),
                # What was settled later than promised is not kept.
                settled=today <= promise.date_limit and promise._is_settled(),
            )
            for promise in self
        }

    def _judge_again(self):
        """Check these kept promises again after money that had kept them left the books.

        Only then: a payment reconciled with something else since breaks no promise.
        """
        for promise, state in self._judge(creditors_day(self)).items():
            if state == RUNNING:
                promise._owned().write({"state": RUNNING, "closed_on": False})
                promise._hold()
            elif state != KEPT:
                promise._close(state)

    def _get_counted_days(self):
        """Return the first and the last day on which receipts count for this promise."""
        return self.date_made, self.date_limit

    def _follow_lost_money(self):
        self._judge_again()

    def _foresee_ends(self, first):
        """Return when these running promises cease to suspend anything if nothing more is paid.

        :param date first: no day before this one
        :return: ``{promise: date}``
        """
        return {
            promise: promise.date_limit + timedelta(days=1) if state == RUNNING else first
            for promise, state in self._judge(first).items()
        }

    def _close(self, state):
        """Close these promises; for a broken one, ask the person in charge what comes next."""
        if not self:
            return
        self._owned().write({"state": state, "closed_on": creditors_day(self)})
        self._release_holds()
        # One that was closed before (broken, then kept in part) has asked already.
        self.activity_unlink(["mail.mail_activity_data_todo"])
        if state in (BROKEN, PARTLY):
            for promise in self:
                promise._ask_what_next()

    def _ask_what_next(self):
        speaking = self._in_dunning_lang().with_context(mail_activity_quick_update=True)
        speaking.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self.user_id.id or self.env.uid,
            summary=speaking.env._("Promise not kept by %s", self.partner_id.display_name),
        )

    @api.model
    @recorded("promises")
    def _cron_review(self):
        """Review the promises and plans of every creditor; one commit for each."""
        creditors = self._get_agreement_creditors()
        self.env["ir.cron"]._commit_progress(remaining=len(creditors))
        for creditor in creditors:
            with self.env["account.dunning.run"]._working_for(creditor, self) as (today, local):
                local._review(creditor, today)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _get_agreement_creditors(self):
        """Return the creditors with promises, whether or not they send notices automatically."""
        return self.sudo()._read_group([], [], ["company_id:recordset"])[0][0]

    # -- Actions ---------------------------------------------------------------------------------

    def action_cancel(self):
        """Cancel a promise recorded by mistake: its items are chased again."""
        if any(promise.state != RUNNING for promise in self):
            raise UserError(self.env._("Only a running promise can be cancelled."))
        self._close("cancelled")

    def action_review(self):
        """Check the payments received up to now."""
        self.check_access("write")
        today = creditors_day(self)
        for creditor, promises in self.grouped("company_id").items():
            self.sudo()._review(creditor.sudo(), today, promises.partner_id)
