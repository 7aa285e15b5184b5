from odoo import api, models
from odoo.exceptions import UserError

SHOWN_CUSTOMERS = 5  # of those to whom nothing leaves, in one message


class AccountDunningNotice(models.Model):
    """From wherever one stands: prepare today's messages to some customers, and open them."""

    _inherit = "account.dunning.notice"

    @api.model
    def _chase(self, creditor, partners):
        """Prepare today's messages to these customers only.

        :param creditor: ``res.company``
        :param partners: commercial partners
        :return: the live messages, visible to the user
        :raise AccessError: unless the user may prepare messages
        """
        self.check_access("write")
        self.env["account.dunning.plan"].sudo()._run(creditor, partners=partners)
        return self.search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", creditor.id),
                ("state", "in", ("draft", "ready")),
            ]
        )

    def _get_chase_action(self, customers, reason):
        """Open what was prepared; the form's arrows lead from one message to the next.

        :param customers: those who were to be chased
        :param reason: function of a customer, returns why nothing leaves to him
        :raise UserError: if there is nothing to send to any of them
        """
        left = customers - self.partner_id
        names = [
            self.env._("%(customer)s: %(reason)s", customer=each.display_name, reason=reason(each))
            for each in left[:SHOWN_CUSTOMERS]
        ]
        if len(left) > SHOWN_CUSTOMERS:
            names.append(self.env._("and %s others", len(left) - SHOWN_CUSTOMERS))
        if not self:
            raise UserError(self.env._("There is nothing to send today. %s", "\n".join(names)))
        action = self._get_records_action(name=self.env._("Reminders"))
        if not left:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Nothing to send today to some customers"),
                "message": " – ".join(names),
                "next": action,
            },
        }


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_dunning_chase(self):
        """Prepare today's messages to the customers of these invoices, and open them."""
        self.check_access("write")
        invoices = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
        if not invoices:
            raise UserError(self.env._("Choose customer invoices: only they are chased."))
        notices = self.env["account.dunning.notice"]
        for creditor, moves in invoices.grouped(
            lambda move: move.company_id.dunning_creditor_id
        ).items():
            notices |= notices._chase(creditor, moves.commercial_partner_id)

        def reason(customer):
            moves = invoices.filtered(lambda move: move.commercial_partner_id == customer)
            return moves[:1].dunning_reason

        return notices._get_chase_action(invoices.commercial_partner_id, reason)


class ResPartner(models.Model):
    _inherit = "res.partner"

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
