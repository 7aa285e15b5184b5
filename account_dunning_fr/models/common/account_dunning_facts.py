from odoo import api, models
from odoo.tools import format_date, formatLang

BOOKED = ("booked", "paid", "left", "waived")

BILLING = "account.group_account_invoice"
DUNNING = "account_dunning_fr.group_dunning_user"
# What changes each stop of an invoice (``account.move.dunning_stop``).
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

    The plan and the penalties of one invoice cost more than all the rest of its form. The widget
    ``dunning_facts`` asks for them when the tab is shown; opening a form does not wait for them.
    """

    _name = "account.dunning.facts"
    _description = "Facts of a Dunning Tab"

    @api.model
    def _prepare_group(self, record, names, *, title="", buttons=()):
        """Return a group of facts.

        :param record: the invoice or the customer
        :param names: its fields, those without a value left out
        :param str title: heading of the group
        :param buttons: pairs of the name of a method of the record and its label
        :return: dict, as the widget shows it
        """
        rows = (self._prepare_row(record, name) for name in names)
        return {
            "title": title,
            "rows": [row for row in rows if row["value"]],
            "buttons": [{"name": name, "label": label} for name, label in buttons],
        }

    @api.model
    def _prepare_row(self, record, name):
        field = record._fields[name]
        return {
            "name": name,
            "label": field._description_string(self.env),
            "help": field._description_help(self.env) or "",
            "value": self._format(record, field, record[name]),
        }

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
