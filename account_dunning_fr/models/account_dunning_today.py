from dataclasses import dataclass

from odoo import api, fields, models


@dataclass(frozen=True)
class Task:
    """One kind of work waiting today: how many, for how much, and the list behind it.

    ``amount`` is in the creditors' currency, None where it says nothing; ``action`` is a window
    action as a dict.
    """

    key: str
    label: str
    count: int
    action: dict
    amount: float | None = None
    sequence: int = 100
    warning: bool = False


class AccountDunningToday(models.AbstractModel):
    """What waits for a person today: the « À faire aujourd'hui » page and the dashboard ask it.

    A feature adds its tasks by extending ``_get_sources`` with the name of a method that takes
    ``(creditors, today)`` and returns tasks. Rights are those of the user.
    """

    _name = "account.dunning.today"
    _description = "Dunning Tasks of Today"

    @api.model
    def _get_sources(self):
        """Return the names of the methods that tell tasks."""
        return ["_get_notice_tasks"]

    @api.model
    def _get_tasks(self, creditors, today=None):
        """Return what waits, in the order of the page; what is empty is left out.

        :param creditors: ``res.company`` records
        :param date today: today by default
        :return: list of :class:`Task`
        """
        today = today or fields.Date.context_today(self)
        tasks = []
        for source in self._get_sources():
            tasks += getattr(self, source)(creditors, today)
        return sorted((task for task in tasks if task.count), key=lambda task: task.sequence)

    @api.model
    def _get_notice_tasks(self, creditors, today):
        Notice = self.env["account.dunning.notice"]
        tasks = []
        for key, label, sequence, domain in (
            ("to_confirm", self.env._("Reminders to confirm"), 10, [("state", "=", "draft")]),
            ("to_post", self.env._("Letters to post"), 20, [("to_post", "=", True)]),
            (
                "blocked",
                self.env._("Reminders not sent"),
                30,
                [("blocking_reason", "!=", False), ("state", "in", ("draft", "ready"))],
            ),
        ):
            domain = [("company_id", "in", creditors.ids), *domain]
            [(count, amount)] = Notice._read_group(domain, [], ["__count", "amount_total:sum"])
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "account_dunning_fr.action_account_dunning_notice"
            )
            action.update(name=label, domain=domain, context={})
            tasks.append(Task(key, label, count, action, amount, sequence, key == "blocked"))
        return tasks
