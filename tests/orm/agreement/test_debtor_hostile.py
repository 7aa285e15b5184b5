"""The page of a customer over HTTP: as he opens it, and as somebody does who means harm."""

import base64
from io import BytesIO
from unittest.mock import patch

from lxml import html
from PIL import Image

from odoo import Command
from odoo.addons.account_dunning_fr.controllers import debtor_page, public_page
from odoo.exceptions import LockError
from odoo.tests import HttpCase, tagged
from odoo.tests.common import JsonRpcException
from odoo.tools import mute_logger

from ..hostile_common import HOSTILE
from .test_debtor_requests import DebtorCommon

TYPED = "application/x-www-form-urlencoded"
LINKS = ("", "/statement", "/penalties")


def png():
    stream = BytesIO()
    Image.new("RGB", (20, 20), "red").save(stream, "PNG")
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestDebtorHostile(DebtorCommon, HttpCase):
    def get(self, suffix="", token=None):
        token = self.token if token is None else token
        return self.url_open(f"/dunning/account/{token}{suffix}", timeout=60)

    def post(self, kind, token=None, files=None, **typed):
        """Send a form; return the answer, where it leads to already followed."""
        url = f"{self.base_url()}/dunning/account/{token or self.token}/ask"
        data = {"kind": kind, **typed}
        return self.opener.post(url, data=data, files=files, timeout=60)

    def requests(self):
        self.env.invalidate_all()
        return self.env["account.dunning.request"].search([])

    # -- As he opens it ----------------------------------------------------------------------------

    def test_the_page_shows_what_is_open_within_forty_queries(self):
        self.get()  # the assets and the templates are there by now
        self.env.invalidate_all()
        plan, simulate = type(self.env["account.dunning.plan"]), []
        real = plan._simulate
        counted = []

        def count(model, creditor, today=None, partners=None, assumed=None):
            simulate.append(partners)
            return real(model, creditor, today, partners, assumed)

        show = debtor_page.DebtorPageController._show

        def watch(controller, link, *args, **kwargs):
            before = link.env.cr.sql_log_count
            link.env.invalidate_all()
            answer = show(controller, link, *args, **kwargs)
            answer.flatten()
            counted.append(link.env.cr.sql_log_count - before)
            return answer

        with (
            patch.object(plan, "_simulate", count),
            patch.object(debtor_page.DebtorPageController, "_show", watch),
        ):
            answer = self.get()
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(simulate, [self.debtor])
        self.assertLessEqual(counted[0], 40)
        for expected in (self.older.name, self.newer.name, "Debtor", "1,200.00", "40 days late"):
            self.assertIn(expected, answer.text)
        link = self.env["account.dunning.link"]._find(self.token)
        self.assertEqual(link.opened_count, 2)
        self.assertTrue(link.opened_on)

    def test_his_documents_are_fetched_as_files(self):
        item = self.items(self.older).id
        sent = self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "raw": b"%PDF-1.4 as sent",
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": self.older.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        answer = self.get(f"/invoice/{item}")
        self.assertEqual(answer.content, sent.raw)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.debtor.dunning_regime = "b2b"
        self.history(self.firm, "2026-05-10", self.older)
        for suffix in ("/statement", "/penalties"):
            answer = self.get(suffix)
            self.assertEqual(
                (answer.status_code, answer.headers["Content-Type"]), (200, "application/pdf")
            )

    def test_a_request_with_a_proof_waits_for_an_answer(self):
        answer = self.post(
            "paid",
            day="2026-05-29",
            item=self.items(self.older).id,
            person="Ann",
            files={"file": ("../x.html", png(), "text/html")},
        )
        self.assertEqual(answer.status_code, 200)
        self.assertIn("We received what you sent", answer.text)
        request = self.requests()
        self.assertEqual((request.kind, request.ip, request.person), ("paid", "127.0.0.1", "Ann"))
        [file] = request.file_ids
        self.assertEqual((file.name, file.mimetype), ("x.png", "image/png"))
        self.assertFalse(file.public or file.access_token)
        for address in (f"/web/content/{file.id}", f"/web/image/{file.id}"):
            self.assertNotEqual(self.url_open(address).content, file.raw)

    def test_a_plan_inside_the_limits_leads_to_its_signature(self):
        self.policy.debtor_plan = "apply"
        words = self.company.currency_id.amount_to_text(1200)
        items = [self.items(move).id for move in (self.older, self.newer)]
        answer = self.post("plan", count="3", first="", words=words, item=items)
        self.assertIn("/my/payment-plans/", answer.url)
        self.assertIn("Acknowledgement of debt", answer.text)
        self.assertEqual(self.requests().payment_plan_id.count, 3)
        self.assertIn("Payment plan to sign", self.get().text)

    # -- Who means harm ----------------------------------------------------------------------------

    def test_no_other_token_opens_anything_and_all_answers_are_alike(self):
        other = self.customer("Other")
        theirs = self.invoice(other, 30, 70)
        another = self.link_of(other)
        notice = self.history(self.firm, "2026-05-10", self.older)
        notice.sudo().state = "cancelled"
        closed = (
            self.link_of(self.debtor, until="2026-05-31"),
            self.link_of(self.debtor, notice_id=notice.id),
        )
        odd = ("wrong", "x" * 199, "x" * 5000, "%C3%A9", "%00", "hidden-from-the-history", "..")
        said = set()
        with patch.object(public_page, "TRIES", 1000):
            for token in (*closed, *odd):
                for suffix in LINKS:
                    with self.subTest(token=token[:30], suffix=suffix):
                        answer = self.get(suffix, token)
                        self.assertEqual(answer.status_code, 404)
                        self.assertNotIn(self.older.name, answer.text)
            for token in (*closed, "wrong", "x" * 32):
                said.add(self.get(token=token).text)
                self.assertEqual(self.post("message", token=token, note="x").status_code, 404)
            self.assertEqual(len(said), 1)
            # His own link opens nothing of somebody else's, and the other's none of his.
            item = self.items(theirs).id
            self.assertEqual(self.get(f"/invoice/{item}").status_code, 404)
            self.assertEqual(self.get("/invoice/99999999999999").status_code, 404)
            page = self.get(token=another).text
            self.assertIn(theirs.name, page)
            self.assertNotIn(self.older.name, page)
        self.assertFalse(self.requests())

    def test_closed_the_page_is_gone_for_everybody(self):
        self.company.sudo().dunning_debtor_page = False
        for suffix in LINKS:
            self.assertEqual(self.get(suffix).status_code, 404)

    def test_nothing_of_it_is_kept_or_found_or_told_to_another_site(self):
        answers = (
            self.get(),
            self.get("/statement"),
            self.get(token="wrong"),
            self.post("message", note="x"),
            self.post("nonsense"),
        )
        for answer in answers:
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")
            self.assertEqual(answer.headers["X-Robots-Tag"], "noindex")

    def test_a_flood_of_requests_is_stopped_and_the_page_still_read(self):
        with patch.object(debtor_page, "ASKED_MOST", 3):
            for number in range(5):
                answer = self.post("message", note=f"Message {number}")
        self.assertIn("Too many requests today", answer.text)
        self.assertEqual(len(self.requests()), 3)
        self.assertIn(self.older.name, self.get().text)
        with patch.object(debtor_page, "TRIES", 2):
            for _number in range(4):
                answer = self.post("nonsense")
        self.assertIn("Too many tries", answer.text)
        with patch.object(debtor_page, "FILES", 1):
            answers = [self.get("/statement").status_code for _again in range(2)]
        self.assertEqual(answers, [200, 429])

    def test_an_odd_body_gets_a_sentence_and_never_a_traceback(self):
        url = f"{self.base_url()}/dunning/account/{self.token}/ask"
        bodies = (
            (b"", "application/json"),
            (b"{", "application/json"),
            (b"\xff\xfe", "text/plain"),
            (b"kind=%00", TYPED),
            (b"kind=promise&item=1&day=9999-99-99", TYPED),
            (
                b"kind=plan&count=-1&first=1e9&words=" + b"x" * 9000,
                TYPED,
            ),
            (b"--x\r\n", "multipart/form-data; boundary=x"),
            (b"nonsense", "multipart/form-data"),
            (b"kind=dispute&item=" + b"9" * 5000, TYPED),
        )
        with patch.object(debtor_page, "TRIES", 1000):
            for body, content_type in bodies:
                with self.subTest(body=body[:30], content_type=content_type):
                    answer = self.opener.post(
                        url, data=body, headers={"Content-Type": content_type}, timeout=60
                    )
                    self.assertLess(answer.status_code, 500)
                    self.assertNotIn("Traceback", answer.text)
        self.assertFalse(self.requests())

    def test_files_are_few_small_and_of_known_kinds(self):
        svg = base64.b64decode("PHN2Zy8+")
        for files, told in (
            ({"file": ("x.svg", svg)}, "PDF files or photographs"),
            ({"file": ("x.pdf", b"<script>alert(1)</script>")}, "PDF files or photographs"),
            ([("file", ("x.png", png()))] * 4, "three files"),
            ({"file": ("x.pdf", b"%PDF-" + b"0" * 5_000_001)}, "5 MB"),
        ):
            with self.subTest(told=told):
                self.assertIn(told, self.post("message", note="x", files=files).text)
        self.assertFalse(self.requests())

    def test_what_he_types_is_text_on_his_page_and_on_ours(self):
        link = self.env["account.dunning.link"]._find(self.token)._for_visitor()
        common = {"kind": "message", "company_id": self.company.id, "partner_id": self.debtor.id}
        for text in HOSTILE.values():
            note, person = text[:1900].replace("\0", ""), text[:90].replace("\0", "")
            link._ask({**common, "note": note, "person": person}, [])
        refused = self.post("message", note=" ", person=HOSTILE["attribute"]).text
        typed = html.fromstring(refused).get_element_by_id("message_person")
        self.assertEqual(typed.get("value"), HOSTILE["attribute"])
        main = html.fromstring(self.get().text).get_element_by_id("wrap")
        self.assertGreater(len(main.xpath(".//section[last()]//li")), 5)
        self.assertFalse(main.xpath(".//script | .//*[@onerror] | .//img[@src='x']"))
        for request in self.requests():
            note = request.activity_ids.note or ""
            self.assertFalse(html.fromstring(f"<p>{note}</p>").xpath(".//script | .//img | .//b"))

    def test_two_at_once_and_one_sent_again_leave_one(self):
        partner = type(self.debtor)
        with patch.object(partner, "lock_for_update", side_effect=LockError("taken")):
            answer = self.post("message", note="x")
        self.assertIn("send it again", answer.text)
        self.assertFalse(self.requests())
        for _again in range(2):
            answer = self.post("message", note="x")
        self.assertIn("already", answer.text)
        self.assertEqual(len(self.requests()), 1)

    def test_the_page_speaks_the_customer_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.debtor.dunning_lang = "fr_FR"
        self.assertEqual(html.fromstring(self.get().text).get("lang"), "fr-FR")

    # -- Paid --------------------------------------------------------------------------------------

    def open_payments(self):
        """Publish a means of payment, as a provider that was switched on does."""
        providers, methods = (
            self.env[model].sudo() for model in ("payment.provider", "payment.method")
        )
        vals = {"name": "Card", "code": "none", "company_id": self.company.id}
        provider = providers.create(vals)
        method = methods.create({"name": "Card", "code": "card_d", "provider_ids": provider.ids})
        self.env.cr.execute(
            "UPDATE payment_provider SET state = 'enabled', is_published = TRUE WHERE id = %s",
            [provider.id],
        )
        self.env.invalidate_all()
        return {
            "provider_id": provider.id,
            "payment_method_id": method.id,
            "token_id": None,
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": "https://evil.example",
            "is_validation": False,
        }

    def test_without_a_provider_he_sees_the_account_and_the_code_of_what_he_chose(self):
        self.company.sudo().currency_id = self.env.ref("base.EUR")
        newer = self.items(self.newer).id
        page = html.fromstring(self.get(f"?item={newer}&amount=50,5").text)
        pay = page.get_element_by_id("pay").text_content()
        for expected in ("50.50", self.newer.name, "FR76 3000 6000 0112 3456 7890 189"):
            self.assertIn(expected, pay)
        self.assertNotIn("Pay online", pay)
        for typed, told in (("999", "comes to"), ("1e3", "cannot be read"), ("-1", "cannot be")):
            text = self.get(f"?item={newer}&amount={typed}").text
            self.assertIn(told, html.fromstring(text).get_element_by_id("pay").text_content())
        self.assertEqual(self.get("?item=x&item=99999999999999999999&amount=").status_code, 200)
        theirs = self.items(self.invoice(self.customer("Other"), 30, 70)).id
        for suffix in ("", "/pay"):
            text = self.get(f"{suffix}?item={theirs}").text
            pay = html.fromstring(text).get_element_by_id("pay").text_content()
            self.assertIn("not open any more", pay)
            self.assertIn("1,200.00", pay)

    def test_he_pays_what_he_chose_online_and_the_message_of_the_day_stays(self):
        form = self.open_payments()
        items = [self.items(move).id for move in (self.older, self.newer)]
        chosen = "&".join(f"item={item}" for item in items)
        answer = self.get(f"/pay?{chosen}&amount=1100")
        self.assertEqual(answer.status_code, 200)
        route = f"/dunning/account/{self.token}/transaction/{items[0]}-{items[1]}"
        self.assertIn(route, answer.text)  # of Odoo's form
        notice = self.draft(self.debtor)
        self.make_jsonrpc_request(route, {**form, "amount": 1200.0, "access_token": "x"})
        transaction = self.env["payment.transaction"].search([("partner_id", "=", self.debtor.id)])
        self.assertEqual(transaction.invoice_ids, self.older | self.newer)
        self.assertEqual(transaction.amount, 1200)
        self.assertEqual(transaction.landing_route, f"/dunning/account/{self.token}")
        transaction._set_pending()
        self.env.flush_all()
        self.assertEqual({row.stop for row in self.rows(self.older, self.newer)}, {"possible"})
        self.prepare()
        self.assertEqual(notice.state, "cancelled")
        self.assertIn("a payment is being recorded", self.get().text)

    def test_nothing_else_is_paid_by_his_link(self):
        form = self.open_payments()
        theirs = self.items(self.invoice(self.customer("Other"), 30, 70)).id
        mine = self.items(self.older).id
        root = f"/dunning/account/{self.token}/transaction"
        with mute_logger("odoo.http"):
            for route, values in (
                (f"{root}/{theirs}", {"amount": 70}),
                (f"{root}/{mine}-{theirs}", {"amount": 70}),
                (f"{root}/nonsense", {"amount": 70}),
                (f"{root}/{mine}", {"amount": 1000.01}),
                (f"{root}/{mine}", {"amount": -5}),
                (f"{root}/{mine}", {"amount": "NaN"}),
                (f"{root}/{mine}", {"amount": None}),
                (f"{root}/{mine}", {"amount": 10, "flow": "token", "token_id": 1}),
                (f"{root}/{mine}", {"amount": 10, "partner_id": 1}),
                (f"/dunning/account/wrong/transaction/{mine}", {"amount": 10}),
            ):
                with self.subTest(route=route, values=values), self.assertRaises(JsonRpcException):
                    self.make_jsonrpc_request(route, {**form, **values})
        begun = [("provider_id", "=", form["provider_id"])]
        self.assertFalse(self.env["payment.transaction"].search(begun))
        asked = "/pay?dunning_payment=x&landing_route=https://evil.example"
        self.assertNotIn('landing-route="https://evil', self.get(asked).text)

    def test_another_creditor_s_items_are_none_of_his_link(self):
        form = self.open_payments()
        other = self.setup_other_company(name="Other creditor")
        company = other["company"]
        theirs = self.invoice(
            self.debtor.with_company(company),
            30,
            70,
            company_id=company.id,
            journal_id=other["default_journal_sale"].id,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Theirs",
                        "price_unit": 70,
                        "account_id": other["default_account_revenue"].id,
                        "tax_ids": [],
                    }
                )
            ],
        )
        item, mine = self.items(theirs).id, self.items(self.older).id
        self.assertNotIn("70.00", self.get().text)
        self.assertEqual(self.get(f"/invoice/{item}").status_code, 404)
        for kind, typed in (
            ("paid", {"day": "2026-05-29"}),
            ("promise", {"day": "2026-06-05"}),
            ("dispute", {"note": "x"}),
        ):
            for items in ([item], [item, mine]):
                with self.subTest(kind=kind, items=len(items)):
                    page = self.post(kind, item=items, **typed).text
                    self.assertIn('id="problem"', page)
                    self.assertIn(f'href="#{kind}"', page)  # back to what was typed
        root = f"/dunning/account/{self.token}/transaction"
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(f"{root}/{item}", {**form, "amount": 70})
        self.assertFalse(self.requests())

    def test_what_the_law_does_not_let_him_ask_is_refused_however_it_is_sent(self):
        form = self.open_payments()
        item = self.items(self.older).id
        typed = {"item": item, "day": "2026-06-05", "count": "3", "words": "x", "note": "x"}
        self.debtor.dunning_regime = "b2g"
        for kind in ("promise", "plan"):
            self.assertIn("cannot be asked here", self.post(kind, **typed).text)
        self.debtor.dunning_regime = "b2c"
        self.assertEqual(self.get("/penalties").status_code, 404)
        self.env["account.dunning.insolvency"].create(
            {
                "partner_id": self.debtor.id,
                "company_id": self.company.id,
                "date_opening": "2026-05-31",
            }
        )
        for kind in ("promise", "plan", "paid", "dispute"):
            self.assertIn("cannot be asked here", self.post(kind, **typed).text)
        text = self.get(f"/pay?item={item}").text
        self.assertFalse(html.fromstring(text).xpath("//form[@id='o_payment_form']"))
        route = f"/dunning/account/{self.token}/transaction/{item}"
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(route, {**form, "amount": 1000})
        self.assertFalse(self.requests())

    def test_closed_by_the_creditor_his_link_opens_nothing_at_once(self):
        self.assertEqual(self.get().status_code, 200)
        link = self.env["account.dunning.link"]._find(self.token)
        link.with_user(self.biller).action_close()
        for suffix in LINKS:
            self.assertEqual(self.get(suffix).status_code, 404)
        self.assertEqual(self.post("message", note="x").status_code, 404)
