"""The formal notice: complete or refused, with its statement, and what follows its deadline."""

from base64 import b64encode
from io import BytesIO

from PIL import Image

from odoo.addons.account_dunning_fr.models.notice.formal_notice import STANDS_SQL
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from ..dunning_common import DunningCommon, day


@tagged("post_install", "-at_install")
class TestFormalNotice(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.dunning_lang = "en_US"  # of what its users are told
        cls.new_clerks()
        cls.company.dunning_user_id = cls.clerk
        cls.clerk.partner_id.function = "Chief accountant"
        cls.partner = cls.customer("Client", dunning_regime="b2b", company_registry="732829320")

    def formal(self, partner=None, amount=1000.0, **values):
        """Prepare the formal notice of an invoice overdue for sixty days."""
        partner = partner or self.partner
        move = self.invoice(partner, 60, amount, **values)
        self.history(self.registered, "2026-05-01", move, deadline="2026-05-12")
        notice = self.draft(partner)
        self.assertEqual(notice.kind, "formal_notice")
        return notice

    def sent(self, **values):
        """Print and post a formal notice today."""
        notice = self.formal(**values)
        notice.with_user(self.billing).action_print()
        self.post(notice.with_user(self.clerk))
        return notice

    def page(self, notice):
        """Return the letter as text whose spaces are all plain."""
        page = notice.sudo().letter_id.raw.decode()
        return page.replace("\u202f", " ").replace("\xa0", " ").replace("&nbsp;", " ")

    # -- Complete, or refused ----------------------------------------------------------------------

    def test_a_complete_formal_notice_is_confirmed_printed_and_posted(self):
        notice = self.formal().with_user(self.clerk)
        self.assertFalse(notice.missing_text)
        notice.action_confirm()
        notice.action_print()
        self.post(notice)
        self.assertEqual((notice.state, notice.deadline), ("sent", day("2026-06-11")))

    def test_everything_that_is_missing_is_listed_at_once(self):
        notice = self.formal().with_user(self.clerk)
        self.company.write(
            {
                "dunning_legal_form": False,
                "street": False,
                "company_registry": False,
                "vat": False,
                "email": False,
                "phone": False,
                "dunning_user_id": False,
            }
        )
        notice.sudo().user_id = False
        self.company.partner_id.bank_ids.acc_number = "12345"
        self.partner.city = False
        expected = (
            "legal form",
            "street, post code and town",
            "SIREN",
            "e-mail address or a telephone",
            "Signatory",
            "IBAN",
            "Customer: street",
        )
        for action in ("action_confirm", "action_print"):
            with self.assertRaises(UserError) as caught:
                getattr(notice, action)()
            for part in expected:
                self.assertIn(part, str(caught.exception))
        self.assertEqual(len(notice.missing_text.split("\n")), len(expected))
        self.assertEqual(notice.state, "draft")
        self.assertFalse(notice.sudo().letter_id)

    def test_old_bank_statements_stop_a_formal_notice(self):
        self.statement(None, 10, on="2026-05-20")
        notice = self.formal().with_user(self.clerk)
        with self.assert_refused(UserError, "Bank statements of Bank: too old"):
            notice.action_confirm()
        self.statement(None, 10, on="2026-05-29")
        notice.action_confirm()

    def test_a_formal_notice_by_e_mail_is_refused_as_well(self):
        self.formal_notice.send_email = True
        notice = self.formal().with_user(self.clerk)
        self.company.dunning_legal_form = False
        with self.assert_refused(UserError, "legal form"):
            notice.action_send()
        notice.sudo().state = "ready"
        self.run_cron("send")
        self.assertIn("legal form", notice.blocking_reason)
        self.assertEqual(notice.state, "ready")

    def test_one_that_is_not_complete_does_not_stop_the_others(self):
        good = self.formal()
        bad = self.formal(self.customer("Bad", street=False, zip=False, city=False))
        both = (good | bad).with_user(self.clerk)
        both.action_confirm()
        self.assertEqual((good.state, bad.state), ("ready", "draft"))
        self.assertIn("Customer: street", bad.blocking_reason)
        self.assertEqual(both._print_letters(), good)

    def test_who_signs_is_somebody_who_is_there_to_sign(self):
        notice = self.formal().sudo()
        portal = self.new_user("portal_user").sudo()
        portal.group_ids = self.env.ref("base.group_portal")
        gone = self.new_user("gone").sudo()
        gone.active = False
        for person, contact, signs in (
            (self.billing, self.clerk, self.billing),
            (gone, self.clerk, self.clerk),
            (portal, self.clerk, self.clerk),
            (gone, gone, None),
            (self.env["res.users"], portal, None),
        ):
            notice.user_id, self.company.dunning_user_id = person, contact
            with self.subTest(person=person.login, contact=contact.login):
                self.assertEqual(notice._get_signatory(), signs or self.env["res.users"])
                missing = "Signatory" in (notice._get_formal_problem() or "")
                self.assertEqual(missing, not signs)

    def test_who_signs_says_in_which_capacity(self):
        """A formal notice without it is to complete, and says where it is typed."""
        notice = self.formal().with_user(self.clerk)
        for capacity, person in ((False, self.clerk), ("", self.billing), (False, self.billing)):
            notice.sudo().user_id = person
            person.sudo().partner_id.function = capacity
            with self.subTest(person=person.login):
                problem = notice._get_formal_problem()
                self.assertIn(f"capacity in which {person.name} signs, as the job", problem)
                self.assertIn("job position", notice.missing_text)
                with self.assert_refused(UserError, "job position"):
                    notice.action_confirm()
        self.billing.sudo().partner_id.function = "Chief accountant"
        self.assertFalse(notice.missing_text)
        notice.action_confirm()
        notice.action_print()
        self.assertIn("Chief accountant", self.page(notice))
        self.post(notice)
        self.assertEqual(notice.state, "sent")

    def test_a_reminder_needs_less(self):
        self.company.dunning_legal_form = False
        self.invoice(self.partner, 10)
        notice = self.draft(self.partner)
        self.assertFalse(notice.missing_text)
        notice.with_user(self.clerk).action_send()

    # -- Who signs ---------------------------------------------------------------------------------

    def picture(self, format="PNG"):
        stream = BytesIO()
        Image.new("RGB", (300, 120), "white").save(stream, format=format)
        return b64encode(stream.getvalue())

    def test_the_picture_of_a_signature_stands_above_the_name_of_its_owner_only(self):
        self.clerk.sudo().dunning_signature = self.picture()
        for person, kind, room, pictures in (
            (self.clerk, "formal_notice", 1, 1),
            (self.billing, "formal_notice", 1, 0),
            (self.clerk, "reminder", 1, 1),
            (self.billing, "reminder", 0, 0),
        ):
            notice = self.formal(self.customer(f"{person.login} {kind}")).sudo()
            notice.user_id = person
            if kind == "reminder":
                notice.level_id = self.firm
            html, _type = self.env["ir.actions.report"]._render_qweb_html(
                "account_dunning_fr.report_notice_letter", notice.ids
            )
            page = html.decode()
            with self.subTest(person=person.login, kind=kind):
                self.assertEqual(page.count('class="dn_room"'), room)
                self.assertEqual(page.count('alt="Signature"'), pictures)
                end = page[page.index('class="dn_signature"') :]
                self.assertIn(person.name, end)
                if pictures:
                    self.assertLess(end.index("data:image/png"), end.index(person.name))
                # An e-mail is not signed by hand.
                self.assertNotIn("Signature", str(notice.message_html))

    def test_only_its_owner_or_an_administrator_sets_a_signature(self):
        admin = self.new_user("people", "base.group_erp_manager")
        for setter in (self.clerk, admin):
            self.clerk.with_user(setter).dunning_signature = self.picture("JPEG")
            self.assertTrue(self.clerk.with_user(setter).dunning_signature)
        for other in (self.billing, self.reader):
            with self.assertRaises(AccessError):
                self.clerk.with_user(other).write({"dunning_signature": self.picture()})
            with self.assertRaises(AccessError):
                self.clerk.with_user(other).read(["dunning_signature"])

    def test_a_drawing_is_no_picture_of_a_signature(self):
        drawing = b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'><rect/></svg>")
        with self.assert_refused(ValidationError, "PNG or JPEG"):
            self.clerk.sudo().dunning_signature = drawing

    # -- What it says ------------------------------------------------------------------------------

    def test_the_letter_names_invoices_origin_number_signatory_and_total(self):
        notice = self.formal(invoice_origin="S00042", ref="PO-77")
        self.assertFalse(notice.registered_ids)
        notice.with_user(self.clerk).action_confirm()
        notice.registered_ids.number = "1A 195 123 4567 8"
        notice.with_user(self.billing).action_print()
        page = self.page(notice)
        recap = notice._get_recapitulation(notice._get_penalty_statement())
        self.assertEqual(recap["principal"], 1000)
        self.assertEqual(recap["indemnity"], 40)
        self.assertAlmostEqual(recap["total"], 1040 + recap["interest"])
        total = f"{recap['total']:,.2f}".replace(",", " ").replace(".", ",")
        for part in (
            "S00042",
            "PO-77",
            "1A19512345678",
            "Chief accountant",
            notice.move_ids.name,
            total,
            self.registered.with_context(lang="fr_FR").name,
        ):
            self.assertIn(part, page)

    def test_a_consumer_gets_neither_total_of_penalties_nor_indemnity(self):
        consumer = self.customer("Consumer", is_company=False, dunning_regime="b2c")
        notice = self.sent(partner=consumer)
        self.assertFalse(notice._get_recapitulation(notice._get_penalty_statement()))
        self.assertNotIn("L. 441-10", self.page(notice))
        self.assertIn("1231-6", self.page(notice))

    def test_without_a_confirmed_regime_no_statement_goes_with_it(self):
        self.partner.dunning_regime = False
        notice = self.sent()
        self.assertFalse(notice.statement_id)
        self.assertFalse(notice._get_recapitulation(notice._get_penalty_statement()))

    def test_the_statement_of_penalties_goes_with_it_and_is_kept(self):
        notice = self.sent()
        statement = notice.statement_id
        self.assertIn(notice.move_ids.name, statement.raw.decode())
        self.assertEqual(len(notice._get_letter_contents()), 2)
        with self.assert_refused(UserError, "evidence"):
            statement.sudo().unlink()
        with self.assert_refused(AccessError, "not written by hand"):
            notice.statement_sha256 = "0"

    def test_a_change_forgets_the_statement_as_well(self):
        notice = self.formal().with_user(self.clerk)
        notice.action_print()
        statement = notice.sudo().statement_id
        notice.subject = "Other"
        self.assertFalse(statement.exists())

    # -- Its deadline ------------------------------------------------------------------------------

    def hand_over(self, user=None):
        """Return the invoices to hand over, as a user sees them."""
        items = self.env["account.move.line"].with_user(user or self.billing)
        return items.search([("dunning_to_hand_over", "=", True)]).move_id

    def test_an_expired_formal_notice_makes_one_to_do_and_its_invoices_are_to_hand_over(self):
        notice = self.sent()
        move = notice.move_ids
        with self.on("2026-06-11"):
            self.run_cron("expire")
            self.assertFalse(notice.expired_on)
            self.assertFalse(self.hand_over())
        with self.on("2026-06-12"):
            for _run in range(2):
                self.run_cron("expire")
            self.assertEqual(notice.expired_on, day("2026-06-12"))
            self.assertEqual(notice.activity_ids.mapped("summary"), ["Formal notice expired"])
            self.assertEqual(notice.activity_ids.user_id, notice.user_id or self.clerk)
            self.assertEqual(self.hand_over(), move)
            self.assertEqual(self.hand_over(self.reader), move)
            events = self.env["account.dunning.chronology"]._get_expiry_events(
                self.partner, self.company, move
            )
            self.assertEqual([event.on for event in events], [day("2026-06-12")])
            item = self.items(move)
            self.assertTrue(item.dunning_to_hand_over)
            self.assertEqual(item.dunning_formal_deadline, day("2026-06-11"))

    def test_what_is_paid_or_on_hold_is_not_handed_over(self):
        notice = self.sent()
        with self.on("2026-06-12"):
            hold = self.hold(self.partner, reason="dispute")
            self.run_cron("expire")
            self.assertFalse(notice.expired_on)
            self.assertFalse(self.hand_over())
            hold.action_release()
            self.run_cron("expire")
            self.assertTrue(notice.expired_on)
            self.pay(notice.move_ids)
            self.assertFalse(self.hand_over())
            self.assertFalse(self.items(notice.move_ids).dunning_to_hand_over)

    def test_a_payment_undone_is_not_handed_over_on_the_old_formal_notice(self):
        notice = self.sent()
        with self.on("2026-06-12"):
            self.pay(notice.move_ids)
            self.items(notice.move_ids).remove_move_reconcile()
            self.assertFalse(self.hand_over())

    def test_a_credit_that_covers_it_is_not_handed_over(self):
        self.sent()
        with self.on("2026-06-12"):
            self.payment(self.partner, 1000)
            self.assertFalse(self.hand_over())

    def test_what_is_to_hand_over_is_a_task_of_the_day(self):
        self.sent()
        today = self.env["account.dunning.today"].with_user(self.billing)
        with self.on("2026-06-12"):
            tasks = {task.key: task for task in today._get_tasks(self.company)}
        self.assertEqual((tasks["to_hand_over"].count, tasks["to_hand_over"].amount), (1, 1000))

    # -- One that stands ---------------------------------------------------------------------------

    def test_records_searches_and_queries_say_alike_which_one_stands(self):
        """A row a situation: what is written on what, and whether the notice stands then."""
        other = self.customer("Another").id
        situations = {
            "left": ("notice", {}, True),
            "refused by every server": ("notice", {"delivery": "refused"}, False),
            "posted": ("notice", {"delivery": "refused", "posted_on": "2026-05-20"}, True),
            "not sent yet": ("notice", {"state": "draft"}, False),
            "a reminder": ("notice", {"level_id": self.registered.id}, False),
            "addressed to another": ("notice", {"partner_id": other}, False),
            "listed only": ("line", {"claimed": False}, False),
            "said without a due date": ("line", {"date_maturity": False}, True),
            "due later now": ("item", {"date_maturity": "2026-06-30"}, False),
            "due later, by then too": ("item", {"date_maturity": "2026-05-11"}, True),
            "due earlier now": ("item", {"date_maturity": "2026-01-01"}, True),
            "without a due date": ("item", {"date_maturity": False}, True),
            "owed by another now": ("item", {"partner_id": other}, False),
        }
        lines = self.env["account.dunning.notice.line"].sudo()
        items = self.env["account.move.line"]
        for name, (what, values, stands) in situations.items():
            with self.subTest(name):
                item = self.items(self.invoice(self.customer(name), 60))
                notice = self.history(
                    self.formal_notice, "2026-05-12", items=item, deadline="2026-05-20"
                )
                {"notice": notice, "line": notice.line_ids, "item": item}[what].write(values)
                items |= item
                self.assertEqual(lines._find_formal_notices(item).move_line_id == item, stands)
                self.assertEqual(notice.line_ids.stands, stands)
                self.assertEqual(bool(item.dunning_formal_deadline), stands)
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                f"""
                SELECT claimed.id
                  FROM account_dunning_notice notice, account_dunning_notice_line claimed,
                       account_move_line line
                 WHERE {STANDS_SQL} AND line.id IN %s
                """,
                tuple(items.ids),
            )
        )
        self.assertEqual({row[0] for row in found}, set(lines._find_formal_notices(items).ids))
