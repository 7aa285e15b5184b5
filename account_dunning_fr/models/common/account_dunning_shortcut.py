from dataclasses import dataclass

from odoo import api, models
from odoo.exceptions import AccessError

from .groups import ACCOUNTING_GROUPS
from .marks import collect, tells

MODULE = "account_dunning_fr"
MANAGER = f"{MODULE}.group_dunning_manager"
ADMIN = "base.group_system"


@dataclass(frozen=True)
class Shortcut:
    """A list or a page without a menu entry of its own, and where it is found.

    ``section`` is a key of ``_get_sections``, ``label`` and ``detail`` are translated, ``action``
    is an external id without the addon's name, ``groups`` are the groups of which the user needs
    one.
    """

    section: str
    label: str
    action: str
    detail: str = ""
    groups: str = ACCOUNTING_GROUPS


class AccountDunningShortcut(models.AbstractModel):
    """The pages « Rapports » and « Réglages »: everything that the menu does not show.

    A room adds shortcuts by extending this model with a method decorated with ``@tells`` that takes
    no arguments and returns shortcuts. The pages grant no rights: what the user may not read is
    left out, and the lists behind them have their own rules.
    """

    _name = "account.dunning.shortcut"
    _description = "Dunning Pages Outside the Menu"

    @api.model
    def _get_sections(self):
        """Return ``{page: {section: its title}}``, in the order of the pages."""
        return {
            "reports": {
                "situation": self.env._("Where we stand"),
                "results": self.env._("What the reminders bring in"),
                "lists": self.env._("All lists"),
            },
            "settings": {
                "start": self.env._("Before the first reminder"),
                "law": self.env._("Rates and courts"),
                "evidence": self.env._("Evidence and retention"),
                "technical": self.env._("Technical"),
            },
        }

    @api.model
    def get_page(self, page="reports"):
        """Return one page, ready to be shown.

        :param str page: ``reports`` or ``settings``
        :return: list of dicts ``label``, ``links``; a link is ``key``, ``label``, ``detail`` and
            ``action``, an external id
        :raise AccessError: unless the user has an accounting group
        """
        self._check_reader()
        shortcuts = [shortcut for shortcut in collect(self, "") if self._is_shown(shortcut)]
        sections = [
            {
                "label": label,
                "links": [self._show(each) for each in shortcuts if each.section == key],
            }
            for key, label in self._get_sections().get(page, {}).items()
        ]
        return [section for section in sections if section["links"]]

    def _check_reader(self):
        """:raise AccessError: unless the user has an accounting group"""
        if not self.env.user.has_groups(ACCOUNTING_GROUPS):
            raise AccessError(self.env._("These pages are for those who work with the books."))

    @api.model
    def _show(self, shortcut):
        return {
            "key": shortcut.action,
            "label": shortcut.label,
            "detail": shortcut.detail,
            "action": f"{MODULE}.{shortcut.action}",
        }

    @api.model
    def _is_shown(self, shortcut):
        """Whether the user may open a shortcut, by its groups and the model of its list."""
        if not self.env.user.has_groups(shortcut.groups):
            return False
        action = self.env.ref(f"{MODULE}.{shortcut.action}").sudo()
        model = action.res_model if action._name == "ir.actions.act_window" else None
        return not model or self.env[model].has_access("read")

    @api.model
    def action_open_settings(self):
        """Open the company's settings if the user may change them, or else those he may see.

        :raise AccessError: unless the user has an accounting group
        """
        self._check_reader()
        user = self.env.user
        name = "action_dunning_config" if user.has_group(ADMIN) else "action_dunning_settings_page"
        return self.env["ir.actions.actions"]._for_xml_id(f"{MODULE}.{name}")

    @api.model
    @tells
    def _get_common_shortcuts(self):
        return [
            Shortcut(
                "situation",
                self.env._("Aged balance"),
                "action_account_dunning_aged_balance",
                self.env._("What is due by age, at any past date, as in the books"),
            ),
            Shortcut(
                "situation",
                self.env._("Statements of account"),
                "action_account_dunning_account_statement",
                self.env._("What each customer owes, to print or to send"),
            ),
            Shortcut(
                "evidence",
                self.env._("Seals"),
                "action_account_dunning_seal",
                self.env._("The chain of what was sent, verified each night"),
            ),
            Shortcut(
                "evidence",
                self.env._("Retention rules"),
                "action_account_dunning_retention",
                self.env._("How long each kind of document is kept, and why"),
                MANAGER,
            ),
            Shortcut(
                "evidence",
                self.env._("What would be emptied"),
                "action_retention_page",
                self.env._("Looked at before it is switched on"),
                MANAGER,
            ),
            Shortcut(
                "technical",
                self.env._("Runs"),
                "action_account_dunning_run",
                self.env._("What each scheduled action did, and what failed"),
            ),
            Shortcut(
                "technical",
                self.env._("History of the settings"),
                "action_account_dunning_change",
                self.env._("Who changed what, and when"),
            ),
        ]
