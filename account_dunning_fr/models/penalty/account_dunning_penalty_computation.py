from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...core.booking import to_book
from ...core.money import ZERO
from .account_dunning_penalty import PARTS

COMPUTED_TOGETHER = 25_000


class AccountDunningPenalty(models.Model):
    """What is computed and written down, what is still to book, what is left to claim."""

    _inherit = "account.dunning.penalty"

    @api.model
    def _get_items(self, creditor, partners=None):
        """Return the items whose penalties are to be booked: their level says so, or once did.

        :param creditor: ``res.company``
        :param partners: only these customers
        :return: ``account.move.line``, those of an invoice together
        """
        self.env.flush_all()
        where = SQL("TRUE")
        if partners is not None:
            where = SQL(
                "partner.commercial_partner_id IN %s",
                tuple(partners.commercial_partner_id.ids) or (0,),
            )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM account_move_line line
                  JOIN res_partner partner ON partner.id = line.partner_id
                  LEFT JOIN account_dunning_level level ON level.id = line.dunning_level_id
                 WHERE line.company_id IN %s AND line.parent_state IN ('posted', 'cancel')
                   AND (level.penalties = 'applied' OR line.id IN (
                        SELECT move_line_id FROM account_dunning_penalty
                         WHERE company_id = %s AND move_line_id IS NOT NULL))
                   AND %s
                 ORDER BY line.move_id, line.id
                """,
                tuple(creditor._get_dunning_companies().ids),
                creditor.id,
                where,
            )
        )
        return self.env["account.move.line"].browse([row[0] for row in rows])

    @api.model
    def _split_items(self, items):
        """Yield items by the ten thousand, those of an invoice together: one bears the 40 €.

        A ledger of a million items then takes no more memory than a small one.

        :param items: ``account.move.line``, in the order of ``_get_items``
        """
        ids, start = items.ids, 0
        while start < len(ids):
            end = start + COMPUTED_TOGETHER
            if end < len(ids):
                # What follows of the same invoice comes along.
                siblings = {
                    row[0]
                    for row in self.env.execute_query(
                        SQL(
                            "SELECT id FROM account_move_line WHERE move_id = "
                            "(SELECT move_id FROM account_move_line WHERE id = %s)",
                            ids[end - 1],
                        )
                    )
                }
                while end < len(ids) and ids[end] in siblings:
                    end += 1
            yield items.browse(ids[start:end])
            start = end

    @api.model
    def _update(self, creditor, items, until):
        """Compute the penalties of items up to a day, and write them down.

        :return: the ``account.dunning.penalty`` records of the items
        """
        accrued = self.env["account.dunning.accrual"]._compute_items(items, until)
        existing = {p.move_line_id.id: p for p in self.search([("move_line_id", "in", items.ids)])}
        to_create = []
        for item in items:
            partner = item.partner_id.commercial_partner_id
            vals = {
                **self._prepare_computed(accrued[item.id], until),
                "date_maturity": item.date_maturity,
            }
            if penalty := existing.get(item.id):
                changed = {name: value for name, value in vals.items() if penalty[name] != value}
                if penalty.partner_id != partner:
                    changed["partner_id"] = partner.id
                if changed:
                    penalty.write(changed)
            else:
                to_create.append(
                    {
                        **vals,
                        "company_id": creditor.id,
                        "partner_id": partner.id,
                        "move_line_id": item.id,
                        "move_id": item.move_id.id,
                        "currency_id": item.currency_id.id,
                    }
                )
        created = self.with_context(tracking_disable=True).create(to_create)
        return created.union(*existing.values())

    @api.model
    def _prepare_computed(self, accrued, until):
        """Return the values that a computation writes down.

        :param accrued: ``account.dunning.accrual`` result of the item
        """
        segments = accrued.statement.segments if accrued.statement else ()
        return {
            "interest": float(accrued.interest),
            "indemnity": float(accrued.indemnity),
            "principal_left": float(accrued.statement.principal_left) if accrued.statement else 0.0,
            "interest_from": bool(segments) and segments[0].start,
            "interest_to": bool(segments) and segments[-1].end,
            "computed_until": until,
            "problem": accrued.problem,
        }

    @api.model
    def _drop_orphans(self, creditor, until, partners=None):
        """Compute nothing for items that are gone: what was booked for them is taken back.

        :return: the penalties without an item
        """
        orphans = self.search(self._get_orphans_domain(creditor, partners))
        orphans.filtered(lambda penalty: penalty.interest or penalty.indemnity).write(
            {
                "interest": 0,
                "indemnity": 0,
                "principal_left": 0,
                "computed_until": until,
                "problem": False,
            }
        )
        return orphans

    def _get_difference(self):
        """Return what is still to book, by part: computed − waived − booked.

        :return: ``{"interest": Decimal, "indemnity": Decimal}``; zero while there is a problem
        """
        self.ensure_one()
        if self.problem:
            return {part: ZERO for part, _label in PARTS}
        return {
            part: self._get_part_to_book(part, self._to_decimal(part, self[part]))
            for part, _label in PARTS
        }

    def _get_part_to_book(self, part, computed):
        """Return what is still to book of one part; works on an empty record.

        :param str part: ``interest`` or ``indemnity``
        :param Decimal computed: what the item owes
        """
        booked = self._to_decimal(part, self[f"booked_{part}"])
        return to_book(computed, self._get_waived(part), booked)

    @api.model
    def _get_by_item(self, items):
        """Return the penalties of items, ``{item: penalty}``; empty where nothing was booked."""
        known = self.search([("move_line_id", "in", items.ids)])
        by_item = {penalty.move_line_id: penalty for penalty in known}
        return {item: by_item.get(item, self.browse()) for item in items}

    def _get_left(self, part, accrued):
        """Return what is still owed of a part: accrued, less what was waived or paid.

        :param str part: ``interest`` or ``indemnity``
        :param Decimal accrued: what the item owes up to the day of the message
        :return: float, never negative; works on an empty record
        """
        if not self:
            return float(accrued)
        paid = sum(
            line.amount_currency - line.amount_residual_currency
            for line in self.line_ids
            if line.parent_state == "posted" and line.dunning_penalty_part == part
        )
        paid = self._to_decimal(part, paid)
        return float(max(accrued - self._get_waived(part) - paid, ZERO))

    def _group_by_customer(self):
        """Return the penalties by customer, those with something to book only."""
        groups = defaultdict(self.browse)
        for penalty in self:
            if any(penalty._get_difference().values()):
                groups[penalty.partner_id] |= penalty
        return groups
