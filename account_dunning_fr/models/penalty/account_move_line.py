from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_date, formatLang

from ...core.money import ZERO, to_decimal
from ..common.ledger_query import get_fields
from ..common.private_context import passed
from ..plan.query.items import DOUBTFUL_CODE
from .account_dunning_penalty import PARTS, TRANSFERS
from .account_move import PENALTY_LINKS

# What the query for transfers reads.
READ_FOR_TRANSFERS = {
    "account.partial.reconcile": ["debit_move_id", "credit_move_id"],
    "account.move": ["state", "date"],
    "account.move.line": ["move_id", "debit", "account_id"],
    "account.account": ["code_store"],
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    dunning_penalty_id = fields.Many2one(
        "account.dunning.penalty",
        string="Penalties of",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
        copy=False,
    )
    dunning_penalty_part = fields.Selection(PARTS, readonly=True, copy=False)
    dunning_is_booked = fields.Boolean(compute="_compute_dunning_is_booked")

    @api.model
    def _is_dunning_handed_on(self, field):
        """Whoever may reverse an entry may copy the links of its items to their reversals."""
        reversing = field.name in PENALTY_LINKS and passed(self.env, "reversing")
        return bool(reversing) or super()._is_dunning_handed_on(field)

    @api.depends("dunning_penalty_id", "parent_state", "move_id.posted_before")
    def _compute_dunning_is_booked(self):
        """Whether it is in the books, or prepared for them; cancelled entries do not count."""
        for line in self:
            prepared = line.parent_state == "draft" and not line.move_id.posted_before
            line.dunning_is_booked = bool(line.dunning_penalty_id) and (
                line.parent_state == "posted" or prepared
            )

    def _copy_data_extend_business_fields(self, values):
        """The reversal of a penalty item reverses the penalty; any other copy has no link."""
        result = super()._copy_data_extend_business_fields(values)
        if passed(self.env, "reversing"):
            values["dunning_penalty_id"] = self.dunning_penalty_id.id
            values["dunning_penalty_part"] = self.dunning_penalty_part
        return result

    def _get_dunning_rate_labels(self):
        """Return the basis of the rate of each item, as a statement names it: ``{item: text}``.

        Each basis is written once.
        """
        labels, written = {}, {}
        for item in self:
            move, partner = item.move_id, item.partner_id.commercial_partner_id
            # Same fallback as ``_get_dunning_terms``, for an entry without terms of its own.
            agreed = move._ids
            if not move.dunning_rate_type:
                agreed = (move.commercial_partner_id.id, move.company_id.id)
            key = (partner.id, agreed)  # by id: hashing records is slower
            if key not in written:
                regime = partner.sudo().dunning_regime
                written[key] = move._get_dunning_stated_rate(regime)
            labels[item] = written[key]
        return labels

    def _get_dunning_schedule(self, table, regime, due):
        """Return the schedule of rates that applies to this item.

        :param date due: last day that is not late
        """
        return self.move_id._get_dunning_schedule(table, regime, fields.Date.add(due, days=1))

    # -- Doubtful customers ------------------------------------------------------------------------

    def _get_dunning_doubtful_transfers(self):
        """Return the items moved to doubtful customers (PCG 416), ``{item: (line, day)}``.

        The transfer settles the item in the books, so that it is no longer chased; the debt lives
        on in the line of the doubtful account.
        """
        if not self.ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                TRANSFERS,
                items=tuple(self.ids),
                root=str(self.company_id[:1].root_id.id),
                doubtful=DOUBTFUL_CODE,
                to_flush=get_fields(self.env, READ_FOR_TRANSFERS),
            )
        )
        return {self.browse(item): (self.browse(line), day) for item, line, day in rows}

    def _get_dunning_doubtful_sentence(self, day):
        """Return what became of a debt that was moved to this line of a doubtful account."""
        self.ensure_one()
        return self.env._(
            "Moved to %(account)s on %(date)s, %(left)s left there: it is no longer chased, and "
            "its interest goes on until it is paid.",
            account=self.account_id.display_name,
            date=format_date(self.env, day),
            left=formatLang(
                self.env, self.amount_residual, currency_obj=self.company_id.currency_id
            ),
        )

    # -- Entries of penalties ----------------------------------------------------------------------

    @api.constrains("partner_id")
    def _check_dunning_penalty_customer(self):
        """Penalties are owed by the customer of their invoice, whatever is typed on their entry.

        Their lines, the note and what is left to claim would not agree any more. A reversal may
        name whoever the reversed entry names.
        """
        for line in self.filtered("dunning_penalty_id"):
            move = line.move_id
            owing = line.dunning_penalty_id.sudo().partner_id | move.reversed_entry_id.partner_id
            named = line.partner_id.commercial_partner_id
            others = move.partner_id.commercial_partner_id - owing.commercial_partner_id
            if others or not named or named not in owing.commercial_partner_id:
                line._refuse_dunning_penalty_customer()

    def _refuse_dunning_penalty_customer(self):
        """:raise ValidationError: naming who owes the penalties, and what to do instead"""
        penalty = self.dunning_penalty_id.sudo()
        raise ValidationError(
            self.env._(
                "%(customer)s owes these penalties (%(invoice)s): their entry names no other "
                "customer. If the invoice is another customer's, correct the invoice, cancel this "
                "entry, choose “Claim again” on its penalties, and book them.",
                customer=penalty.partner_id.display_name,
                invoice=penalty.move_id.name or penalty.move_line_id.name or self.move_id.name,
            )
        )

    def unlink(self):
        """Treat what a person deletes from a draft entry as a waiver, as cancelling it would be."""
        prepared = self.filtered(
            lambda line: line.dunning_is_booked and line.parent_state == "draft"
        )
        for line in prepared:
            line.dunning_penalty_id._add_waived(
                line.dunning_penalty_part,
                line.amount_currency,
                self.env._("Prepared entry deleted"),
            )
        return super().unlink()

    # -- Retention of guarantee --------------------------------------------------------------------

    def _get_dunning_retention(self):
        """Return the part of the retention of guarantee that this item bears.

        It is what is paid last, so the last due items bear it. Neither between professionals nor
        against consumers does any text exclude it from the base.

        :return: ``Decimal``, in the item's currency
        """
        self.ensure_one()
        move = self.move_id.sudo()
        if not move.dunning_retention or move.commercial_partner_id.dunning_regime != "b2g":
            return ZERO
        step = self.currency_id.rounding
        left = to_decimal(move.dunning_retention, step)
        items = move.line_ids._filter_dunning_receivable().filtered("date_maturity")
        for item in items.sorted(lambda line: (line.date_maturity, line.id), reverse=True):
            borne = min(left, to_decimal(item.amount_currency, step))
            if item == self:
                return borne
            left -= borne
        return ZERO

    def _get_dunning_principal(self):
        """Return the amount on which this item bears interest, VAT included, before any payment.

        :return: ``Decimal``, in the item's currency
        """
        self.ensure_one()
        return to_decimal(self.amount_currency) - self._get_dunning_retention()
