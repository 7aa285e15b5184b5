from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    peppol_message_uuid = fields.Char(copy=False)
    peppol_response_ids = fields.One2many("account.peppol.response", "move_id")
    peppol_move_state = fields.Char(compute="_compute_peppol_move_state", store=True, copy=False)
    pdp_lifecycle_residual = fields.Monetary(
        compute="_compute_pdp_lifecycle_residual", store=True, copy=False
    )

    @api.depends("peppol_response_ids.peppol_state")
    def _compute_peppol_move_state(self):
        for move in self:
            done = move.peppol_response_ids.filtered(
                lambda response: response.peppol_state == "done" and response.pdp_flow_number == "2"
            )
            move.peppol_move_state = done.sorted("pdp_issue_date")[-1:].response_code

    @api.depends(
        "line_ids.matched_debit_ids.debit_move_id",
        "line_ids.matched_credit_ids.credit_move_id",
        "peppol_message_uuid",
        "payment_state",
    )
    def _compute_pdp_lifecycle_residual(self):
        for move in self:
            move.pdp_lifecycle_residual = (
                move._pdp_get_paid_amount() if move.peppol_message_uuid else 0.0
            )

    def _l10n_fr_pdp_get_default_notes(self):
        """The three notes of each e-invoice, with a rate of the module's own."""
        self.ensure_one()
        return {"PMT": "A fee of 40", "PMD": "An annual rate of 10%", "AAB": "No discount"}

    def _pdp_get_paid_amount(self):
        """All that settles it but credit notes, whatever it is made of."""
        self.ensure_one()
        settling = self._get_reconciled_amls().filtered(
            lambda line: line.move_id.move_type != "out_refund"
        )
        return self.direction_sign * sum(settling.mapped("balance"))
