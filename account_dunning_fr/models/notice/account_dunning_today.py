from odoo import api, fields, models
from odoo.tools import formatLang

from ..common.account_dunning_facts import BILLING, DUNNING
from ..common.account_dunning_today import Act, Card, Counted, News, Task
from ..common.marks import (
    tells,
    tells_acts,
    tells_carded,
    tells_cards,
    tells_done,
    tells_news,
)
from .states import DEBTOR, LIVE

NOTICES = "action_account_dunning_notice"
NOTICE = "account.dunning.notice"
REPLY = "account.dunning.reply"
SHOWN_OF_ANSWER = 90  # characters
ANSWERED, BLOCKED, CONFIRM, POST = 10, 30, 40, 50  # urgency, see ``Act.rank``
KIND_RANKS = {"formal_notice": 0, "registered": 1}
READ_OF_NOTICE = (
    *("partner_id", "company_id", "level_id", "state", "kind", "amount_total", "printed_on"),
    *("blocking_reason", "delivery_reason", "send_registered", "posted_on", "send_letter"),
    *("not_posted_reason", "send_email", "make_call"),
    *("undelivered", "delivery", "delivery_attempts"),
)
REPLIES = "action_account_dunning_reply"


class AccountDunningToday(models.AbstractModel):
    _inherit = "account.dunning.today"

    # -- Acts: what has to be confirmed, posted, or corrected before it is sent --------------------

    @api.model
    @tells_cards
    def _get_notice_cards(self, creditors, today):
        confirm, post = (), ()
        if self.env.user.has_group(DUNNING):
            confirm = (
                {
                    "label": self.env._("Confirm all"),
                    "model": NOTICE,
                    "method": "action_confirm",
                    "hotkey": "v",
                    "undo": "action_back_to_draft",
                    "done": self.env._("Confirmed: they leave with the next sending."),
                },
            )
        if self.env.user.has_group(BILLING):
            print_all = {"label": self.env._("Print all"), "model": NOTICE, "hotkey": "i"}
            post = ({**print_all, "method": "action_print_together"},)
        if self.env.user.has_group(DUNNING):
            posted = {"label": self.env._("Now posted"), "model": NOTICE, "hotkey": "d"}
            only = "action_record_posting"  # for printed ones
            post += ({**posted, "method": only, "only": only},)
        return [
            Card("blocked", self.env._("Not sent"), "fa-exclamation-triangle", 30),
            Card("confirm", self.env._("To confirm"), "fa-check", 10, confirm),
            Card("post", self.env._("To print and post"), "fa-envelope-o", 20, post),
            Card("answer", self.env._("Answers to read"), "fa-reply", 7),
        ]

    @api.model
    @tells_acts
    def _get_reply_acts(self, creditors, today):
        """Return the replies that nobody has read: their customers' next step waits for that."""
        replies = self.env[REPLY].search_fetch(
            [("company_id", "in", creditors.ids), *self.env[REPLY]._get_waiting_domain()],
            ["partner_id", "company_id", "notice_id", "origin", "excerpt"],
        )
        answer, back = self.env._("Answer to read"), self.env._("E-mail returned")
        button = self.env._("Read it")
        return [
            Act(
                card="answer",
                partner_id=reply.partner_id.id,
                creditor_id=reply.company_id.id,
                rank=ANSWERED,
                label=back if reply.origin == "bounce" else answer,
                model=REPLY,
                ids=(reply.id,),
                method="action_open",
                button=button,
                amount=reply.notice_id.amount_total,
                detail=(reply.excerpt or "")[:SHOWN_OF_ANSWER],
            )
            for reply in replies
        ]

    @api.model
    @tells_acts
    def _get_notice_acts(self, creditors, today):
        """Return the notices that need attention: each once, for the first of its reasons."""
        notices = self.env[NOTICE]
        ours = fields.Domain("company_id", "in", creditors.ids)
        not_sent = fields.Domain(notices._get_not_sent_domain())
        waiting = fields.Domain("state", "=", "draft") | fields.Domain("to_post", "=", True)
        found = notices.search_fetch(ours & (waiting | not_sent), READ_OF_NOTICE)
        stopped = found.filtered_domain(not_sent)
        levels = {level.id: level.name for level in found.level_id}
        acts = []
        for notice in found:
            name = levels[notice.level_id.id]
            if notice in stopped:
                acts.append(self._prepare_notice_act(notice, name, **self._prepare_stopped(notice)))
            elif notice.state == "draft":
                acts.append(self._prepare_notice_act(notice, name, **self._prepare_confirm(notice)))
            elif not notice.send_registered:
                acts.append(
                    self._prepare_notice_act(notice, name, **self._prepare_post(notice, today))
                )
        return acts

    @api.model
    def _prepare_notice_act(self, notice, name, **values):
        return Act(
            partner_id=notice.partner_id.id,
            creditor_id=notice.company_id.id,
            label=name,
            model=NOTICE,
            ids=(notice.id,),
            amount=notice.amount_total,
            **values,
        )

    @api.model
    def _prepare_stopped(self, notice):
        reason = notice.blocking_reason if notice.state in LIVE else notice.delivery_reason
        return {
            "card": "blocked",
            "rank": BLOCKED,
            "button": self.env._("Put right") if self.env.user.has_group(BILLING) else "",
            "warning": reason or self.env._("Not delivered"),
        }

    @api.model
    def _prepare_confirm(self, notice):
        may = self.env.user.has_group(DUNNING)
        return {
            "card": "confirm",
            "rank": CONFIRM + KIND_RANKS.get(notice.kind, 2),
            "method": "action_confirm" if may else "",
            "button": self.env._("Confirm") if may else self.env._("Read it"),
            "detail": self.env._("to confirm"),
        }

    @api.model
    def _prepare_post(self, notice, today):
        """Return the next step for an ordinary letter: printing, then posting."""
        printed = notice.printed_on == today
        needed = DUNNING if printed else BILLING
        if not self.env.user.has_group(needed):
            button = method = ""
        elif printed:
            button, method = self.env._("It is posted"), "action_record_posting"
        else:
            button, method = self.env._("Print"), "action_print"
        return {
            "card": "post",
            "rank": POST,
            "method": method,
            "button": button,
            "detail": self.env._("printed, to post") if printed else self.env._("letter to print"),
        }

    @api.model
    @tells_done
    def _count_notices_done(self, creditors, today):
        """Count notices confirmed for the next sending, those sent since, and letters posted."""
        ours = [("company_id", "in", creditors.ids)]
        first_moment = fields.Datetime.to_string(self._get_first_moment(today))
        notices = self.env[NOTICE]
        left = ["|", ("state", "=", "ready"), "&", ("state", "=", "sent"), ("date", "=", today)]
        return [
            Counted(notices, [*ours, ("confirmed_by", "!=", False), *left]),
            Counted(notices, [*ours, ("posting_recorded_on", ">=", first_moment)]),
            Counted(self.env[REPLY], [*ours, ("read_on", ">=", first_moment)]),
        ]

    # -- News since yesterday ----------------------------------------------------------------------

    @api.model
    @tells_news
    def _get_message_news(self, creditors, today, since):
        """Return the replies of customers, and the returned e-mails."""
        ours = [("company_id", "in", creditors.ids)]
        first_moment = fields.Datetime.to_string(self._get_first_moment(since))
        answers = self.env[REPLY].search(
            [*ours, ("origin", "=", DEBTOR), ("received_on", ">=", first_moment)]
        )
        ids = answers.notice_id.ids
        returned = [*ours, ("bounced_on", ">=", since)]
        title, back = self.env._("Answers received"), self.env._("E-mails returned")
        list_of = self._get_list_action
        return [
            News(
                "answered",
                title,
                len(ids),
                list_of(NOTICE, title, [("id", "in", ids)]),
                tone="info",
                sequence=30,
            ),
            News(
                "returned",
                back,
                Counted(self.env[NOTICE], returned),
                list_of(NOTICE, back, returned),
                tone="danger",
                sequence=40,
            ),
        ]

    # -- Tasks -------------------------------------------------------------------------------------

    @api.model
    @tells_carded
    def _get_notice_tasks(self, creditors, today):
        return [
            self._count_task(
                creditors, key, label, sequence, NOTICES, domain, "amount_total", warning
            )
            for key, label, sequence, domain, warning in (
                (
                    "to_confirm",
                    self.env._("Reminders to confirm"),
                    10,
                    [("state", "=", "draft")],
                    False,
                ),
                ("to_post", self.env._("Letters to post"), 20, [("to_post", "=", True)], False),
                (
                    "blocked",
                    self.env._("Reminders not sent"),
                    30,
                    self.env["account.dunning.notice"]._get_not_sent_domain(),
                    True,
                ),
            )
        ]

    @api.model
    @tells_carded
    def _get_reply_tasks(self, creditors, today):
        """Return the unread replies and returned e-mails."""
        waiting = self.env[REPLY]._get_waiting_domain()
        label = self.env._("Answers to read")
        return [
            self._count_task(creditors, "replies", label, 8, REPLIES, waiting),
        ]

    @api.model
    @tells_carded
    def _get_expiry_tasks(self, creditors, today):
        """Return the items whose formal notice has expired: somebody decides what comes next."""
        items = self.env["account.dunning.notice"]._get_expired_items(creditors, today)
        label = self.env._("Formal notices expired: to hand over")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account_dunning_fr.action_dunning_to_hand_over"
        )
        action.update(name=label, display_name=label)
        amount = sum(items.mapped("amount_residual"))
        return [Task("to_hand_over", label, len(items), action, amount, 40, warning=True)]

    @api.model
    @tells
    def _get_page_tasks(self, creditors, today):
        """Return what will be sent automatically next time, and the unconfirmed legal regimes."""
        ready = self._count_task(
            creditors,
            "ready",
            self.env._("E-mails ready to leave"),
            16,
            NOTICES,
            [("state", "=", "ready"), ("send_email", "=", True)],
            "amount_total",
        )
        customers = self.env["account.dunning.notice"]._read_group(
            [
                ("company_id", "in", creditors.ids),
                ("state", "in", LIVE),
                ("level_id.penalties", "!=", "none"),
                ("partner_id.dunning_regime", "=", False),
            ],
            ["partner_id"],
        )
        label = self.env._("Legal regimes to confirm")
        domain = [("id", "in", [partner.id for (partner,) in customers])]
        action = self._get_list_action("res.partner", label, domain)
        return [ready, Task("regime", label, len(customers), action, None, 41)]

    @api.model
    @tells
    def _get_rate_tasks(self, creditors, today):
        """Return the rates to confirm, each with its source and a button to confirm it."""
        figures = self.env["account.dunning.notice"]._get_figures_to_confirm(creditors, today)
        Rate = self.env["account.dunning.rate"]
        rows = Rate.search([("date_from", "in", [figure.start for figure in figures])])
        by_start = {rate.date_from: rate for rate in rows}
        return [
            self._get_rate_task(figure, by_start[figure.start])
            for figure in figures
            if figure.start in by_start
        ]

    @api.model
    def _get_rate_task(self, figure, rate):
        """Return the task of one figure to confirm.

        :param figure: ``core.rates.Figure``
        :param rate: ``account.dunning.rate`` of its half-year
        """
        kind = figure.kind
        column = {"ecb": "ecb_rate", "legal": "legal_rate_other"}[kind]
        certainties = dict(rate._fields[f"{kind}_certainty"]._description_selection(self.env))
        certainty = certainties.get(rate[f"{kind}_certainty"])
        source = rate[f"{kind}_source"] or ""
        button = None
        if self.env.user.has_group("account_dunning_fr.group_dunning_manager"):
            method = f"action_confirm_{kind}"
            label = self.env._("Confirm")
            button = {"label": label, "model": rate._name, "method": method, "ids": rate.ids}
        return Task(
            f"rate_{kind}_{figure.start}",
            self.env._(
                "To confirm: %(figure)s, %(percent)s %%",
                figure=rate._get_figure_name(figure),
                percent=formatLang(self.env, rate[column], digits=2),
            ),
            1,
            rate._get_records_action(),
            sequence=12,
            detail=". ".join(filter(None, [certainty, source[:1].upper() + source[1:]])),
            button=button,
        )
