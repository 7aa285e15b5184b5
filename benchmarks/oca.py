"""OCA's modules and this addon, side by side: the same work for the same customers of one ledger.

``account_credit_control`` makes a plan, communications, e-mails and letters, ``partner_statement``
the statement of open items. Only their public names are used; none of their code is kept here.
"""

import json
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from odoo import Command

from sandbox_lib.inside import cut_off, serve

from . import ledger, sending
from .meter import Meter

POLICY = "account_credit_control.credit_control_3_time"
LETTER = "account_credit_control.report_credit_control_summary"
STATEMENT = "partner_statement.outstanding_statement"
OURS, CREDIT, STATEMENTS = "account_dunning_fr", "account_credit_control", "partner_statement"


def measure(env, results, items, customers, sent):
    """Fill the ledger of a database with these modules, do all work both ways, write the costs.

    :param sent: number of customers to write to, and whose letters and statements are printed
    """
    serve()
    cut_off(env)
    ledger.fill(env, int(items), int(customers))
    sides = Sides(env)
    sides.plan()
    sides.write_to(int(sent))
    Path(results).write_text(json.dumps(sides.meter.results, indent=1), "utf-8")


class Sides:
    """The pieces of work, each done by the addon and by its peer."""

    def __init__(self, env):
        self.env, self.meter, self.today = env, Meter(env), env.company._get_dunning_today()
        self.report = env["ir.actions.report"]
        self.policy = env.ref(POLICY)
        accounts = env["account.account"].search([("account_type", "=", "asset_receivable")])
        self.policy.account_ids = [Command.set(accounts.ids)]
        env.company.credit_policy_id = self.policy

    def _work(self, work, module, function, count):
        """Measure a piece of work, and count what it produced.

        :param count: takes the result and returns what was produced, in words
        :return: the result of the function
        """
        result = self.meter.step(f"{work} ({module})", function)
        self.meter.results[-1] |= {"work": work, "module": module, "makes": count(result)}
        return result

    def plan(self):
        """Decide who receives a notice about what."""
        env = self.env
        notices, lines = env["account.dunning.notice"], env["account.dunning.notice.line"]

        def follow():
            env["account.dunning.notice.draft"]._follow_plan(env.company, self.today)

        self._work(
            "plan",
            OURS,
            follow,
            lambda _none: f"{notices.search_count([])} messages on {lines.search_count([])} items",
        )
        run = env["credit.control.run"].create(
            {"date": self.today, "policy_ids": [Command.set(self.policy.ids)]}
        )
        self._work("plan", CREDIT, run.generate_credit_lines, lambda _: _count(run.line_ids, "row"))

    def write_to(self, number):
        """Write to this number of customers, and print their letters and statements.

        The first customer serves as warm-up: templates are compiled, translations loaded.
        """
        notices = sending.get_ready(self.env, number + 1)
        partners = notices.partner_id
        communications = self._communicate(partners)
        self._queue(notices, communications)
        groups = sending.split(notices[1:])
        self.report._render_dunning_letters(notices[:1])
        self._work(
            "letters printed",
            OURS,
            lambda: [pdf for group in groups for pdf in self._print_letters(group)],
            _count_pages,
        )
        self._print_theirs("letters printed", CREDIT, LETTER, communications)
        partners[:1]._print_dunning_account_statement(self.env.company, self.today)
        self._work(
            "statements printed",
            OURS,
            lambda: [partners[1:]._print_dunning_account_statement(self.env.company, self.today)],
            _count_pages,
        )
        self._print_theirs("statements printed", STATEMENTS, STATEMENT, partners)

    def _communicate(self, partners):
        """Make OCA's communications; the addon's notices exist since the plan."""
        lines = self.env["credit.control.line"].search([("partner_id", "in", partners.ids)])
        lines.write({"state": "to_be_sent"})  # as its dialog marks what a person has approved
        return self._work(
            "messages drafted",
            CREDIT,
            lambda: self.env["credit.control.communication"]._generate_comm_from_credit_lines(
                lines
            ),
            lambda made: f"{len(made)} communications on {_count(lines, 'item')}",
        ).sorted(lambda communication: partners.ids.index(communication.partner_id.id))

    def _queue(self, notices, communications):
        """Queue the e-mails; neither side delivers them meanwhile."""
        sending.attach_documents(self.env, notices.line_ids.filtered("claimed").move_id)
        notices[:1]._send_scheduled(self.today)
        self._work(
            "e-mails queued",
            OURS,
            lambda: [group._send_scheduled(self.today) for group in sending.split(notices[1:])],
            lambda _: self._count_mails(notices[1:]),
        )
        theirs = communications.with_context(mail_notify_force_send=False)
        theirs[:1]._generate_emails()
        self._work(
            "e-mails queued",
            CREDIT,
            theirs[1:]._generate_emails,
            lambda _: self._count_mails(communications[1:]),
        )

    def _count_mails(self, records):
        domain = [("model", "=", records._name), ("res_id", "in", records.ids)]
        mails = self.env["mail.mail"].search(domain)
        return f"{_count(mails, 'e-mail')}, {_count(mails.attachment_ids, 'enclosure')}"

    def _print_letters(self, notices):
        return self.report._render_dunning_letters(notices).values()

    def _print_theirs(self, work, module, reference, records):
        """Print the other module's report, as one document whatever the engine.

        Without the patched Qt, Odoo itself starts the engine for each record, and that would be
        measured.
        """

        def render(some):
            page, _kind = self.report._render_qweb_html(reference, some.ids)
            bodies, *_rest = self.report._prepare_html(page, report_model=some._name)
            return [self.report._run_wkhtmltopdf([self.report._join_dunning_bodies(bodies)])]

        render(records[:1])
        self._work(work, module, lambda: render(records[1:]), _count_pages)


def _count(records, name):
    return f"{len(records)} {name}{'s' if len(records) != 1 else ''}"


def _count_pages(documents):
    return f"{sum(len(PdfReader(BytesIO(content)).pages) for content in documents)} pages"
