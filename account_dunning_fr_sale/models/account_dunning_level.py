from odoo import fields, models


class AccountDunningLevel(models.Model):
    """How far new orders are held back once a level has been sent: the brake of the level."""

    _inherit = "account.dunning.level"

    brake = fields.Selection(
        [
            ("none", "None"),
            ("warn", "Warn"),
            ("deposit", "Ask for a deposit"),
            ("orders", "Stop new orders"),
        ],
        string="Commercial brake",
        default="none",
        required=True,
        help="While what was claimed at this level is unpaid. A credit, a payment, a dispute or a "
        "promise lifts it at once; an order paid in full is never stopped. Not for essential "
        "supplies, nor where your contract forbids it.",
    )
    brake_deposit = fields.Float(
        string="Deposit (%)",
        default=30.0,
        digits=(5, 2),
        help="Share of the order to be paid before it is taken.",
    )

    _brake_deposit_share = models.Constraint(
        "CHECK (brake_deposit >= 0 AND brake_deposit <= 100"
        " AND (brake <> 'deposit' OR brake_deposit > 0))",
        "A deposit is more than 0 % of the order, and 100 % at most.",
    )
