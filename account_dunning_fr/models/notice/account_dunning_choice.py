from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, is_html_empty

from ...core.choices import AGAIN, CLAIMED, FREE, LEVEL, Item, decide, forbidden_words
from ..common.creditors_day import creditors_day
from ..common.groups import check_sender
from ..policy.account_dunning_level import TEXTS
from .states import CHANNELS, LIVE

PLAN = "plan"
CHOICES = [
    (PLAN, "What the policy says today"),
    (LEVEL, "Another level"),
    (AGAIN, "The same level again"),
    (FREE, "A message in our own words"),
]


@dataclass
class Offer:
    """What may be sent to one customer, and what speaks against it.

    ``rows`` are the rows of the plan to choose for, which nothing stops; ``problem`` says why there
    are none. ``today`` is the level whose notice the policy sends today, if any, and
    ``today_total`` what it claims, in the company's currency. ``level`` is the highest present
    level of the rows, ``levels`` those above it in the policy; ``wait_until`` the first day that
    respects the interval, ``deadline`` the last one granted by the notice of the present level, if
    it is still to come.
    """

    partner: models.Model
    rows: list
    problem: str
    today: models.Model
    today_total: float
    level: models.Model
    levels: models.Model
    policy: models.Model
    courtesy: bool
    wait_until: date | None = None
    deadline: date | None = None

    @property
    def total(self):
        """The amount that would be claimed, in the company's currency."""
        return sum(row.residual_company * row.left / row.residual for row in self.rows)


