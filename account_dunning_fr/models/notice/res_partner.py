from odoo import fields, models
from odoo.tools import email_normalize_all

from ..common.groups import ACCOUNTING_GROUPS


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_last_notice_id = fields.Many2one(
        "account.dunning.notice",
        string="Last message",
        compute="_compute_dunning_last_notice_id",
        groups=ACCOUNTING_GROUPS,
    )

    def _compute_dunning_last_notice_id(self):
        rows = self.env["account.dunning.notice"]._read_group(
            [
                ("partner_id", "in", self.commercial_partner_id.ids),
                ("state", "=", "sent"),
                ("has_left", "=", True),
            ],
            ["partner_id"],
            ["id:max"],
        )
        last = {partner.id: notice_id for partner, notice_id in rows}
        for partner in self:
            partner.dunning_last_notice_id = last.get(partner.commercial_partner_id.id)

    def _is_dunning_colleague(self, address):
        """Whether an employee wrote a message: this contact, or who has the address.

        :param str address: normalized, or an empty string
        """
        users = self.env["res.users"].sudo().with_context(active_test=False)
        found = users.search(
            ["|", ("partner_id", "in", self.ids), ("partner_id.email_normalized", "=", address)]
            if address
            else [("partner_id", "in", self.ids)]
        )
        return any(not user.share for user in found)

    def _has_dunning_address(self, address):
        """Whether this customer, or one of its contacts, has an e-mail address.

        :param str address: normalized
        """
        self.ensure_one()
        contacts = self.sudo().with_context(active_test=False)
        found = contacts.search([("email", "=ilike", f"%{address}%"), ("id", "child_of", self.ids)])
        return any(address in email_normalize_all(contact.email) for contact in found)

    # -- What happened with his debts --------------------------------------------------------------

    dunning_notice_count = fields.Integer(
        string="Reminders",
        compute="_compute_dunning_counts",
        counted=("account.dunning.notice", []),
        groups=ACCOUNTING_GROUPS,
    )

    def action_view_dunning_notices(self):
        """Open the reminders of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_notice"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action

    def action_dunning_chronology(self):
        """Show what happened with the debts of this customer."""
        self.ensure_one()
        creditor = self.env.company.dunning_creditor_id
        page = self.env["account.dunning.chronology.page"]
        return page._open(self.commercial_partner_id, creditor)

    # -- From a list of customers to the messages to them ------------------------------------------

    def action_dunning_chase(self):
        """Prepare today's messages to these customers, and open them."""
        creditor = self.env.company.dunning_creditor_id
        customers = self.commercial_partner_id
        notices = self.env["account.dunning.notice"]._chase(creditor, customers)

        def reason(customer):
            overdue = self.env["account.move"].search(
                [
                    ("commercial_partner_id", "=", customer.id),
                    ("company_id", "in", creditor._get_dunning_companies().ids),
                    ("dunning_days_overdue", ">", 0),
                ],
                order="invoice_date_due",
                limit=1,
            )
            return overdue.dunning_reason or self.env._("nothing overdue.")

        return notices._get_chase_action(customers, reason)
