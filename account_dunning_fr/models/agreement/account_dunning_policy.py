from decimal import Decimal

from odoo import fields, models

from ...core.debtor_requests import ACCEPT, APPLY, NOT_OFFERED, Limits

MODES = [
    (NOT_OFFERED, "Not offered"),
    (ACCEPT, "A person accepts"),
    (APPLY, "Applies by itself"),
]


class AccountDunningPolicy(models.Model):
    """What customers under a policy may request by themselves on their page."""

    _inherit = "account.dunning.policy"

    debtor_promise = fields.Selection(
        MODES,
        string="Promises",
        default=ACCEPT,
        required=True,
        help="What a customer promises on his page. By itself applies only what no formal notice "
        "claims, of a customer who kept his word; a person accepts the rest.",
    )
    debtor_promise_days = fields.Integer(
        string="Farthest day promised (days)", default=15, required=True
    )
    debtor_plan = fields.Selection(
        MODES,
        string="Payment plans asked for",
        default=ACCEPT,
        required=True,
        help="A plan that a customer asks for on his page. By itself: he signs it on the spot.",
    )
    debtor_plan_count = fields.Integer(string="Most instalments", default=6, required=True)
    debtor_plan_first = fields.Integer(
        string="Least first payment (%)",
        default=20,
        required=True,
        help="Of what the plan settles, in percent.",
    )
    debtor_plan_minimum = fields.Float(
        string="No plan below",
        digits="Account",
        default=300.0,
        help="In the currency of the invoices.",
    )
    debtor_apply_most = fields.Float(
        string="By itself up to",
        digits="Account",
        default=5000.0,
        help="Above this amount a person accepts, whatever is chosen.",
    )

    _debtor_limits = models.Constraint(
        "CHECK (debtor_promise_days >= 1 AND debtor_plan_count BETWEEN 2 AND 36"
        " AND debtor_plan_first BETWEEN 1 AND 90 AND debtor_plan_minimum >= 0"
        " AND debtor_apply_most >= 0)",
        "A promise is for one day ahead at least, a plan of 2 to 36 instalments, its first payment "
        "of 1 to 90 percent, and no limit is below zero.",
    )

    def _get_debtor_limits(self):
        """Return what a customer may request by himself (``core.debtor_requests.Limits``)."""
        policy = self.sudo()
        if not policy:
            return Limits(promise=NOT_OFFERED, plan=NOT_OFFERED)
        policy.ensure_one()
        return Limits(
            promise=policy.debtor_promise,
            promise_days=policy.debtor_promise_days,
            plan=policy.debtor_plan,
            plan_count=policy.debtor_plan_count,
            plan_first=policy.debtor_plan_first,
            plan_minimum=Decimal(str(policy.debtor_plan_minimum)),
            apply_most=Decimal(str(policy.debtor_apply_most)),
        )
