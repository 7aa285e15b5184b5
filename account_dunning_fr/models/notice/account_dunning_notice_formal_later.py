from odoo import models


class AccountDunningNotice(models.Model):
    _inherit = "account.dunning.notice"

    # -- The gates ---------------------------------------------------------------------------------

    def action_confirm(self):
        """Confirm what is complete; a formal notice that is not says what it lacks, and stays."""
        self._check_send()
        complete = self._split_complete()
        return super(AccountDunningNotice, complete).action_confirm()

    def _get_email_problem(self):
        """A formal notice that is not complete does not leave by e-mail either."""
        return self._get_formal_problem() or super()._get_email_problem()
