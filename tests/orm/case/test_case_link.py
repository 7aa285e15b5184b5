"""The link to a court file, over HTTP, as the commissaire de justice opens it."""

from io import BytesIO
from unittest.mock import patch
from zipfile import ZipFile

from odoo.addons.account_dunning_fr.controllers import public_page
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..case_common import CaseCommon


@tagged("post_install", "-at_install")
class TestCaseLink(CaseCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_once("make_shared")

    def make_shared(self):
        self.shared = self.shared_case()

    def shared_case(self, moves=None):
        """Return a file handed over by a link that is valid until 30 June 2026."""
        case = self.hand_case_over(
            self.ready_case(moves),
            agent=self.agent(name="Étude « Ünïcode » & fils"),
            sending="link",
            link_until="2026-06-30",
        )
        return case.sudo()

    def open(self, case, token=None, case_id=None):
        self.env.flush_all()
        return self.url_open(
            f"/dunning/dossier/{case_id or case.id}/{token or case.share_token}",
            allow_redirects=False,
        )

    def assert_closed(self, response):
        """Every link that opens nothing gets the same answer, and no hint."""
        self.assertEqual(response.status_code, 404)
        self.assertEqual(response.headers["Content-Type"], "text/plain; charset=utf-8")
        self.assertIn("Ask the creditor for a new one", response.text)

    def downloads(self, case):
        return case.message_ids.filtered(lambda m: "downloaded by its link" in str(m.body))

    def test_the_link_of_the_message_gives_the_file_as_it_was_made(self):
        case = self.shared
        mail = self.env["mail.mail"].search([("model", "=", case._name), ("res_id", "=", case.id)])
        self.assertIn(f"/dunning/dossier/{case.id}/{case.share_token}", mail.body_html)
        history = " ".join(str(message.body) for message in case.message_ids)
        self.assertIn("/dunning/dossier/", history)
        self.assertNotIn(case.share_token, history, "read by more people than may send it")
        response = self.open(case)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content, case.dossier_id.raw)
        with ZipFile(BytesIO(response.content)) as archive:
            self.assertIsNone(archive.testzip())

    def test_it_is_a_download_that_nobody_keeps_or_guesses_the_type_of(self):
        headers = self.open(self.shared).headers
        self.assertRegex(headers["Content-Disposition"], r"^attachment; filename=Dossier-DOS-")
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(headers["X-Robots-Tag"], "noindex")
        self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        self.assertEqual(headers["Content-Type"], "application/zip")

    def test_a_debtor_with_an_odd_name_has_a_file_name_that_every_system_takes(self):
        self.partner.name = 'Ünïcode "SARL" / <b>Œuvre</b>; ..\\x\r\n : Été'
        case = self.shared_case(self.invoice(self.partner, "2026-03-31", 400))
        header = self.open(case).headers["Content-Disposition"]
        self.assertRegex(header, r"^attachment; filename=[A-Za-z0-9_.-]+\.zip$")
        self.assertIn("Unicode-SARL", header)

    def test_each_download_is_told_on_the_file(self):
        case = self.shared
        case.company_id.partner_id.dunning_lang = "en_US"
        self.open(case)
        self.open(case)
        self.open(case, token="x" * 43)
        case.invalidate_recordset()
        self.assertEqual(len(self.downloads(case)), 2)
        self.assertIn("127.0.0.1", str(self.downloads(case)[0].body))

    def test_an_expired_link_opens_nothing(self):
        case = self.shared
        with self.on("2026-06-30"):
            self.assertEqual(self.open(case).status_code, 200, "its last day counts")
        with self.on("2026-07-01"):
            self.assert_closed(self.open(case))

    def test_a_link_that_was_closed_opens_nothing(self):
        case = self.shared
        token = case.share_token
        case.with_user(self.manager).action_stop_sharing()
        self.assert_closed(self.open(case, token))

    def test_a_new_link_takes_the_place_of_the_last_one(self):
        case = self.shared
        token = case.share_token
        case.with_user(self.manager)._share(case.share_until)
        self.assert_closed(self.open(case, token))
        self.assertEqual(self.open(case).status_code, 200)

    def test_a_wrong_link_opens_nothing(self):
        case = self.shared
        other = self.shared_case(self.invoice(self.partner, "2026-03-31", 400))
        self.assert_closed(self.open(case, "x" * 43))
        self.assert_closed(self.open(case, "é"))
        self.assert_closed(self.open(case, other.share_token))
        self.assert_closed(self.open(case, case_id=other.id))
        self.assert_closed(self.open(case, case_id=10**9))
        self.assertFalse(self.downloads(case) + self.downloads(other))

    def test_an_odd_link_gets_the_same_answer(self):
        case = self.shared
        odd = ("%00", "%FF%FE", "x" * 5000, "None", "%F0%9F%92%A9", "{}")
        for token in odd:
            with self.subTest(token=token[:20]):
                self.assert_closed(self.open(case, token))
        for case_id in (2**31, 10**30):
            self.assert_closed(self.open(case, "x", case_id=case_id))

    def test_no_answer_is_kept_or_tells_its_address_to_another_site(self):
        case = self.shared
        for answer in (self.open(case), self.open(case, "wrong")):
            self.assertEqual(answer.headers["Cache-Control"], "no-store")
            self.assertEqual(answer.headers["Referrer-Policy"], "no-referrer")

    def test_wrong_links_from_one_address_are_limited(self):
        case = self.shared
        with patch.object(public_page, "TRIES", 3):
            for status in (404, 404, 404, 429, 429):
                self.assertEqual(self.open(case, "wrong").status_code, status)
            self.assertEqual(self.open(case).status_code, 429)
        self.assertEqual(self.open(case).status_code, 200)

    def test_a_file_that_is_not_the_one_made_of_the_case_is_not_given(self):
        case = self.shared
        own = case.dossier_id
        files = self.env["ir.attachment"].sudo()
        others = (
            {"res_model": "res.company", "res_id": case.id},
            {"res_model": case._name, "res_id": case.id + 1000},
            {"res_model": case._name, "res_id": case.id},  # its own, but of another content
            {},
        )
        for values in others:
            secret = files.create({"name": "salaries.zip", "raw": b"SECRET", **values})
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE account_dunning_case SET dossier_id = %s WHERE id = %s",
                (secret.id, case.id),
            )
            self.env.invalidate_all()
            with self.subTest(**values):
                self.assert_closed(self.open(case))
        self.env.cr.execute(
            "UPDATE account_dunning_case SET dossier_id = %s WHERE id = %s", (own.id, case.id)
        )
        self.env.invalidate_all()
        self.assertEqual(self.open(case).status_code, 200)

    def test_the_token_is_read_by_those_who_may_send_it(self):
        case = self.shared
        self.assertTrue(case.with_user(self.manager).read(["share_token"]))
        for user in (self.biller, self.new_user("reader", "account.group_account_readonly")):
            known = case.with_user(user)
            for field in ("share_token", "share_url"):
                with self.assertRaises(AccessError):
                    known.read([field])
            with self.assertRaises(AccessError):
                known.search([("share_token", "=like", f"{case.share_token[:3]}%")])

    def test_a_file_never_shared_has_no_link(self):
        other = self.invoice(self.partner, "2026-03-31", 400)
        case = self.hand_case_over(self.ready_case(other), sending="none").sudo()
        self.assert_closed(self.open(case, "False"))

    def test_a_closed_file_opens_nothing(self):
        case = self.shared
        token = case.share_token
        case.with_user(self.manager)._close("paid")
        self.assert_closed(self.open(case, token))

    def test_nothing_but_reading_is_possible(self):
        case = self.shared
        url = f"/dunning/dossier/{case.id}/{case.share_token}"
        self.assertEqual(self.url_open(url, data={"x": 1}).status_code, 405)
