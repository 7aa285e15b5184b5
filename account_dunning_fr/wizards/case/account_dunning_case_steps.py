from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.case.states import CLOSE_REASONS, MANDATE_SCOPES
from ...models.common.private_context import pass_on

LINK_DAYS = 30


class AccountDunningCaseReason(models.TransientModel):
    """The reason for setting a warning aside, or for leaving a piece out."""

    _name = "account.dunning.case.reason"
    _inherit = ["account.dunning.dialog"]
    _description = "Reason in a Court File"

    finding_id = fields.Many2one("account.dunning.case.finding")
    piece_id = fields.Many2one("account.dunning.case.piece")
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Record the reason, with author and date."""
        self.ensure_one()
        if self.finding_id:
            self.finding_id._accept(self.reason)
        if self.piece_id:
            self.piece_id._leave_out(self.reason)


class AccountDunningCaseClose(models.TransientModel):
    """How a court file ends."""

    _name = "account.dunning.case.close"
    _inherit = ["account.dunning.dialog"]
    _description = "Close a Court File"

    case_id = fields.Many2one("account.dunning.case", required=True)
    reason = fields.Selection(CLOSE_REASONS, required=True, default="paid")

    def action_confirm(self):
        """Close the file."""
        self.case_id._close(self.reason)


class AccountDunningCaseContested(models.TransientModel):
    """Which court is asked for an order to pay after the debtor contested a commandement."""

    _name = "account.dunning.case.contested"
    _inherit = ["account.dunning.dialog"]
    _description = "Ask for an Order to Pay After a Contestation"

    case_id = fields.Many2one("account.dunning.case", required=True)
    currency_id = fields.Many2one(related="case_id.currency_id")
    amount_total = fields.Monetary(related="case_id.amount_total")
    candidate_ids = fields.Many2many(related="case_id.candidate_ids")
    court_id = fields.Many2one(
        "account.dunning.court",
        required=True,
        domain="[('is_commercial', '=', True)]",
        compute="_compute_court_id",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("case_id")
    def _compute_court_id(self):
        for dialog in self:
            courts = dialog.case_id.candidate_ids
            dialog.court_id = courts if len(courts) == 1 else False

    def action_confirm(self):
        """Continue with an order to pay; whoever chooses the court confirms it."""
        self.case_id._ask_for_order(self.court_id)


class AccountDunningCaseHandover(models.TransientModel):
    """Who receives a file, with what mandate, and how: attached, by a link, or by hand."""

    _name = "account.dunning.case.handover"
    _inherit = ["account.dunning.dialog", "account.dunning.plausible"]
    _description = "Hand a Court File Over"

    case_id = fields.Many2one("account.dunning.case", required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Handed to", required=True, domain="[('dunning_role', '!=', False)]"
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    mandate_scope = fields.Selection(
        MANDATE_SCOPES,
        string="Mandate",
        required=True,
        default="order",
    )
    instalments_accepted = fields.Integer(string="Instalments accepted (months)")
    currency_id = fields.Many2one(related="case_id.currency_id")
    expected_cost = fields.Monetary(string="Cost agreed")
    sending = fields.Selection(
        [
            ("attachment", "E-mail with the file"),
            ("link", "E-mail with a link that expires"),
            ("none", "Nothing: I hand it over myself"),
        ],
        required=True,
        default="attachment",
    )
    link_until = fields.Date(
        string="Link valid until", default=lambda self: self._default_link_until()
    )

    def _default_link_until(self):
        return fields.Date.context_today(self) + timedelta(days=LINK_DAYS)

    @api.onchange("sending")
    def _onchange_sending(self):
        if self.sending == "attachment" and self.case_id.dossier_id:
            self.sending = "attachment" if self.case_id.is_attachable else "link"

    def action_confirm(self):
        """Generate the file, hand it over, and keep the e-mail in the history.

        :raise UserError: what has to be settled first, or that an address or an agent's role is
            missing
        """
        self.ensure_one()
        case = self.case_id
        case._check_manage()
        if not self.partner_id.dunning_role:
            raise UserError(
                self.env._(
                    "Say on the contact %s which role it has: commissaire de justice, lawyer, "
                    "agency or insurer.",
                    self.partner_id.display_name,
                )
            )
        if self.sending != "none" and not self.partner_id.email_normalized:
            raise UserError(
                self.env._("%s has no valid e-mail address.", self.partner_id.display_name)
            )
        case.write(
            {
                "handover_partner_id": self.partner_id.id,
                "mandate_scope": self.mandate_scope,
                "instalments_accepted": self.instalments_accepted,
                "expected_cost": self.expected_cost,
            }
        )
        case._generate()
        case._owned().handover_on = self.date
        if self.sending == "attachment" and not case.is_attachable:
            raise UserError(
                self.env._("The file is too large for an e-mail: send a link that expires.")
            )
        if self.sending == "link":
            if not self.link_until or self.link_until < fields.Date.context_today(self):
                raise UserError(self.env._("Say until which day the link is valid."))
            case._share(self.link_until)
        if self.sending != "none":
            self._send()

    def _send(self):
        case = self.case_id
        attached = self.sending == "attachment"
        template = self.env.ref("account_dunning_fr.mail_template_case").sudo()
        # More people can read the history than may send the link.
        pass_on(template, kept_from_history=case.share_token).send_mail(
            case.id,
            email_values={
                "recipient_ids": [fields.Command.link(self.partner_id.id)],
                "attachment_ids": case._get_own_dossier().ids if attached else [],
                "auto_delete": False,
            },
        )
