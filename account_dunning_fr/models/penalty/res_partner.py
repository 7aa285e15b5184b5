from odoo import api, fields, models

from ..common.account_dunning_facts import BOOKED
from ..common.groups import ACCOUNTING_GROUPS
from .account_dunning_penalty import PARTS


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "account.dunning.rate.terms"]

    # What was agreed with a customer is not for every employee to see.
    dunning_rate_type = fields.Selection(groups=ACCOUNTING_GROUPS)
    dunning_rate_percent = fields.Float(groups=ACCOUNTING_GROUPS)
    dunning_rate_multiple = fields.Integer(groups=ACCOUNTING_GROUPS)
    dunning_rate_warning = fields.Char(follows="dunning_rate_type", groups=ACCOUNTING_GROUPS)
    dunning_penalty_ids = fields.One2many(
        "account.dunning.penalty", "partner_id", string="Penalties", groups=ACCOUNTING_GROUPS
    )

    def action_book_dunning_penalties(self):
        """Show what would be booked as penalties of these customers; book it on confirmation."""
        return self.env["account.dunning.booking"]._open(partners=self)

    # -- Figures -----------------------------------------------------------------------------------

    dunning_penalty_booked = fields.Monetary(
        string="Penalties booked",
        compute="_compute_dunning_penalty_booked",
        groups=ACCOUNTING_GROUPS,
        help="Interest and flat indemnity posted by the present company, corrections deducted.",
    )
    dunning_penalty_paid = fields.Monetary(
        string="Penalties paid",
        compute="_compute_dunning_penalty_booked",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_penalty_left = fields.Monetary(
        string="Penalties booked, not received",
        compute="_compute_dunning_penalty_booked",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_penalty_waived = fields.Monetary(
        string="Penalties waived",
        compute="_compute_dunning_penalty_booked",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_penalty_to_date = fields.Monetary(
        string="Penalties computed",
        compute="_compute_dunning_penalty_booked",
        groups=ACCOUNTING_GROUPS,
        help="Interest and flat indemnity of the items whose level books penalties, on the day of "
        "the last computation. The statement of penalties gives any day.",
    )

    @api.depends("dunning_penalty_ids.line_ids.amount_residual", "dunning_penalty_ids.waive_reason")
    @api.depends_context("company")
    def _compute_dunning_penalty_booked(self):
        creditor = self.env.company.dunning_creditor_id
        penalties = self.env["account.dunning.penalty"].sudo()
        known = penalties.search(
            [("partner_id", "in", self.ids), ("company_id", "=", creditor.id)]
        ).grouped("partner_id")
        # Most customers of a page have none: written together.
        bare = self.filtered(lambda partner: partner._origin not in known)
        bare.update({f"dunning_penalty_{name}": 0.0 for name in (*BOOKED, "to_date")})
        by_partner = {partner: known[partner._origin] for partner in self - bare}
        for partner, sums in penalties._sum_figures(by_partner).items():
            partner.update({f"dunning_penalty_{name}": sums[name] for name in BOOKED})
            partner.dunning_penalty_to_date = sum(
                penalty._in_company_currency(
                    {part: penalty[part] for part, _label in PARTS}, penalty.computed_until
                )
                for penalty in by_partner[partner]
            )

    def action_view_dunning_penalties(self):
        """Open the penalties of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_penalty"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action

    # -- Rate terms --------------------------------------------------------------------------------

    @api.depends("dunning_regime")
    def _compute_dunning_rate_warning(self):
        return super()._compute_dunning_rate_warning()

    def _is_dunning_floor_checked(self):
        """The legal floor applies between professionals (C. com. L. 441-10 II)."""
        return self.sudo().dunning_regime not in ("b2c", "b2g")
