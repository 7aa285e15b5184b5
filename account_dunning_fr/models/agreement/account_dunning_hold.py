from datetime import timedelta

from odoo import api, fields, models

from ..common.marks import tells

STILL_DAYS = 30  # without any change for longer, a dispute makes no progress


class AccountDunningHold(models.Model):
    """The holds that follow from a dispute, a promise or another agreement, and end with it."""

    _inherit = "account.dunning.hold"

    dispute_id = fields.Many2one(
        "account.dunning.dispute",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )
    promise_id = fields.Many2one(
        "account.dunning.promise",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )
    payment_plan_id = fields.Many2one(
        "account.dunning.payment.plan",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )
    insolvency_id = fields.Many2one(
        "account.dunning.insolvency",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )
    request_id = fields.Many2one(
        "account.dunning.request",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        owner=True,
    )

    @api.model
    def _get_judgment_domain(self, *, is_open=False, day=None):
        """Proceedings that ended stopped interest too; those recorded by mistake never did."""
        found = super()._get_judgment_domain(is_open=is_open, day=day)
        found &= ~fields.Domain("insolvency_id.state", "=", "cancelled")
        return found if is_open else found | fields.Domain("insolvency_id.state", "=", "closed")

    def _get_contested_since(self):
        """What a dispute contests is contested from its opening on, though it was closed between.

        :rtype: date
        """
        return self.dispute_id.date_open or super()._get_contested_since()

    @api.model
    @tells
    def _tell_disputes(self, creditor, today):
        return [
            (
                self.env._("Disputes without progress"),
                self._get_still_disputes(creditor, today),
                lambda dispute: dispute.user_id,
            ),
        ]

    @api.model
    def _get_still_disputes(self, creditor, today):
        before = fields.Datetime.to_datetime(today - timedelta(days=STILL_DAYS))
        return self.env["account.dunning.dispute"].search(
            [
                ("company_id", "=", creditor.id),
                ("state", "in", ("open", "credit_note")),
                "|",
                ("date_due", "<", today),
                ("write_date", "<", before),
            ]
        )
