from odoo import fields, models


class AccountDunningLevel(models.Model):
    _inherit = "account.dunning.level"

    brake = fields.Selection(
        selection_add=[("deliveries", "Stop orders and deliveries")],
        ondelete={"deliveries": lambda levels: levels.write({"brake": "orders"})},
    )
