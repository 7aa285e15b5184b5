"""A copy of a database, neutralized: it sends nothing, books nothing and opens nothing."""

from odoo.tests import tagged
from odoo.tools import file_open

from ..case_common import CaseCommon

SWITCHES = (
    *("dunning_active", "dunning_book_penalties", "dunning_post_penalties"),
    *("dunning_watch_bodacc", "dunning_watch_register"),
)
PAGE = "dunning_debtor_page"
SCHEDULED = (
    *("send", "queue", "registered", "monthly", "penalties", "retention"),
    *("bodacc", "register"),
)


@tagged("post_install", "-at_install")
class TestNeutralize(CaseCommon):
    def neutralize(self):
        """Run the statements as Odoo runs them on a copy."""
        self.env.flush_all()
        with file_open("account_dunning_fr/data/neutralize.sql") as file:
            self.env.cr.execute(file.read().strip())
        self.env.invalidate_all()

    def test_every_switch_of_every_company_is_off(self):
        other = self.env["res.company"].create({"name": "Other"})
        companies = self.company | other
        companies.write(dict.fromkeys(SWITCHES, True))
        self.env["ir.config_parameter"].set_param("web.base.url", "https://odoo.example.com")
        companies.sudo()[PAGE] = True
        self.neutralize()
        for name in (*SWITCHES, PAGE):
            self.assertEqual(companies.mapped(name), [False, False], name)
        self.assertEqual(set(companies.mapped("dunning_registered_provider")), {"manual"})
        for name in SCHEDULED:
            self.assertFalse(self.env.ref(f"account_dunning_fr.ir_cron_{name}").active, name)

    def test_what_was_about_to_leave_asks_a_person_again(self):
        partner = self.customer("Late")
        self.invoice(partner, 10)
        queued = self.send(partner)
        waiting = self.customer("Later")
        self.invoice(waiting, 10)
        ready = self.draft(waiting)
        self.assertEqual((ready.state, queued.mail_id.state), ("ready", "outgoing"))
        self.neutralize()
        self.assertEqual((ready.state, queued.mail_id.state), ("draft", "cancel"))
        self.assertEqual(set(ready.line_ids.mapped("state")), {"draft"})
        self.run_cron("send")
        self.assertEqual(ready.state, "draft")

    def test_the_links_of_the_original_open_nothing(self):
        case = self.hand_case_over(
            self.ready_case(), sending="link", link_until="2026-06-30"
        ).sudo()
        plan = self.env["account.dunning.payment.plan"].create({"partner_id": self.partner.id})
        plan._portal_ensure_token()
        token, shared = plan.access_token, case.share_token
        self.neutralize()
        self.assertFalse(case._get_shared(shared))
        self.assertFalse(case.share_until)
        self.assertNotEqual(plan.access_token, token)

    def test_work_left_in_the_queue_does_not_go_on(self):
        runs = self.env["account.dunning.run"].sudo()
        waiting = runs.create({"kind": "send", "state": "waiting"})
        done = runs.create({"kind": "send", "state": "done"})
        self.neutralize()
        self.assertEqual((waiting.state, done.state), ("failed", "done"))
