"""The values of entries on bad debts: one kind of header, one kind of line."""

from odoo import Command


def prepare_entry(journal, partner, day, ref, lines):
    """Return the values of an entry.

    :param journal: ``account.journal``
    :param partner: the customer, whose fiscal position does not apply to such an entry
    :param date day: an open day
    :param list lines: dicts, as returned by ``prepare_line``
    """
    return {
        "move_type": "entry",
        "journal_id": journal.id,
        "partner_id": partner.id,
        "fiscal_position_id": False,
        "date": day,
        "ref": ref,
        "line_ids": [Command.create(vals) for vals in lines],
    }


def prepare_line(account_id, partner, label, balance, currency, amount, item_id, tags):
    """Return the values of a line.

    :param balance: in the company's currency
    :param currency: ``res.currency`` of ``amount``, which may be the company's
    :param item_id: the item whose claim the line moves, or False
    :param tags: ``account.account.tag`` of the tax report, or None
    """
    return {
        "name": label,
        "account_id": account_id,
        "partner_id": partner.id,
        "currency_id": currency.id,
        "amount_currency": amount,
        "balance": float(balance),
        "tax_ids": [Command.clear()],
        "tax_tag_ids": [Command.set(tags.ids)] if tags else [],
        "dunning_moved_item_id": item_id,
    }
