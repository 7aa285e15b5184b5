from odoo import fields, models

CODES = (
    *("AB", "AP", "CA", "IP", "PD", "RE", "UQ", "submitted", "sent", "made_available"),
    *("in_hand", "contested", "suspended", "completed", "refused", "payment_sent", "cancelled"),
)


class AccountPeppolResponse(models.Model):
    _name = "account.peppol.response"
    _description = "Business Level Responses for Peppol"  # as the module names it

    peppol_message_uuid = fields.Char()
    response_code = fields.Selection([(code, code) for code in CODES], required=True)
    peppol_state = fields.Selection(
        [(state, state) for state in ("processing", "done", "error", "not_serviced")]
    )
    move_id = fields.Many2one("account.move", ondelete="cascade", index="btree_not_null")
    pdp_flow_number = fields.Selection([(flow, flow) for flow in ("1", "2", "6", "10")])
    pdp_issue_date = fields.Datetime()
    pdp_status_info = fields.Text()
    pdp_payment_info = fields.Json()
