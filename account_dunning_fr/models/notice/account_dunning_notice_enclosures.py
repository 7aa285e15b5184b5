from odoo import models


class AccountDunningNotice(models.Model):
    _inherit = "account.dunning.notice"

    def write(self, vals):
        result = super().write(vals)
        if "own_attachment_ids" in vals:
            self._keep_own_attachments()
        return result

    # -- The files -------------------------------------------------------------------------------

    def _get_attachments(self):
        """Add the invoices as they were sent, the statement of account and the other files."""
        attachments = super()._get_attachments()
        for move in self.enclosed_move_ids:
            attachments |= move._get_dunning_document(self)
        attachments |= self._get_kept_file("listing") | self._get_kept_file("account_statement")
        return attachments | self._get_own_enclosures()

    def _store_letter(self, content):
        result = super()._store_letter(content)
        self._store_account_statement()
        self._store_listing()
        return result

    def _drop_letters(self):
        result = super()._drop_letters()
        if statements := self.sudo().account_statement_id:
            self.sudo().account_statement_id = False
            statements._unlink_dunning_unnamed()
        if listings := self.sudo().listing_id:
            self.sudo().listing_id = False
            listings._unlink_dunning_unnamed()
        return result

    def _get_letter_contents(self):
        """Put the list of the items and the statement of account in the envelope."""
        names = ("listing", "account_statement")
        files = [self._get_kept_file(name).sudo() for name in names]
        return super()._get_letter_contents() + [file.raw for file in files if file]
