from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dunning_promise_days = fields.Integer(
        string="Days of tolerance",
        default=3,
        help="A payment that arrives this many days after the day promised still keeps a promise, "
        "or an instalment of a payment plan.",
    )
    dunning_promise_amount = fields.Monetary(
        string="Amount of tolerance",
        default=5.0,
        help="A promise, or an instalment of a payment plan, is kept even if this much is missing.",
    )
    dunning_plan_grace_days = fields.Integer(
        string="Time left to a consumer (days)",
        default=30,
        help="A consumer who missed an instalment is written to, and loses the term of his plan "
        "only if he has not paid after this many days.",
    )
    dunning_call_days = fields.Integer(
        string="Next call (working days)",
        default=3,
        help="Proposed after a call that did not reach anybody.",
    )

    _dunning_agreement_positive = models.Constraint(
        "CHECK (dunning_promise_days >= 0 AND dunning_promise_amount >= 0"
        " AND dunning_call_days >= 1 AND dunning_plan_grace_days >= 15)",
        "The time left to a consumer is fifteen days at least, the tolerances cannot be negative, "
        "and the next call is one working day later at least.",
    )
