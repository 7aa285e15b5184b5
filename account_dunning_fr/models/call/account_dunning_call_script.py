from odoo import api, fields, models

from ..party.res_partner import REGIMES
from ..policy.account_dunning_level import LEVEL_KINDS


class AccountDunningCallScript(models.Model):
    """What to say on the telephone, by policy, kind of level and legal regime of the customer."""

    _name = "account.dunning.call.script"
    _description = "Call Script"
    _inherit = ["account.dunning.guarded", "account.dunning.shipped", "account.dunning.tracked"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10, help="The first script that suits the customer is shown.")
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share this script between all companies."
    )
    policy_id = fields.Many2one(
        "account.dunning.policy", help="For the customers of this policy. Empty: of any policy."
    )
    kind = fields.Selection(
        LEVEL_KINDS,
        string="After a",
        help="Kind of the last message sent to the customer. Empty: any.",
    )
    regime = fields.Selection(
        REGIMES, string="Legal regime", help="Regime of the customer. Empty: any."
    )
    after_broken_promise = fields.Boolean(help="Only where the customer did not keep a promise.")
    body = fields.Html(string="Script", translate=True, required=True)

    def _pick(self, call):
        """Return the first of these scripts that matches a call, or an empty recordset."""
        partner = call.partner_id.sudo()
        policy = partner.with_company(call.company_id).dunning_policy_id
        policy = policy or call.company_id.sudo()._get_dunning_policy()
        return self.filtered(
            lambda script: (
                (not script.company_id or script.company_id == call.company_id)
                and (not script.policy_id or script.policy_id == policy)
                and (not script.kind or script.kind == call.notice_id.sudo().kind)
                and (not script.regime or script.regime == partner.dunning_regime)
                and (not script.after_broken_promise or call.broken_promises)
            )
        )[:1]

    @api.model
    def _get_shipped_label(self):
        return self.env._("Call scripts shipped otherwise than corrected here")
