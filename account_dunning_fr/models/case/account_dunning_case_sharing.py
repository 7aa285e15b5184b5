import secrets

from odoo import fields, models
from odoo.tools import consteq

ATTACHED_MAX = 8 * 1024 * 1024  # bytes; many mailboxes refuse more than 10 MB once encoded


class AccountDunningCase(models.Model):
    """The file as it goes to the agent: attached to an e-mail, or behind a link that expires."""

    _inherit = "account.dunning.case"

    share_token = fields.Char(
        readonly=True, copy=False, groups="account_dunning_fr.group_dunning_manager"
    )
    share_until = fields.Date(string="Link valid until", readonly=True, copy=False)
    share_url = fields.Char(
        string="Link to the file",
        compute="_compute_share_url",
        groups="account_dunning_fr.group_dunning_manager",
    )
    is_attachable = fields.Boolean(compute="_compute_is_attachable")

    def _compute_share_url(self):
        for case in self:
            case.share_url = case.share_token and (
                f"{case.get_base_url()}/dunning/dossier/{case.id}/{case.share_token}"
            )

    def _compute_is_attachable(self):
        for case in self:
            size = case.sudo().dossier_id.file_size
            case.is_attachable = bool(size) and size <= ATTACHED_MAX

    def _share(self, until):
        """Open a link to the file, for whoever holds it, until a day included.

        :param date until: last day
        """
        self.ensure_one()
        self._check_manage()
        self.sudo().write({"share_token": secrets.token_urlsafe(32), "share_until": until})

    def action_stop_sharing(self):
        """Close the link."""
        self._check_manage()
        self.sudo().write({"share_token": False, "share_until": False})

    def _get_shared(self, token):
        """Return the file behind a link, or an empty record: wrong, closed or expired."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        valid = (
            self.share_token
            and consteq(self.share_token.encode(), token.encode())  # letters of any alphabet
            and self.share_until
            and self.share_until >= today
        )
        return self._get_own_dossier() if valid else self.env["ir.attachment"]

    def _get_own_dossier(self):
        """Return the file that was made of this case, unchanged, or an empty record."""
        self.ensure_one()
        return self.sudo().dossier_id._filter_dunning_owned(self, self.sudo().dossier_sha256)