class AccountDunningChoice(models.AbstractModel):
    """What a person chose to send instead of what the policy says today.

    The plan still decides what may be claimed; the choice decides the level, or that it is a free
    message. It is stored on the notice, so that every refresh and the gate apply it again to live
    figures, and it ends when the notice is cancelled.
    """

    _name = "account.dunning.choice"
    _inherit = ["account.dunning.guarded"]
    _description = "What Somebody Chose to Send"

    chosen = fields.Selection(CHOICES[1:], readonly=True, copy=False)
    chosen_item_ids = fields.Many2many(
        "account.move.line",
        "account_dunning_notice_chosen_item_rel",
        "notice_id",
        "move_line_id",
        string="Items chosen",
        readonly=True,
        copy=False,
        help="The items for which it was chosen. Empty: all that the customer owes.",
    )
    chosen_by = fields.Many2one("res.users", readonly=True, copy=False)
    chosen_reason = fields.Char(
        string="Reason", readonly=True, copy=False, help="Why the interval was not kept."
    )
    is_free = fields.Boolean(compute="_compute_is_free")

    @api.depends("chosen")
    def _compute_is_free(self):
        for notice in self:
            notice.is_free = notice.chosen == FREE

    # -- What may be chosen ------------------------------------------------------------------------

    @api.model
    def _get_offers(self, creditor, customers, items=None):
        """Return what may be sent to each of these customers.

        :param creditor: ``res.company``
        :param customers: commercial partners
        :param items: ``account.move.line`` to choose for; all by default
        :return: list of :class:`Offer`
        """
        by_customer = defaultdict(list)
        plan = self.env["account.dunning.plan"].sudo()
        for row in plan._simulate(creditor, partners=customers):
            by_customer[row.partner_id].append(row)
        today = creditors_day(creditor)
        deadlines = self._get_running_deadlines(creditor, customers, today)
        contacts = self._get_last_contacts(creditor, customers)
        return [
            self._get_offer(
                creditor, customer, by_customer[customer.id], items, contacts, deadlines, today
            )
            for customer in customers
        ]

    @api.model
    def _get_offer(self, creditor, customer, rows, items, contacts, deadlines, today):
        """Return what may be sent to one customer.

        :param rows: rows of the plan for all that the customer owes
        :param dict contacts: ``{customer id: day of the last notice that counts}``
        :param dict deadlines: result of :meth:`_get_running_deadlines`
        """
        levels = self.env["account.dunning.level"].sudo()
        mine = [row for row in rows if not items or row.move_line_id in items.ids]
        free = [row for row in mine if not row.stop]
        late = [row for row in free if row.overdue]
        claimed = [row for row in rows if row.final_role == CLAIMED]
        taken = late or free
        present = levels.browse({row.level_id for row in taken if row.level_id})
        present = present.sorted("rank")[-1:]
        policy = levels.env["account.dunning.policy"].browse(taken[0].policy_id if taken else ())
        above = policy.level_ids.filtered(
            lambda level: (
                level.rank > (present.rank if present else -1)
                and (level.kind == "courtesy") == (not late)
            )
        ).sorted("rank")
        contact = contacts.get(customer.id)
        waits = contact and contact + timedelta(days=policy.min_interval)
        return Offer(
            partner=customer,
            rows=taken,
            problem="" if taken else self._explain_none(creditor, mine, today),
            today=levels.browse({row.tone_level_id for row in claimed}).sorted("rank")[-1:],
            today_total=sum(row.due_company for row in claimed),
            level=present,
            levels=above,
            policy=policy,
            courtesy=not late,
            wait_until=waits if waits and waits > today and late else None,
            deadline=max(
                filter(None, (deadlines.get((row.move_line_id, present.id)) for row in taken)),
                default=None,
            ),
        )

    @api.model
    def _explain_none(self, creditor, rows, today):
        """Return why none of these rows of the plan can be written about."""
        first = min(rows, key=lambda row: (bool(row.exclusion), row.due or today), default=None)
        return self._explain_row(creditor, first)

    @api.model
    def _explain_row(self, creditor, row):
        """Return what the plan says of a row, or that there is none."""
        if not row:
            return self.env._("nothing is owed.")
        return self.env["account.dunning.plan"].sudo()._explain(creditor, row)

    @api.model
    def _get_last_contacts(self, creditor, customers):
        """Return the day of the last notice to each customer that counts for the interval."""
        rows = (
            self.env["account.dunning.notice"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", creditor.id),
                    ("partner_id", "in", customers.ids),
                    ("state", "=", "sent"),
                    ("kind", "!=", "courtesy"),
                ],
                ["partner_id"],
                ["date:max", "left_on:max"],
            )
        )
        return {partner.id: max(filter(None, days), default=None) for partner, *days in rows}

    @api.model
    def _get_running_deadlines(self, creditor, customers, today):
        """Return the deadlines granted to these customers that have not expired.

        :return: ``{(item id, id of the level that it took): day}``
        """
        lines = self.env["account.dunning.notice.line"].sudo()
        found = lines.search(
            [
                ("notice_id.company_id", "=", creditor.id),
                ("notice_id.partner_id", "in", customers.ids),
                ("level_id", "!=", False),
                ("state", "=", "sent"),
                ("notice_id.deadline", ">=", today),
            ]
        )
        return {(line.move_line_id.id, line.level_id.id): line.notice_id.deadline for line in found}

    # -- Objections to a choice --------------------------------------------------------------------

    @api.model
    def _weigh(self, creditor, offer, choice, level):
        """Return what speaks against a choice, for the user.

        :param Offer offer: of one customer
        :param str choice: a value of :data:`CHOICES`
        :param level: the chosen level, if any
        :return: (sentence or "", whether a dunning user may override it)
        """
        if choice == PLAN and not offer.today:
            first = next(iter(offer.rows), None)
            return offer.problem or self._explain_row(creditor, first), False
        if offer.problem or choice == PLAN:
            return offer.problem if not offer.today else "", False
        if problem := self._get_level_problem(offer, choice, level):
            return problem, False
        if offer.wait_until:
            return self.env._(
                "written to lately: the interval of the policy ends on %s.",
                format_date(self.env, offer.wait_until),
            ), True
        if offer.total < offer.policy.min_amount:
            amount = format_amount(self.env, offer.policy.min_amount, creditor.currency_id)
            return self.env._("below the minimum of the policy, %s.", amount), True
        return "", False

    @api.model
    def _get_level_problem(self, offer, choice, level):
        """Return why nobody can take a level, or an empty string."""
        if choice == LEVEL:
            if level not in offer.levels:
                return self.env._("at this level already, or his policy does not have it.")
            if offer.deadline:
                return self.env._(
                    "the time given in the last message runs until %s: the date printed binds.",
                    format_date(self.env, offer.deadline),
                )
        if choice == AGAIN:
            if not offer.level:
                return self.env._("nothing was sent yet that could be sent again.")
            if (offer.level.kind == "courtesy") != offer.courtesy:
                return self.env._("a courtesy message is not sent again once it is late.")
        if choice == FREE and not self._get_carrier(offer):
            return self.env._("his policy has no level before the due date, nor after it.")
        return ""

    @api.model
    def _get_carrier(self, offer):
        """Return the level whose channels and policy a free message borrows."""
        levels = offer.policy.level_ids.filtered(
            lambda level: (level.kind == "courtesy") == offer.courtesy
        )
        return levels.sorted("rank")[:1]

    # -- Chosen ------------------------------------------------------------------------------------

    @api.model
    def _choose(self, creditor, offers, choice, level=None, items=None, reason=""):
        """Prepare the chosen notices, each to be confirmed by a person.

        :param creditor: ``res.company``
        :param offers: list of :class:`Offer` against which nothing speaks, or only what a dunning
            user may override
        :param str choice: ``level``, ``again`` or ``free``
        :param level: the chosen level, if any
        :param items: items to choose for, all by default
        :param str reason: why the interval or the minimum is not respected
        :return: the live notices that the user may see
        :raise AccessError: unless the user may prepare notices or, to override the interval, send
            them
        """
        self.check_access("write")
        for offer in offers:
            sentence, overridable = self._weigh(creditor, offer, choice, level)
            if sentence and not overridable:
                customer = offer.partner.display_name
                raise UserError(
                    self.env._("%(customer)s: %(reason)s", customer=customer, reason=sentence)
                )
            if sentence:
                check_sender(self.env)
                if not (reason or "").strip():
                    raise UserError(self.env._("Say why the interval or the minimum is not kept."))
            self._prepare_chosen(creditor, offer, choice, level, items, sentence and reason)
        customers = self.env["res.partner"].union(*(offer.partner for offer in offers))
        self.env["account.dunning.notice.draft"].sudo()._follow_plan(creditor, partners=customers)
        return self._get_live(creditor, customers).filtered(lambda n: n.chosen == choice)

    @api.model
    def _prepare_chosen(self, creditor, offer, choice, level, items, reason):
        """Create the notice to one customer, or change the one in preparation."""
        today = creditors_day(creditor)
        level = {LEVEL: level, AGAIN: offer.level, FREE: self._get_carrier(offer)}[choice]
        drafts = self.env["account.dunning.notice.draft"].sudo()
        vals = {
            **drafts._prepare_level_vals(level.sudo(), creditor, today),
            "state": "draft",
            "confirmed_by": False,
            "confirmed_to": False,
            "printed_on": False,
            **dict.fromkeys([f"custom_{name}" for name in TEXTS], False),
            "chosen": choice,
            "chosen_item_ids": [fields.Command.set(items.ids if items else [])],
            "chosen_by": self.env.uid,
            "chosen_reason": reason or False,
        }
        if choice == FREE:
            vals |= {**dict.fromkeys(CHANNELS, False), "send_email": True, "deadline": False}
        notices = self.env["account.dunning.notice"].sudo()
        live = notices._get_live(creditor, offer.partner)
        if live:
            live.write(vals)
        else:
            user = offer.partner.sudo()._get_dunning_user() or creditor.dunning_user_id
            whose = {"partner_id": offer.partner.id, "company_id": creditor.id, "user_id": user.id}
            live = notices.create({**vals, **whose})
        if reason:
            speaking = live._in_dunning_lang()
            speaking._message_log(
                body=speaking.env._("The interval or the minimum is not kept: %s", reason)
            )

    def action_follow_policy(self):
        """Undo the choice: the notice becomes what the policy says today, or is cancelled."""
        self._check_prepare()
        chosen = self.filtered(lambda notice: notice.chosen and notice.state in LIVE)
        for notice in chosen.sudo():
            drafts, creditor = self.env["account.dunning.notice.draft"], notice.company_id
            notice.write(
                {
                    **drafts._prepare_level_vals(notice.level_id, creditor, notice.date),
                    **dict.fromkeys([f"custom_{name}" for name in TEXTS], False),
                    "state": "draft",
                    "chosen": False,
                    "chosen_reason": False,
                }
            )
            notice._refresh()

    # -- Effect of the choice on the plan ----------------------------------------------------------

    @api.model
    def _get_choice_rows(self, creditor, today, partners=None):
        """Return the effect of the choices on the items of their customers.

        :return: list of dicts of the columns that they change in today's plan
        """
        domain = [
            ("company_id", "=", creditor.id),
            ("state", "in", LIVE),
            ("chosen", "!=", False),
        ]
        if partners is not None:
            domain.append(("partner_id", "in", partners.commercial_partner_id.ids))
        chosen = self.env["account.dunning.notice"].sudo().search(domain)
        if not chosen:
            return []
        by_partner = {notice.partner_id.id: notice for notice in chosen}
        rows = self.env["account.dunning.plan"]._simulate(
            creditor, today, partners=chosen.partner_id
        )
        return [
            by_partner[row.partner_id]._compose_row(row)
            for row in rows
            if row.partner_id in by_partner
        ]

    def _compose_row(self, row):
        """Return the effect of the choice on one row of the plan."""
        self.ensure_one()
        level, present = self.level_id, self.env["account.dunning.level"].browse(row.level_id)
        chosen = not self.chosen_item_ids or row.move_line_id in self.chosen_item_ids.ids
        item = Item(
            overdue=row.overdue,
            stopped=bool(row.stop),
            chosen=chosen,
            rank=present.rank if present else -1,
            kind=present.kind or None,
        )
        role, takes = decide(self.chosen, level.kind, level.rank, item)
        claimed = role == CLAIMED
        share = row.left / row.residual if claimed else 0
        currency = self.company_id.currency_id
        return {
            "move_line_id": row.move_line_id,
            "final_role": role,
            "take_level_id": level.id if takes else None,
            "tone_level_id": level.id if role else None,
            "due_amount": row.left if claimed else None,
            "due_company": currency.round(row.residual_company * share) if claimed else None,
            "reason": row.stop or role or "waiting",
        }

    # -- Free messages -----------------------------------------------------------------------------

    def _get_new_deadline(self, on):
        """Return the deadline that the notice prints if it is sent on a day, or False."""
        self.ensure_one()
        return not self.is_free and self.level_id._get_deadline(on, self.partner_id)

    def _get_free_names(self):
        """Return the name of a free message, by language."""
        langs = self.env["res.lang"].get_installed()
        return {code: self.with_context(lang=code).env._("Free message") for code, _name in langs}

    def _get_free_problem(self):
        """Return why a free message cannot be sent as it is, or False."""
        self.ensure_one()
        if not self.is_free:
            return False
        if not self.subject or is_html_empty(self.body):
            return self.env._("Write the subject and the text of the message first.")
        text = f"{self.subject} {self.body} {self.closing or ''}"
        return self._get_words_problem(self.partner_id, text)

    @api.model
    def _get_words_problem(self, partner, text):
        """Return what a text says but must not say to a customer, for the user, or False."""
        labels = {
            "penalties": self.env._("penalties or late-payment interest"),
            "indemnity": self.env._("the flat indemnity"),
            "costs": self.env._("costs of recovery"),
        }
        found = forbidden_words(partner.sudo().dunning_regime or None, text)
        return bool(found) and self.env._(
            "The text speaks of %(what)s: not to a consumer, nor to %(customer)s before the legal "
            "regime is confirmed. Take it out.",
            what=", ".join(labels[name] for name in found),
            customer=partner.display_name,
        )
