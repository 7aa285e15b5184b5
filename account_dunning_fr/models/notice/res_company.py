from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common.letter_formats import write_once
from .states import LIVE

SENDER = ("account_dunning_fr.letter_sender", "account_dunning_fr.notice_identity")


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_contact_max = fields.Integer(
        string="Contacts a week with a private person",
        default=3,
        help="Messages, and calls that reached the person or left a message. No text sets a "
        "number: repeated and insistent solicitation is what the law punishes (art. L. 121-6 of "
        "the consumer code). 0: no limit.",
    )
    dunning_contact_from = fields.Integer(string="From (hour)", default=8)
    dunning_contact_to = fields.Integer(string="To (hour)", default=20)

    @api.constrains("dunning_contact_from", "dunning_contact_to", "dunning_contact_max")
    def _check_dunning_contact(self):
        for company in self:
            first, last = company.dunning_contact_from, company.dunning_contact_to
            if not 0 <= first < last <= 24:
                raise ValidationError(
                    self.env._("The hours of the reminders leave no time: correct them (0 to 24).")
                )
            if company.dunning_contact_max < 0:
                raise ValidationError(
                    self.env._("The number of contacts a week cannot be negative.")
                )

    def _render_dunning_sender(self):
        """Return the sender in a letter's head, in the language of the context, as ``Markup``.

        Rendered once: all letters of one creditor and language have the same, with his logo. Our
        templates for it read only ``company``.

        :return: None if another module or a person changed them: they may then read the letter,
            which renders them itself
        """
        self.ensure_one()
        if not write_once(self.env, ("sender alike",), self._is_dunning_sender_ours):
            return None
        return write_once(
            self.env,
            ("sender", self.env.lang, self.id, self.env.su),
            lambda: self.env["ir.qweb"]._render(SENDER[0], {"company": self}),
        )

    @api.model
    def _is_dunning_sender_ours(self):
        """Whether the templates of the sender are unchanged, and nothing inherits from them."""
        found = self.env["ir.ui.view"].sudo()
        found = found.search(["|", ("key", "in", SENDER), ("inherit_id.key", "in", SENDER)])
        return len(found) == len(SENDER) and not any(found.mapped("arch_updated"))

    def _on_dunning_switched_on(self):
        """Release what was prepared while sending was switched off.

        Only levels that need no confirmation: the others still wait for a person.
        """
        self.env["account.dunning.notice"].sudo().search(
            [
                ("company_id", "in", self.ids),
                ("state", "=", "draft"),
                ("level_id.automatic", "=", True),
            ]
        ).write({"state": "ready"})

    def _on_dunning_creditor_change(self):
        """Remove prepared notices on behalf of a company that is no longer the creditor.

        An item is in only one prepared notice: that of its new creditor would find it taken.
        """
        result = super()._on_dunning_creditor_change()
        lines = self.env["account.dunning.notice.line"].sudo()
        lines = lines.search(
            [("notice_id.state", "in", LIVE), ("move_id.company_id", "child_of", self.ids)]
        )
        lost = lines.filtered(
            lambda line: line.move_id.company_id.dunning_creditor_id != line.notice_id.company_id
        )
        drafts = self.env["account.dunning.notice.draft"].sudo()
        for creditor, notices in lost.notice_id.grouped("company_id").items():
            drafts._follow_plan(creditor, partners=notices.partner_id)
        return result

    # -- Daily limit -------------------------------------------------------------------------------

    dunning_daily_limit = fields.Integer(
        string="Customers written to per day",
        help="The scheduled sending stops there each day, the rest waits for the next one: the "
        "answers to a backlog then come at a pace that can be dealt with. 0: no limit.",
    )

    _dunning_daily_limit_positive = models.Constraint(
        "CHECK (dunning_daily_limit >= 0)", "The number of customers per day cannot be negative."
    )

    # -- Costs -------------------------------------------------------------------------------------
    # Cost of collecting: entered by accountants who compare their work with an agency's.

    dunning_letter_cost = fields.Monetary(
        string="A letter", help="Postage, paper and envelope, without taxes."
    )
    dunning_registered_cost = fields.Monetary(
        string="A registered letter", help="With its acknowledgement of receipt, without taxes."
    )
    dunning_call_cost = fields.Monetary(
        string="A call", help="Time of whoever calls, notes included, at its hourly cost."
    )

    _dunning_costs_positive = models.Constraint(
        "CHECK (COALESCE(dunning_letter_cost, 0) >= 0"
        " AND COALESCE(dunning_registered_cost, 0) >= 0 AND COALESCE(dunning_call_cost, 0) >= 0)",
        "What a letter or a call costs cannot be negative.",
    )
