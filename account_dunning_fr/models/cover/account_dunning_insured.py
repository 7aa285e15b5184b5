from datetime import date

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain

from ...core.insurance import Told, clocks, is_extension_allowed
from ...core.insured_share import share
from ...core.insured_steps import exclusion, is_told_late, next_step
from ...core.money import to_decimal
from ..agreement.account_dunning_dispute import OPEN
from ..common.account_dunning_run import recorded
from ..common.creditors_day import creditors_day
from ..common.rows import write_changed
from ..loss.account_dunning_bad_debt import PROPOSERS
from ..loss.entry_values import prepare_entry
from .insurance_pack import download

STEPS = [
    ("nothing", "Nothing to do"),
    ("notify", "Declare as unpaid"),
    ("intervene", "Ask for the intervention"),
    ("late", "Past the day of the contract"),
    ("excluded", "Not covered"),
    ("wait", "The insurer examines"),
    ("claim", "Indemnity to ask for"),
    ("paid", "Indemnity booked"),
    ("over", "Paid by the customer"),
]
CLOSED = ("paid", "over")
EXCLUSIONS = [("term", "Term of payment too long"), ("dispute", "Disputed")]
TOLD = ("notified_on", "asked_on", "consented_on")  # what a person did: never on a future day
OPEN_STATE = "open"


