from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...core.money import ZERO
from .account_dunning_penalty import PARTS


class AccountDunningPenalty(models.Model):
    """What a booking would do, item by item, without writing anything."""

    _inherit = "account.dunning.penalty"

    @api.model
    def _preview(self, creditor, until, partners=None, moves=None):
        """Return what a booking up to a day would book, and why the rest would not be.

        :param creditor: ``res.company``
        :param date until: last day that counts
        :param partners: only these customers
        :param moves: with the overdue items of these entries whose level books nothing
        :return: list of dicts: ``penalty`` (empty before the first booking), ``item`` (empty for an
            item that is gone), ``interest`` and ``indemnity`` (computed), ``to_book`` (by part),
            ``reason`` why it cannot be booked, or False
        """
        Penalty = self.sudo()
        items = Penalty._get_items(creditor, partners)
        accrued = self.env["account.dunning.accrual"]._compute_items(items, until)
        known = {
            penalty.move_line_id: penalty
            for penalty in Penalty.search([("move_line_id", "in", items.ids)])
        }
        rows = []
        for item in items:
            penalty = known.get(item, Penalty.browse())
            computed = {part: getattr(accrued[item.id], part) for part, _label in PARTS}
            rows.append(penalty._prepare_preview(item, computed, until, accrued[item.id].problem))
        for orphan in Penalty.search(Penalty._get_orphans_domain(creditor, partners)):
            computed = {part: ZERO for part, _label in PARTS}
            rows.append(orphan._prepare_preview(orphan.move_line_id, computed, until, False))
        return rows + self._preview_others(moves, items, until)

    def _prepare_preview(self, item, computed, until, problem):
        """Return the row of one item; ``self`` is its penalty, empty before the first booking."""
        reason = problem
        if not reason and self.last_booked_on and self.last_booked_on > until:
            reason = self.env._(
                "Booked up to %s already: choose that day or a later one.",
                format_date(self.env, self.last_booked_on),
            )
        to_book = {
            part: ZERO if reason else self._get_part_to_book(part, amount)
            for part, amount in computed.items()
        }
        if not reason and not any(to_book.values()):
            reason = self.env._("All of it is booked.") if self.line_ids else False
            reason = reason or self.env._("Nothing is owed on that day, or it was waived.")
        return {"penalty": self, "item": item, **computed, "to_book": to_book, "reason": reason}

    @api.model
    def _preview_others(self, moves, items, until):
        """Return rows for the overdue items of entries whose level books nothing."""
        overdue = (moves or self.env["account.move"]).line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.parent_state == "posted"
                and not line.reconciled
                and line.balance > 0
                and not line.dunning_penalty_id
                and line.date_maturity
                and line.date_maturity < until
            )
        )
        rows = []
        for item in (overdue - items).sudo():
            level = item.dunning_level_id
            reason = (
                self.env._("Its level, “%s”, does not book penalties.", level.name)
                if level
                else self.env._("It was not chased yet: penalties are booked from a level on.")
            )
            nothing = {part: ZERO for part, _label in PARTS}
            rows.append(
                {
                    "penalty": self.browse(),
                    "item": item,
                    **nothing,
                    "to_book": nothing,
                    "reason": reason,
                }
            )
        return rows

    @api.model
    def _get_orphans_domain(self, creditor, partners=None):
        """Return the domain of the penalties whose item is gone.

        An invoice being corrected keeps its penalties until it is posted again or cancelled.
        """
        domain = (
            Domain("company_id", "=", creditor.id)
            & Domain("move_line_id", "=", False)
            & (Domain("move_id", "=", False) | Domain("move_id.state", "!=", "draft"))
        )
        if partners is not None:
            domain &= Domain("partner_id", "in", partners.commercial_partner_id.ids)
        return domain
