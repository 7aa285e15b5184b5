from odoo import api, fields, models
from odoo.exceptions import ValidationError

SVG = b"P"  # beginning of any XML in base64


class ResUsers(models.Model):
    """The signature on letters: an image set only by the user himself or an administrator."""

    _inherit = "res.users"

    dunning_signature = fields.Image(
        string="Signature on the letters",
        max_width=900,
        max_height=360,
        copy=False,
        groups="base.group_erp_manager",
        help="A picture of the handwritten signature, printed above the name on the dunning "
        "letters that this person signs. Without it, room is left to sign by hand.",
    )

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802 - Odoo's own name
        return [*super().SELF_READABLE_FIELDS, "dunning_signature"]

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802 - Odoo's own name
        return [*super().SELF_WRITEABLE_FIELDS, "dunning_signature"]

    @api.constrains("dunning_signature")
    def _check_dunning_signature(self):
        """Refuse a vector drawing, which is interpreted by a program, as image of a signature."""
        if any((user.dunning_signature or b"").startswith(SVG) for user in self.sudo()):
            raise ValidationError(self.env._("Choose a PNG or JPEG picture of the signature."))