class AccountDunningInsured(models.Model):
    """An overdue item covered by an insurer: what was reported, and what has to be by when.

    The dates follow from the contract (``core.insurance``); a person records what was done and
    when.
    """

    _name = "account.dunning.insured"
    _description = "Insured Item Overdue"
    _inherit = ["mail.thread", "account.dunning.guarded", "account.dunning.plausible"]
    _order = "act_by NULLS LAST, id"
    _rec_name = "move_id"
    _mail_post_access = "read"
    _dunning_shown_state = f"step == 'paid' and 'booked' or '{OPEN_STATE}'"

    cover_id = fields.Many2one(
        "account.dunning.cover", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="cover_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="cover_id.partner_id", store=True, index=True)
    insurance_id = fields.Many2one(related="cover_id.insurance_id", store=True, index=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    date_maturity = fields.Date(string="Due date", required=True, readonly=True)
    amount_company = fields.Monetary(
        string="Still owed", currency_field="company_currency_id", readonly=True
    )
    extended_to = fields.Date(
        tracking=True,
        writer=OPEN_STATE,
        help="The due date agreed with the customer since. It moves the request for intervention.",
    )
    notified_on = fields.Date(string="Declared on", tracking=True, writer=OPEN_STATE)
    asked_on = fields.Date(string="Intervention asked on", tracking=True, writer=OPEN_STATE)
    consented_on = fields.Date(
        string="Consent of the insurer on",
        tracking=True,
        writer=OPEN_STATE,
        help="To an extension longer than the contract allows.",
    )
    reference = fields.Char(string="Insurer's reference", tracking=True, writer="anyone")
    notify_by = fields.Date(string="To be declared by", readonly=True)
    extend_until = fields.Date(string="Extended until, at the latest", readonly=True)
    intervene_by = fields.Date(string="Intervention to be asked by", readonly=True)
    paid_from = fields.Date(string="Indemnity from", readonly=True)
    stop_after = fields.Date(
        string="Deliveries stop after",
        readonly=True,
        help="The longest extension of the contract, or the one to which the insurer consented.",
    )
    extension_problem = fields.Char(compute="_compute_extension_problem")
    step = fields.Selection(STEPS, readonly=True, index=True, default="nothing", required=True)
    act_by = fields.Date(string="To be done by", readonly=True)
    excluded = fields.Selection(EXCLUSIONS, string="Why it is not covered", readonly=True)
    told_late = fields.Boolean(
        string="Told too late",
        readonly=True,
        help="The insurer was told after a day of the contract, or is not told yet. He decides.",
    )
    indemnity = fields.Monetary(
        string="Indemnity expected", currency_field="company_currency_id", readonly=True
    )
    own_share = fields.Monetary(
        string="Remains ours", currency_field="company_currency_id", readonly=True
    )
    indemnity_move_id = fields.Many2one(
        "account.move",
        string="Entry of the indemnity",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _once = models.UniqueIndex("(move_line_id)", "This item is followed already.")

    def _get_dunning_state(self):
        """What was reported to the insurer is final once the indemnity is booked."""
        self.ensure_one()
        return "booked" if self.step == "paid" else OPEN_STATE

    @api.depends("extended_to", "consented_on")
    @api.depends_context("lang")
    def _compute_extension_problem(self):
        for item in self:
            contract = item.insurance_id.sudo()._get_contract()
            needed = item.extended_to and not is_extension_allowed(
                contract, item.date_maturity, item.extended_to
            )
            item.extension_problem = (
                self.env._("Longer than the contract allows: ask the insurer first.")
                if needed and not item.consented_on
                else False
            )

    @api.constrains("extended_to", *TOLD)
    def _check_days(self):
        today = creditors_day(self)
        for item in self:
            if item.extended_to and item.extended_to < item.date_maturity:
                raise ValidationError(self.env._("An extension does not end before the due date."))
            if any(item[name] and item[name] > today for name in TOLD):
                raise ValidationError(
                    self.env._("What the insurer was told was told today at the latest.")
                )

    def write(self, vals):
        result = super().write(vals)
        if {"extended_to", *TOLD} & vals.keys():
            self.sudo()._follow(creditors_day(self))
        if "asked_on" in vals:
            self._put_in_hand()
        return result

    def _put_in_hand(self):
        """Items that the insurer was asked to collect are in his hand, until paid or withdrawn.

        :raise UserError: if one is in another's hand
        """
        hands = self.env["account.dunning.hand"]
        held = hands._get_live(self.move_line_id).filtered("insured_id")
        asked = self.filtered(lambda item: item.asked_on and item.step != "over")
        for item in asked - held.insured_id:
            hands._take("insurer", item.move_line_id, ("insured_id", item), item.asked_on)
        ended = held.filtered(lambda hand: hand.insured_id in self - asked)
        ended._give_back(creditors_day(self))

    # -- The look at the ledger --------------------------------------------------------------------

    @api.model
    @recorded("cover")
    def _cron_look(self):
        """Follow the insured items of every creditor that has a contract; one commit for each."""
        # Ended contracts too: what they cover is still owed, and still has to be reported.
        ever = [("active", "in", (True, False))]
        creditors = self.env["account.dunning.insurance"].sudo().search(ever).company_id
        self.env["ir.cron"]._commit_progress(remaining=len(creditors))
        for creditor in creditors:
            with self.env["account.dunning.run"]._working_for(creditor, self) as (today, local):
                local._look(creditor, today)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _look(self, creditor, today, partners=None):
        """Find the overdue insured items, and update the known ones.

        :param creditor: ``res.company``
        :param date today: the day of the review
        :param partners: commercial partners; None for all with cover
        """
        model = self.sudo().with_context(tracking_disable=True)
        domain = [("company_id", "=", creditor.id)]
        if partners is not None:
            domain.append(("partner_id", "in", partners.ids))
        covers = model.env["account.dunning.cover"].search(
            [*domain, ("insurance_id.active", "=", True)]
        )
        known = model.search([*domain, ("step", "!=", "paid")])
        items = model._find_items(creditor, covers.partner_id, today)
        new = model.create(
            [
                {
                    "cover_id": cover.id,
                    "move_line_id": item.id,
                    "move_id": item.move_id.id,
                    "date_maturity": item.date_maturity,
                }
                for item, cover in covers._choose_all(items).items()
            ]
        )
        (known | new)._follow(today)

    @api.model
    def _find_items(self, creditor, partners, today):
        """Return the overdue items of these customers that are not followed yet."""
        lines = self.env["account.move.line"].sudo()
        followed = self.sudo()._search(
            [("company_id", "=", creditor.id), ("move_line_id", "!=", False)]
        )
        return lines.search(
            lines._get_dunning_domain(creditor._get_dunning_companies())
            & Domain("date_maturity", "<", today)
            & Domain("partner_id.commercial_partner_id", "in", partners.ids)
            & Domain("id", "not in", followed.subselect("move_line_id"))
        )

    def _follow(self, today):
        """Update for each item what is owed, what to do next, and by when."""
        items = self.filtered(lambda item: item.step != "paid")
        disputed = items._get_disputed()
        for item in items:
            write_changed(item, item._prepare_follow(today, item in disputed))
        items.filtered(lambda item: item.asked_on and item.step == "over")._put_in_hand()
        sharing = [("cover_id", "in", items.cover_id.ids), ("step", "!=", "paid")]
        for cover, found in self.search(sharing).grouped("cover_id").items():
            found._share(cover)

    def _get_disputed(self):
        """Return the items that are disputed, at least in part."""
        disputes = self.env["account.dunning.dispute"].sudo()
        found = disputes.search([("move_id", "in", self.move_id.ids), ("state", "in", OPEN)])
        whole = found.filtered(lambda dispute: not dispute.move_line_id).move_id
        return self.filtered(
            lambda item: item.move_id in whole or item.move_line_id in found.move_line_id
        )

    def _prepare_follow(self, today, disputed):
        """Return the updated values of an item.

        :param bool disputed: whether it has an open dispute
        """
        contract, told = self.insurance_id._get_contract(), self._get_told()
        issued = self.move_id.invoice_date or self.move_id.date
        limits = clocks(contract, self.date_maturity, told)
        excluded = exclusion(contract, issued, self.date_maturity, disputed=disputed)
        line = self.move_line_id
        owed = max(line.amount_residual, 0.0) if line.parent_state == "posted" else 0.0
        step = next_step(limits, today, told, excluded) if owed else "over"
        return {
            "amount_company": owed,
            "step": step,
            "act_by": self._get_act_by(limits, step, today) or False,
            "excluded": excluded or False,
            "told_late": bool(owed) and not excluded and is_told_late(limits, today, told),
            "notify_by": limits.notify_by or False,
            "extend_until": limits.extend_until or False,
            "intervene_by": limits.intervene_by or False,
            "paid_from": limits.paid_from or False,
            "stop_after": limits.stop_after or False,
        }

    def _get_told(self):
        self.ensure_one()
        return Told(
            self.notified_on or None,
            self.asked_on or None,
            self.extended_to or None,
            self.consented_on or None,
        )

    @api.model
    def _get_act_by(self, limits, step, today):
        """Return the day that goes with a step; if late, the last deadline missed."""
        if step == "late":
            days = (limits.notify_by, limits.intervene_by)
            return max((day for day in days if day and day < today), default=date.min)
        names = {"notify": "notify_by", "intervene": "intervene_by"}
        names |= dict.fromkeys(("wait", "claim"), "paid_from")
        return getattr(limits, names[step]) if step in names else None

    def _share(self, cover):
        """Share what is owed under a cover between the insurer and us, oldest items first."""
        currency = cover.company_id.currency_id
        borne = self.filtered(lambda item: item.step not in ("excluded", "over"))
        borne = borne.sorted(lambda item: (item.date_maturity, item.id))
        splits = share(
            [to_decimal(item.amount_company, currency.rounding) for item in borne],
            to_decimal(cover.limit if cover.decision == "granted" else 0.0, currency.rounding),
            to_decimal(cover.insurance_id.percent),
            to_decimal(currency.rounding),
        )
        for item, split in zip(borne, splits, strict=True):
            shares = {"indemnity": float(split.indemnity), "own_share": float(split.own_share)}
            write_changed(item, shares)
        for item in self - borne:
            write_changed(item, {"indemnity": 0.0, "own_share": item.amount_company})

    @api.model
    def _get_stopped(self, creditor, partners, today):
        """Return the ids of the items for which the insurer requires deliveries to stop.

        :param creditor: ``res.company``
        :param partners: commercial partners
        """
        found = self.sudo().search_fetch(
            [
                ("company_id", "=", creditor.id),
                ("partner_id", "in", partners.ids),
                ("stop_after", "<", today),
                ("step", "not in", ("excluded", "over")),
            ],
            ["move_line_id"],
        )
        return set(found.move_line_id.ids)

    # -- Actions of users --------------------------------------------------------------------------

    def action_notified(self):
        """Record that these items were reported to the insurer as unpaid, today."""
        self._say_done("notified_on")

    def action_asked(self):
        """Record that the insurer was asked to intervene for these items, today."""
        self._say_done("asked_on")

    def _say_done(self, name):
        self.check_access("write")
        waiting = self.filtered(lambda item: item.step not in CLOSED and not item[name])
        if not waiting:
            raise UserError(self.env._("Nothing of this waits to be told to the insurer."))
        waiting.write({name: creditors_day(self)})

    def action_pack(self):
        """Build the ZIP for the insurer: list, statement, invoices, letters, proofs.

        :raise UserError: for items of several covers
        """
        self.check_access("read")
        if len(self.cover_id) != 1:
            raise UserError(self.env._("The file for the insurer is of one customer at a time."))
        return download(self.sorted(lambda item: (item.date_maturity, item.id)))

    def action_prepare_indemnity(self):
        """Prepare the entry of the indemnity, as a draft for the accountant to check and post.

        :raise AccessError: unless the user is an accountant or a manager
        :raise UserError: if it is too early, or accounts are missing
        """
        self.ensure_one()
        self.check_access("write")
        if not self.env.su and not any(map(self.env.user.has_group, PROPOSERS)):
            raise AccessError(self.env._("Only accountants prepare the entry of an indemnity."))
        self.sudo().lock_for_update()
        if not self.indemnity_move_id:
            self._check_indemnity()
            entry = self.env["account.move"].create(self._prepare_indemnity())
            self._owned().indemnity_move_id = entry
        return self.indemnity_move_id._get_records_action()

    def _check_indemnity(self):
        contract = self.insurance_id
        if self.step not in ("wait", "claim") or not self.indemnity:
            raise UserError(
                self.env._("An indemnity is booked once the insurer was asked to intervene.")
            )
        if not contract.account_id or not contract.due_account_id:
            raise UserError(
                self.env._("Choose the two accounts of the indemnities on the contract first.")
            )

    def _prepare_indemnity(self):
        contract, currency = self.insurance_id, self.company_currency_id
        label = self.with_context(lang=self.company_id.partner_id._get_dunning_lang()).env._(
            "Insurance indemnity, %(invoice)s, %(customer)s",
            invoice=self.move_id.name,
            customer=self.partner_id.name,
        )
        lines = [
            {
                "name": label,
                "account_id": account.id,
                "partner_id": contract.insurer_id.id,
                "currency_id": currency.id,
                "amount_currency": amount,
                "tax_ids": [Command.clear()],
            }
            for account, amount in (
                (contract.due_account_id, self.indemnity),
                (contract.account_id, -self.indemnity),
            )
        ]
        journal = self.company_id._get_dunning_closing_journal()
        day = creditors_day(self)
        return prepare_entry(journal, contract.insurer_id, day, label, lines)

    def _book(self, entry):
        """Update the item once its entry is posted: what the insurer owes, and what remains ours.

        :param entry: ``account.move``
        """
        booked = sum(entry.line_ids.mapped("debit"))
        for item in self:
            item.write(
                {
                    "step": "paid",
                    "act_by": False,
                    "indemnity": booked,
                    "own_share": max(item.amount_company - booked, 0.0),
                }
            )

    def _unbook(self, keep_entry):
        """Reset the item if its entry no longer counts: the indemnity is prepared again.

        :param bool keep_entry: whether the entry is a draft again
        """
        self.write({"step": "nothing", **({} if keep_entry else {"indemnity_move_id": False})})
        self._follow(creditors_day(self))
