from collections import defaultdict
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta, timezone

from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.tools import SQL, format_amount, format_date

from ...core.working_days import previous_working_day
from .creditors_day import creditors_day
from .marks import collect, tells

ROWS = 40  # customers per page of « À faire aujourd'hui »
SEALS = "action_account_dunning_seal"


@dataclass(frozen=True)
class Counted:
    """Records to count and add up: one query counts everything on the page.

    :param records: of the model, in the environment whose rights apply
    :param domain: of the records
    :param amount: stored field to add up; empty if an amount makes no sense
    """

    records: models.BaseModel
    domain: list
    amount: str = ""


@dataclass(frozen=True)
class Task:
    """One kind of pending work: how many, for how much, and the list behind it.

    ``count`` may be :class:`Counted`, which provides the amount as well. ``amount`` is in the
    creditors' currency, None if it makes no sense; ``action`` is a window action as a dict;
    ``detail`` is a sentence under the label; ``button`` is a one-click action: a dict of ``label``,
    ``model``, ``method`` and ``ids``.
    """

    key: str
    label: str
    count: int | Counted
    action: dict
    amount: float | None = None
    sequence: int = 100
    warning: bool = False
    detail: str = ""
    button: dict | None = None


@dataclass(frozen=True)
class Act:
    """One thing to do for one customer today; those of a customer make up one row of the page.

    :param card: key of the :class:`Card` that counts it
    :param partner_id: the customer
    :param creditor_id: ``res.company`` on whose behalf the customer is chased
    :param rank: urgency, the smaller the sooner; the amount decides among equals
    :param label: what to do, in a few words
    :param model: of the records it is about
    :param ids: of these records
    :param method: of the records, which does it in one click; empty to open them
    :param button: label of the click; empty if the user may only look
    :param amount: in the creditor's currency
    :param detail: a few more words
    :param warning: why it did not happen automatically
    """

    card: str
    partner_id: int
    creditor_id: int
    rank: int
    label: str
    model: str
    ids: tuple[int, ...]
    method: str = ""
    button: str = ""
    amount: float = 0.0
    detail: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Card:
    """A kind of act: a filter of the list of customers, with bulk actions.

    :param buttons: bulk actions on all its records: dicts of ``label``, ``model`` and ``method``,
        with ``hotkey`` for a keyboard shortcut
    """

    key: str
    label: str
    icon: str
    sequence: int
    buttons: tuple[dict, ...] = ()


@dataclass(frozen=True)
class News:
    """What happened since the last working day: how many, for how much, and the list behind it.

    ``count`` may be :class:`Counted`, which provides the amount as well.
    """

    key: str
    label: str
    count: int | Counted
    action: dict
    amount: float | None = None
    tone: str = "success"
    sequence: int = 100


@dataclass
class Row:
    """A customer of one creditor, with the pending acts, most urgent first."""

    creditor_id: int
    partner_id: int
    acts: list[Act] = field(default_factory=list)

    def sort(self, card=""):
        """Put the acts of a card first, then by urgency; return the sort key of rows."""
        self.acts.sort(key=lambda act: (act.card != card, act.rank, -act.amount, act.ids))
        first = self.acts[0]
        return first.rank, -max(act.amount for act in self.acts), self.partner_id

    def name(self, act):
        """Return the label of an act's button, with its object if another has the same label."""
        alike = [each for each in self.acts if each.button == act.button]
        if not act.button or len(alike) == 1:
            return act.button
        told_apart = len({each.label for each in alike}) == len(alike)
        return f"{act.button} · {act.label if told_apart else act.detail or act.label}"


