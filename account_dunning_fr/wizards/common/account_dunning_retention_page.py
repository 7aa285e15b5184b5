from odoo import api, fields, models

SHOWN = 500  # lines; the counts include the others


class AccountDunningRetentionPage(models.TransientModel):
    """What the clean-up would empty today, rule by rule: to check before switching it on."""

    _name = "account.dunning.retention.page"
    _inherit = ["account.dunning.dialog"]
    _description = "What the Retention Rules Would Empty"

    company_id = fields.Many2one("res.company", string="Creditor", required=True, readonly=True)
    active_switch = fields.Boolean(
        string="Switched on", related="company_id.dunning_retention_active", related_sudo=True
    )
    line_ids = fields.One2many(
        "account.dunning.retention.page.line", "page_id", string="Would be emptied"
    )
    count = fields.Integer(string="Records", readonly=True)

    @api.depends("company_id")
    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("Retention – %s", page.company_id.display_name or "")

    @api.model
    def action_open(self):
        """List the records due today in the current company; looking empties nothing."""
        self.check_access("create")
        company = self.env.company.dunning_creditor_id
        today = fields.Date.context_today(self)
        lines = [
            fields.Command.create(
                {
                    "rule_id": rule.id,
                    "name": record.display_name,
                    "partner_id": record.partner_id.id,
                    "date": rule._get_counted_day(record),
                }
            )
            for rule in self.env["account.dunning.retention"].search([("active", "=", True)])
            for record in rule._get_due(company, today)
        ]
        page = self.sudo().create(
            {"company_id": company.id, "count": len(lines), "line_ids": lines[:SHOWN]}
        )
        action = page.with_env(self.env)._get_records_action(name=page.display_name)
        return action

    def action_switch_on(self):
        """Let the scheduled action empty what is due, from its next run on."""
        self.company_id._switch_dunning_retention(True)

    def action_switch_off(self):
        """Let nothing be emptied any more."""
        self.company_id._switch_dunning_retention(False)


class AccountDunningRetentionPageLine(models.TransientModel):
    """One record whose retention period is over."""

    _name = "account.dunning.retention.page.line"
    _inherit = ["account.dunning.dialog"]
    _description = "Record that a Retention Rule Would Empty"

    page_id = fields.Many2one("account.dunning.retention.page", required=True, ondelete="cascade")
    rule_id = fields.Many2one("account.dunning.retention", required=True)
    name = fields.Char(string="Record concerned")
    partner_id = fields.Many2one("res.partner", string="Customer")
    date = fields.Date(string="Counted from", readonly=True)
