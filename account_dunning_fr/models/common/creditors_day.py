"""Which day it is for what a creditor dates: his own, whoever acts, and wherever."""

from odoo import SUPERUSER_ID, fields


def creditors_day(records):
    """Return the day that it is where the creditor of these records writes.

    What bears a creditor's day: his letters, notices, entries and holds, when they begin and end,
    and what is compared with them. Only what a person types may be proposed as that person's day.

    Also the default of a field: a new record is of the company in which the person works. What no
    person starts was given its creditor's day before (``res.company._in_dunning_day``).

    :param records: any recordset; of several creditors, those of the first decide
    :rtype: date
    """
    env, company = records.env, records.env["res.company"]
    if records._name == "res.company":
        company = records[:1]
    elif records._fields.get("company_id"):
        company = records[:1].sudo().company_id
    placed = env.context.get("tz") and env.context["tz"] != env.user.tz
    if not company and env.uid != SUPERUSER_ID and not placed:
        company = env.company
    creditor = company.sudo().dunning_creditor_id
    return creditor._get_dunning_today() if creditor else fields.Date.context_today(records)
