from odoo import api, fields, models

from ..common.groups import ACCOUNTING_GROUPS

TERMS = ("dunning_rate_type", "dunning_rate_percent", "dunning_rate_multiple")


class AccountMove(models.Model):
    """Where the rate that an invoice states is no longer the one of the customer or the company."""

    _inherit = "account.move"

    dunning_rate_difference = fields.Char(
        compute="_compute_dunning_rate_difference",
        groups=ACCOUNTING_GROUPS,
        help="The rate written on the invoice is the one used.",
    )

    @api.depends(*TERMS, "commercial_partner_id", "company_id")
    def _compute_dunning_rate_difference(self):
        for move in self:
            move.dunning_rate_difference = move._get_dunning_rate_difference()

    @api.depends("commercial_partner_id.dunning_regime")
    def _compute_dunning_rate_warning(self):
        return super()._compute_dunning_rate_warning()

    def _is_dunning_floor_checked(self):
        """The legal floor holds between professionals (C. com. L. 441-10 II)."""
        return self.commercial_partner_id.sudo().dunning_regime not in ("b2c", "b2g")

    def _get_dunning_rate_difference(self):
        """Return what differs between the terms of the invoice and the present ones, or False."""
        self.ensure_one()
        partner = self.commercial_partner_id.sudo()
        if not self.dunning_rate_type or partner.dunning_regime not in (False, "b2b"):
            return False
        creditor = self.company_id.dunning_creditor_id.sudo()
        present = partner if partner.dunning_rate_type else creditor
        if not present.dunning_rate_type:
            return False
        mine, theirs = self._get_dunning_rate_label(), present._get_dunning_rate_label()
        if mine == theirs:
            return False
        return self.env._(
            "This invoice was posted with the %(invoice)s, which is used. The present terms of "
            "%(who)s are the %(present)s.",
            invoice=mine,
            who=present.display_name,
            present=theirs,
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.depends("dunning_regime")
    def _compute_dunning_rate_warning(self):
        return super()._compute_dunning_rate_warning()

    def _is_dunning_floor_checked(self):
        """The legal floor holds between professionals (C. com. L. 441-10 II)."""
        return self.sudo().dunning_regime not in ("b2c", "b2g")
