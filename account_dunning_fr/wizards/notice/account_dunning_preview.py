from contextlib import closing

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ...models.common.creditors_day import creditors_day
from ...models.common.ir_actions_report import LETTER_REPORT
from ...models.common.notifications import notify
from ...models.notice.states import CHANNELS


class AccountDunningPreview(models.TransientModel):
    """A level's notice with a real customer's figures: shown, never stored."""

    _name = "account.dunning.preview"
    _inherit = ["account.dunning.dialog"]
    _description = "Preview of a Dunning Level"

    level_id = fields.Many2one("account.dunning.level", required=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('parent_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.dunning_creditor_id
    )
    subject = fields.Char(readonly=True)
    message_html = fields.Html(string="Message", readonly=True, sanitize=False)
    text_warning = fields.Char(related="level_id.text_warning")

    @api.depends("company_id")
    def _compute_partner_id(self):
        """The customer who owes the most, so that there is something to see."""
        for wizard in self:
            totals = {}
            for row in wizard._get_rows():
                partner_id = row.partner_id
                totals[partner_id] = totals.get(partner_id, 0) + row.residual_company
            wizard.partner_id = max(totals, key=totals.get) if totals else False

    def _get_rows(self, partner=None):
        plan = self.env["account.dunning.plan"].sudo()
        return plan._simulate(self.company_id, partners=partner)

    def action_show(self):
        """Render the notice to the chosen customer."""
        self.ensure_one()
        self._check_customer()
        with closing(self.env.cr.savepoint()):
            notice = self._create_notice()
            subject, message = notice.subject, str(notice.message_html)
        self.write({"subject": subject, "message_html": message})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_letter(self):
        """Open the letter to the chosen customer, as a PDF."""
        self.ensure_one()
        self._check_customer()
        with closing(self.env.cr.savepoint()):
            notice = self._create_notice()
            content, _type = self.env["ir.actions.report"]._render_qweb_pdf(
                LETTER_REPORT, notice.ids
            )
        letter = self.env["ir.attachment"].create(
            {
                "name": self.env._("Preview.pdf"),
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{letter.id}",
            "target": "new",
        }

    def action_send_test(self):
        """Send the notice only to the user: nothing is recorded as sent to the customer.

        :raise UserError: if the user or the creditor has no e-mail address
        """
        self.ensure_one()
        self._check_customer()
        user, company = self.env.user, self.company_id.sudo()
        if not email_normalize(user.email):
            raise UserError(self.env._("You have no e-mail address: fill it in, then try again."))
        if not email_normalize(company.email):
            raise UserError(
                self.env._(
                    "The company %s has no e-mail address to write from: fill it in.",
                    company.display_name,
                )
            )
        with closing(self.env.cr.savepoint()):
            notice = self._create_notice()
            subject, message = notice.subject, str(notice.message_html)
        mail = (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "subject": self.env._("[Test] %s", subject),
                    "body_html": message,
                    "email_from": company.email_formatted,
                    "email_to": user.email_formatted,
                    "auto_delete": True,
                }
            )
        )
        mail.send()
        return notify(self.env._("Sent to %s, and to nobody else.", user.email))

    def _check_customer(self):
        self.env["account.dunning.notice"].check_access("write")
        if not self.partner_id:
            raise UserError(
                self.env._("No customer owes anything today: there is nothing to show.")
            )

    @api.model
    def _prepare_line_vals(self, row):
        """Return the values of a line that claims the item of a ``PlanRow``."""
        return {
            "move_line_id": row.move_line_id,
            "move_id": row.move_id,
            "claimed": True,
            "invoice_name": row.move_name,
            "invoice_date": row.invoice_date,
            "date_maturity": row.due,
            "currency_id": row.currency_id,
            "amount_total": row.total,
            "amount_residual": row.residual,
            "amount_credit": row.credit_amount,
            "amount_due": row.residual - row.credit_amount,
        }

    def _create_notice(self):
        """Create the level's notice to the customer; the caller rolls it back."""
        today = creditors_day(self)
        level = self.level_id.sudo()
        rows = self._get_rows(self.partner_id)
        due = [row for row in rows if (row.due < today) == (level.kind != "courtesy")]
        if not rows:
            raise UserError(
                self.env._("%s owes nothing: choose another customer.", self.partner_id.name)
            )
        partner = self.partner_id.commercial_partner_id
        # A cancelled notice does not take the place of a live one.
        return (
            self.env["account.dunning.notice"]
            .sudo()
            .with_context(tracking_disable=True, mail_create_nosubscribe=True)
            .create(
                {
                    "company_id": self.company_id.id,
                    "partner_id": partner.id,
                    "user_id": (partner.dunning_user_id or self.company_id.dunning_user_id).id,
                    "state": "cancelled",
                    "level_id": level.id,
                    "date": today,
                    "deadline": level._get_deadline(today, partner),
                    "enclose_penalties": level.kind == "formal_notice",
                    "line_ids": [
                        Command.create(self._prepare_line_vals(row)) for row in due or rows
                    ],
                    **{channel: level[channel] for channel in CHANNELS},
                }
            )
        )
