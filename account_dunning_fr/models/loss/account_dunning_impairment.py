from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...core.impairment import depreciation, propose
from ...core.money import CENT, to_decimal
from ..common.private_context import pass_on
from ..penalty.account_dunning_penalty_booking import REFUSALS
from .account_dunning_impairment_rule import GROUNDS
from .closing_facts import gather
from .impairment_entry import Closing, ImpairmentEntry

TREATMENTS = [
    ("keep", "Stays in 411"),
    ("doubtful", "416, no depreciation"),
    ("provision", "416 and depreciation"),
    ("loss", "Loss (654)"),
]


def money(string, **values):
    """Declare a monetary field of the closing in the company's currency."""
    return fields.Monetary(
        string=string, currency_field="company_currency_id", readonly=True, **values
    )


class AccountDunningImpairment(models.Model):
    """What a closing says of one customer: claim, proposal and reason, choice, entry.

    Closings converge: each books what should be on 416 and 491 minus what the books have, so that
    running one twice books nothing, and a payment recorded late corrects itself. The invoice stays
    open, and is chased, disputed and taken to court as before: its claim is on 416, and the line
    that moves it (``dunning_moved_item_id``) is not money of the customer. Only a loss settles it.

    An accountant chooses and prepares the entries; a manager posts and undoes them.
    """

    _name = "account.dunning.impairment"
    _description = "Doubtful Customer at a Closing"
    _inherit = ["account.dunning.bad.debt", "account.dunning.guarded", "account.dunning.plausible"]
    _dunning_writer = "code"
    _order = "date DESC, claim DESC, id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Date(string="Closing of", required=True, readonly=True, index=True)
    not_due = money("Not yet due")
    late_90 = money("1–90 days")
    late_180 = money("91–180 days")
    late_365 = money("181–365 days")
    late_more = money("Over a year")
    days_late = fields.Integer(readonly=True, aggregator="max")
    credits = money("Not allocated", help="Payments and credit notes, set against the oldest.")
    claim = money("Claim", help="What is open on the day, tax included, penalties apart.")
    vat = money("VAT declared", help="What the State may give back once the debt is lost.")
    vat_waiting = money("VAT on payment", help="Due with the payment: never due without it.")
    base = money("Base", help="The claim less its VAT: what would be lost.")
    moved = money("On 416 before")
    provided = money("On 491 before")
    recoverable = money("Paid after the loss", help="Booked as income (758300).")
    ground = fields.Selection(GROUNDS, readonly=True, help="Of the rule behind the proposal.")
    reason = fields.Char(readonly=True)
    proposal = fields.Selection(TREATMENTS, readonly=True)
    proposed_rate = fields.Float(string="Rate proposed", digits=(5, 2), readonly=True)
    treatment = fields.Selection(TREATMENTS, string="Choice", required=True, writer="proposed")
    rate = fields.Float(string="Depreciation (%)", digits=(5, 2), writer="proposed")
    takes_vat = fields.Boolean(
        string="VAT back with the loss",
        writer="proposed",
        help="The entry of the loss takes the VAT declared back, with the tags of the tax report. "
        "Only once the ground is there and the duplicates have been sent.",
    )
    evidence = fields.Text(
        string="Justification",
        writer="proposed",
        help="What justifies the choice: kept with the entry.",
    )
    wanted = money("Depreciation wanted", compute="_compute_wanted", store=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("prepared", "Entry prepared"),
            ("posted", "Booked"),
            ("undone", "Undone"),
        ],
        default="proposed",
        required=True,
        readonly=True,
        index=True,
    )
    entry_id = fields.Many2one("account.move", readonly=True, copy=False, index="btree_not_null")
    undo_reason = fields.Char(string="Why it is undone", writer="prepared posted")
    undone_by = fields.Many2one("res.users", readonly=True)
    merged_into_id = fields.Many2one(
        "account.dunning.impairment",
        string="Beside",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Booked of a customer who was merged since: the same closing of the one he became.",
    )
    problem = fields.Char(readonly=True, help="Why no entry could be prepared or posted.")

    _once = models.UniqueIndex(
        "(company_id, partner_id, date) WHERE state <> 'undone' AND merged_into_id IS NULL",
        "This customer is in this closing already.",
    )
    _rate_plausible = models.Constraint(
        "CHECK (rate >= 0 AND rate <= 100)", "A depreciation lies between 0 and 100 %."
    )

    @api.depends("base", "rate", "treatment")
    def _compute_wanted(self):
        for record in self:
            rate = record.rate if record.treatment == "provision" else 0
            step = to_decimal(record.company_currency_id.rounding or CENT)
            base = to_decimal(max(record.base, 0), step)
            record.wanted = depreciation(base, to_decimal(rate, CENT), step)

    @api.depends("partner_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for record in self:
            day = format_date(self.env, record.date)
            record.display_name = f"{record.partner_id.display_name} – {day}"

    @api.onchange("treatment")
    def _onchange_treatment(self):
        if self.treatment != "provision":
            self.rate = 0
        elif not self.rate:
            self.rate = self.proposed_rate

    # -- Proposals ---------------------------------------------------------------------------------

    @api.model
    def _close(self, company, day, partners=None):
        """Propose what to do with each customer's claims at a closing; nothing is booked.

        A person's choice is kept, with updated figures; prepared or booked lines are left alone.

        :param company: ``res.company``, one of the user's
        :param date day: the day of the closing
        :param partners: only these customers
        :return: the records of the closing, those already booked included
        """
        found = self._look(company, day, partners)
        return self._propose(company, day, found, partners)

    @api.model
    def _look(self, company, day, partners=None):
        """Return what a closing finds of each customer, like ``closing_facts.gather``.

        :raise AccessError: unless the user may prepare a closing in this company
        """
        self._check_proposes()
        if company not in self.env.companies:
            raise AccessError(self.env._("Switch to the company %s first.", company.name))
        return gather(company, day, partners)

    @api.model
    def _propose(self, company, day, customers, partners):
        """Store the proposals for customers; see ``_close``.

        :param dict customers: ``{partner id: closing_facts.Customer}``
        """
        owner = self.sudo().browse()
        domain = Domain(
            [
                ("company_id", "=", company.id),
                ("date", "=", day),
                ("state", "!=", "undone"),
                ("merged_into_id", "=", False),
            ]
        )
        if partners is not None:
            domain &= Domain("partner_id", "in", partners.ids)
        known = {record.partner_id.id: record for record in owner.search(domain)}
        matrix = self.env["account.dunning.impairment.rule"]._get_matrix(
            company.dunning_creditor_id
        )
        new, shown = [], set()
        self.env["account.dunning.vat.relief"]._follow_liquidations(company, customers)
        for partner_id, customer in customers.items():
            if not customer.is_shown(day):
                continue
            shown.add(partner_id)
            record = known.get(partner_id, owner)
            if record.state not in (False, "proposed"):
                continue
            vals = owner._prepare_proposal(customer, company, day, matrix)
            if record:
                record.write(record._keep_choice(vals))
            else:
                keys = {"company_id": company.id, "partner_id": partner_id, "date": day}
                choice = {"treatment": vals["proposal"], "rate": vals["proposed_rate"]}
                new.append({**vals, **keys, **choice})
        gone = [r for p, r in known.items() if p not in shown and r.state == "proposed"]
        owner.union(*gone).unlink()
        created = owner.create(new)
        return (owner.union(*known.values()).exists() | created).with_env(self.env)

    @api.model
    def _open_closing(self, company, day):
        """Create the proposals of a closing and open their list."""
        self._close(company, day)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_impairment"
        )
        domain = [("company_id", "=", company.id), ("date", "=", fields.Date.to_string(day))]
        name = self.env._("Doubtful customers on %s", format_date(self.env, day))
        return {**action, "domain": domain, "display_name": name, "name": name}

    @api.model
    def _prepare_proposal(self, customer, company, day, matrix):
        days = customer.days_late(day)
        found = propose(customer.facts, days, matrix if customer.claim else ())
        figures = {
            **customer.ages(day),
            "credits": customer.credits,
            "claim": customer.claim,
            "vat": customer.vat,
            "vat_waiting": customer.waiting,
            "base": customer.base,
            "moved": customer.moved,
            "provided": customer.provided,
            "recoverable": customer.recoverable,
        }
        return {
            **{name: float(amount) for name, amount in figures.items()},
            "days_late": days,
            "ground": found.rule and found.rule.ground,
            "proposal": found.treatment,
            "proposed_rate": float(found.percent),
            "reason": self._with_lang(company)._get_reason(customer, days),
            "problem": False,
        }

    @api.model
    def _get_reason(self, customer, days):
        """Return all known reasons, in words, not only the one that the rule used."""
        labels = dict(self._fields["ground"]._description_selection(self.env))
        told = [
            self.env._("%(fact)s (%(day)s)", fact=labels[ground], day=format_date(self.env, since))
            for ground, since in customer.facts.items()
        ]
        if days:
            told.append(self.env._("%s days late", days))
        return " ; ".join(told) or self.env._("Nothing open any more")

    def _keep_choice(self, vals):
        """Follow the proposal, unless a person chose otherwise."""
        if (self.treatment, self.rate) == (self.proposal, self.proposed_rate):
            vals = {**vals, "treatment": vals["proposal"], "rate": vals["proposed_rate"]}
        return vals

    # -- Entries -----------------------------------------------------------------------------------

    def action_prepare(self):
        """Prepare draft entries for the selected customers, with today's figures."""
        self._check_proposes()
        self.check_access("write")
        for (company, day), records in (
            self.filtered(lambda record: record.state == "proposed")
            .grouped(lambda record: (record.company_id, record.date))
            .items()
        ):
            records._check_last_closing(company, day)
            partners = records.partner_id
            found = records._look(company, day, partners)
            records._propose(company, day, found, partners)
            records = records.exists()
            records.sudo()._prepare_entries(company, found)
        return self._show()

    def _check_last_closing(self, company, day):
        """:raise UserError: if a later closing is booked, which is based on these figures"""
        later = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", self.partner_id.ids),
                ("date", ">", day),
                ("state", "in", ("prepared", "posted")),
            ],
            limit=1,
        )
        if later:
            raise UserError(
                self.env._(
                    "%s is booked in a later closing: undo that one first.", later.display_name
                )
            )

    def _prepare_entries(self, company, found):
        """Create all entries together; if one fails, create them one by one.

        :param dict found: ``{partner id: closing_facts.Customer}``
        """
        records = self.try_lock_for_update()
        try:
            with self.env.cr.savepoint():
                return records._create_entries(company, found)
        except OperationalError:
            raise
        except REFUSALS as error:
            if len(records) == 1:
                return records.write({"problem": error.args[0]})
        for record in records:
            record._prepare_entries(company, found)
        return None

    def _create_entries(self, company, found):
        """Create the draft entries of these proposals; one that changes nothing is posted as is.

        :param company: ``res.company`` of all of them
        :param dict found: result of the closing, by partner id
        """
        journal = company._get_dunning_closing_journal()
        vals_by_record, closing = {}, Closing(company, self[:1].date)
        closing.fetch([found[record.partner_id.id] for record in self])
        for record in self._with_lang(company):
            taxed = record.treatment == "loss" and record.takes_vat
            date = company._get_dunning_open_day(record.date, journal, taxed)
            entry = ImpairmentEntry(record, found[record.partner_id.id], closing).add_all()
            vals_by_record[record.id] = entry.vals(journal, date)
        asked = [record_id for record_id, vals in vals_by_record.items() if vals]
        entries = (
            self.env["account.move"]
            .with_company(company)
            .create([vals_by_record[record_id] for record_id in asked])
        )
        entry_by_record = dict(zip(asked, entries.ids, strict=True))
        for record in self:
            entry_id = entry_by_record.get(record.id)
            state = "prepared" if entry_id else "posted"
            record.write({"entry_id": entry_id, "state": state, "problem": False})

    def action_post(self):
        """Post the prepared entries; a refused one stays in draft and says why."""
        self._check_manages()
        self.check_access("write")
        for record in self.filtered(lambda each: each.state == "prepared"):
            try:
                with self.env.cr.savepoint():
                    record.entry_id.action_post()
            except REFUSALS as error:
                record.sudo().problem = error.args[0]
        return self._show()

    def action_undo(self):
        """Undo the entries: a draft is deleted, a posted one reversed, with the reason.

        :raise UserError: without a reason
        """
        self._check_manages()
        self.check_access("write")
        done = self.filtered(lambda record: record.state in ("prepared", "posted"))
        done._check_undo_reason()
        for record in done:
            record._undo()
        return self._show()

    def _undo(self):
        entry = self.entry_id.sudo()
        if entry.state == "posted":
            ref = self._with_lang(self.company_id).env._(
                "Undone: %(entry)s, %(reason)s", entry=entry.name, reason=self.undo_reason
            )
            self._reverse_entry(entry, ref, bool(entry.line_ids.tax_tag_ids))
        else:
            entry.unlink()
        self.sudo().write({"state": "undone", "undone_by": self.env.uid, "problem": False})

    # -- What follows from the entries -------------------------------------------------------------

    def _get_sent_reliefs(self):
        """Return the VAT reliefs of this customer whose duplicates have been sent."""
        return (
            self.env["account.dunning.vat.relief"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "=", self.partner_id.id),
                    ("state", "=", "sent"),
                ]
            )
        )

    @api.model
    def _fold_dunning_merged(self, customers, kept):
        """Keep one of several mere proposals for the same closing; it is computed again.

        What was booked stays, each with its own entry, and is undone separately: closings only
        book what the books do not say yet, so that both entries are counted once.
        """
        found = self.search(
            [
                ("partner_id", "in", customers.ids),
                ("state", "!=", "undone"),
                ("merged_into_id", "=", False),
            ]
        )

        def get_closing(record):
            return record.company_id, record.date

        doubles = found._get_dunning_doubles(
            kept, get_closing, lambda record: record.state == "proposed"
        )
        doubles.filtered(lambda record: record.state == "proposed").unlink()
        for booked in found.exists().grouped(get_closing).values():
            beside = booked._get_dunning_doubles(kept, get_closing)
            beside.merged_into_id = booked - beside
        return super()._fold_dunning_merged(customers, kept)

    @api.model
    def _get_waiting(self, creditors, limit):
        """Return what remains to be prepared or posted of the last closing of each company.

        A claim that stays on 411 and was never on 416 requires nothing; older closings are
        superseded.

        :param creditors: ``res.company``
        """
        domain = [("company_id", "in", creditors._get_dunning_companies().ids)]
        last = self._read_group([*domain, ("state", "!=", "undone")], ["company_id"], ["date:max"])
        of_last = Domain.OR(
            [("company_id", "=", company.id), ("date", "=", day)] for company, day in last
        )
        open_ones = [
            "|",
            ("state", "=", "prepared"),
            "&",
            ("state", "=", "proposed"),
            "|",
            ("treatment", "!=", "keep"),
            ("moved", "!=", 0),
        ]
        return self.search(of_last & Domain(open_ones), limit=limit)

    def _get_moved_items(self):
        return self.entry_id.line_ids.dunning_moved_item_id

    def _settle(self):
        """Reconcile what the posted entry closes: 416, and a lost invoice with its lines."""
        for record in self:
            lines = record.entry_id.line_ids
            items = record._get_moved_items()
            moved = self.env["account.move.line"].search(
                [("dunning_moved_item_id", "in", items.ids), ("parent_state", "=", "posted")]
            )
            for item in items:
                of_item = moved.filtered(lambda line, item=item: line.dunning_moved_item_id == item)
                others = of_item.filtered(
                    lambda line, item=item: line.account_id != item.account_id
                )
                others.filtered(lambda line: line.account_id.reconcile)._settle_dunning_moved()
                if record.treatment == "loss":
                    own = of_item.filtered(
                        lambda line, item=item: line.account_id == item.account_id
                    )
                    record._settle_lost(item, own)
            record._settle_received(lines)
            if record.treatment == "loss" and record.takes_vat:
                record._get_sent_reliefs().write(
                    {"entry_id": record.entry_id.id, "state": "booked"}
                )

    def _settle_lost(self, item, moved):
        """Reconcile a lost item with its transfers, as of the day of the loss.

        Odoo dates a reconciliation by its later entry, the transfer: between that day and the loss
        the item would appear to be settled.
        """
        before = item.matched_credit_ids | item.matched_debit_ids
        pass_on(moved | item, losing=True)._settle_dunning_moved()
        made = (item.matched_credit_ids | item.matched_debit_ids) - before
        made.max_date = self.entry_id.date

    def _settle_received(self, lines):
        """Reconcile what was paid after a loss with the income that it became."""
        received = lines._filter_dunning_receivable().filtered(
            lambda line: not line.dunning_moved_item_id and line.balance > 0
        )
        if received:
            credits = self.env["account.move.line"].search(
                [
                    ("account_id", "=", received.account_id.id),
                    ("partner_id", "child_of", self.partner_id.id),
                    ("company_id", "=", self.company_id.id),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("balance", "<", 0),
                    ("dunning_moved_item_id", "=", False),
                ],
                order="date, id",
            )
            (received | credits)._settle_dunning_moved()

    def _unsettle(self):
        """Undo the reconciliations of ``_settle``, so that the items are owed again."""
        items = self._get_moved_items()
        moved = (
            self.env["account.move.line"]
            .sudo()
            .search([("dunning_moved_item_id", "in", items.ids)])
        )
        partials = items.sudo().matched_credit_ids.filtered(
            lambda partial: partial.credit_move_id in moved
        )
        self.env["account.dunning.vat.relief"].sudo().search(
            [("entry_id", "in", self.entry_id.ids), ("state", "=", "booked")]
        ).write({"entry_id": False, "state": "sent"})
        (partials | self.entry_id.sudo().line_ids.matched_debit_ids).unlink()

    def _show(self):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_impairment"
        )
        return {**action, "domain": [("id", "in", self.exists().ids)], "context": {}}
