from decimal import Decimal

from odoo import api, fields, models

from ...core.money import ZERO
from ..common.due import MONEY_JOURNALS
from ..notice.states import CHANNELS
from . import effort_tiles, insurance_tiles, parts, result_tiles, situation_tiles, speed_tiles
from .query import results
from .scope import LEDGER, PERIOD_MONTHS
from .situation import Penalties, Step, to_decimal

SHOWN = ("receivables", "overdue", "at_risk", "dso")  # tiles of the report that the page has above


class AccountDunningDashboard(models.AbstractModel):
    """The folded parts of the page and the monthly report: more figures, lists, results."""

    _inherit = "account.dunning.dashboard"

    # -- What is folded ----------------------------------------------------------------------------

    @api.model
    def _get_more(self, scope):
        """Return what the page shows once unfolded, without the tiles that it shows already."""
        situation = self._read_situation(scope, "all")
        groups = [
            {**group, "tiles": [tile for tile in group["tiles"] if tile["key"] not in SHOWN]}
            for group in self._get_tiles(scope, situation)
        ]
        return {
            "tiles": groups,
            "holds": self._get_holds(scope, situation),
            "cases": self._get_cases(scope, situation),
            "registered": self._get_registered(scope),
        }

    # -- The tiles in their groups -----------------------------------------------------------------

    @api.model
    def _get_tiles(self, scope, situation):
        """Return the tiles by group, each ``{"title": text, "tiles": [tile]}``."""
        return [
            {
                "title": self.env._("Situation"),
                "tiles": situation_tiles.make(self, scope, situation),
            },
            *(
                {"title": title, "tiles": self._name_lists(tiles.make(self, scope, situation))}
                for title, tiles in (
                    (self.env._("Speed"), speed_tiles),
                    (self.env._("Results"), result_tiles),
                    (self.env._("Collection work"), effort_tiles),
                )
            ),
            *insurance_tiles.make(self, scope, situation),
        ]

    @api.model
    def _name_lists(self, tiles):
        """Return tiles of rates and delays with their lists named after them.

        No such list adds up to its tile, so its name also says what it contains: « Rate of
        activation – Overdue ».
        """
        for tile in tiles:
            label, action = tile["label"], tile["action"]
            name = action["name"]
            name = name if name == label else f"{label} – {name}"
            tile["action"] = {**action, "name": name, "display_name": name}
        return tiles

    @api.model
    def _prepare_tile(self, key, label, value, *, note="", help="", action=None, tone=""):
        return {
            "key": key,
            "label": label,
            "value": value,
            "note": note,
            "help": help,
            "action": action,
            "tone": tone,
        }

    @api.model
    def _get_period_label(self):
        return self.env._("over %s months", PERIOD_MONTHS)

    # -- The lists behind the tiles ----------------------------------------------------------------

    @api.model
    def _get_companies_action(self, scope, xmlid, name, domain):
        """Return the action of a list whose records belong to a company, branch or not."""
        action = self._get_model_action(scope, xmlid, name)
        companies = ("company_id", "in", scope.companies.ids)
        return {**action, "domain": [companies, *scope.partner_domain("partner_id."), *domain]}

    @api.model
    def _get_payments_action(self, scope):
        """Return the action that lists the money received from customers lately."""
        return self._get_lines_action(
            self.env._("Payments received"),
            [
                *LEDGER,
                ("journal_id.type", "in", MONEY_JOURNALS),
                ("credit", ">", 0),
                *scope.between("date", scope.paid_since),
                ("company_id", "in", scope.companies.ids),
                *scope.ledger_domain(),
            ],
            "date:month",
        )

    @api.model
    def _get_accounts_action(self, scope, name, section, since=None):
        """Return the action that lists the journal items of the bad debt accounts.

        :param str section: ``losses``, ``doubtful`` or ``provision``
        :param date since: only entries dated after it
        """
        domain = [
            ("account_id", "in", scope.bad_debt_ids[section]),
            ("parent_state", "=", "posted"),
            ("date", "<=", fields.Date.to_string(scope.as_of)),
            ("company_id", "in", scope.companies.ids),
            *scope.ledger_domain(),
        ]
        if since:
            domain.append(("date", ">", fields.Date.to_string(since)))
        return self._get_lines_action(name, domain)

    # -- The other sections: rows of texts, bars and actions ---------------------------------------

    @api.model
    def _get_task_rows(self, scope):
        """Return the pending work; always that of today, whatever the as-of day."""
        return [
            {
                "key": task.key,
                "label": task.label,
                "count": task.count,
                "value": "" if task.amount is None else self._money(scope, task.amount),
                "tone": "danger" if task.warning else "",
                "action": task.action,
            }
            for task in self.env["account.dunning.today"]._get_tasks(scope.creditors)
        ]

    @api.model
    def _get_holds(self, scope, situation):
        """Return what is on hold on the day, by reason."""
        rows = situation.held
        reasons = self.env["account.dunning.hold"]._fields["reason"]
        return [
            {
                "key": reason,
                "label": label,
                "count": rows[reason].count,
                "value": self._money(scope, rows[reason].amount),
                "percent": self._percent(situation.share(rows[reason].amount)),
                "action": parts.make_action(self, scope, label, "held", reason),
            }
            for reason, label in reasons._description_selection(self.env)
            if reason in rows
        ]

    @api.model
    def _get_penalties(self, scope):
        """Return the penalties owed, claimed, received and waived; empty if there are none.

        The amount owed is computed as of the day; the amount waived is always that of today, as
        only the books keep past days.
        """
        penalties = self._read_penalties(scope)
        if not (penalties.owed or penalties.claimed):
            return []
        labels = {
            "owed": self.env._("Owed by law"),
            "claimed": self.env._("Claimed (posted)"),
            "received": self.env._("Received in payment"),
            "waived": self.env._("Waived penalties"),
        }
        return [
            {
                "key": key,
                "label": label,
                "value": self._money(scope, getattr(penalties, key)),
                "exact": self._money(scope, getattr(penalties, key), exact=True),
                "action": self._get_waived_action(scope, label)
                if key == "waived"
                else parts.make_action(self, scope, label, key),
            }
            for key, label in labels.items()
        ]

    @api.model
    def _get_waived_action(self, scope, label):
        """Return the action that lists the waived penalties, each with its amount."""
        waived = ["|", ("waived_interest", ">", 0), ("waived_indemnity", ">", 0)]
        return self._get_model_action(
            scope,
            "action_account_dunning_penalty",
            label,
            [*waived, *scope.currency_domain()],
            {"dunning_as_of": fields.Date.to_string(scope.as_of)},
        )

    @api.model
    def _read_penalties(self, scope):
        """Return the ``Penalties``; indemnities are in euros, interest in any currency."""
        waived = ZERO
        currencies = self.env["res.currency"]
        euro_rate = self._get_rate(scope, currencies._get_dunning_euro())
        for currency_id, *sums in self.env.execute_query(results.penalties_waived(scope)):
            interest, indemnity = map(to_decimal, sums)
            waived += interest * self._get_rate(scope, currencies.browse(currency_id))
            waived += indemnity * euro_rate
        [(claimed, received)] = self.env.execute_query(results.penalties_claimed(scope))
        owed = sum(parts.owe_by_law(self, scope, parts.get_owing(self, scope)).values(), ZERO)
        return Penalties(owed, to_decimal(claimed), to_decimal(received), waived)

    @api.model
    def _read_steps(self, scope):
        """Return what each kind of notice brought in: list of ``Step``."""
        return [
            Step(
                level_id,
                dict(zip(CHANNELS, channels, strict=True)),
                to_decimal(claimed),
                to_decimal(collected),
                count,
            )
            for level_id, *channels, claimed, collected, count in self.env.execute_query(
                results.steps(scope)
            )
        ]

    @api.model
    def _get_cases(self, scope, situation):
        """Return the open court files, one row per stage, with what is left of their items today.

        Only the books keep past days: for a past day too, the stages are those of today.
        """
        rows = situation.cases
        stages = self.env["account.dunning.case"]._fields["state"]
        return [
            {
                "key": f"case_{state}",
                "label": label,
                "count": rows[state].count,
                "value": self._money(scope, rows[state].amount),
                "exact": self._money(scope, rows[state].amount, exact=True),
                "action": self._get_model_action(
                    scope,
                    "action_account_dunning_case",
                    label,
                    [("state", "=", state)],
                    {"dunning_as_of": fields.Date.to_string(scope.as_of)},
                ),
            }
            for state, label in stages._description_selection(self.env)
            if state in rows
        ]

    @api.model
    def _get_registered(self, scope):
        """Return the registered letters posted in the last twelve months, by outcome."""
        letters = self.env["account.dunning.registered"].sudo()
        posted = scope.between("posted_on", scope.year_ago)
        domain = [
            ("company_id", "in", scope.creditors.ids),
            *posted,
            *scope.partner_domain("partner_id."),
        ]
        counts = dict(letters._read_group(domain, ["state"], ["__count"]))
        return [
            {
                "key": f"registered_{state}",
                "label": label,
                "count": counts[state],
                "value": "",
                "action": self._get_model_action(
                    scope,
                    "action_account_dunning_registered",
                    label,
                    [("state", "=", state), *posted],
                ),
            }
            for state, label in letters._fields["state"]._description_selection(self.env)
            if state in counts
        ]

    @api.model
    def _get_steps(self, scope):
        """Return what each kind of notice brought in, by level and channels."""
        levels = self.env["account.dunning.level"].sudo()
        return [
            self._prepare_step(scope, f"step_{rank}", levels.browse(step.level_id), step)
            for rank, step in enumerate(self._read_steps(scope))
        ]

    @api.model
    def _prepare_step(self, scope, key, level, step):
        """Return a level as the page shows it: what it claimed and brought in, and its notices.

        :param key: key of the row on the page
        :param step: ``Step`` of the situation
        """
        return {
            "key": key,
            "label": level.name,
            "channels": level._get_channel_names(step.channels),
            "count": step.count,
            "claimed": self._money(scope, step.claimed),
            "collected": self._money(scope, step.collected),
            "percent": self._percent(step.rate),
            "width": self._width(step.rate or ZERO, Decimal(100)),
            "action": self._get_model_action(
                scope,
                "action_account_dunning_notice",
                level.name,
                [
                    ("level_id", "=", level.id),
                    ("state", "=", "sent"),
                    ("has_left", "=", True),
                    ("date", ">", fields.Date.to_string(scope.year_ago)),
                    ("date", "<=", fields.Date.to_string(scope.judged)),
                    *((channel, "=", bool(value)) for channel, value in step.channels.items()),
                ],
            ),
        }
