from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...core.booking import to_book
from ...core.money import CENT, ZERO, to_decimal
from ..common.account_dunning_facts import BOOKED
from ..common.creditors_day import creditors_day
from ..common.dialogs import open_dialog
from ..common.private_context import passed

PARTS = [("interest", "Late-payment interest"), ("indemnity", "Flat indemnity")]


COMPUTED_TOGETHER = 25_000

# One row per penalty and part: corrections are netted with what they correct. What was received in
# the period is what was open before, plus what was booked, minus what is still open.
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

TRANSFERS = """
    SELECT partial.debit_move_id AS item_id,
           max(moved.id) AS line_id,
           max(move.date) AS date
      FROM account_partial_reconcile partial
      JOIN account_move_line credit ON credit.id = partial.credit_move_id
      JOIN account_move move ON move.id = credit.move_id AND move.state = 'posted'
      JOIN account_move_line moved ON moved.move_id = move.id AND moved.debit > 0
      JOIN account_account account ON account.id = moved.account_id
       AND account.code_store ->> %(root)s LIKE %(doubtful)s
     WHERE partial.debit_move_id IN %(items)s
     GROUP BY partial.debit_move_id
"""


class AccountDunningPenalty(models.Model):
    """What one due item owes in penalties: computed, booked, paid and waived.

    Runs converge: each computes what the item owes up to a day, deducts what was waived and what is
    booked, and books the difference, positive or negative. What is booked is read from the journal
    items linked to this record (``account.move.line.dunning_penalty_id``), so that the books and
    this record cannot disagree.
    """

    _name = "account.dunning.penalty"
    _description = "Late-Payment Penalties of an Item"
    _inherit = ["mail.thread", "mail.activity.mixin", "account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "partner_id, date_maturity, id"
    _rec_name = "move_id"

    company_id = fields.Many2one(
        "res.company", string="Creditor", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    move_line_id = fields.Many2one(
        "account.move.line", string="Item", readonly=True, ondelete="set null"
    )
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True, index=True)
    date_maturity = fields.Date(string="Due date", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    euro_id = fields.Many2one("res.currency", compute="_compute_euro_id")
    computed_until = fields.Date(readonly=True)
    interest_from = fields.Date(readonly=True, help="First day that bears interest.")
    interest_to = fields.Date(
        readonly=True,
        help="Last day that bears interest: that of the payment, or the last computed.",
    )
    principal_left = fields.Monetary(readonly=True, help="Principal not yet paid on that day.")
    interest = fields.Monetary(string="Interest computed", readonly=True)
    indemnity = fields.Monetary(
        string="Indemnity computed", readonly=True, currency_field="euro_id"
    )
    problem = fields.Char(readonly=True, help="Why nothing could be computed or booked.")
    booked_interest = fields.Monetary(compute="_compute_booked")
    booked_indemnity = fields.Monetary(compute="_compute_booked", currency_field="euro_id")
    left_to_pay = fields.Monetary(
        string="Booked, not yet paid",
        compute="_compute_booked",
        currency_field="company_currency_id",
        help="In the company's currency.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company currency"
    )
    waived_interest = fields.Monetary(readonly=True, tracking=True)
    waived_indemnity = fields.Monetary(readonly=True, currency_field="euro_id", tracking=True)
    waive_reason = fields.Char(readonly=True, tracking=True)
    waived_by = fields.Many2one("res.users", readonly=True)
    last_booked_on = fields.Date(readonly=True)
    line_ids = fields.One2many("account.move.line", "dunning_penalty_id", string="Journal items")

    _item_once = models.UniqueIndex(
        "(move_line_id) WHERE move_line_id IS NOT NULL",
        "This item already has its penalties.",
    )

    def _compute_euro_id(self):
        self.euro_id = self.env["res.currency"]._get_dunning_euro()

    @api.depends("line_ids.parent_state", "line_ids.amount_currency", "line_ids.amount_residual")
    def _compute_booked(self):
        for penalty in self:
            for part, amount in penalty._sum_booked().items():
                penalty[f"booked_{part}"] = amount
            lines = penalty.line_ids.filtered("dunning_is_booked")
            penalty.left_to_pay = sum(
                lines.filtered(lambda line: line.parent_state == "posted").mapped("amount_residual")
            )

    def _sum_booked(self):
        """Return what is booked of each part, or prepared in drafts: ``{part: amount}``.

        :return: floats, in the currency of the part; nothing for an empty record
        """
        return {part: booked for part, (booked, _paid) in self._sum_in_books().items()}

    def _sum_in_books(self):
        """Return what the books say of each part, reading each of their items once.

        :return: ``{part: (booked, paid)}``, floats in the currency of the part
        """
        booked, paid = (dict.fromkeys(dict(PARTS), 0.0) for _sum in range(2))
        for line in self.line_ids:
            if not (part := line.dunning_penalty_part):
                continue
            amount = line.amount_currency
            if line.dunning_is_booked:
                booked[part] += amount
            if line.parent_state == "posted":
                paid[part] += amount - line.amount_residual_currency
        return {part: (booked[part], paid[part]) for part in booked}

    # -- Waivers ---------------------------------------------------------------------------------

    def _check_manage(self):
        """:raise AccessError: unless the user may book and waive penalties of these companies"""
        self.check_access("read")
        if not self.env.su and not self.env.user.has_group(
            "account_dunning_fr.group_dunning_manager"
        ):
            raise AccessError(self.env._("Only dunning managers book and waive penalties."))

    def _waive(self, reason, interest=None, indemnity=None):
        """Waive penalties: they are no longer claimed, and the next booking reverses them.

        :param str reason: why, required
        :param Decimal interest: amount waived in all, everything by default
        :param Decimal indemnity: amount waived in all, everything by default
        """
        self._check_manage()
        if not reason:
            raise UserError(self.env._("Say why these penalties are waived."))
        for penalty in self:
            penalty.sudo().write(
                {
                    "waived_interest": penalty.interest if interest is None else interest,
                    "waived_indemnity": penalty.indemnity if indemnity is None else indemnity,
                    "waive_reason": reason,
                    "waived_by": self.env.uid,
                }
            )

    def action_waive(self):
        """Ask for the reason, and waive."""
        self._check_manage()
        return open_dialog(
            "account.dunning.waive",
            self.env._("Waive penalties"),
            {"default_penalty_ids": self.ids},
        )

    def action_undo_waiver(self):
        """Claim waived penalties again; the next booking books them."""
        self._check_manage()
        self.sudo().write(
            {
                "waived_interest": 0,
                "waived_indemnity": 0,
                "waive_reason": False,
                "waived_by": False,
            }
        )

    def _add_waived(self, part, amount, reason):
        """Count what a person removed from the books as waived (or as restored, if negative).

        If that person removed a correction, the amount is negative: it waives nothing
        (``_get_waived``), and the next booking books the correction again.
        """
        self.ensure_one()
        other = "indemnity" if part == "interest" else "interest"
        waived = self._to_decimal(part, self[f"waived_{part}"] + amount)
        nothing_left = not waived and not self[f"waived_{other}"]
        self.sudo().write(
            {
                f"waived_{part}": float(waived),
                "waive_reason": not nothing_left and reason,
                "waived_by": not nothing_left and self.env.uid,
            }
        )

    def _get_waived(self, part):
        """Return the amount waived of a part, a ``Decimal``, never negative."""
        return max(self._to_decimal(part, self[f"waived_{part}"]), ZERO)

    def _to_decimal(self, part, amount):
        """Return an amount of a part as a ``Decimal``, in the interest's currency or in euros."""
        currency = self.currency_id if part == "interest" else self.euro_id
        return to_decimal(amount, currency.rounding or CENT)

    # -- Computed, still to book, left to claim ----------------------------------------------------

    @api.model
    def _get_items(self, creditor, partners=None, day=None):
        """Return the items whose penalties are to be booked: their level says so, or once did.

        :param creditor: ``res.company``
        :param partners: only these customers
        :param date day: a past day, of which the suspensions count; those of now by default
        :return: ``account.move.line``, the items of an invoice next to each other
        """
        self.env.flush_all()
        where = SQL("TRUE")
        if partners is not None:
            where = SQL(
                "partner.commercial_partner_id IN %s",
                tuple(partners.commercial_partner_id.ids) or (0,),
            )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM account_move_line line
                  JOIN res_partner partner ON partner.id = line.partner_id
                  LEFT JOIN account_dunning_level level ON level.id = line.dunning_level_id
                 WHERE line.company_id IN %s AND line.parent_state IN ('posted', 'cancel')
                   AND (level.penalties = 'applied' OR line.id IN (
                        SELECT move_line_id FROM account_dunning_penalty
                         WHERE company_id = %s AND move_line_id IS NOT NULL))
                   AND %s
                 ORDER BY line.move_id, line.id
                """,
                tuple(creditor._get_dunning_companies().ids),
                creditor.id,
                where,
            )
        )
        items = self.env["account.move.line"].browse([row[0] for row in rows])
        return items - self._get_suspended_items(creditor, day)

    @api.model
    def _get_suspended_items(self, creditor, day=None):
        """Hook: the items of a creditor that bear no penalties for the time being.

        :param date day: or that bore none on that day
        :return: ``account.move.line``; filled by the room of agreements
        """
        return self.env["account.move.line"]

    @api.model
    def _split_items(self, items):
        """Yield items by the ten thousand without splitting an invoice: one item bears the 40 €.

        A ledger of a million items then takes no more memory than a small one.

        :param items: ``account.move.line``, in the order of ``_get_items``
        """
        ids, start = items.ids, 0
        while start < len(ids):
            end = start + COMPUTED_TOGETHER
            if end < len(ids):
                # The rest of the same invoice comes along.
                siblings = {
                    row[0]
                    for row in self.env.execute_query(
                        SQL(
                            "SELECT id FROM account_move_line WHERE move_id = "
                            "(SELECT move_id FROM account_move_line WHERE id = %s)",
                            ids[end - 1],
                        )
                    )
                }
                while end < len(ids) and ids[end] in siblings:
                    end += 1
            yield items.browse(ids[start:end])
            start = end

    @api.model
    def _update(self, creditor, items, until):
        """Compute and store the penalties of items up to a day.

        :return: the ``account.dunning.penalty`` records of the items
        """
        accrued = self.env["account.dunning.accrual"]._compute_items(items, until)
        existing = {p.move_line_id.id: p for p in self.search([("move_line_id", "in", items.ids)])}
        to_create = []
        for item in items:
            partner = item.partner_id.commercial_partner_id
            vals = {
                **self._prepare_computed(accrued[item.id], until),
                "date_maturity": item.date_maturity,
            }
            if penalty := existing.get(item.id):
                changed = {name: value for name, value in vals.items() if penalty[name] != value}
                if penalty.partner_id != partner:
                    changed["partner_id"] = partner.id
                if changed:
                    penalty.write(changed)
            else:
                to_create.append(
                    {
                        **vals,
                        "company_id": creditor.id,
                        "partner_id": partner.id,
                        "move_line_id": item.id,
                        "move_id": item.move_id.id,
                        "currency_id": item.currency_id.id,
                    }
                )
        created = self.with_context(tracking_disable=True).create(to_create)
        return created.union(*existing.values())

    @api.model
    def _prepare_computed(self, accrued, until):
        """Return the values that a computation stores.

        :param accrued: ``Accrued`` of the item
        """
        segments = accrued.statement.segments if accrued.statement else ()
        return {
            "interest": float(accrued.interest),
            "indemnity": float(accrued.indemnity),
            "principal_left": float(accrued.statement.principal_left) if accrued.statement else 0.0,
            "interest_from": bool(segments) and segments[0].start,
            "interest_to": bool(segments) and segments[-1].end,
            "computed_until": until,
            "problem": accrued.problem,
        }

    @api.model
    def _drop_orphans(self, creditor, until, partners=None):
        """Set the penalties of deleted items to zero, so that what was booked for them is reversed.

        :return: the penalties without an item
        """
        orphans = self.search(self._get_orphans_domain(creditor, partners))
        orphans.filtered(lambda penalty: penalty.interest or penalty.indemnity).write(
            {
                "interest": 0,
                "indemnity": 0,
                "principal_left": 0,
                "computed_until": until,
                "problem": False,
            }
        )
        return orphans

    def _get_difference(self):
        """Return what is still to book, by part: computed − waived − booked.

        :return: ``{"interest": Decimal, "indemnity": Decimal}``; zero while there is a problem
        """
        self.ensure_one()
        if self.problem:
            return {part: ZERO for part, _label in PARTS}
        return {
            part: self._get_part_to_book(part, self._to_decimal(part, self[part]))
            for part, _label in PARTS
        }

    def _get_part_to_book(self, part, computed):
        """Return what is still to book of one part; works on an empty record.

        :param str part: ``interest`` or ``indemnity``
        :param Decimal computed: what the item owes
        """
        booked = self._to_decimal(part, self[f"booked_{part}"])
        return to_book(computed, self._get_waived(part), booked)

    @api.model
    def _get_by_item(self, items):
        """Return the penalties of items, ``{item: penalty}``; empty where nothing was booked.

        Those passed on as ``booked`` (see ``pass_on``) are not looked up again.
        """
        booked = passed(self.env, "booked", {})
        if not all(item in booked for item in items):
            known = self.search([("move_line_id", "in", items.ids)])
            booked = {penalty.move_line_id: penalty for penalty in known}
        return {item: booked.get(item, self.browse()) for item in items}

    def _get_left(self, part, accrued):
        """Return what is still owed of a part: accrued, minus what was waived or paid.

        :param str part: ``interest`` or ``indemnity``
        :param Decimal accrued: what the item owes up to the day of the notice
        :return: float, never negative; works on an empty record
        """
        return float(max(accrued - self._get_settled(part), ZERO))

    def _get_settled(self, part):
        """Return how much of a part was waived or paid; ``Decimal``, works on an empty record.

        :param str part: ``interest`` or ``indemnity``
        """
        if not self:
            return ZERO
        _booked, paid = self._sum_in_books()[part]
        return self._get_waived(part) + self._to_decimal(part, paid)

    def _get_sums(self):
        """Return what is booked of each part, and how much of it was waived or paid.

        :return: ``{part: (Decimal, Decimal)}``, works on an empty record
        """
        if not self:
            return {part: (ZERO, ZERO) for part, _label in PARTS}
        return {
            part: (
                self._to_decimal(part, booked),
                self._get_waived(part) + self._to_decimal(part, paid),
            )
            for part, (booked, paid) in self._sum_in_books().items()
        }

    def _group_by_customer(self):
        """Group the penalties with something to book by customer."""
        groups = defaultdict(self.browse)
        for penalty in self:
            if any(penalty._get_difference().values()):
                groups[penalty.partner_id] |= penalty
        return groups

    # -- Totals of invoices and customers, in batch ------------------------------------------------

    def _get_figures(self):
        """Return what the books say of each penalty, in the company's currency.

        ``paid`` is what was settled, ``left`` what is booked and not yet received; corrections and
        reversals are netted. Draft entries do not count.

        :return: ``{penalty: {"booked", "paid", "left", "waived"}}``
        """
        sums = {
            penalty: (balance, residual)
            for penalty, balance, residual in self.env["account.move.line"]._read_group(
                [("dunning_penalty_id", "in", self.ids), ("parent_state", "=", "posted")],
                ["dunning_penalty_id"],
                ["balance:sum", "amount_residual:sum"],
            )
        }
        figures = {}
        for penalty in self:
            booked, left = sums.get(penalty, (0.0, 0.0))
            waived = {part: float(penalty._get_waived(part)) for part, _label in PARTS}
            figures[penalty] = {
                "booked": booked,
                "paid": booked - left,
                "left": left,
                "waived": penalty._in_company_currency(waived),
            }
        return figures

    def _in_company_currency(self, amounts, day=None):
        """Return the sum of both parts of a penalty in the company's currency.

        :param dict amounts: by part, interest in the penalty's currency, indemnity in euros
        :param date day: day of the exchange rate, today by default
        """
        self.ensure_one()
        currencies = {"interest": self.currency_id, "indemnity": self.euro_id}
        day = day or creditors_day(self)
        target = self.company_id.currency_id
        return target.round(
            sum(
                currencies[part]._convert(amount, target, self.company_id, day)
                for part, amount in amounts.items()
            )
        )

    @api.model
    def _sum_figures(self, penalties_by_record):
        """Add up the figures of the penalties of each record, in batch.

        :param dict penalties_by_record: ``{record: penalties}``
        :return: ``{record: {"booked", "paid", "left", "waived"}}``
        """
        figures = self.union(*penalties_by_record.values())._get_figures()
        return {
            record: {
                name: float(
                    sum(
                        to_decimal(figures[p][name], p.company_id.currency_id.rounding)
                        for p in penalties
                    )
                )
                for name in BOOKED
            }
            for record, penalties in penalties_by_record.items()
        }

    # -- Penalties booked and received over a period, for the tax return (CGI 237 sexies) ----------

    @api.model
    def _get_year_end_rows(self, creditor, first_day, last_day):
        """Return what was booked and received in a period, by penalty and part.

        Penalties under C. com. L441-10 II are taxed when they are received (CGI 237 sexies) but
        booked earlier, and the tax return takes the difference into account. ``opening`` and
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

    # -- Debts moved to doubtful customers ---------------------------------------------------------

    doubtful_line_id = fields.Many2one(
        "account.move.line",
        string="Doubtful debt",
        compute="_compute_doubtful_line_id",
        help="Where the item was moved to doubtful customers (416).",
    )
    doubtful_note = fields.Char(compute="_compute_doubtful_line_id")

    @api.depends("move_line_id.matched_credit_ids")
    def _compute_doubtful_line_id(self):
        transfers = self.sudo().move_line_id._get_dunning_doubtful_transfers()
        for penalty in self:
            line, day = transfers.get(penalty.move_line_id, (False, False))
            penalty.doubtful_line_id = line
            penalty.doubtful_note = line and line._get_dunning_doubtful_sentence(day)
