from collections import defaultdict
from typing import Any, NamedTuple

from odoo import api, models
from odoo.addons.account_dunning_fr.core.brake import (
    BRAKES,
    DEPOSIT,
    NONE,
    WARN,
    Debt,
    Decision,
    decide,
)
from odoo.addons.account_dunning_fr.core.money import ZERO, to_decimal
from odoo.tools import SQL, format_amount, format_date

# Items on hold for one of these reasons are still owed; any other hold lifts the brake.
OWED_ALL_THE_SAME = ("case", "address", "insolvency")


class Held(NamedTuple):
    """A customer held back by one creditor.

    :param decision: ``core.brake.Decision``
    :param level: ``account.dunning.level``, the highest level he has reached
    :param sent_on: day on which its notice was sent; None if there is none
    """

    creditor: Any
    partner: Any
    decision: Decision
    level: Any
    sent_on: Any


class AccountDunningBrake(models.AbstractModel):
    """Which customers are held back now, how far and why: read from the plan, never stored.

    So whatever a payment, a credit, a dispute or a promise changes in the plan takes effect at
    once.
    """

    _name = "account.dunning.brake"
    _description = "Commercial Brake"

    @api.model
    def _find_held(self, wanted):
        """Return which of these documents have a customer who is held back: ``{document: Held}``.

        One plan per creditor, however many documents; none if no level has a brake.

        :param dict wanted: ``{document: (creditor, commercial partners)}``
        """
        customers = defaultdict(self.env["res.partner"].sudo().browse)
        for creditor, partners in wanted.values():
            customers[creditor] |= partners
        held = {}
        for creditor, partners in customers.items() if self._is_used() else ():
            held |= self._decide(creditor, partners)
        found = {}
        for document, (creditor, partners) in wanted.items():
            of_document = [
                held[creditor, partner] for partner in partners if (creditor, partner) in held
            ]
            if of_document:
                found[document] = max(
                    of_document, key=lambda each: BRAKES.index(each.decision.brake)
                )
        return found

    @api.model
    def _is_used(self):
        """Whether anything may hold an order back: asked for each order shown or confirmed."""
        levels, insured = self.env["account.dunning.level"], self.env["account.dunning.insured"]
        # In one statement, bypassing record rules, and including archived levels.
        [(is_used,)] = self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (SELECT FROM account_dunning_level WHERE %s IS DISTINCT FROM %s)
                    OR EXISTS (SELECT FROM account_dunning_insured WHERE %s IS NOT NULL)
                """,
                SQL.identifier("brake", to_flush=levels._fields["brake"]),
                NONE,
                SQL.identifier("stop_after", to_flush=insured._fields["stop_after"]),
            )
        )
        return is_used

    @api.model
    def _decide(self, creditor, partners):
        """Return the customers of one creditor who are held back: ``{(creditor, partner): Held}``.

        :param creditor: ``res.company``
        :param partners: commercial partners
        """
        today, self = creditor._open_dunning_day(self)  # a customer may order at any hour
        rows = defaultdict(list)
        plan = self.env["account.dunning.plan"].sudo()
        late = [row for row in plan._simulate(creditor, today, partners) if row.overdue]
        reasons = self._get_hold_reasons(late)
        stopped = self.env["account.dunning.insured"]._get_stopped(creditor, partners, today)
        for row in late:
            reason = reasons.get(row.hold_id) if row.stop == "hold" else None
            if not row.stop or reason in OWED_ALL_THE_SAME:
                flags = {
                    "insolvent": reason == "insolvency",
                    "insured_stop": row.move_line_id in stopped,
                }
                rows[row.partner_id].append((row, flags))
        decided = {}
        for partner in partners:
            debts = [
                self._prepare_debt(creditor, row)._replace(**flags)
                for row, flags in rows[partner.id]
            ]
            decision = decide(debts, today, regime=partner.sudo().dunning_regime or None)
            if decision.brake != NONE:
                decided[partner] = (decision, rows[partner.id][decision.highest][0])
        sent = self._get_sent_days(creditor, [row for _decision, row in decided.values()])
        levels = self.env["account.dunning.level"].sudo()
        return {
            (creditor, partner): Held(
                creditor, partner, decision, levels.browse(row.level_id), sent.get(row.move_line_id)
            )
            for partner, (decision, row) in decided.items()
        }

    @api.model
    def _get_hold_reasons(self, rows):
        """Return the reason of each hold that stops one of these rows: ``{id: reason}``."""
        holds = self.env["account.dunning.hold"].sudo()
        holds = holds.browse({row.hold_id for row in rows if row.stop == "hold" and row.hold_id})
        return {hold.id: hold.reason for hold in holds}

    @api.model
    def _prepare_debt(self, creditor, row):
        """Return an open item as the core expects it.

        :param row: ``PlanRow``
        """
        level = self.env["account.dunning.level"].sudo().browse(row.level_id)
        rounding = creditor.currency_id.rounding
        share = row.left / row.residual if row.residual else 0.0
        return Debt(
            amount=max(to_decimal(row.residual_company * share, rounding), ZERO),
            due=row.due,
            brake=level.brake or NONE,
            deposit=to_decimal(level.brake_deposit),
            rank=level.rank if level else -1,
        )

    @api.model
    def _get_sent_days(self, creditor, rows):
        """Return when the notice that gave each item its level was sent: ``{item id: date}``.

        :param rows: one ``PlanRow`` per customer
        """
        wanted = {(row.move_line_id, row.level_id, row.cycle) for row in rows}
        lines = self.env["account.dunning.notice.line"].sudo()
        if wanted:
            lines = lines.search(
                [
                    ("notice_id.company_id", "=", creditor.id),
                    ("notice_id.has_left", "=", True),
                    ("move_line_id", "in", [row.move_line_id for row in rows]),
                    ("state", "=", "sent"),
                ]
            )
        days = defaultdict(list)
        for line in lines:
            if (line.move_line_id.id, line.level_id.id, line.cycle) in wanted:
                days[line.move_line_id.id].append(line.notice_id._get_reached_on())
        return {item: max(found) for item, found in days.items()}

    # -- In words ----------------------------------------------------------------------------------

    @api.model
    def _get_sentence(self, held):
        """Return what a customer owes overdue, since when, and how he was notified, for the user.

        :param held: :class:`Held`
        """
        decision = held.decision
        amount = format_amount(self.env, float(decision.amount), held.creditor.currency_id)
        sentence = (
            self.env._("%s overdue since yesterday", amount)
            if decision.days == 1
            else self.env._(
                "%(amount)s overdue for %(days)s days", amount=amount, days=decision.days
            )
        )
        if not held.level:
            return sentence
        kinds = dict(held.level._fields["kind"]._description_selection(self.env))
        kind = kinds[held.level.kind][:1].lower() + kinds[held.level.kind][1:]
        if not held.sent_on:
            return f"{sentence}, {kind}"
        return self.env._(
            "%(sentence)s, %(kind)s of %(date)s",
            sentence=sentence,
            kind=kind,
            date=format_date(self.env, held.sent_on),
        )

    @api.model
    def _get_consequence(self, decision):
        """Return in one sentence what is held back; empty for a mere warning.

        :param decision: ``core.brake.Decision``
        """
        if decision.brake == DEPOSIT:
            return self.env._(
                "A deposit of %s %% is to be paid before a new order is taken.",
                f"{decision.deposit.normalize():f}",
            )
        if decision.brake == WARN:
            return ""
        words = self._get_stop_words()
        return words.get(decision.brake, words["orders"])  # deliveries belong to another addon

    @api.model
    def _get_stop_words(self):
        return {"orders": self.env._("New orders are stopped.")}

    @api.model
    def _get_text(self, held):
        """Return the banner: what is owed, and what is held back."""
        decision = held.decision
        insurer = any(reason.code == "insurer" for reason in decision.reasons)
        parts = [
            f"{self._get_sentence(held)}.",
            self.env._("The longest extension of the credit insurance is past.") if insurer else "",
            self._get_consequence(decision),
        ]
        return " ".join(filter(None, parts))

    @api.model
    def _name_stops(self, stops):
        """Return what is stopped, for whom and why, one line each.

        :param dict stops: :class:`Held` by order or delivery
        """
        return "\n".join(
            f"{document.name} ({held.partner.sudo().name}): {self._get_text(held)}"
            for document, held in stops.items()
        )

    @api.model
    def _get_law(self, decision):
        """Return the legal provisions to check before somebody is held back, one line each.

        :param decision: ``core.brake.Decision``
        """
        words = {
            "freedom": self.env._("nobody is bound to conclude another contract"),
            "relation": self.env._(
                "an established relation between professionals is not broken off without written "
                "notice; none is due where the other does not perform"
            ),
            "consumer": self.env._("a sale is refused to a consumer for a legitimate reason only"),
            "exception": self.env._(
                "what was agreed may be suspended while the other does not perform, if that is "
                "serious enough"
            ),
            "foretold": self.env._(
                "or before he fails to, if it is manifest that he will; he is told without delay"
            ),
            "insolvency": self.env._(
                "contracts under way go on in spite of debts from before the judgment; what is "
                "new is paid at once"
            ),
            "insurer": self.env._(
                "what is delivered past the longest extension may no longer be covered: see what "
                "the contract says"
            ),
            "public": self.env._(
                "a public body is supplied all the same, unless a clause says otherwise"
            ),
        }
        return "\n".join(
            self.env._("%(article)s: %(rule)s.", article=reason.source, rule=words[reason.code])
            for reason in decision.reasons
        )
