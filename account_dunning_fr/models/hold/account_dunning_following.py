from odoo import api, models


class AccountDunningFollowing(models.AbstractModel):
    """A record that is opened, changed and ended by another one: its owner.

    Each room whose records own such records adds its field, with ``owner=True``.
    """

    _name = "account.dunning.following"
    _description = "Record That Follows From Another"

    def _valid_field_parameter(self, field, name):
        return name == "owner" or super()._valid_field_parameter(field, name)

    @api.model
    def _get_owner_names(self):
        return [name for name, field in self._fields.items() if getattr(field, "owner", False)]

    def _get_owner(self):
        """Return the record that owns this one, or None if it has no owner."""
        self.ensure_one()
        return next((self[name] for name in self._get_owner_names() if self[name]), None)
