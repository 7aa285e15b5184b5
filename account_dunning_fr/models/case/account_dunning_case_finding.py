from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountDunningCaseFinding(models.Model):
    """One point examined before a file leaves, and who went on in spite of it, and why."""

    _name = "account.dunning.case.finding"
    _description = "Point Examined in a Court File"
    _inherit = ["account.dunning.guarded"]
    _dunning_writer = "code"
    _order = "case_id, sequence, id"
    _rec_name = "message"

    case_id = fields.Many2one(
        "account.dunning.case", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="case_id.company_id", store=True)
    sequence = fields.Integer(readonly=True)
    code = fields.Char(required=True, readonly=True)
    level = fields.Selection(
        [("ok", "In order"), ("warning", "Warning"), ("forbidden", "Not possible")],
        required=True,
        readonly=True,
    )
    message = fields.Char(readonly=True)
    source = fields.Char(readonly=True)
    reason = fields.Char(string="Accepted because", readonly=True)
    accepted_by = fields.Many2one("res.users", readonly=True)
    accepted_on = fields.Datetime(readonly=True)
    is_open = fields.Boolean(compute="_compute_is_open")

    _code_once = models.UniqueIndex("(case_id, code)", "This point was already examined.")

    @api.depends("level", "reason")
    def _compute_is_open(self):
        for finding in self:
            finding.is_open = finding.level == "forbidden" or (
                finding.level == "warning" and not finding.reason
            )

    def action_accept(self):
        """Ask why the file goes on in spite of this warning."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Go on in spite of it"),
            "res_model": "account.dunning.case.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_finding_id": self.id},
        }

    def _accept(self, reason):
        """Go on in spite of warnings.

        :param str reason: why, required
        :raise UserError: the law forbids what was found
        """
        self.case_id._check_manage()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the file goes on in spite of it."))
        for finding in self:
            if finding.level == "forbidden":
                raise UserError(self.env._("This cannot be set aside: %s", finding.message))
        self.sudo().write(
            {
                "reason": reason.strip(),
                "accepted_by": self.env.uid,
                "accepted_on": fields.Datetime.now(),
            }
        )
        for finding in self:
            finding.case_id._message_log(
                body=self.env._(
                    "Accepted: %(message)s Reason: %(reason)s",
                    message=finding.message,
                    reason=reason,
                )
            )
