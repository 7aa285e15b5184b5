from odoo import api, models

from ..common.account_dunning_customer import CustomerPart
from ..common.marks import tells

SHOWN_CONTACTS = 6


class AccountDunningCustomer(models.AbstractModel):
    """Whom to write to and to call, and who the customer is."""

    _inherit = "account.dunning.customer"

    @api.model
    @tells
    def _get_contact_parts(self, partner, creditors, today):
        recipient = partner._get_dunning_recipient()
        others = (recipient | partner | partner.child_ids)._filtered_access("read")
        reached = others.filtered(lambda contact: contact.email or contact.phone)
        contacts = (recipient | reached)[:SHOWN_CONTACTS]
        rows = [
            self._prepare_row(
                contact.name or contact.display_name,
                record=contact,
                detail=contact.function or "",
                phone=contact.phone or "",
                email=contact.email or "",
                value=self.env._("receives the reminders") if contact == recipient else "",
                tone="" if contact.email or contact != recipient else "warning",
            )
            for contact in contacts
        ]
        return [CustomerPart("contacts", self.env._("Contacts"), rows, sequence=10)]

    @api.model
    @tells
    def _get_identity_parts(self, partner, creditors, today):
        """Show who the customer is: SIREN, legal regime, collector."""
        regime = dict(partner._fields["dunning_regime"]._description_selection(self.env))
        facts = (
            ("SIREN", partner._get_dunning_siren_text()),
            (self.env._("Legal regime"), regime.get(partner.dunning_regime, "")),
            (self.env._("Collector"), partner._get_dunning_user().name or ""),
        )
        rows = [self._prepare_row(label, value=value) for label, value in facts if value]
        if not partner.dunning_regime:
            title = self.env._("Legal regime")
            row = self._prepare_row(title, value=self.env._("To confirm"), tone="warning")
            rows.insert(1, row)
        return [CustomerPart("identity", self.env._("Customer"), rows, sequence=90)]
