"""The link of a message, and what a customer asks by it: kept, accepted, refused, applied."""

import re
from unittest.mock import patch

from werkzeug.datastructures import MultiDict

from odoo.addons.account_dunning_fr.core.typed_values import RefusedError
from odoo.addons.account_dunning_fr.models.agreement.debtor_form import DebtorForm
from odoo.addons.account_dunning_fr.models.agreement.debtor_page import DebtorPage
from odoo.addons.account_dunning_fr.models.common.mail_message import HIDDEN
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..dunning_common import DunningCommon, day

ADDRESS = "https://compta.creancier.example.com"
TOKEN = re.compile(r"/dunning/account/([\w-]{32})")


class DebtorCommon(DunningCommon):
    """A creditor whose page is open, a customer who owes two invoices, and his link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("web.base.url", ADDRESS)
        cls.company.partner_id.dunning_lang = "en_US"
        cls.company.sudo().dunning_debtor_page = True
        cls.biller = cls.new_user("biller", "account.group_account_invoice", password="biller")
        cls.debtor = cls.customer("Debtor", dunning_lang="en_US")
        cls.older = cls.invoice(cls.debtor, 40, 1000)
        cls.newer = cls.invoice(cls.debtor, 12, 200)
        cls.token = cls.link_of(cls.debtor)

    @classmethod
    def link_of(cls, partner, **values):
        """Make a link for a customer as a message does; return its token."""
        link_model = cls.env["account.dunning.link"].sudo()
        token = f"{partner.name}-{len(link_model.search([]))}".ljust(32, "x").replace(" ", "-")
        link_model.create(
            {
                "company_id": cls.company.id,
                "partner_id": partner.id,
                "channel": "email",
                "token_hash": link_model._hash(token),
                "until": "2099-01-01",
                **values,
            }
        )
        return token

    def page_of(self, token=None):
        self.env.flush_all()
        return DebtorPage(
            self.env["account.dunning.link"]._find(token or self.token)._for_visitor()
        )

    def ask(self, kind, *moves, token=None, files=(), **typed):
        """Send a form as the page does; return the request."""
        page = self.page_of(token)
        items = [("item", str(item.id)) for move in moves for item in self.items(move)]
        form = MultiDict([("kind", kind), *items, *typed.items()])
        vals, kept = DebtorForm(page, form, files).get_request()
        request = page.link._ask({**vals, "ip": "192.0.2.7"}, kept)
        return request.with_env(self.env)

    def accept(self, request):
        return request.with_user(self.biller).action_accept()


@tagged("post_install", "-at_install")
class TestDebtorRequests(DebtorCommon):
    # -- The switch and the links ------------------------------------------------------------------

    def test_the_page_opens_only_on_a_public_and_encrypted_address(self):
        golive = self.env["account.dunning.golive"].create({"company_id": self.company.id})
        golive.action_close_page()
        set_param = self.env["ir.config_parameter"].sudo().set_param
        module = type(self.env["ir.module.module"])
        for address, told in (
            ("http://compta.creancier.example.com", "https"),
            ("https://192.168.0.12", "own network"),
            ("", "web.base.url"),
        ):
            set_param("web.base.url", address)
            with (
                self.subTest(address=address),
                patch.object(module, "demo", False),
                patch.object(type(self.company), "get_base_url", lambda _self, a=address: a),
            ):
                with self.assert_refused(UserError, told):
                    golive.action_open_page()
                with self.assert_refused(ValidationError, told), self.env.cr.savepoint():
                    self.company.sudo().dunning_debtor_page = True
                    self.env.flush_all()
        self.company.sudo().dunning_debtor_page = False
        set_param("web.base.url", ADDRESS)
        with self.assertRaises(AccessError):
            golive.with_user(self.biller).action_open_page()
        golive.action_open_page()
        self.assertTrue(self.company.dunning_debtor_page)
        self.assertIn(ADDRESS, golive.page_text)

    def test_each_message_brings_its_own_link_and_only_its_sum_is_kept(self):
        notice = self.send(self.debtor)
        link = notice.link_ids
        [token] = set(TOKEN.findall(notice.mail_id.sudo().body_html))
        self.assertEqual(link.sudo().token_hash, link._hash(token))
        for kept in (notice.sent_html, notice.message_html, notice.mail_id.sudo().body):
            self.assertIn(HIDDEN, kept)
            self.assertNotIn(token, kept)
        found = self.env["account.dunning.link"]._find(token)
        self.assertEqual((found, found.partner_id, found.channel), (link, self.debtor, "email"))
        self.assertEqual((link.until - notice.deadline).days, 30)
        with self.on("2027-01-01"):
            self.assertFalse(self.env["account.dunning.link"]._find(token))

    def test_the_links_given_are_listed_and_closed_one_by_one(self):
        other = self.link_of(self.debtor, channel="letter")
        links = self.env["account.dunning.link"]
        mine = links._find(self.token).with_user(self.biller)
        mine.sudo()._note_opened()
        self.assertTrue(mine.display_name.startswith("E-mail of"))
        self.assertEqual((mine.opened_count, mine.standing), (1, "open"))
        action = self.debtor.with_user(self.biller).action_view_dunning_links()
        self.assertEqual(len(links.search(action["domain"])), 2)
        (part,) = self.env["account.dunning.customer"]._get_link_parts(
            self.debtor, self.company, day("2026-06-01")
        )
        self.assertEqual(len(part.rows), 2)
        reader = self.new_user("link_reader", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            mine.with_user(reader).action_close()
        mine.action_close()
        self.assertFalse(links._find(self.token))
        self.assertEqual((mine.standing, mine.closed_by), ("closed", self.biller))
        self.assertTrue(links._find(other))
        links._find(other).sudo().until = "2026-05-01"
        self.assertEqual(set(links.search(action["domain"]).mapped("standing")), {"closed", "over"})
        # What links of before brought counts on its own day, whether or not one was given since.
        self.env.cr.execute("UPDATE account_dunning_link SET create_date = '2026-01-01'")
        self.ask("message", note="Hello", token=self.link_of(self.debtor))
        self.env.cr.execute("UPDATE account_dunning_link SET create_date = '2026-01-01'")
        today = day("2026-06-01")
        self.assertEqual(links._count_use(self.company, today, today)["asked"], 1)

    def test_who_becomes_a_contact_of_another_customer_does_not_see_what_that_one_owes(self):
        links = self.env["account.dunning.link"]
        self.assertTrue(links._find(self.token))
        group = self.customer("Group")
        self.invoice(group, 30, 7000)
        self.debtor.write({"parent_id": group.id, "is_company": False})
        self.assertFalse(links._find(self.token))
        self.assertTrue(links._find(self.link_of(group)))
        self.debtor.parent_id = False
        self.assertEqual(self.page_of().partner, self.debtor)

    def test_off_there_is_no_link_and_no_code_anywhere(self):
        self.company.sudo().dunning_debtor_page = False
        other = self.customer("Other", dunning_lang="en_US")
        self.invoice(other, 20, 90)
        notice = self.send(other)
        self.assertNotIn("/dunning/account", notice.mail_id.sudo().body_html)
        self.assertFalse(notice.link_ids or notice._get_debtor_code())
        self.assertFalse(self.env["account.dunning.link"]._find(self.token))

    def test_a_letter_bears_its_code_beside_that_of_the_transfer(self):
        self.start(self.firm, self.older)
        notice = self.draft(self.debtor)
        notice.sudo().write({"send_letter": True})
        drawn = []
        render = type(self.env["ir.actions.report"])._render_dunning_letters

        def keep(report, notices):
            drawn.extend(each._get_debtor_address() for each in notices.with_env(report.env))
            page = report.env["ir.qweb"]._render(
                "account_dunning_fr.notice_letter_document", {"doc": notices.with_env(report.env)}
            )
            drawn.append(str(page))
            return render(report, notices)

        with patch.object(type(self.env["ir.actions.report"]), "_render_dunning_letters", keep):
            notice.action_print()
        link = notice.link_ids.filtered(lambda each: each.channel == "letter")
        [token] = TOKEN.findall(drawn[0])
        self.assertEqual(link.sudo().token_hash, link._hash(token))
        self.assertIn("Pay by transfer", drawn[1])
        self.assertIn("Your account: see, answer, ask", drawn[1])
        notice.sudo()._drop_letters()  # never posted: it opens nothing
        self.assertFalse(self.env["account.dunning.link"]._find(token))

    def test_what_a_colleague_puts_beside_a_request_is_not_the_customers(self):
        requests = self.env["account.dunning.request"].sudo()
        request = requests._receive(
            {
                "kind": "dispute",
                "reason": "other",
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "item_ids": [(6, 0, self.items(self.older).ids)],
            },
            [("his.pdf", b"%PDF-1.4 his", "application/pdf")],
        ).with_env(self.env)
        his = request.file_ids
        theirs = request.with_user(self.biller).message_post(
            body="See", attachments=[("ours.pdf", b"%PDF-1.4 ours")]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(request.file_ids.mapped("name"), ["his.pdf"])
        [told] = [
            event
            for event in self.env["account.dunning.chronology"]._get_events(
                self.debtor, self.company
            )
            if event.kind == "request"
        ]
        self.assertEqual(told.proofs, his)
        self.accept(request)
        handed_on = self.env["ir.attachment"].search(
            [("res_model", "=", "account.dunning.dispute"), ("res_id", "=", request.dispute_id.id)]
        )
        self.assertEqual(handed_on.mapped("name"), ["his.pdf"])
        for change in (
            lambda: request.with_user(self.biller).write({"file_ids": [(5,)]}),
            lambda: request.with_user(self.biller).write(
                {"file_ids": [(4, theirs.attachment_ids.id)]}
            ),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                change()
        for change in (
            lambda: his.with_user(self.biller).unlink(),
            lambda: his.with_user(self.biller).write({"raw": b"%PDF-1.4 another"}),
            lambda: his.with_user(self.biller).write({"res_id": False}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        theirs.attachment_ids.with_user(self.biller).unlink()

    # -- What the page knows -----------------------------------------------------------------------

    def test_the_page_says_of_each_item_how_it_stands(self):
        third = self.invoice(self.debtor, -10, 50)
        self.ask("promise", self.newer, day="2026-06-10")
        self.accept(self.env["account.dunning.request"].search([]))
        self.env["account.dunning.dispute"].create({"move_id": self.older.id, "amount": 300})
        page = self.page_of()
        found = {owed.move: (owed.state, owed.asked, owed.disputed) for owed in page.owed}
        self.assertEqual(found[self.older], ("late", 700, 300))
        self.assertEqual(found[self.newer], ("promised", 200, 0))
        self.assertEqual(found[third], ("due", 50, 0))
        [sums] = page.totals
        self.assertEqual(
            [sums[name] for name in ("late", "disputed", "promised", "due")], [700, 300, 200, 50]
        )

    def test_penalties_are_shown_where_the_law_and_the_messages_state_them(self):
        self.debtor.dunning_regime = "b2c"
        self.assertFalse(self.page_of().penalised)
        self.history(self.firm, "2026-05-10", self.older)  # states penalties, to firms
        self.env.flush_all()
        self.assertFalse(self.page_of().penalised)  # a consumer: not before the formal notice
        self.debtor.dunning_regime = "b2b"
        self.assertEqual(self.page_of().penalised, self.items(self.older))
        self.debtor.dunning_regime = "b2c"
        self.history(self.formal_notice, "2026-05-20", self.older)
        self.env.flush_all()
        self.assertEqual(self.page_of().penalised, self.items(self.older))

    def test_a_public_body_and_an_insolvent_debtor_see_what_the_law_allows(self):
        self.debtor.dunning_regime = "b2g"
        self.assertEqual(set(self.page_of().kinds), {"paid", "dispute", "contact", "message"})
        for kind in ("promise", "plan"):
            with self.assert_refused(RefusedError, "cannot be asked here"):
                self.ask(kind, self.older, day="2026-06-05", count="3", words="x")
        proceedings = self.env["account.dunning.insolvency"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "date_opening": "2026-05-31",
            }
        )
        self.assertTrue(proceedings)
        page = self.page_of()
        self.assertEqual({owed.state for owed in page.owed}, {"declare"})
        self.assertFalse(page.asked)
        self.assertEqual(set(page.kinds), {"contact", "message"})

    # -- Asked: each keeps back what it is about, and only that ------------------------------------

    def test_paid_keeps_its_items_back_for_five_working_days(self):
        request = self.ask("paid", self.newer, day="2026-05-29", reference="VIR 12")
        self.assertEqual((request.state, request.amount, request.ip), ("new", 200, "192.0.2.7"))
        self.assertEqual(request.paused_until, day("2026-06-08"))
        self.assert_stopped(self.newer, "hold")
        self.assertFalse(self.row(self.older).stop)
        self.assertEqual(request._get_holds().reason, "said_paid")
        self.assertIn("Says that he paid", request.activity_ids.summary)
        request.with_user(self.biller).answer = "We did not find it."
        request.with_user(self.biller).action_refuse()
        self.assertFalse(self.row(self.newer).stop)

    def test_a_dispute_is_accepted_with_its_amount_its_reason_and_its_files(self):
        png = b"\x89PNG"
        with self.assert_refused(RefusedError, "PDF files or photographs"):
            self.ask("dispute", self.older, reason="price", note="Too dear", files=[("a.png", png)])
        for typed, told in (
            ({"reason": "nonsense", "note": "x"}, "why"),
            ({"reason": "price", "note": " "}, "few words"),
            ({"reason": "price", "note": "x", "amount": "1000,01"}, "more than is due"),
        ):
            with self.subTest(told=told), self.assert_refused(RefusedError, told):
                self.ask("dispute", self.older, **typed)
        with self.assert_refused(RefusedError, "one invoice"):
            self.ask("dispute", self.older, self.newer, reason="price", note="x")
        request = self.ask("dispute", self.older, reason="price", note="Too dear", amount="300")
        self.assertEqual(request._get_holds().amount_held, 300)
        self.assertEqual(self.row(self.older).held_amount, 300)
        self.accept(request)
        dispute = request.dispute_id
        self.assertEqual((dispute.amount, dispute.reason, dispute.note), (300, "price", "Too dear"))
        self.assertEqual((dispute.move_id, request.state), (self.older, "accepted"))
        self.assertFalse(request._get_holds())
        self.assertEqual(self.row(self.older).held_amount, 300)  # by the dispute itself

    def test_a_promise_waits_for_a_person_and_applies_by_itself_inside_the_limits(self):
        for on, told in (("2026-05-31", "day to come"), ("2026-06-17", "until"), ("x", "calendar")):
            with self.subTest(day=on), self.assert_refused(RefusedError, told):
                self.ask("promise", self.older, day=on)
        request = self.ask("promise", self.older, day="2026-06-12")
        self.assertEqual((request.state, request._get_holds().reason), ("new", "promise"))
        self.accept(request)
        self.assertEqual(request.promise_id.date_promised, day("2026-06-12"))
        self.assertEqual((request.promise_id.source, request.promise_id.amount), ("page", 1000))
        self.policy.debtor_promise = "apply"
        alone = self.ask("promise", self.newer, day="2026-06-12")
        self.assertEqual((alone.state, alone.promise_id.amount), ("applied", 200))
        self.assertFalse(alone._get_holds() or alone.activity_ids)
        self.assert_stopped(self.newer, "hold")
        self.policy.debtor_apply_most = 100
        third = self.invoice(self.debtor, 5, 150)
        self.assertEqual(self.ask("promise", third, day="2026-06-12").state, "new")

    def test_a_promise_from_the_page_stops_the_message_of_the_day(self):
        self.policy.debtor_promise = "apply"
        notice = self.draft(self.debtor)
        self.assertEqual(notice.state, "ready")
        self.ask("promise", self.older, self.newer, day="2026-06-10")
        with self.assertRaises(UserError):
            notice.action_send()
        self.prepare()
        self.assertFalse(self.live(self.debtor))
        self.assertEqual(notice.state, "cancelled")

    def test_a_plan_is_asked_within_the_limits_and_with_the_sum_in_words(self):
        moves = (self.older, self.newer)
        currency = self.company.currency_id
        words = currency.amount_to_text(1200)
        for typed, told in (
            ({"count": "9", "words": words}, "2 to 6"),
            ({"count": "3", "first": "100", "words": words}, "at least"),
            ({"count": "3", "words": "Eleven hundred"}, re.escape(words)),
            ({"count": "3", "words": "1200"}, "C. civ. 1376"),
            ({"count": "x", "words": words}, "2 to 6"),
        ):
            with self.subTest(typed=typed), self.assert_refused(RefusedError, told):
                self.ask("plan", *moves, **typed)
        with self.assert_refused(RefusedError, "at least"):
            self.ask("plan", self.newer, count="2", words=currency.amount_to_text(200))
        request = self.ask("plan", *moves, count="4", first="300", words=words)
        self.assertEqual((request.state, request.sum_typed), ("new", words))
        self.assertEqual(set(request._get_holds().mapped("reason")), {"plan"})
        action = self.accept(request)
        plan = request.payment_plan_id
        self.assertEqual((action["res_model"], action["res_id"]), (plan._name, plan.id))
        self.assertEqual(plan.line_ids.mapped("amount"), [300, 300, 300, 300])
        self.assertEqual(plan.state, "draft")

    def test_inside_the_limits_a_plan_is_made_to_be_signed_on_the_spot(self):
        self.policy.debtor_plan = "apply"
        words = self.company.currency_id.amount_to_text(1000)
        request = self.ask("plan", self.older, count="2", first="400", words=words)
        plan = request.payment_plan_id
        self.assertEqual((request.state, plan.state), ("applied", "draft"))
        self.assertEqual(plan.line_ids.mapped("amount"), [400, 600])
        self.assert_stopped(self.older, "hold")  # until he has signed
        with self.assert_refused(RefusedError, "signature already"):
            self.ask("plan", self.older, count="3", words=words)
        self.pay(self.newer)
        self.assertFalse(plan._get_signing_problem())
        self.pay(self.older)
        self.assertTrue(plan._get_signing_problem())  # nothing is agreed twice on what is paid

    def test_a_plan_settles_whole_items_that_no_other_plan_settles(self):
        words = self.company.currency_id.amount_to_text
        dispute = self.env["account.dunning.dispute"].create(
            {"move_id": self.older.id, "amount": 300}
        )
        with self.assert_refused(RefusedError, "disputed or being paid"):
            self.ask("plan", self.older, count="3", words=words(700))
        dispute.action_reject()
        plan = self.env["account.dunning.payment.plan"].create(
            {"partner_id": self.debtor.id, "item_ids": self.items(self.older).ids}
        )
        plan.write({"signed_on": "2026-06-01", "signer": "Ann"})
        plan.action_start()
        for kind, typed in (
            ("plan", {"count": "3", "words": words(1000)}),
            ("promise", {"day": "2026-06-05"}),
        ):
            with self.subTest(kind=kind), self.assert_refused(RefusedError, "plan already"):
                self.ask(kind, self.older, **typed)

    def test_somebody_else_to_ask_keeps_everything_back_and_a_message_nothing(self):
        request = self.ask("message", note="Call me")
        self.assertFalse(request.paused_until or request._get_holds())
        self.assertFalse(self.row(self.older).stop)
        request = self.ask("contact", note="Ask accounts@client.example", person="Ann")
        self.assertEqual(request._get_holds().reason, "address")
        for move in (self.older, self.newer):
            self.assert_stopped(move, "hold")
        self.accept(request)
        self.assertFalse(self.row(self.older).stop)

    def test_asking_again_puts_nothing_off_for_ever(self):
        first = self.ask("paid", self.older, day="2026-05-29", amount="10")
        first.answer = "No"
        first.action_refuse()
        again = self.ask("paid", self.older, day="2026-05-28", amount="20")
        self.assertFalse(again.paused_until or again._get_holds())
        other = self.ask("paid", self.newer, day="2026-05-28")
        self.assertTrue(other.paused_until)
        with self.assert_refused(RefusedError, "not open"):  # it is being looked for
            self.ask("paid", self.newer, day="2026-05-28")

    def test_only_what_is_his_and_open_can_be_asked_about(self):
        stranger = self.customer("Stranger")
        theirs = self.invoice(stranger, 30, 70)
        for moves in ((theirs,), (self.older, theirs)):
            with self.assert_refused(RefusedError, "not open any more"):
                self.ask("promise", *moves, day="2026-06-05")
        page = self.page_of()
        for item in ("0", "-1", "1.5", "９", "9" * 40, "x"):
            form = MultiDict([("kind", "promise"), ("item", item), ("day", "2026-06-05")])
            with self.subTest(item=item), self.assert_refused(RefusedError, "not open"):
                DebtorForm(page, form).get_request()
        for kind in ("nonsense", "", None):
            with self.assert_refused(RefusedError, "cannot be asked"):
                DebtorForm(page, MultiDict({"kind": kind} if kind else {})).get_request()

    # -- Answered, told and kept -------------------------------------------------------------------

    def test_a_refusal_has_its_reason_and_an_answer_is_given_once(self):
        request = self.ask("message", note="Hello").with_user(self.biller)
        with self.assert_refused(UserError, "Write the answer"):
            request.action_refuse()
        request.answer = "No, sorry"
        request.action_refuse()
        self.assertEqual((request.state, request.answered_by), ("refused", self.biller))
        with self.assert_refused(UserError, "closed already"):
            request.action_accept()
        with self.assertRaises(AccessError):
            request.answer = "Yes"

    def test_what_was_paid_meanwhile_is_neither_promised_nor_agreed_on(self):
        request = self.ask("promise", self.older, day="2026-06-10")
        self.pay(self.older)
        with self.assert_refused(UserError, "paid meanwhile"):
            self.accept(request)

    def test_today_the_page_of_the_customer_and_the_chronology_tell_it(self):
        request = self.ask("paid", self.older, day="2026-05-29", person="Ann")
        acts = self.env["account.dunning.today"]._get_request_acts(self.company, day("2026-06-01"))
        [act] = [act for act in acts if act.model == request._name]
        self.assertEqual((act.card, act.ids, act.amount), ("asked", (request.id,), 1000))
        events = self.env["account.dunning.chronology"]._get_events(self.debtor, self.company)
        [event] = [event for event in events if event.kind == "request"]
        self.assertEqual(event.on, day("2026-06-01"))
        self.assertIn("192.0.2.7", event.detail)
        self.assertIn("Ann", event.detail)
        parts = self.env["account.dunning.customer"]._get_request_parts(
            self.debtor, self.company, day("2026-06-01")
        )
        self.assertEqual(len(parts[0].rows), 1)
