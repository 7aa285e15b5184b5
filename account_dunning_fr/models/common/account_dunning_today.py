from dataclasses import dataclass

from odoo import api, fields, models

from .sources import get_sources, tells

SEALS = "action_account_dunning_seal"


@dataclass(frozen=True)
class Task:
    """One kind of work waiting today: how many, for how much, and the list behind it.

    ``amount`` is in the creditors' currency, None where it says nothing; ``action`` is a window
    action as a dict; ``detail`` is a sentence under the label; ``button`` is what one click does at
    once: a dict of ``label``, ``model``, ``method`` and ``ids``.
    """

    key: str
    label: str
    count: int
    action: dict
    amount: float | None = None
    sequence: int = 100
    warning: bool = False
    detail: str = ""
    button: dict | None = None


class AccountDunningToday(models.AbstractModel):
    """What waits for a person today: the « À faire aujourd'hui » page and the dashboard ask it.

    A room adds its tasks by extending this model with a method under ``@tells`` that takes
    ``(creditors, today)`` and returns tasks. Rights are those of the user.
    """

    _name = "account.dunning.today"
    _description = "Dunning Tasks of Today"

    @api.model
    def _get_tasks(self, creditors, today=None):
        """Return what waits, in the order of the page; what is empty is left out.

        :param creditors: ``res.company`` records
        :param date today: today by default
        :return: list of :class:`Task`
        """
        today = today or fields.Date.context_today(self)
        tasks = [
            task
            for source in get_sources(self)
            for task in getattr(self, source)(creditors, today)
            if task.count
        ]
        return sorted(tasks, key=lambda task: task.sequence)

    @api.model
    def _count_task(
        self, creditors, key, label, sequence, action, domain, amount=None, warning=False
    ):
        """Return the task of what a list holds under a domain.

        :param creditors: ``res.company`` records; the model of the list has a ``company_id``
        :param str action: external id of the window action, without the addon's name
        :param str amount: stored field to add up; None where no amount says anything
        :return: :class:`Task`
        """
        domain = [("company_id", "in", creditors.ids), *domain]
        opened = self.env["ir.actions.act_window"]._for_xml_id(f"account_dunning_fr.{action}")
        aggregates = ["__count", *([f"{amount}:sum"] if amount else [])]
        [(count, *sums)] = self.env[opened["res_model"]]._read_group(domain, [], aggregates)
        opened.update(name=label, domain=domain, context={})
        return Task(key, label, count, opened, next(iter(sums), None), sequence, warning)

    @api.model
    @tells
    def _get_seal_tasks(self, creditors, today):
        """Tell what was altered, and the records of what left that wait for their number."""
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

    # -- What an update of the addon brought -------------------------------------------------------

    @api.model
    @tells
    def _get_shipped_tasks(self, creditors, today):
        """Tell what an update of the addon brought for records that were corrected here."""
        if not self.env.user.has_group("account_dunning_fr.group_dunning_manager"):
            return []
        tasks = []
        for name in self.env["account.dunning.shipped"]._inherit_children:
            if label := self.env[name]._get_shipped_label():
                records = self.env[name].search([("shipped_news", "=", True)])
                action = records._get_records_action(name=label)
                tasks.append(Task(f"shipped_{name}", label, len(records), action, sequence=95))
        return tasks
