from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_amount

from ...core.claims_allowed import allowed
from .account_dunning_returned import OTHER_REASON, RETURN_REASONS
from .return_matching import ReturnMatching

SAME_DAYS = 5  # days between the notices of one return: rejected, then on the account


class AccountDunningDebitReturn(models.Model):
    """A direct debit that the bank returned, according to one of its files.

    What it had paid is unpaid again from that moment, whether or not the bank's line is in the
    books. Reported again, by the same file or another one, it changes nothing.
    """

    _name = "account.dunning.debit.return"
    _description = "Returned Direct Debit"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _dunning_writer = "code"
    _order = "day DESC, id DESC"
    _rec_name = "end_to_end"

    company_id = fields.Many2one("res.company", string="Creditor", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, ondelete="cascade"
    )
    item_ids = fields.Many2many(
        "account.move.line",
        "account_dunning_debit_return_item_rel",
        "return_id",
        "item_id",
        string="Unpaid again",
    )
    payment_item_id = fields.Many2one(
        "account.move.line",
        string="Payment that was returned",
        index="btree_not_null",
        ondelete="set null",
    )
    day = fields.Date(string="Returned on", required=True)
    amount = fields.Monetary(required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    code = fields.Selection(RETURN_REASONS, string="Reason of the bank")
    told = fields.Char(string="Reason as the bank gives it")
    end_to_end = fields.Char(string="End-to-end identification")
    mandate = fields.Char(string="Mandate (RUM)")
    key = fields.Char(required=True, help="The same whenever a file tells this return.")
    user_id = fields.Many2one("res.users", string="Imported by")
    fee_told = fields.Monetary(string="Charged by the bank", help="As its file says.")
    fee_amount = fields.Monetary(
        string="Fee claimed",
        writer="anyone",
        help="What the bank charged for this return: a cost claimed beside the 40 €, from a "
        "professional or a public body only, on justification (C. com. L. 441-10 II; CCP L. "
        "2192-13); never from a consumer (CPCE L. 111-8).",
    )
    fee_file = fields.Binary(
        string="Notice of the bank", attachment=True, writer="anyone", help="It proves the fee."
    )
    fee_file_name = fields.Char(writer="anyone")
    is_fee_allowed = fields.Boolean(compute="_compute_is_fee_allowed")

    _once = models.UniqueIndex("(company_id, key)", "This return is recorded already.")
    _fee_positive = models.Constraint("CHECK (fee_amount >= 0)", "A fee is a positive amount.")

    @api.depends("partner_id.dunning_regime")
    def _compute_is_fee_allowed(self):
        for each in self:
            each.is_fee_allowed = allowed(each.partner_id.dunning_regime).costs.possible

    @api.depends("partner_id", "amount", "currency_id")
    def _compute_display_name(self):
        for each in self:
            amount = format_amount(self.env, each.amount, each.currency_id)
            each.display_name = f"{each.partner_id.display_name} – {amount}"

    @api.constrains("fee_amount", "fee_file")
    def _check_fee(self):
        for each in self.filtered("fee_amount"):
            if not each.is_fee_allowed:
                raise ValidationError(
                    self.env._(
                        "The fee of a returned debit is claimed from a professional or a public "
                        "body only, once its regime is confirmed; never from a consumer (CPCE "
                        "L. 111-8)."
                    )
                )
            if not each.fee_file:
                raise ValidationError(
                    self.env._("Join the notice of the bank: a cost is claimed on justification.")
                )

    def _get_reason(self):
        """Return why the bank returned the debit; in its own words if the reason is unknown."""
        self.ensure_one()
        label = dict(self._fields["code"]._description_selection(self.env)).get(self.code, "")
        return f"{label} ({self.told})" if self.code == OTHER_REASON and self.told else label

    # -- Import of a bank's file -------------------------------------------------------------------

    @api.model
    def _import(self, rows, companies):
        """Apply the returned debits of a file, one by one; refused ones have a reason.

        :param rows: ``core.return_entries.Returned``
        :param companies: ``res.company`` in whose books they may be
        :return: the new records, how many returns were known already, and list of (line, reason,
            value) of those that could not be applied
        """
        made, known, problems = self.browse(), 0, []
        if not rows:
            return made, known, problems
        returns = self.sudo()
        matching = ReturnMatching(returns.env, companies, rows)
        earlier = returns._find_told(rows, companies)
        keys = set(earlier.mapped("key"))
        told = earlier.grouped("end_to_end")
        for row in rows:
            if row.key in keys or any(each._is_same(row) for each in told.get(row.end_to_end, ())):
                known += 1
                continue
            found, reason = matching.match(row)
            name = " ".join(filter(None, [row.end_to_end or row.name or row.mandate, row.words]))
            if not reason:
                row = matching.complete(row, found)
                found, reason, name = returns._try(row, found, name)
                made |= found
                keys |= set(found.mapped("key"))
            if reason:
                problems.append((row.line, reason, name[:80]))
        return made.sudo(self.env.su), known, problems

    def _find_told(self, rows, companies):
        """Return what earlier files said of these returns: by their key, or by the debit itself."""
        debits = {row.end_to_end for row in rows if row.end_to_end}
        return self.search(
            Domain("company_id", "in", companies.dunning_creditor_id.ids)
            & (Domain("key", "in", {row.key for row in rows}) | Domain("end_to_end", "in", debits))
        )

    def _is_same(self, row):
        """Whether a line reports this return again; another file may do so a day or two later.

        A line that repeats nothing of the debit has neither its mandate nor its amount.
        """
        alike = row.amount is None or (
            (self.mandate or "") == (row.mandate or "")
            and self.currency_id.compare_amounts(self.amount, float(row.amount)) == 0
        )
        return (
            bool(row.end_to_end) and alike and abs(self.day - row.day) <= timedelta(days=SAME_DAYS)
        )

    def _try(self, row, found, name):
        """Apply one return: the record, or why Odoo refused it, as a reason and a value."""
        try:
            with self.env.cr.savepoint():
                return self._apply(row, found), "", ""
        except UserError as error:
            return self.browse(), "refused", f"{name}: {error}"

    def _apply(self, row, found):
        """Record a return and reopen what it had paid.

        :param row: ``core.return_entries.Returned``
        :param found: the debit, as ``ReturnMatching`` found it
        """
        code = row.code or OTHER_REASON
        payment = found if found._name == "account.move.line" and found[:1].balance < 0 else None
        if payment:
            items = payment.matched_debit_ids.debit_move_id
        else:
            items = found if found._name == "account.move.line" else found._get_dunning_items()
        made = self.create(
            {
                "company_id": found.company_id.dunning_creditor_id.id,
                "partner_id": found.partner_id.commercial_partner_id.id,
                "item_ids": [fields.Command.set(items.ids)],
                "payment_item_id": payment and payment.id,
                "day": row.day,
                "amount": float(row.amount),
                "currency_id": found.currency_id.id,
                "code": code,
                "told": row.told or False,
                "end_to_end": row.end_to_end or False,
                "mandate": row.mandate or False,
                "key": row.key,
                "user_id": self.env.uid,
                "fee_told": float(row.fee),
            }
        )
        if payment:
            payment._return_dunning_payment(row.day, code)
        else:
            if found._name == "account.payment":
                found.action_reject()
            items._follow_dunning_return(row.day, code)
        return made
