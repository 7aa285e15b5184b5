import logging

from odoo import api, models
from odoo.exceptions import MissingError

from .states import LIVE

_logger = logging.getLogger(__name__)

# Ids of customers and of items that they paid with, until they are judged.
WAITING = "account_dunning_fr.judged"
MOST = 500  # messages judged at once: beyond, whoever imports a year of payments waits for nothing


class AccountDunningNotice(models.Model):
    """What waits is judged when something may stop it: a payment, a hold and what opens one.

    By the rule of the run, which judges it again: the plan of these customers, on live figures.
    """

    _inherit = "account.dunning.notice"

    @api.model
    def _judge_soon(self, partners=(), received=()):
        """Judge what waits for these customers before the transaction ends.

        Once for all that is noted until Odoo runs what it does before a commit: at the commit, or
        before where a savepoint begins or ends, so that what is undone to one is judged in it.
        What travels in the context of whoever pays is no business of the plan: neither his
        defaults, nor figures that were computed before he paid.

        :param partners: ``res.partner`` records, contacts too
        :param received: items of customers' accounts: whose they are, where they stay on account
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
        """Judge nobody apart: a run over all customers of a creditor judges them itself.

        What it holds itself would be judged while it works, and the tables of its plan are one.
        """
        for noted in self.env.cr.precommit.data.get(WAITING, ()):
            noted.clear()

    @api.model
    def _judge_waiting(self):
        """Run the plan for the customers noted, where a message to them waits."""
        partner_ids, item_ids = self.env.cr.precommit.data.pop(WAITING)
        partner_ids = [*partner_ids, *self._get_payers_on_account(item_ids).ids]
        if not partner_ids:  # a payment set against invoices that no message claims asks nothing
            return
        notices = self.search([("partner_id", "in", partner_ids), ("state", "in", LIVE)])
        if not notices or len(notices) > MOST:
            return
        # What others still do before the commit fails by itself, and not as a part of this.
        self.env.cr.flush()
        for found in notices.grouped("company_id").values():
            found._judge_of_creditor()

    def _judge_of_creditor(self):
        """Run the plan for the customers of these messages of one creditor.

        Not for a message that is being sent: its own gate judges it, and nobody waits for the lock.
        Whoever registers a payment has not to answer for what goes wrong, be it that somebody else
        changed the message since he began: it is undone, and the next run tells.
        """
        try:
            with self.env.cr.savepoint():
                self.try_lock_for_update()._in_dunning_lang()._refresh_customer()
        except Exception:
            # A lost connection fails again at the commit, which saves nothing then.
            _logger.exception("Messages %s were not judged: the next run does", self.ids)

    @api.model
    def _get_payers_on_account(self, item_ids):
        """Return the customers of those of these items that are not set against what they pay."""
        items = self.env["account.move.line"].browse(item_ids)
        try:
            on_account = items.filtered(lambda item: not item.reconciled)
        except MissingError:  # asked only then: what a payment wrote is in the cache
            on_account = items.exists().filtered(lambda item: not item.reconciled)
        return on_account.partner_id.commercial_partner_id