class AccountDunningToday(models.AbstractModel):
    """What a person has to do today, for the « À faire aujourd'hui » page and the dashboard.

    A room adds to it by extending this model with marked methods that take ``(creditors, today)``
    and run with the user's rights:

    - ``@tells``: tasks; ``@tells_carded``: tasks that the page shows as acts;
    - ``@tells_acts``: acts, and ``@tells_cards``: the cards that count them;
    - ``@tells_news``: what happened, with the first day as a third argument;
    - ``@tells_done``: how many acts were done today, as :class:`Counted`.
    """

    _name = "account.dunning.today"
    _description = "Dunning Tasks of Today"

    @api.model
    def _get_tasks(self, creditors, today=None, topics=("", "carded")):
        """Return the pending tasks, in the order of the page, without empty ones.

        :param creditors: ``res.company`` records
        :param date today: today by default
        :param topics: ``""`` alone leaves out what the page shows as acts
        :return: list of :class:`Task`
        """
        today = today or creditors_day(self)
        told = [task for topic in topics for task in collect(self, topic, creditors, today)]
        return self._sort_told(self._count_all(told))

    @api.model
    def _sort_told(self, told):
        """Sort tasks or news, and leave out empty ones."""
        return sorted((each for each in told if each.count), key=lambda each: each.sequence)

    @api.model
    def _count_all(self, told):
        """Fill in the figures of tasks, news or :class:`Counted`, with one query.

        A :class:`Counted` is replaced by its number.
        """
        waiting = {
            rank: each if isinstance(each, Counted) else each.count
            for rank, each in enumerate(told)
            if isinstance(each, Counted) or isinstance(each.count, Counted)
        }
        figures = self._count_together(waiting)
        counted = []
        for rank, each in enumerate(told):
            count, amount = figures.get(rank, (None, None))
            if rank not in waiting:
                counted.append(each)
            elif isinstance(each, Counted):
                counted.append(count)
            else:
                kept = amount if waiting[rank].amount else each.amount
                counted.append(replace(each, count=count, amount=kept))
        return counted

    @api.model
    def _count_together(self, waiting):
        """Count with the rights of each environment: ``{key: (number, sum of the amounts)}``.

        :param dict waiting: :class:`Counted` by integer key
        """
        if not waiting:
            return {}
        selects = []
        for key, each in waiting.items():
            query = each.records._search(each.domain)
            total = SQL("NULL::numeric")
            if each.amount:
                column = each.records._field_to_sql(query.table, each.amount, query)
                total = SQL("SUM(%s)::numeric", column)
            selects.append(query.select(SQL("%s", key), SQL("COUNT(*)"), total))
        rows = self.env.execute_query(SQL(" UNION ALL ").join(selects))
        return {key: (count, float(total or 0.0)) for key, count, total in rows}

    # -- Customers to deal with, by urgency and amount ---------------------------------------------

    @api.model
    def get_page(self, card="", offset=0):
        """Return the page « À faire aujourd'hui » of the user's companies, ready to be displayed.

        :param str card: only the customers with an act of this card
        :param int offset: first customer to display
        :return: dict: ``date``, ``company``, ``rows`` (customers), ``total`` of them, ``cards``,
            ``news``, ``tasks`` (not about a customer), ``done`` and ``planned`` acts of the day,
            ``inactive`` (names of the creditors that do not send automatically), and what the user
            may do
        :raise AccessError: unless the user may read the books
        :raise UserError: if there is no such page
        """
        self._check_page_access()
        if not isinstance(card, str) or not isinstance(offset, int) or offset < 0:
            raise UserError(self.env._("There is no such page."))
        today = creditors_day(self)
        creditors = self.env.companies.dunning_creditor_id
        acts = collect(self, "acts", creditors, today)
        rows = self._get_rows(acts, card)
        offset = min(offset, max(len(rows) - 1, 0) // ROWS * ROWS)
        tasks, news, done = self._get_told(creditors, today)
        return {
            "date": format_date(self.env, today, date_format="EEEE d MMMM y"),
            "company": ", ".join(creditors.mapped("name")),
            "cards": self._get_cards(creditors, today, acts),
            "rows": self._show_rows(creditors, rows[offset : offset + ROWS]),
            "card": card,
            "offset": offset,
            "limit": ROWS,
            "total": len(rows),
            "done": done,
            "planned": done + len(acts),
            "tasks": [self._show_task(task, creditors) for task in tasks],
            **news,
            **self._get_page_rights(creditors),
        }

    @api.model
    def _get_told(self, creditors, today):
        """Return the tasks, the news and the number of acts done today, counted together."""
        since = previous_working_day(today)
        tasks = collect(self, "", creditors, today)
        news = collect(self, "news", creditors, today, since)
        counted = self._count_all([*tasks, *news, *collect(self, "done", creditors, today)])
        first, last = len(tasks), len(tasks) + len(news)
        shown = self._show_news(creditors, today, since, self._sort_told(counted[first:last]))
        return self._sort_told(counted[:first]), shown, sum(counted[last:])

    @api.model
    def _check_page_access(self):
        """:raise AccessError: unless the user may read the books"""
        self.env["account.move"].check_access("read")

    @api.model
    def _get_page_rights(self, creditors):
        user = self.env.user
        return {
            "inactive": creditors.sudo().filtered(lambda c: not c.dunning_active).mapped("name"),
            "may_prepare": user.has_group("account.group_account_invoice"),
            "may_switch": user.has_group("account_dunning_fr.group_dunning_manager"),
        }

    @api.model
    def _get_rows(self, acts, card=""):
        """Return one row per customer and creditor, most urgent first.

        :param acts: list of :class:`Act`
        :param str card: only the customers with an act of this card, which then comes first
        """
        rows = {}
        for act in acts:
            key = act.creditor_id, act.partner_id
            rows.setdefault(key, Row(*key)).acts.append(act)
        wanted = (
            row for row in rows.values() if not card or any(act.card == card for act in row.acts)
        )
        return sorted(wanted, key=lambda row: row.sort(card))

    @api.model
    def _get_cards(self, creditors, today, acts):
        """Return the cards that count something, with their bulk actions."""
        by_card = defaultdict(list)
        for act in acts:
            by_card[act.card].append(act)
        cards = collect(self, "cards", creditors, today)
        return [
            {
                "key": card.key,
                "label": card.label,
                "icon": card.icon,
                "count": len({(act.creditor_id, act.partner_id) for act in by_card[card.key]}),
                "amount": self._money(creditors, sum(act.amount for act in by_card[card.key])),
                "buttons": [
                    {**button, "ids": ids}
                    for button in card.buttons
                    if (ids := self._get_ids_at_once(button, by_card[card.key]))
                ],
            }
            for card in sorted(cards, key=lambda card: card.sequence)
            if by_card[card.key]
        ]

    @api.model
    def _get_ids_at_once(self, button, acts):
        """Return the records on which the button of a card acts.

        :param dict button: of a :class:`Card`; ``only`` restricts it to acts with that method
        """
        only = button.get("only")
        return [
            res_id
            for act in acts
            if act.model == button["model"] and (not only or act.method == only)
            for res_id in act.ids
        ]

    @api.model
    def _show_rows(self, creditors, rows):
        """Return rows as the page displays them, without customers that the user may not read.

        :param rows: list of :class:`Row`
        """
        partners = self.env["res.partner"].browse({row.partner_id for row in rows})
        readable = partners._filtered_access("read")
        names = dict(zip(readable.ids, readable.mapped("display_name"), strict=True))
        companies = {company.id: company for company in creditors}
        return [
            {
                "key": f"{row.creditor_id}-{row.partner_id}",
                "partner_id": row.partner_id,
                "name": names[row.partner_id],
                "company": companies[row.creditor_id].name if len(creditors) > 1 else "",
                "amount": self._money(
                    companies[row.creditor_id], max(act.amount for act in row.acts)
                ),
                "acts": [self._show_act(act) | {"name": row.name(act)} for act in row.acts],
            }
            for row in rows
            if row.partner_id in names
        ]

    @api.model
    def _show_act(self, act):
        return {
            "key": f"{act.card}-{act.model}-{act.ids[0]}",
            "card": act.card,
            "label": act.label,
            "detail": act.detail,
            "warning": act.warning,
            "model": act.model,
            "ids": act.ids,
            "method": act.method,
            "button": act.button,
        }

    @api.model
    def _money(self, creditors, amount):
        """Format an amount for the page; empty if it makes no sense, or has two currencies."""
        currency = creditors.currency_id
        return format_amount(self.env, amount, currency) if amount and len(currency) == 1 else ""

    @api.model
    def _show_news(self, creditors, today, since, news):
        """Return the name of the last working day and the news since: ``since``, ``news``."""
        yesterday = since == today - timedelta(days=1)
        day = format_date(self.env, since, date_format="EEEE d MMMM")
        return {
            "since": self.env._("Since yesterday") if yesterday else self.env._("Since %s", day),
            "news": [
                {
                    "key": each.key,
                    "label": each.label,
                    "count": each.count,
                    "amount": self._money(creditors, each.amount or 0.0),
                    "tone": each.tone,
                    "action": each.action,
                }
                for each in news
            ],
        }

    @api.model
    def _get_first_moment(self, day):
        """Return when a day begins in the user's time zone, in UTC and naive.

        :param date day: the day
        """
        midnight = self.env.tz.localize(datetime.combine(day, time.min))
        return midnight.astimezone(timezone.utc).replace(tzinfo=None)

    @api.model
    def _get_list_action(self, model, name, domain):
        """Return the action that opens records as a list.

        :param str model: of the records
        :param str name: title of the list
        """
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "views": [[False, "list"], [False, "form"]],
            "domain": list(domain),
            "context": {},
        }

    @api.model
    def _show_task(self, task, creditors):
        return {
            "key": task.key,
            "label": task.label,
            "count": task.count,
            "amount": self._money(creditors, task.amount or 0.0) or None,
            "warning": task.warning,
            "action": task.action,
            "detail": task.detail,
            "button": task.button,
        }

    @api.model
    @tools.ormcache("name", "self.env.lang")
    def _read_window(self, name):
        return self.env["ir.actions.act_window"]._for_xml_id(f"account_dunning_fr.{name}")

    @api.model
    def _read_action(self, name):
        """Return a window action, cached by server and language: reading one takes five queries.

        :param str name: external id, without the addon's name
        """
        return deepcopy(self._read_window(name))

    @api.model
    def _count_task(
        self, creditors, key, label, sequence, action, domain, amount=None, warning=False
    ):
        """Return the task of the records of a list under a domain.

        :param creditors: ``res.company`` records; the model of the list has a ``company_id``
        :param str action: external id of the window action, without the addon's name
        :param str amount: stored field to add up; None if an amount makes no sense
        :return: :class:`Task`
        """
        domain = [("company_id", "in", creditors.ids), *domain]
        opened = self._read_action(action)
        counted = Counted(self.env[opened["res_model"]], domain, amount or "")
        # The page shows the display_name of an action that is read.
        opened.update(name=label, display_name=label, domain=domain, context={})
        return Task(key, label, counted, opened, None, sequence, warning)

    @api.model
    @tells
    def _get_seal_tasks(self, creditors, today):
        """Report altered seals, and records that wait for their number."""
        altered, waiting = self.env._("Evidence altered"), self.env._("Seals to be chained")
        return [
            self._count_task(creditors, key, label, order, SEALS, domain, warning=True)
            for key, label, order, domain in (
                ("seals_altered", altered, 1, [("fault", "!=", False)]),
                (
                    "seals_waiting",
                    waiting,
                    70,
                    [("number", "=", 0), ("sealed_on", "<", fields.Date.to_string(today))],
                ),
            )
        ]

    # -- Changes made by an update of the addon ----------------------------------------------------

    @api.model
    @tells
    def _get_shipped_tasks(self, creditors, today):
        """Report shipped data that an update changed although it had been customised here."""
        if not self.env.user.has_group("account_dunning_fr.group_dunning_manager"):
            return []
        tasks = []
        for name in self.env["account.dunning.shipped"]._inherit_children:
            if label := self.env[name]._get_shipped_label():
                records = self.env[name].search([("shipped_news", "=", True)])
                action = records._get_records_action(name=label)
                tasks.append(Task(f"shipped_{name}", label, len(records), action, sequence=95))
        return tasks
