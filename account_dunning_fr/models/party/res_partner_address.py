from odoo import fields, models

ADDRESS = ("street", "street2", "zip", "city", "country_id")


class ResPartner(models.Model):
    """A corrected address lets a customer be written to again whose letter or mail came back."""

    _inherit = "res.partner"

    def write(self, vals):
        if "email" in vals:
            corrected = self.filtered(lambda p: p.email != vals["email"])
            corrected.sudo().filtered("message_bounce").message_bounce = 0
        if not set(ADDRESS).intersection(vals):
            return super().write(vals)
        before = {partner: partner._get_dunning_address() for partner in self}
        result = super().write(vals)
        self.filtered(
            lambda p: p._get_dunning_address() != before[p]
        )._release_dunning_address_holds()
        return result

    def _get_dunning_address(self):
        """Return the postal address as values that compare."""
        self.ensure_one()
        return [(self[name].id if name == "country_id" else self[name]) or "" for name in ADDRESS]

    def _release_dunning_address_holds(self):
        """Release the holds that waited for an address, and end their to-dos."""
        customers = self.commercial_partner_id
        holds = (
            self.env["account.dunning.hold"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", customers.ids),
                    ("reason", "=", "address"),
                    ("released_on", "=", False),
                ]
            )
        )
        if not holds:
            return
        holds.write(
            {"released_on": fields.Date.context_today(self), "released_by": self.env.user.id}
        )
        letters = (
            self.env["account.dunning.registered"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", holds.partner_id.ids),
                    ("state", "=", "wrong_address"),
                    ("activity_ids", "!=", False),
                ]
            )
        )
        letters.activity_feedback(
            ["mail.mail_activity_data_todo"], feedback=self.env._("The address was corrected.")
        )
