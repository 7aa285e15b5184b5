"""The demo's result as plain text: what was sent, what waits for a person, what was not chased."""

import re
import textwrap
from itertools import zip_longest

_WIDEST = 62
_CHANNELS = {
    "send_email": "e-mail",
    "send_letter": "letter",
    "send_registered": "registered",
    "make_call": "call",
}


def print_tables(env, company, today) -> None:
    """Print what the scheduled actions did today for the creditor ``company``."""
    notices = env["account.dunning.notice"].search([("company_id", "=", company.id)], order="id")
    sent = notices.filtered(lambda notice: notice.state == "sent" and notice.date == today)
    waiting = notices.filtered(lambda notice: notice.state in ("draft", "ready"))
    _print_table(
        f"Sent today in the name of {company.name}",
        ("Customer", "Level", "By", "To", ">Total", "Pay by", "Claimed"),
        [_sent_row(notice) for notice in sent],
    )
    _print_table(
        "Waiting for a person",
        ("Customer", "Level", "By", ">Total", "What is to be done"),
        [*_letters_to_confirm(waiting), *_letters_to_post(sent), *_regimes_to_confirm(sent)],
    )
    _print_table(
        "Open items that took no level today, and why",
        ("Customer", "Invoice", "Due on", ">Open", "Why"),
        _not_chased(env, company, sent, waiting),
    )


def _sent_row(notice) -> tuple[str, ...]:
    deadline = str(notice.deadline) if notice.deadline else "-"
    return (*_head(notice), notice.sent_to, _total(notice), deadline, _claimed(notice))


def _claimed(notice) -> str:
    """Return how many items a message claims, how late, and what was taken off them."""
    lines = notice.line_ids.filtered("claimed")
    items = "1 item" if len(lines) == 1 else f"{len(lines)} items"
    late = max(lines.mapped("days_late"))
    parts = [f"{items}, {late} days late" if late else f"{items}, not due"]
    for word, field in (("paid", "amount_paid"), ("credit", "amount_credit")):
        amount = sum(lines.mapped(field))
        if amount:
            parts.append(f"less {amount:.2f} {word}")
    return "\n".join(parts)


def _letters_to_confirm(waiting) -> list[tuple[str, ...]]:
    todo = "Look at it, print it, post it, and record the posting"
    return [(*_head(notice), _total(notice), notice.blocking_reason or todo) for notice in waiting]


def _letters_to_post(sent) -> list[tuple[str, ...]]:
    todo = "The e-mail has left; print and post its letter, and record it"
    return [(*_head(notice), _total(notice), todo) for notice in sent.filtered("to_post")]


def _regimes_to_confirm(sent) -> list[tuple[str, ...]]:
    rows = []
    for partner in sent.partner_id.filtered(lambda partner: not partner.dunning_regime):
        field = partner._fields["dunning_regime_proposed"]
        proposed = dict(field._description_selection(partner.env))[partner.dunning_regime_proposed]
        todo = f"Confirm its legal regime, proposed: {proposed}. Until then, no rate, no penalty"
        rows.append((partner.name, "", "", "", todo))
    return rows


def _head(notice) -> tuple[str, str, str]:
    used = "+".join(word for field, word in _CHANNELS.items() if notice[field])
    return notice.partner_id.name, notice.level_id.name, used


def _total(notice) -> str:
    sections = notice._get_sections()
    return "\n".join(_money(section["total"], section["currency"]) for section in sections)


def _money(amount: float, currency) -> str:
    return f"{amount:,.2f} {currency.name}".replace(",", " ")


def _not_chased(env, company, sent, waiting) -> list[tuple[str, ...]]:
    """Return one row per open item without a level in today's messages."""
    taken = (sent | waiting).line_ids.filtered("level_id").move_line_id
    claimed = sent.line_ids.filtered("claimed").move_line_id
    rows = []
    for row in env["account.dunning.plan"]._simulate(company):
        item = env["account.move.line"].browse(row.move_line_id)
        if item in taken:
            continue
        customer = env["res.partner"].browse(row.partner_id).name
        amount = _money(row.residual, item.currency_id)
        why = _why(env, row, claimed_today=item in claimed)
        rows.append((customer, row.move_name, str(row.due), amount, why))
    return sorted(rows)


def _why(env, row, claimed_today: bool) -> str:
    """Return the sentence that the invoice shows, for this item of it."""
    if row.reason == "info":
        return "Listed apart in the prepared letter: it was never reminded yet"
    move = env["account.move"].browse(row.move_id)
    sentence = move._get_dunning_sentence(row).removeprefix("Not chased: ")
    sentence = re.sub(r"(\d\d)/(\d\d)/(\d{4})", r"\3-\1-\2", sentence)
    if claimed_today:
        return f"In today's total, at its present level. {sentence}"
    return sentence[:1].upper() + sentence[1:]


def _print_table(title: str, names: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Print aligned columns; ``>`` before a name puts its column to the right."""
    print(f"\n{title} ({len(rows)})")
    rights = [name.startswith(">") for name in names]
    names = [name.lstrip(">") for name in names]
    cells = [[_fold(cell) for cell in row] for row in rows]
    widths = [
        max([len(name), *(len(line) for row in cells for line in row[column])])
        for column, name in enumerate(names)
    ]
    for row in ([[name] for name in names], [["-" * width] for width in widths], *cells):
        for parts in zip_longest(*row, fillvalue=""):
            padded = [
                part.rjust(width) if right else part.ljust(width)
                for part, width, right in zip(parts, widths, rights, strict=True)
            ]
            print("  " + "  ".join(padded).rstrip())


def _fold(cell: str) -> list[str]:
    lines = [textwrap.wrap(line, _WIDEST) for line in (cell or "").split("\n")]
    return [part for line in lines for part in line] or [""]
