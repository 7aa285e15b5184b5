"""What a customer entered on his page, read and checked before anything is stored."""

from datetime import timedelta

from odoo.tools import format_amount, format_date

from ...core.debtor_requests import (
    CONTACT,
    DISPUTE,
    MESSAGE,
    PAID,
    PLAN,
    PROMISE,
    check_paid_on,
    judge_plan,
    judge_promise,
)
from ...core.filenames import received_name
from ...core.money import to_cents, to_decimal
from ...core.typed_sum import says_the_same
from ...core.typed_values import (
    RefusedError,
    read_amount,
    read_count,
    read_day,
    read_id,
    read_text,
)
from ...core.words import UNITS, sum_in_words
from ...dossier.received import NotTakenError, read_received
from .debtor_page import PLANNED

FILES_MOST = 3
NAME_MOST, REFERENCE_MOST = 100, 140  # characters


class DebtorForm:
    """One form sent from the page of a customer."""

    def __init__(self, page, form, files=()):
        """Take the submitted data.

        :param DebtorPage page: what he owes
        :param form: the data sent: an object with ``get`` and ``getlist``
        :param files: list of (name, content) of the uploaded files
        """
        self.page, self.form, self.files = page, form, files
        self.env = page.env

    def get_request(self):
        """Return the values of the request, including ``mode``, and its files.

        :return: (dict, list of (name, content, type))
        :raise RefusedError: ``args[0]`` is the sentence for the customer
        """
        try:
            vals = self._read()
            files = self._read_files()
        except (RefusedError, NotTakenError) as error:
            raise RefusedError(self._explain(str(error))) from error
        return vals, files

    def _read(self):
        kind = self.form.get("kind")
        if kind not in self.page.kinds:
            raise RefusedError("kind_now")
        reader = {
            PAID: self._read_paid,
            PROMISE: self._read_promise,
            PLAN: self._read_plan,
            DISPUTE: self._read_dispute,
            CONTACT: self._read_words,
            MESSAGE: self._read_words,
        }[kind]
        page = self.page
        responsible = page.partner._get_dunning_user() or page.company.dunning_user_id
        return {
            "kind": kind,
            "link_id": page.link.id,
            "company_id": page.company.id,
            "partner_id": page.partner.id,
            "user_id": responsible.id,
            "currency_id": page.company.currency_id.id,
            "person": " ".join(read_text(self.form.get("person"), NAME_MOST).split()),
            "note": read_text(self.form.get("note")),
            **reader(),
        }

    # -- By kind -----------------------------------------------------------------------------------

    def _choose(self):
        """Return the selected items, all in one currency."""
        ids = set(map(read_id, self.form.getlist("item")))
        chosen = self.page.find(ids)
        if not chosen or (ids and len(chosen) != len(ids)):
            raise RefusedError("items")
        if len({owed.currency for owed in chosen}) > 1:
            raise RefusedError("currencies")
        return chosen

    def _choose_free(self):
        """Return the selected items, none of them in a running payment plan."""
        chosen = self._choose()
        if any(owed.state == PLANNED for owed in chosen):
            raise RefusedError("planned")
        return chosen

    def _check_whole(self, chosen):
        """Raise ``RefusedError`` unless a plan can settle all of these items in full."""
        if any(owed.currency.compare_amounts(owed.asked, owed.residual) for owed in chosen):
            raise RefusedError("part")
        waiting = self.page.plans.filtered(lambda plan: plan.state == "draft").item_ids
        if any(owed.item in waiting for owed in chosen):
            raise RefusedError("signing")

    def _prepare_items(self, chosen):
        return {
            "item_ids": [(6, 0, [owed.item.id for owed in chosen])],
            "currency_id": chosen[0].currency.id,
        }

    def _read_amount(self, name, chosen):
        """Return an amount as entered, in the currency of the selected items, or None."""
        return read_amount(self.form.get(name), chosen[0].currency.decimal_places)

    def _read_paid(self):
        chosen = self._choose()
        day = read_day(self.form.get("day"))
        check_paid_on(day, self.page.today)
        amount = self._read_amount("amount", chosen) or self.page.sum_of(chosen)
        reference = " ".join(read_text(self.form.get("reference"), REFERENCE_MOST).split())
        return {
            **self._prepare_items(chosen),
            "day": day,
            "amount": float(amount),
            "reference": reference,
        }

    def _read_promise(self):
        chosen, page = self._choose_free(), self.page
        day, amount = read_day(self.form.get("day")), page.sum_of(chosen)
        mode = judge_promise(day, amount, page.today, page.limits, page.standing)
        return {**self._prepare_items(chosen), "day": day, "amount": float(amount), "mode": mode}

    def _read_plan(self):
        chosen, page = self._choose_free(), self.page
        self._check_whole(chosen)
        total = page.sum_of(chosen)
        count = read_count(self.form.get("count"))
        step = to_decimal(chosen[0].currency.rounding)
        first = self._read_amount("first", chosen) or page.least_of(chosen)
        mode = judge_plan(total, count, first, page.limits, page.standing, step)
        typed = read_text(self.form.get("words"), 300)
        currency = chosen[0].currency
        if not says_the_same(typed, in_words(self.env, total, currency)):
            raise RefusedError("words")
        return {
            **self._prepare_items(chosen),
            "amount": float(total),
            "count": count,
            "first_amount": float(first),
            "sum_typed": typed,
            "mode": mode,
        }

    def _read_dispute(self):
        chosen = self._choose()
        if len({owed.move for owed in chosen}) > 1 or not chosen[0].move.is_sale_document():
            raise RefusedError("one_invoice")
        reasons = self.env["account.dunning.request"]._fields["reason"].get_values(self.env)
        if self.form.get("reason") not in reasons:
            raise RefusedError("reason")
        if not read_text(self.form.get("note")):
            raise RefusedError("say")
        total = self.page.sum_of(chosen)
        amount = self._read_amount("amount", chosen) or total
        if amount > total:
            raise RefusedError("more")
        return {
            **self._prepare_items(chosen),
            "reason": self.form.get("reason"),
            "amount": float(amount),
        }

    def _read_words(self):
        if not read_text(self.form.get("note")):
            raise RefusedError("say")
        return {}

    def _read_files(self):
        files = [(name, content) for name, content in self.files if name or content]
        if len(files) > FILES_MOST:
            raise RefusedError("files")
        kept = []
        for name, content in files:
            kind, extension = read_received(content)
            kept.append((received_name(name, extension), content, kind))
        return kept

    # -- What is told ------------------------------------------------------------------------------

    def _explain(self, word):
        """Return the message for a refusal; amounts and days are those of the page."""
        env = self.env
        if word in ("far", "small", "count", "first", "words"):
            return self._explain_limit(word)
        return {
            "kind_now": env._("This cannot be asked here now: write us a message."),
            "items": env._(
                "What you chose is not open any more: look at the page again, and choose."
            ),
            "planned": env._("What you chose is part of a payment plan already."),
            "part": env._(
                "A part of what you chose is disputed or being paid: choose the rest, or write us."
            ),
            "signing": env._("A payment plan of it waits for your signature already: see above."),
            "currencies": env._("Choose amounts of one currency, then the others apart."),
            "one_invoice": env._("Choose the one invoice that you contest."),
            "reason": env._("Choose why you contest."),
            "say": env._("Write to us in a few words what it is about."),
            "more": env._("You contest more than is due: check the amount."),
            "amount": env._(
                "This amount cannot be read: write it in figures, for instance 120,50."
            ),
            "day": env._("This day cannot be read: choose it in the calendar."),
            "past": env._("Choose a day to come."),
            "future": env._("A payment of a day to come is a promise: choose « I will pay »."),
            "old": env._("This day is more than a year ago: check it."),
            "text": env._("This text is too long: shorten it, or enclose a file."),
            "files": env._("Enclose three files at most."),
            "large": env._("A file is larger than 5 MB: make it smaller, or cut it in two."),
            "kind": env._("Enclose PDF files or photographs (JPEG, PNG) only."),
        }[word]

    def _explain_limit(self, word):
        env, page, limits = self.env, self.page, self.page.limits
        if word == "far":
            day = format_date(env, page.today + timedelta(days=limits.promise_days))
            return env._("Choose a day until %s, or ask for a payment plan.", day)
        if word == "count":
            return env._("Choose 2 to %s instalments.", limits.plan_count)
        chosen = self._choose()
        currency, total = chosen[0].currency, page.sum_of(chosen)
        figure = format_amount(env, float(total), currency)
        if word == "small":
            least = format_amount(env, float(limits.plan_minimum), currency)
            return env._(
                "A payment plan is for %(least)s at least; here %(amount)s are open: pay it, or "
                "promise a day.",
                least=least,
                amount=figure,
            )
        if word == "first":
            least = page.get_least_first(chosen)
            return env._("The first payment is of %s at least, and less than the whole.", least)
        return env._(
            "The words do not say the sum in figures, %(figure)s. Write: %(words)s. Where words "
            "and figures differ, the words hold (C. civ. 1376), so nothing was sent.",
            figure=figure,
            words=in_words(env, total, currency),
        )


def in_words(env, amount, currency):
    """Return an amount in words for an acknowledgement of debt, in the current language.

    :param Decimal amount: in ``currency``
    """
    unit = UNITS.get(currency.name)
    if (env.lang or "").startswith("fr") and unit:
        return sum_in_words(to_cents(to_decimal(amount)), unit)
    return currency.amount_to_text(float(amount))
