"""How long what is kept: a list first, then emptied for good, and the chain still holds."""

import io
import json
import zipfile
from base64 import b64decode

from dateutil.relativedelta import relativedelta
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..dunning_common import day
from .test_seals import PICTURE, SealCommon


@tagged("post_install", "-at_install")
class TestRetention(SealCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env["account.dunning.retention"]
        cls.manager, cls.biller = cls.users["manager"], cls.users["biller"]

    def rule(self, kind):
        return self.Rule.search([("kind", "=", kind)])

    def settled(self):
        """Return a letter sent, whose invoice was then paid."""
        notice = self.letter()
        notice.message_post(body="Called the debtor about his divorce")
        self.pay(notice.move_ids)
        self.chain()
        return notice

    def due(self, kind, years):
        """Return what a rule says is over so many years later."""
        today = day("2026-06-01") + relativedelta(years=years, days=1)
        return self.rule(kind)._get_due(self.company, today)

    def clean(self, text="2037-01-05"):
        with self.on(text):
            self.run_cron("retention")
        self.env.invalidate_all()

    # -- The rules ---------------------------------------------------------------------------------

    def test_each_kind_has_a_time_and_its_source(self):
        kinds = dict(self.Rule._fields["kind"].selection)
        rules = self.Rule.search([])
        self.assertEqual(set(rules.mapped("kind")), set(kinds))
        self.assertTrue(all(rules.mapped("source")))
        self.assertEqual({rule.kind: rule.months for rule in rules}["notice"], 120)

    def test_only_a_manager_changes_a_rule_and_never_under_a_year(self):
        rule = self.rule("call")
        rule.with_user(self.manager).months = 36
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            rule.with_user(self.biller).months = 12
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            rule.with_user(self.manager).months = 6
            self.env.flush_all()

    # -- What is over ------------------------------------------------------------------------------

    def test_a_message_is_over_once_its_time_has_passed(self):
        notice = self.settled()
        self.assertNotIn(notice, self.due("notice", 9))
        self.assertIn(notice, self.due("notice", 10))

    def test_a_customer_on_hold_before_a_court_or_still_owing_is_left_alone(self):
        notice = self.settled()
        hold = self.hold(self.partner)
        self.assertNotIn(notice, self.due("notice", 11))
        hold.action_release()
        self.assertIn(notice, self.due("notice", 11))
        move = self.invoice(self.partner, 10)
        self.assertNotIn(notice, self.due("notice", 11))
        case = self.env["account.dunning.case"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.partner.id,
                "item_ids": [(0, 0, {"move_line_id": self.items(move).id, "move_id": move.id})],
            }
        )
        self.pay(move)
        self.assertNotIn(notice, self.due("notice", 11))
        case.unlink()
        self.assertIn(notice, self.due("notice", 11))

    # -- The dry run, and the switch ---------------------------------------------------------------

    def test_the_list_comes_first_and_empties_nothing(self):
        notice = self.settled()
        message = notice.sent_html
        with self.on("2037-01-05"):
            pages = self.env["account.dunning.retention.page"].with_user(self.manager)
            page = pages.browse(pages.action_open()["res_id"])
        self.assertIn(notice.display_name, page.line_ids.mapped("name"))
        self.assertEqual(page.count, len(page.line_ids))
        self.assertEqual(notice.sent_html, message)
        self.clean()
        self.assertEqual(notice.sent_html, message, "it was not switched on")
        page.action_switch_on()
        self.assertTrue(self.company.dunning_retention_active)
        page.action_switch_off()
        self.assertFalse(self.company.dunning_retention_active)

    def test_nobody_but_a_manager_sees_the_list_or_switches(self):
        for user in (self.biller, self.users["sender"]):
            pages = self.env["account.dunning.retention.page"].with_user(user)
            with self.assertRaises(AccessError):
                pages.action_open()
            with self.assertRaises(UserError):
                self.company.with_user(user)._switch_dunning_retention(True)

    # -- Emptied -----------------------------------------------------------------------------------

    def test_what_is_emptied_keeps_its_sums_and_the_chain_holds(self):
        notice, other = self.settled(), self.email()
        self.chain()
        seal, letter = notice.seal_ids, notice.letter_id
        sums = (seal.content_sha256, seal.sha256, notice.letter_sha256, notice.sent_sha256)
        amount, deadline = notice.amount_total, notice.deadline
        self.company.sudo().dunning_retention_active = True
        self.clean()
        self.assertFalse(letter.exists())
        self.assertFalse(seal.content)
        kept = (seal.content_sha256, seal.sha256, notice.letter_sha256, notice.sent_sha256)
        self.assertEqual(kept, sums)
        self.assertEqual((notice.amount_total, notice.deadline), (amount, deadline))
        for name in ("sent_to", "sent_address", "sent_recipient", "partner_name"):
            self.assertFalse(notice[name], name)
        self.assertNotIn("divorce", str(notice.message_ids.mapped("body")))
        self.assertRegex(notice.message_html, r"L\.\s123-22")
        self.assertRegex(notice.subject, r"L\.\s123-22")
        self.chain()
        self.assertFalse(self.verify())
        self.assertEqual(seal.state, "erased")
        self.assertEqual(other.seal_ids.state, "verified", "still owed: left alone")
        chronology = self.env["account.dunning.chronology"]
        (event,) = (
            event
            for event in chronology._get_events(self.partner, self.company)
            if event.record == notice and event.kind == "notice"
        )
        self.assertIn("emptied under the rule", event.seals[0])
        self.assertRegex(event.seals[0], r"L\.\s123-22")

    def test_it_is_emptied_once(self):
        notice = self.settled()
        self.company.sudo().dunning_retention_active = True
        self.clean()
        count = self.Seal.search_count([])
        self.clean("2037-02-05")
        self.assertEqual(self.Seal.search_count([]), count)
        self.assertEqual(str(notice.erased_on), "2037-01-05")

    def test_emptying_behind_odoo_is_an_alteration(self):
        notice = self.settled()
        self.behind(
            "UPDATE account_dunning_seal SET content = NULL, erased_on = now() WHERE id = %s",
            notice.seal_ids.id,
        )
        self.assertEqual(self.verify().fault, "erased")

    def test_no_context_that_a_url_carries_empties_anything(self):
        notice = self.settled()
        for key in (True, 1, "erasing", {"erasing": True}, {"values": {"erasing": True}}):
            given = {"erasing": key, "dunning_erasing": key, "dunning_passed": key}
            file = notice.letter_id.with_user(self.manager).with_context(**given)
            self.refuses(key, lambda f=file: f.unlink())
            message = notice.message_ids[:1].with_context(**given)
            self.refuses(key, lambda m=message: m.sudo().unlink())
            mine = notice.with_user(self.manager).with_context(**given)
            self.refuses(key, lambda n=mine: n.write({"sent_html": "x"}))

    def test_plans_calls_and_promises_are_emptied_too(self):
        move = self.invoice(self.partner, 40, 300)
        plans = self.env["account.dunning.payment.plan"].with_user(self.biller)
        plan = plans.create({"partner_id": self.partner.id, "first_date": "2026-06-10"}).sudo()
        plan._sign_online("Jeanne Martin", PICTURE, "192.0.2.7", "Manager")
        self.chain()
        plan.action_cancel()
        call = (
            self.env["account.dunning.call"]
            .sudo()
            .create(
                {
                    "partner_id": self.partner.id,
                    "company_id": self.company.id,
                    "state": "done",
                    "done_on": "2026-06-01 09:00:00",
                    "outcome": "reached",
                    "person": "Jeanne",
                    "note": "Ill",
                }
            )
        )
        self.pay(move)
        self.company.sudo().dunning_retention_active = True
        self.clean("2032-01-05")
        self.assertFalse(any((plan.signer, plan.signature, plan.signed_ip, plan.signed_id)))
        self.assertFalse(any((call.person, call.note)))
        self.assertTrue(call.erased_rule)
        self.chain()
        self.assertFalse(self.verify())


