from odoo import api, fields, models

from ...models.common.account_dunning_chronology import CHRONOLOGY_REPORT


class AccountDunningChronologyPage(models.TransientModel):
    """The chronology of a customer, or of some of his invoices, on screen and on paper."""

    _name = "account.dunning.chronology.page"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Chronology of a Customer"

    company_id = fields.Many2one("res.company", string="Creditor", required=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True)
    move_ids = fields.Many2many(
        "account.move",
        string="Only these invoices",
        domain="[('commercial_partner_id', '=', partner_id), ('state', '=', 'posted'),"
        " ('move_type', 'in', ('out_invoice', 'out_receipt'))]",
    )
    date_until = fields.Date(string="Up to", default=fields.Date.context_today, required=True)
    events_html = fields.Html(compute="_compute_events_html", sanitize=False)

    @api.depends("partner_id")
    def _compute_display_name(self):
        for page in self:
            page.display_name = self.env._("Chronology – %s", page.partner_id.display_name or "")

    @api.depends("partner_id", "company_id", "move_ids", "date_until")
    def _compute_events_html(self):
        for page in self:
            page.events_html = self.env["ir.qweb"]._render(
                "account_dunning_fr.chronology_table", {"page": page, "screen": True}
            )

    def _get_events(self, screen):
        """Return the events of this page, oldest first, with the user's access rights.

        :param screen: whether for the screen; on paper, internal events are left out
        """
        self.ensure_one()
        events = self.env["account.dunning.chronology"]._get_events(
            self.partner_id, self.company_id, self.move_ids or None, self.date_until
        )
        return [event for event in events if screen or not event.internal]

    def _get_dunning_print_lang(self):
        return self.company_id.partner_id._get_dunning_lang()

    def _get_dunning_foot(self):
        return f"{self.company_id.name} – {self.partner_id.name}"

    def action_print(self):
        """Print the chronology."""
        self.ensure_one()
        return self.env.ref(CHRONOLOGY_REPORT).report_action(self, config=False)

    @api.model
    def _open(self, partner, creditor, moves=None):
        """Return the action that shows the chronology of a customer or of invoices."""
        page = self.create(
            {
                "partner_id": partner.id,
                "company_id": creditor.id,
                "move_ids": [fields.Command.set(moves.ids if moves else [])],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": page.display_name,
            "res_model": page._name,
            "res_id": page.id,
            "view_mode": "form",
            "target": "current",
        }
