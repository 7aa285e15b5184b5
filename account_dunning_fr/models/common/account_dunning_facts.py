from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date, formatLang

BOOKED = ("booked", "paid", "left", "waived")

BILLING = "account.group_account_invoice"
DUNNING = "account_dunning_fr.group_dunning_user"
# How each stop of an invoice can be lifted (``account.move.dunning_stop``).
REMEDIES = {
    "hold": "action_dunning_end_hold",
    "blocked": "action_toggle_block_payment",
    "no_followup": "action_dunning_include",
    "covered": "action_dunning_credits",
    "possible": "action_dunning_money",
    "in_payment": "action_dunning_credits",
    "no_policy": "action_dunning_policy",
    "minimum": "action_dunning_policy",
    "message": "action_dunning_open_message",
    "switch": "action_dunning_switch",
    "statements": "action_dunning_statements",
}


class AccountDunningFacts(models.AbstractModel):
    """What a form shows only once its tab is opened: rows of label and value, and buttons.

    The plan and the penalties of one invoice cost more than the rest of its form. The widget
    ``dunning_facts`` requests them when the tab is shown; opening a form does not wait for them.
    The same goes for lists that are shown only in the tab: a form reads its lists, shown or not.
    """

    _name = "account.dunning.facts"
    _description = "Facts of a Dunning Tab"

    @api.model
    def _prepare_group(self, record, names, *, title="", buttons=(), opened=()):
        """Return a group of facts.

        :param record: the invoice or the customer
        :param names: its fields; those without a value are left out
        :param str title: heading of the group
        :param buttons: pairs of the name of a method of the record and its label
        :param opened: those of the fields whose record is opened by a click
        :return: dict, in the form expected by the widget
        """
        rows = (self._prepare_row(record, name, opened=name in opened) for name in names)
        return {
            "title": title,
            "rows": [row for row in rows if row["value"]],
            "buttons": [{"name": name, "label": label} for name, label in buttons],
        }

    @api.model
    def _prepare_row(self, record, name, *, opened=False):
        field, value = record._fields[name], record[name]
        return {
            "name": name,
            "label": field._description_string(self.env),
            "help": field._description_help(self.env) or "",
            "value": self._format(record, field, value),
            "opens": self._prepare_opening(value) if opened else None,
        }

    @api.model
    def _prepare_told(self, name, label, values, *, title, button):
        """Return a group of values that are not fields, with a button for billing users.

        :param str name: name of the values on the page
        :param values: texts under one label; if empty, the group is not shown
        :param button: pair of the name of a method of the record and its label
        """
        rows = [{"name": name, "label": label, "help": "", "value": value} for value in values]
        shown = [button] if self.env.user.has_group(BILLING) else []
        buttons = [{"name": method, "label": text} for method, text in shown]
        return {"title": title, "rows": rows, "buttons": buttons}

    @api.model
    def _prepare_notes(self, notes, *, title=""):
        """Return a group of sentences that must not be overlooked.

        :param notes: pairs of a Bootstrap colour (``info``, ``warning``, ``danger``) and a text;
            those without a text are left out; ``Markup`` is shown as HTML
        """
        told = [
            {"tone": tone, "text": text, "html": isinstance(text, Markup)}
            for tone, text in notes
            if text
        ]
        return {"title": title, "rows": [], "buttons": [], "notes": told}

    @api.model
    def _prepare_table(
        self, records, names, *, title, opened="", tones=None, button=None, words=None
    ):
        """Return a group that lists records, as a list in the form would.

        :param records: in the order shown
        :param names: their fields, one column each
        :param str title: heading of the group
        :param opened: the field whose record is opened by a click on a row; by default none
        :param tones: function of a record: the Bootstrap colour of its text, or an empty string
        :param button: tuple of the name of a method of the record, icon, label, and a field: rows
            in which this field is empty have no button
        :param dict words: what a column shows instead of a field that is empty, by its name
        """
        columns = [records._fields[name] for name in names]
        linked = names[0] if opened == "id" else opened
        rows = [
            {
                "id": record.id,
                "tone": tones(record) if tones else "",
                "cells": [
                    self._format(record, field, record[field.name])
                    or (words or {}).get(field.name, "")
                    for field in columns
                ],
                "opens": self._prepare_opening(record if opened == "id" else record[opened])
                if opened
                else None,
                "button": self._prepare_row_button(record, *button) if button else None,
            }
            for record in records
        ]
        head = [
            {
                "name": field.name,
                "label": field._description_string(self.env),
                "is_number": field.type in ("integer", "float", "monetary"),
                "opens": field.name == linked,
            }
            for field in columns
        ]
        table = {"model": records._name, "columns": head, "rows": rows}
        return {"title": title, "rows": [], "buttons": [], "table": rows and table}

    @api.model
    def _prepare_row_button(self, record, method, icon, label, condition):
        return {"name": method, "icon": icon, "label": label} if record[condition] else None

    @api.model
    def _prepare_opening(self, record):
        return {"model": record._name, "id": record.id} if record else None

    @api.model
    def _keep_told(self, groups):
        """Return those of these groups that have any content."""
        return [g for g in groups if g["rows"] or g.get("notes") or g.get("table")]

    @api.model
    def _format(self, record, field, value):
        if not value:
            return ""
        if field.type == "monetary":
            currency = record[field.get_currency_field(record)]
            return formatLang(self.env, value, currency_obj=currency)
        if field.type == "many2one":
            return value.display_name
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        return str(value)
