from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.claims_allowed import allowed
from .account_dunning_case import CLAIM, COURSE


class AccountDunningCaseCost(models.Model):
    """A cost of the procedure, and whether it is claimed from the debtor.

    Before there is an enforceable title, recovery costs stay with the creditor (CPCE L111-8 al. 2)
    unless the act is prescribed by law, or, between professionals, on justification (C. com.
    L441-10 II).
    """

    _name = "account.dunning.case.cost"
    _description = "Cost of a Court File"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _order = "case_id, date, id"

    _dunning_shown_state = "parent.state"

    case_id = fields.Many2one(
        "account.dunning.case", required=True, index=True, ondelete="cascade", writer="create"
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    currency_id = fields.Many2one(related="case_id.currency_id")
    return_id = fields.Many2one(
        "account.dunning.debit.return",
        string="Returned debit",
        index="btree_not_null",
        ondelete="set null",
        writer="code",
        help="Of which this is the fee of the bank.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today, writer=COURSE)
    name = fields.Char(required=True, writer=COURSE)
    amount = fields.Monetary(required=True, writer=COURSE)
    nature = fields.Selection(
        [
            ("registry", "Fee of the registry"),
            ("service", "Act of a commissaire de justice"),
            ("lawyer", "Lawyer"),
            ("agency", "Commission"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
        writer=COURSE,
    )
    claimed = fields.Boolean(
        string="Claimed now",
        help="In the sum of the request. Between professionals only, on justification "
        "(C. com. L. 441-10 II); never from a consumer (CPCE L. 111-8).",
        writer=CLAIM,
    )
    reclaimable = fields.Boolean(
        string="Re-claimable",
        help="Part of the costs that the decision may put on the debtor (dépens).",
        writer=COURSE,
    )

    _amount_positive = models.Constraint("CHECK (amount >= 0)", "A cost is a positive amount.")

    def _get_dunning_state(self):
        self.ensure_one()
        return self.case_id.state

    @api.model_create_multi
    def create(self, vals_list):
        costs = super().create(vals_list)
        costs._check_not_left()
        return costs

    def write(self, vals):
        if {"amount", "case_id"}.intersection(vals):
            self._check_not_left()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _check_not_left(self):
        """:raise UserError: if a claimed cost is part of the sum of a file that has left"""
        self.filtered("claimed").case_id._check_in_preparation()

    @api.constrains("claimed", "case_id")
    def _check_claimed(self):
        for cost in self:
            if cost.claimed and not allowed(cost.case_id.sudo().regime).costs.possible:
                raise ValidationError(
                    self.env._(
                        "Recovery costs are claimed from a professional or a public body only, "
                        "once its regime is confirmed; never from a consumer before a title "
                        "(CPCE L. 111-8)."
                    )
                )
