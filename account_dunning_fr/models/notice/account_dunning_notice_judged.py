import logging

from odoo import api, models
from odoo.exceptions import MissingError

from .states import LIVE

_logger = logging.getLogger(__name__)

# Ids of customers, and of the items that they paid with, until they are checked.
WAITING = "account_dunning_fr.judged"
MOST = 500  # notices checked at once: an import of a year of payments must not wait for more


class AccountDunningNotice(models.Model):
    """Check pending notices again once a payment, a hold or its cause may stop them.

    The same rule as the daily run, which checks them again: the plan of these customers, on live
    figures.
    """

    _inherit = "account.dunning.notice"

    @api.model
    def _judge_soon(self, partners=(), received=()):
        """Check what is pending for these customers before the transaction ends.

        Once for all that is noted until Odoo runs its pre-commit hooks: at the commit, or earlier
        where a savepoint begins or ends, so that it happens inside the savepoint that may be
        undone. The context of whoever registers a payment must not reach the plan: neither default
        values nor figures computed before the payment.

        :param partners: ``res.partner`` records, contacts too
        :param received: receivable items of payments: their customers count where they stay on
            account
        """
        if not partners and not received:
            return
        precommit = self.env.cr.precommit
        if WAITING not in precommit.data:
            precommit.data[WAITING] = (set(), set())
            env = self.env(su=True, context={"tz": self.env.context.get("tz")})
            precommit.add(self.with_env(env)._judge_waiting)
        partner_ids, item_ids = precommit.data[WAITING]
        if partners:
            partner_ids.update(partners.sudo().commercial_partner_id.ids)
        if received:
            item_ids.update(received.ids)

    @api.model
    def _forget_noted(self):
        """Forget what was noted: a run over all customers of a creditor checks them itself.

        Otherwise they would be checked in the middle of the run, which has the tables of its plan.
        """
        for noted in self.env.cr.precommit.data.get(WAITING, ()):
            noted.clear()

    @api.model
    def _judge_waiting(self):
        """Run the plan for the noted customers who have a pending notice."""
        partner_ids, item_ids = self.env.cr.precommit.data.pop(WAITING)
        partner_ids = [*partner_ids, *self._get_payers_on_account(item_ids).ids]
        if not partner_ids:  # a payment of invoices that no notice claims needs no check
            return
        notices = self.search([("partner_id", "in", partner_ids), ("state", "in", LIVE)])
        if not notices or len(notices) > MOST:
            return
        # Other pre-commit work must fail by itself, not as a part of this.
        self.env.cr.flush()
        for found in notices.grouped("company_id").values():
            found._judge_of_creditor()

    def _judge_of_creditor(self):
        """Run the plan for the customers of these notices of one creditor.

        Not for a notice that is being sent: its own gate checks it, and nobody waits for the lock.
        Errors must not reach whoever registers a payment, such as a notice that somebody else
        changed meanwhile: the check is undone, and the next run repeats it.
        """
        try:
            with self.env.cr.savepoint():
                self.try_lock_for_update()._in_dunning_lang()._refresh_customer()
        except Exception:
            # A lost connection fails again at the commit, which then saves nothing.
            _logger.exception("Messages %s were not judged: the next run does", self.ids)

    @api.model
    def _get_payers_on_account(self, item_ids):
        """Return the customers of those items that are not reconciled with what they pay."""
        items = self.env["account.move.line"].browse(item_ids)
        try:
            on_account = items.filtered(lambda item: not item.reconciled)
        except MissingError:  # asked now only: what the payment wrote is in the cache
            on_account = items.exists().filtered(lambda item: not item.reconciled)
        return on_account.partner_id.commercial_partner_id
