from odoo import models


class AccountDunningNotice(models.Model):
    _inherit = "account.dunning.notice"

    def _get_email_problem(self):
        """Refuse an address from which a message came back, or that refused one."""
        problem = super()._get_email_problem() or self._get_refusal_problem()
        recipient = self.recipient_id.sudo()
        if not problem and recipient.message_bounce:
            problem = self.env._(
                "An e-mail to %(name)s came back: %(email)s is unknown. Correct the address, "
                "choose another recipient, or send a letter.",
                name=recipient.display_name,
                email=recipient.email,
            )
        return problem
