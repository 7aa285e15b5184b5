from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.filenames import written_name
from ...core.seals import sha256


class AccountDunningTerms(models.Model):
    """A version of a creditor's general terms: the document, and its content.

    Once a customer has accepted it, it is frozen: another text is another version.
    """

    _name = "account.dunning.terms"
    _description = "General Terms"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible", "account.dunning.tracked"]
    _order = "company_id, date_from DESC, id DESC"

    _dunning_shown_state = "acceptance_count and 'accepted' or 'open'"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.dunning_creditor_id,
        writer="create",
    )
    name = fields.Char(string="Version", required=True, writer="create open")
    date_from = fields.Date(
        string="In force from",
        required=True,
        default=fields.Date.context_today,
        writer="create open",
    )
    file = fields.Binary(string="Document", attachment=True, required=True, writer="create open")
    file_name = fields.Char(writer="create open")
    checksum = fields.Char(
        string="SHA-256",
        compute="_compute_checksum",
        store=True,
        help="The sum of the document: it shows that it is the one that was accepted.",
    )
    rate_clause = fields.Char(
        string="Rate of the penalties",
        help="As the document states it, with its article.",
        writer="create open",
    )
    penalty_clause = fields.Char(
        help="A judge may reduce it, and it wants a formal notice (C. civ. 1231-5).",
        writer="create open",
    )
    jurisdiction = fields.Char(
        string="Court that a clause names",
        help="For the file; whether it binds this customer is for a lawyer.",
        writer="create open",
    )
    retention_of_title = fields.Boolean(
        help="The goods stay ours until they are paid.",
        writer="create open",
    )
    on_quotations = fields.Boolean(
        string="They stand on the quotations",
        help="Who signs a quotation accepts the version in force on that day.",
        writer="anyone",
    )
    acceptance_ids = fields.One2many("account.dunning.terms.acceptance", "terms_id")
    acceptance_count = fields.Integer(
        string="Customers who accepted", compute="_compute_acceptance_count"
    )

    _version_once = models.Constraint(
        "UNIQUE (company_id, date_from)", "There is already a version from that day on."
    )

    def _get_dunning_state(self):
        return "accepted" if self.sudo().acceptance_ids else "open"

    @api.depends("file")
    def _compute_checksum(self):
        for terms in self:
            content = terms.with_context(bin_size=False)._get_content()
            terms.checksum = sha256(content) if content else False

    @api.depends("acceptance_ids")
    def _compute_acceptance_count(self):
        for terms in self:
            terms.acceptance_count = len(terms.acceptance_ids.partner_id)

    def _get_content(self):
        """Return the document as bytes."""
        self.ensure_one()
        content = self.with_context(bin_size=False).file
        return b64decode(content) if content else b""

    def _get_file_name(self):
        """Return the file name of the document."""
        return self.file_name or written_name(self.name, "pdf")

    @api.model
    def _get_in_force(self, creditor, day):
        """Return the version of a creditor in force on a day; empty before the first.

        :param creditor: ``res.company``
        :param date day: a day
        """
        domain = [("company_id", "=", creditor.id), ("date_from", "<=", day)]
        return self.sudo().search(domain, limit=1)

    def action_view_acceptances(self):
        """Open who accepted this version."""
        self.ensure_one()
        return self.acceptance_ids._get_records_action(name=self.env._("Customers who accepted"))


class AccountDunningTermsAcceptance(models.Model):
    """A customer's acceptance of a version of the general terms: when, how, and the proof.

    It is recorded once: a manager deletes a mistake, and it is recorded anew.
    """

    _name = "account.dunning.terms.acceptance"
    _description = "Acceptance of General Terms"
    _inherit = ["account.dunning.guarded", "account.dunning.plausible"]
    _order = "date DESC, id DESC"

    terms_id = fields.Many2one(
        "account.dunning.terms",
        string="Version",
        required=True,
        ondelete="restrict",
        index=True,
        writer="create",
    )
    company_id = fields.Many2one(related="terms_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('parent_id', '=', False)]",
        writer="create",
    )
    date = fields.Date(
        string="Accepted on", required=True, default=fields.Date.context_today, writer="create"
    )
    how = fields.Selection(
        [
            ("quotation", "Signed quotation"),
            ("document", "Signed document"),
            ("message", "E-mail or letter of the customer"),
            ("other", "Otherwise"),
        ],
        required=True,
        default="document",
        writer="create",
    )
    reference = fields.Char(help="Number of the quotation, or what shows it.", writer="create")
    file = fields.Binary(string="Document", attachment=True, writer="create")
    file_name = fields.Char(writer="create")

    @api.constrains("date", "terms_id")
    def _check_date(self):
        for acceptance in self:
            if acceptance.date > fields.Date.context_today(acceptance):
                raise ValidationError(
                    self.env._("Nobody has accepted anything on a day that has not come.")
                )

    @api.depends("terms_id", "partner_id")
    def _compute_display_name(self):
        for acceptance in self:
            acceptance.display_name = (
                f"{acceptance.partner_id.display_name or ''} – {acceptance.terms_id.name or ''}"
            )
