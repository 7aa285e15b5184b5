from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize

from .account_move_line import ACCOUNTING_GROUPS

REGIMES = [
    ("b2b", "Professional"),
    ("b2g", "Public body"),
    ("b2c", "Consumer"),
]
PUBLIC_SIREN_STARTS = ("1", "2")  # the State (1) and local authorities (2) in the SIRENE register


class ResPartner(models.Model):
    _inherit = "res.partner"

    dunning_policy_id = fields.Many2one(
        "account.dunning.policy",
        string="Dunning policy",
        company_dependent=True,
        help="Leave empty for the company's default.",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_contact_id = fields.Many2one(
        "res.partner",
        string="Dunning contact",
        domain="[('commercial_partner_id', '=', commercial_partner_id)]",
        help="Who receives the reminders. Empty: the invoice contact, else the customer itself.",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_user_id = fields.Many2one(
        "res.users",
        string="Collector",
        help="Who follows this customer's unpaid invoices. Empty: the salesperson.",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        string="Language of the reminders",
        help="Empty: French for a customer in France, else the contact's language.",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_regime = fields.Selection(
        REGIMES,
        string="Legal regime",
        tracking=True,
        groups=ACCOUNTING_GROUPS,
        help="Confirmed by a person. Until then no message states a rate, a penalty or the flat "
        "indemnity, and a consumer never owes an indemnity or costs.",
    )
    dunning_regime_proposed = fields.Selection(
        REGIMES,
        string="Proposed regime",
        compute="_compute_dunning_regime_proposed",
        groups=ACCOUNTING_GROUPS,
    )
    dunning_hold_ids = fields.One2many(
        "account.dunning.hold", "partner_id", string="Holds", groups=ACCOUNTING_GROUPS
    )

    @api.depends("is_company", "vat", "company_registry")
    def _compute_dunning_regime_proposed(self):
        for partner in self:
            siren = partner._get_dunning_siren()
            if siren.startswith(PUBLIC_SIREN_STARTS):
                partner.dunning_regime_proposed = "b2g"
            elif siren or partner.vat or partner.is_company:
                partner.dunning_regime_proposed = "b2b"
            else:
                partner.dunning_regime_proposed = "b2c"

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("dunning_regime") for vals in vals_list):
            self._check_dunning_confirm_regime()
        return super().create(vals_list)

    def write(self, vals):
        if "dunning_regime" in vals:
            self._check_dunning_confirm_regime()
        return super().write(vals)

    def _check_dunning_confirm_regime(self):
        """:raise AccessError: unless the user may say under which regime a customer is chased"""
        if not self.env.su and not self.env.user.has_group("account_dunning_fr.group_dunning_user"):
            raise AccessError(
                self.env._("Only dunning users confirm the legal regime of a customer.")
            )

    def _get_dunning_siren(self):
        """Return the SIREN, read from the company number (SIREN or SIRET), else the VAT number.

        :return: nine digits, or an empty string
        """
        self.ensure_one()
        digits = "".join(filter(str.isdigit, self.company_registry or ""))
        if len(digits) in (9, 14):
            return digits[:9]
        vat = (self.vat or "").replace(" ", "").upper()
        if vat.startswith("FR") and len(vat) == 13 and vat[4:].isdigit():
            return vat[4:]
        return ""

    def _get_dunning_recipient(self):
        """Return the contact who receives the reminders of this customer.

        The dunning contact, else the invoice contact, else the customer: the first with an e-mail
        address, and without any address on file the first of them.
        """
        self.ensure_one()
        invoice_contact = self.browse(self.address_get(["invoice"])["invoice"])
        candidates = self.dunning_contact_id | invoice_contact | self
        with_email = candidates.filtered(lambda contact: email_normalize(contact.email))
        return (with_email or candidates)[0]

    def _get_dunning_lang(self):
        """Return the code of the language in which this customer is written to."""
        self.ensure_one()
        installed = dict(self.env["res.lang"].get_installed())
        if self.dunning_lang in installed:
            return self.dunning_lang
        in_france = self.country_id.code in (False, "FR")
        if in_france and "fr_FR" in installed:
            return "fr_FR"
        return self._get_dunning_recipient().lang or self.env.lang or "en_US"

    def action_confirm_dunning_regime(self):
        """Confirm the proposed regime of the selected customers that have none yet."""
        self._check_dunning_confirm_regime()
        for partner in self.commercial_partner_id.filtered(lambda p: not p.dunning_regime).sudo():
            partner.dunning_regime = partner.dunning_regime_proposed

    def action_view_dunning_notices(self):
        """Open the reminders of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_account_dunning_notice"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action
