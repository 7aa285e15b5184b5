from dateutil.relativedelta import relativedelta

from odoo import api, models

from ...core.claims_allowed import may_state_penalties

HALF_YEAR = relativedelta(months=6)


class AccountDunningAgenda(models.AbstractModel):
    """What future notices wait for a person to do: the gate's own reasons.

    An unconfirmed rate, or something missing in a formal notice: nothing else stops for good a
    notice that has an address and is sent automatically.
    """

    _inherit = "account.dunning.agenda"

    @api.model
    def _get_waiting(self, sendings, facts):
        """Return which of these notices wait for a person, and for what.

        :param list sendings: those of one day that are otherwise sent automatically
        :param dict facts: as returned by ``_get_facts``
        :return: ``{partner id: sentence}``
        """
        if not sendings:
            return {}
        return self._get_incomplete(sendings, facts) | self._get_awaiting_rates(sendings, facts)

    @api.model
    def _get_incomplete(self, sendings, facts):
        """Return what the formal notices among these notices lack, ``{partner id: sentence}``."""
        found = {}
        for sending in sendings:
            if sending.level.kind == "formal_notice":
                notice = self._get_message(sending, facts).with_env(self.env).sudo()
                if problem := notice._get_formal_problem():
                    found[sending.partner_id] = " ".join(problem.split("\n- "))
        return found

    @api.model
    def _get_prepared(self, sending, facts):
        """Return the notice already prepared, ``account.dunning.notice``, or None."""
        notice = facts["live"].get(sending.partner_id)
        return notice.sudo() if notice and notice.level_id == sending.level else None

    @api.model
    def _get_message(self, sending, facts):
        """Return a notice as prepared, or as it will be: only in memory.

        :return: ``account.dunning.notice``
        """
        if notice := self._get_prepared(sending, facts):
            return notice
        creditor = facts["creditor"]
        partner = self.env["res.partner"].sudo().browse(sending.partner_id)
        items = self.env["account.move.line"].sudo().browse(sending.row.items or ())
        responsible = partner._get_dunning_user() or creditor.sudo().dunning_user_id
        lines = [
            {
                "move_line_id": item.id,
                "move_id": item.move_id.id,
                "currency_id": item.currency_id.id,
                "claimed": True,
            }
            for item in items
        ]
        return (
            self.env["account.dunning.notice"]
            .sudo()
            .new(
                {
                    "company_id": creditor.id,
                    "partner_id": partner.id,
                    "level_id": sending.level.id,
                    "policy_id": sending.level.policy_id.id,
                    "kind": sending.level.kind,
                    "date": sending.on,
                    "user_id": responsible.id,
                    "line_ids": [(0, 0, line) for line in lines],
                }
            )
        )

    @api.model
    def _get_awaiting_rates(self, sendings, facts):
        """Return for which unconfirmed rates these notices wait, ``{partner id: sentence}``.

        What their items owe is computed only if the time since the oldest due date includes a
        half-year with such a rate.
        """
        creditor = facts["creditor"].sudo()
        if creditor.dunning_send_unconfirmed or not creditor._is_dunning_french():
            return {}
        stated = [each for each in sendings if each.level.penalties != "none"]
        partners = self.env["res.partner"].sudo().browse([each.partner_id for each in stated])
        stating = [
            sending
            for sending, partner in zip(stated, partners, strict=True)
            if self._may_state(sending, partner, facts)
        ]
        if not stating:
            return {}
        on, rates = stating[0].on, self.env["account.dunning.rate"]
        oldest = min(each.row.oldest for each in stating)
        missing = rates._get_unconfirmed(rates._get_figures(min(oldest, on), on))
        if not missing:
            return {}
        last = missing[-1].start + HALF_YEAR
        reached = [each for each in stating if each.row.oldest < last]
        taken = {each.partner_id: self._get_items(each, facts) for each in reached}
        items = self.env["account.move.line"].sudo().union(*taken.values())
        accrued = self.env["account.dunning.accrual"].sudo()._compute_items(items, on)
        found = {}
        for partner_id, theirs in taken.items():
            figures = {figure for item in theirs for figure in accrued[item.id].figures}
            awaited = [figure for figure in missing if figure in figures]
            notices = self.env["account.dunning.notice"].sudo()
            if problem := awaited and notices._explain_awaited(awaited):
                found[partner_id] = problem
        return found

    @api.model
    def _may_state(self, sending, partner, facts):
        """Whether a notice states the interest on its items (``_get_stated_regime``)."""
        if notice := self._get_prepared(sending, facts):
            return bool(notice._get_stated_regime())
        return may_state_penalties(partner.dunning_regime, sending.level.kind)

    @api.model
    def _get_items(self, sending, facts):
        """Return what a notice claims: everything if it is prepared, or else what takes a level."""
        if notice := self._get_prepared(sending, facts):
            return notice._get_penalty_lines().move_line_id
        return self.env["account.move.line"].sudo().browse(sending.row.items or ())
