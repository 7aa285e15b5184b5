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

    def _print_letters(self):
        """Leave out the formal notices that are not complete, each with what it lacks."""
        complete = self._split_complete()
        return super(AccountDunningNotice, complete)._print_letters()

    # -- The statement that goes with it -----------------------------------------------------------

    def _store_letter(self, content):
        result = super()._store_letter(content)
        self._store_statement()
        return result

    def _drop_letters(self):
        result = super()._drop_letters()
        statements = self.sudo().statement_id
        if statements:
            self.sudo().write({"statement_id": False, "statement_sha256": False})
            statements._unlink_dunning_unnamed()
        return result

    def _get_attachments(self):
        """Enclose the statement of penalties with the letter and the invoices."""
        return super()._get_attachments() | self._get_kept_file("statement")

    def _get_letter_contents(self):
        """Put the statement of penalties in the envelope."""
        statement = self._get_kept_file("statement").sudo()
        printable = statement.mimetype == "application/pdf"
        return super()._get_letter_contents() + ([statement.raw] if printable else [])
