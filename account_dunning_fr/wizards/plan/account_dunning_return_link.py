from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.common.notifications import RELOAD
from ...models.plan.account_dunning_returned import RETURN_REASONS


class AccountDunningReturnLink(models.TransientModel):
    """A payment returned by the bank, and the payment that it had been.

    Nothing is certain until a person says so: the returned debit has no invoice, and bears neither
    interest nor the flat indemnity. Once linked, the payment is reconciled with its return, and the
    invoice is unpaid again from its original due date.
    """

    _name = "account.dunning.return.link"
    _inherit = ["account.dunning.dialog"]
    _description = "Link a Returned Payment to its Invoice"

    item_id = fields.Many2one(
        "account.move.line", string="Returned", required=True, readonly=True, ondelete="cascade"
    )
    candidate_ids = fields.Many2many("account.move.line", compute="_compute_candidate_ids")
    payment_item_id = fields.Many2one(
        "account.move.line",
        string="Payment that was returned",
        domain="[('id', 'in', candidate_ids)]",
        compute="_compute_payment_item_id",
        store=True,
        readonly=False,
    )
    code = fields.Selection(
        RETURN_REASONS,
        string="Reason of the bank",
        compute="_compute_code",
        store=True,
        readonly=False,
        help="Insufficient funds: present it again, or remind. Contested: a dispute is opened. "
        "About the account: a to-do to ask for the bank details.",
    )
    move_ids = fields.Many2many(
        "account.move", string="Invoices unpaid again", compute="_compute_move_ids"
    )

    @api.depends("item_id")
    def _compute_candidate_ids(self):
        for link in self:
            link.candidate_ids = link.item_id._get_dunning_return_candidates()

    @api.depends("item_id")
    def _compute_payment_item_id(self):
        for link in self:
            link.payment_item_id = link.item_id._get_dunning_returned_payment()

    @api.depends("item_id")
    def _compute_code(self):
        for link in self:
            link.code = link.item_id._get_dunning_return_reason()

    @api.depends("payment_item_id")
    def _compute_move_ids(self):
        for link in self:
            link.move_ids = link.payment_item_id.matched_debit_ids.debit_move_id.move_id

    def action_confirm(self):
        """Reconcile the payment with its return: what it had paid is unpaid again."""
        self.ensure_one()
        if not self.payment_item_id:
            raise UserError(self.env._("Choose the payment that the bank took back."))
        self.item_id._link_dunning_return(self.payment_item_id, self.code)
        return RELOAD
