from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ...core.money import ZERO
from ..common.groups import ACCOUNTING_GROUPS
from .account_dunning_penalty import to_decimal


class AccountMove(models.Model):
    """The retention of guarantee (« retenue de garantie ») of a public contract."""

    _inherit = "account.move"

    dunning_retention = fields.Monetary(
        string="Retention of guarantee",
        copy=False,
        groups=ACCOUNTING_GROUPS,
        help="What a public buyer rightly keeps until the works are accepted for good: it bears "
        "no late-payment interest (CCP R. 2192-33). Leave it empty where the payment terms give it "
        "a due date of its own.",
    )
    dunning_has_retention = fields.Boolean(
        compute="_compute_dunning_has_retention", groups=ACCOUNTING_GROUPS
    )

    @api.depends("commercial_partner_id.dunning_regime", "dunning_retention", "move_type")
    def _compute_dunning_has_retention(self):
        for move in self:
            regime = move.commercial_partner_id.dunning_regime
            move.dunning_has_retention = move.move_type == "out_invoice" and (
                regime == "b2g" or bool(move.dunning_retention)
            )

    @api.constrains("dunning_retention")
    def _check_dunning_retention(self):
        for move in self.filtered("dunning_retention"):
            if not 0 < move.dunning_retention < move.amount_total:
                raise ValidationError(
                    self.env._(
                        "The retention of guarantee lies between zero and the total of the "
                        "invoice, %s.",
                        formatLang(self.env, move.amount_total, currency_obj=move.currency_id),
                    )
                )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_dunning_retention(self):
        """Return the part of the retention of guarantee that this item bears.

        It is what is paid last: the last due items bear it. Between professionals and against
        consumers no text takes it off the base.

        :return: ``Decimal``, in the item's currency
        """
        self.ensure_one()
        move = self.move_id.sudo()
        if not move.dunning_retention or move.commercial_partner_id.dunning_regime != "b2g":
            return ZERO
        left = to_decimal(move.dunning_retention)
        items = move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.date_maturity
        )
        for item in items.sorted(lambda line: (line.date_maturity, line.id), reverse=True):
            borne = min(left, to_decimal(item.amount_currency))
            if item == self:
                return borne
            left -= borne
        return ZERO

    def _get_dunning_principal(self):
        """Return what this item bears interest on, VAT included, before any payment.

        :return: ``Decimal``, in the item's currency
        """
        self.ensure_one()
        return Decimal(str(self.amount_currency)) - self._get_dunning_retention()