@tagged("post_install", "-at_install")
class TestPerson(SealCommon):
    def export(self, user, partner=None, **values):
        pages = self.env["account.dunning.person"].with_user(user)
        page = pages.create({"partner_id": (partner or self.partner).id, **values})
        page.action_export()
        archive = zipfile.ZipFile(io.BytesIO(b64decode(page.file)))
        return json.loads(archive.read("data.json")), archive.namelist()

    def test_all_that_is_held_is_given_in_a_form_that_a_program_reads(self):
        notice = self.letter()
        notice.message_post(body="Spoke with him")
        self.hold(self.partner, note="Waits for a loan")
        stranger = self.email("Stranger")
        data, files = self.export(self.users["biller"])
        text = json.dumps(data, ensure_ascii=False)
        for expected in (notice.name, "2 rue du Débiteur", "Spoke with him", "Waits for a loan"):
            self.assertIn(expected, text)
        for hidden in (stranger.name, "Stranger", "token"):
            self.assertNotIn(hidden, text)
        self.assertTrue([name for name in files if name.endswith(".pdf")])
        _data, files = self.export(self.users["biller"], with_files=False)
        self.assertFalse([name for name in files if name.startswith("files/")])

    def test_it_shows_no_more_than_the_rights_of_who_asks(self):
        self.letter()
        other = self.env["res.company"].create({"name": "Other creditor"})
        user = self.new_user("elsewhere", "account.group_account_invoice", company=other)
        data, _files = self.export(user)
        self.assertNotIn("account.dunning.notice", data)
        employee = self.new_user("employee_only")
        with self.assertRaises(AccessError):
            self.export(employee)

    def test_a_restriction_stops_use_and_keeps_what_is_held(self):
        move = self.invoice(self.partner, 10)
        draft = self.draft(self.partner)
        self.partner.with_user(self.users["administrator"]).dunning_restricted = True
        self.prepare()
        self.assertEqual(draft.state, "cancelled")
        self.assert_stopped(move, "hold")
        hold = self.partner.dunning_hold_ids
        self.assertEqual(hold.mapped("reason"), ["restriction"] * len(hold))
        with self.assert_refused(UserError, "end the restriction"):
            hold[0].action_release()
        self.partner.dunning_restricted = False
        self.assertTrue(all(hold.mapped("released_on")))
        self.prepare()
        self.assertTrue(self.live(self.partner))

    def test_what_an_employee_reads_of_a_contact_is_nothing_of_ours(self):
        """Every field of this addon on a contact asks for a right in accounting."""
        open_to_all = [
            name
            for name, field in self.env["res.partner"]._fields.items()
            if name.startswith("dunning_") and not field.groups
        ]
        self.assertEqual(open_to_all, [])
        employee = self.new_user("employee")
        for name in ("dunning_lre_consent_on", "dunning_restricted", "dunning_regime"):
            with self.assertRaises(AccessError):
                self.partner.with_user(employee).read([name])
