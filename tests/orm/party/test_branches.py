"""Somebody whose only company is a branch: each screen and action, the creditor's policies."""

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..penalty_common import PenaltyCommon

ADDON = "account_dunning_fr"
MODES = ("list", "form")
DIALOGS = (
    "account.dunning.account.statement",
    "account.dunning.aged.balance",
    "account.dunning.chronology.page",
    "account.dunning.monthly",
    "account.dunning.golive",
    "account.dunning.preview",
    "account.dunning.posting",
    "account.dunning.letters",
    "account.dunning.registered.entry",
    "account.dunning.statement",
    "account.dunning.year.end",
)


class BranchCommon(PenaltyCommon):
    """A creditor with two branches; each has its customer, and one customer owes to both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nice, cls.lille = cls.new_branch("Agence de Nice"), cls.new_branch("Agence de Lille")
        cls.of_nice, cls.of_lille, cls.of_both = (
            cls.customer(name, dunning_regime="b2b")
            for name in ("Client de Nice", "Client de Lille", "Client des deux")
        )
        cls.nice_move = cls.invoice(cls.of_nice, 20, 700, company_id=cls.nice.id)
        cls.lille_move = cls.invoice(cls.of_lille, 20, 500, company_id=cls.lille.id)
        cls.both_moves = cls.invoice(cls.of_both, 20, 300, company_id=cls.nice.id)
        cls.both_moves |= cls.invoice(cls.of_both, 20, 200, company_id=cls.lille.id)
        cls.biller = cls.new_user("nice_biller", "account.group_account_invoice", company=cls.nice)
        cls.sender = cls.new_user("nice_sender", f"{ADDON}.group_dunning_user", company=cls.nice)
        cls.reader = cls.new_user("nice_reader", "account.group_account_readonly", company=cls.nice)

    def as_user(self, user, record):
        """Return a record, or a model, as this user meets it in his browser."""
        self.env.flush_all()
        self.env.invalidate_all()
        context = {"allowed_company_ids": user.company_ids.ids, "lang": "en_US"}
        return self.env(user=user.id, context=context)[record._name].browse(record.ids)

    def of(self, partner, user):
        """Return the live message to a customer, as this user meets it."""
        return self.as_user(user, self.live(partner))

    def make_records(self):
        """Write down one record of each kind about the customer of both branches."""
        env, both = self.env, {"partner_id": self.of_both.id}
        sent = self.history(self.formal_notice, "2026-05-20", *self.both_moves)
        env["account.dunning.registered"].sudo().create(
            {"notice_id": sent.id, "posted_on": "2026-05-20", "address": "Z\nLyon"}
        )
        move = {"move_id": self.both_moves[0].id}
        self.hold(self.of_both)
        self.hold(self.of_both, **move)
        env["account.dunning.dispute"].create({**move, "amount": 50})
        for partner in self.of_both, self.of_nice:
            env["account.dunning.promise"].create(
                {"partner_id": partner.id, "amount": 10, "date_promised": "2026-06-20"}
            )
            env["account.dunning.payment.plan"].create(
                {"partner_id": partner.id, "first_date": "2026-06-10"}
            )
        env["account.dunning.insolvency"].create({**both, "date_opening": "2026-05-15"})
        self.book("2026-05-31", partners=self.of_both)

    def specification(self, model, arch):
        """Return what the web client reads of the records of a view."""
        spec = {}
        for node in arch.iter("field"):
            name, inside = node.get("name"), next(node.iterancestors("field"), None)
            field = model._fields.get(name)
            if field is None or inside is not None:
                continue
            inner = next((child for child in node if child.tag in ("list", "kanban")), None)
            spec[name] = {}
            if field.type == "many2one":
                spec[name] = {"fields": {"display_name": {}}}
            elif inner is not None:
                comodel = self.env[field.comodel_name]
                names = {each.get("name") for each in inner.iter("field")} & set(comodel._fields)
                spec[name] = {"fields": {each: {} for each in names}}
        return spec

    def show(self, model, view_id, mode, domain=()):
        """Open a screen as the web client does: its view, its records, a new one."""
        arch = etree.fromstring(model.get_views([(view_id, mode)])["views"][mode]["arch"])
        spec = self.specification(model, arch)
        found = model.web_search_read(list(domain), spec)
        if mode == "form" and model.has_access("create"):
            model.onchange({}, [], spec)
        return found["length"]


@tagged("post_install", "-at_install")
class TestBranchScreens(BranchCommon):
    def actions(self, user):
        """Return the window actions of the addon that this user may open."""
        known = self.env["ir.model.data"].search(
            [("module", "=", ADDON), ("model", "=", "ir.actions.act_window")]
        )
        actions = self.env["ir.actions.act_window"].browse(known.mapped("res_id"))
        return actions.filtered(
            lambda action: (
                (not action.group_ids or action.group_ids & user.all_group_ids)
                and self.env[action.res_model].with_user(user).has_access("read")
            )
        )

    def open_screens(self, user):
        """Open every screen of the addon, and return how many records each shows."""
        counts = {}
        for action in self.actions(user):
            values = {"uid": user.id, "active_id": 0}
            model = self.as_user(user, self.env[action.res_model]).with_context(
                **safe_eval(action.context or "{}", values)
            )
            domain = safe_eval(action.domain or "[]", values)
            views = {view.view_mode: view.view_id.id for view in action.view_ids}
            for mode in set(action.view_mode.split(",")) & set(MODES):
                with self.subTest(user=user.login, action=action.name, mode=mode):
                    view_id = views.get(mode) or (action.view_id.type == mode and action.view_id.id)
                    counts[action.res_model] = self.show(model, view_id, mode, domain)
        return counts

    def test_every_screen_opens_with_the_records_of_his_customers(self):
        self.run_cron("prepare")
        self.make_records()
        for user in (self.reader, self.biller, self.sender):
            counts = self.open_screens(user)
            for name in (
                *("notice", "hold", "dispute", "promise", "payment.plan", "insolvency"),
                *("penalty", "registered", "policy", "call.script", "quality"),
            ):
                with self.subTest(user=user.login, model=name):
                    self.assertTrue(counts[f"account.dunning.{name}"])

    def test_every_dialog_opens(self):
        items = self.items(self.nice_move).ids
        for user in (self.biller, self.sender):
            for name in DIALOGS:
                model = self.as_user(user, self.env[name])
                asked = {"partner_id": self.of_nice.id, "company_id": self.company.id}
                asked |= {"level_id": self.first.id, "item_ids": items}
                vals = {key: value for key, value in asked.items() if key in model._fields}
                with self.subTest(user=user.login, dialog=name):
                    record = model.create(vals)
                    form = model.get_views([(False, "form")])["views"]["form"]
                    spec = self.specification(model, etree.fromstring(form["arch"]))
                    self.assertTrue(record.web_read(spec))

    def test_the_tabs_the_dashboard_and_the_page_of_the_day_are_his(self):
        self.run_cron("prepare")
        for user in (self.reader, self.biller, self.sender):
            with self.subTest(user=user.login):
                move = self.as_user(user, self.nice_move)
                self.assertTrue(move.get_dunning_facts())
                self.assertTrue(move.partner_id.get_dunning_facts())
                env = move.env
                self.assertTrue(env["account.dunning.dashboard"].get_data({})["figures"])
                page = env["account.dunning.today"].get_page()
                counts = {task["key"]: task["count"] for task in page["tasks"]}
                self.assertEqual(counts["ready"], 2)
                self.assertEqual(page["company"], self.company.name)

    def test_what_a_biller_does_for_his_customer_works(self):
        env = self.as_user(self.biller, self.env["res.partner"]).env
        move, partner = env["account.move"].browse(self.nice_move.id), self.of_nice.id
        self.assertTrue(self.chase(move).action_prepare()["res_id"])
        hold = env["account.dunning.hold"].create({"move_id": move.id, "reason": "manual"})
        self.assertEqual(hold.company_id, self.company)
        hold.action_release()
        dispute = env["account.dunning.dispute"].create({"move_id": move.id, "amount": 50})
        promise = env["account.dunning.promise"].create(
            {"partner_id": partner, "amount": 10, "date_promised": "2026-06-20"}
        )
        plan = env["account.dunning.payment.plan"].create(
            {"partner_id": partner, "first_date": "2026-06-10"}
        )
        plan.action_print()
        call = env[move.action_dunning_call()["res_model"]].search([("partner_id", "=", partner)])
        insolvency = env["account.dunning.insolvency"].create(
            {"partner_id": partner, "date_opening": "2026-05-15"}
        )
        for record in (dispute, promise, plan, call, insolvency):
            with self.subTest(model=record._name):
                self.assertEqual(record.company_id, self.company)
                self.assertTrue(record.read())

    def test_a_sender_sends_what_his_customer_owes(self):
        self.prepare()
        notice = self.of(self.of_nice, self.sender)
        notice.action_refresh()
        notice.write({"subject": "Votre facture"})
        self.assertIn("700", notice.message_html)
        notice.action_send()
        self.assertEqual(self.Notice.browse(notice.id).state, "sent")


@tagged("post_install", "-at_install")
class TestBranchMessages(BranchCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.dunning.notice.draft"]._follow_plan(cls.company)
        cls.env.flush_all()

    def test_he_sees_the_messages_of_his_customers_alone(self):
        for user in (self.reader, self.biller, self.sender):
            with self.subTest(user=user.login):
                notices = self.as_user(user, self.Notice).search([])
                self.assertEqual(notices.partner_id, self.of_nice | self.of_both)
                with self.assertRaises(AccessError):
                    self.of(self.of_lille, user).read(["partner_id"])

    def test_what_concerns_another_branch_stays_there(self):
        others = (
            self.hold(self.of_lille, move_id=self.lille_move.id)
            | self.hold(self.of_both, move_id=self.both_moves[1].id),
            self.env["account.dunning.dispute"].create(
                {"move_id": self.lille_move.id, "amount": 5}
            ),
            self.env["account.dunning.promise"].create(
                {"partner_id": self.of_lille.id, "amount": 1, "date_promised": "2026-06-20"}
            ),
        )
        for records in others:
            with self.subTest(model=records._name):
                found = self.as_user(self.sender, records.browse()).search([])
                self.assertFalse(found & records.with_env(found.env))

    def test_an_agreement_about_several_branches_is_for_who_works_in_all_of_them(self):
        promise = self.env["account.dunning.promise"].create(
            {"partner_id": self.of_both.id, "amount": 10, "date_promised": "2026-06-20"}
        )
        holds = promise._get_holds().filtered(lambda hold: hold.move_id == self.both_moves[0])
        hold = self.as_user(self.sender, holds)
        self.assertEqual(hold.read(["reason"])[0]["reason"], "promise")
        with self.assert_refused(UserError, "other branches"):
            hold.action_open_owner()
        self.sender.company_ids |= self.lille
        self.assertTrue(self.as_user(self.sender, promise).item_ids.mapped("name"))

    def test_a_message_of_several_branches_is_read_whole(self):
        notice = self.of(self.of_both, self.reader)
        self.assertEqual(notice.amount_total, 500)
        self.assertEqual(sorted(notice.line_ids.mapped("amount_due")), [200, 300])
        for move in self.both_moves:
            self.assertIn(move.name, notice.message_html)

    def test_the_invoices_of_another_branch_open_with_its_rights_only(self):
        notice = self.of(self.of_both, self.biller)
        nice, lille = self.both_moves
        self.assertEqual(notice.move_ids.ids, nice.ids)
        self.assertEqual(notice.enclosed_move_ids.ids, nice.ids)
        action = notice.action_view_invoices()
        self.assertEqual(action["res_id"], nice.id)
        with self.assertRaises(AccessError):
            notice.env["account.move"].browse(lille.id).read(["name"])
        self.assertEqual(self.live(self.of_both).move_ids, self.both_moves)

    def test_who_keeps_back_his_copies_leaves_those_of_the_others(self):
        nice, lille = self.both_moves
        notice = self.live(self.of_both)
        notice.enclosed_move_ids = nice
        self.assertEqual(notice.kept_back_move_ids, lille)
        self.of(self.of_both, self.biller).enclosed_move_ids = False
        self.env.invalidate_all()
        self.assertEqual(notice.kept_back_move_ids, self.both_moves)
        self.of(self.of_both, self.biller).enclosed_move_ids = nice.ids
        self.env.invalidate_all()
        self.assertEqual(notice.kept_back_move_ids, lille)

    def test_confirming_and_sending_it_needs_every_branch(self):
        for action in ("action_confirm", "action_send", "action_mark_posted"):
            notice = self.of(self.of_both, self.sender)
            notice.sudo().state = "draft"
            with self.subTest(action=action), self.assert_refused(AccessError, "Agence de Lille"):
                getattr(notice, action)()
        self.sender.company_ids |= self.lille
        notice = self.of(self.of_both, self.sender)
        notice.action_confirm()
        self.assertEqual(notice.state, "ready")

    def test_the_item_left_out_needs_no_right_any_more(self):
        notice = self.live(self.of_both)
        notice.line_ids.filtered(lambda line: line.move_id == self.both_moves[1]).action_leave_out()
        notice.sudo().state = "draft"
        self.of(self.of_both, self.sender).action_confirm()
        self.assertEqual(notice.state, "ready")

    def test_the_page_that_switches_on_shows_his_customers_alone(self):
        page = self.as_user(self.biller, self.env["account.dunning.golive"]).create({})
        self.assertEqual(page.line_ids.partner_id.ids, (self.of_nice | self.of_both).ids)

    def test_a_branch_with_a_siren_of_its_own_reads_nothing_of_its_parent(self):
        self.hold(self.of_lille, reason="manual")
        self.nice.company_registry = "130005481"
        user = self.new_user("own", f"{ADDON}.group_dunning_user", company=self.nice)
        holds = self.as_user(user, self.env["account.dunning.hold"])
        self.assertFalse(holds.search([("partner_id", "=", self.of_lille.id)]))
        with self.assertRaises(AccessError):
            self.as_user(user, self.company).read(["name"])

    def test_what_another_claims_from_now_on_is_let_go_of_and_prepared_in_his_name(self):
        """A branch gets a SIREN of its own, and loses it: what is prepared follows at once."""
        theirs = self.live(self.of_nice) | self.live(self.of_both)
        self.nice.write({"company_registry": "732829320", "email": "nice@creancier.example"})
        self.assertFalse(self.live(self.of_nice))
        self.assertEqual(self.live(self.of_both), theirs - theirs[:1])
        self.assertEqual(self.live(self.of_both).move_ids, self.both_moves[1])
        self.prepare(self.nice)
        own = self.live(self.of_nice)
        self.assertEqual((own.company_id, own.move_ids), (self.nice, self.nice_move))
        self.nice.company_registry = False
        self.assertEqual(own.state, "cancelled")
        self.prepare()
        self.assertEqual(self.live(self.of_nice).company_id, self.company)
        self.assertEqual(self.live(self.of_both).move_ids, self.both_moves)

    def test_who_claims_for_no_company_has_an_empty_plan(self):
        self.assertFalse(self.nice._get_dunning_companies())
        self.assertEqual(self.plan._simulate(self.nice), [])
        self.assertEqual(self.plan._simulate(self.nice, partners=self.of_nice), [])
        self.assertEqual(self.plan._get_credit_value(self.nice, self.of_nice), 0)

    def test_who_works_for_the_creditor_sees_all_of_it(self):
        user = self.new_user("central", f"{ADDON}.group_dunning_user")
        notices = self.as_user(user, self.Notice).search([])
        self.assertEqual(notices.partner_id, self.of_nice | self.of_lille | self.of_both)

    def test_the_companies_of_a_creditor_are_as_the_branches_are_now(self):
        company = self.company.sudo()
        family = company | self.nice.sudo() | self.lille.sudo()
        self.assertEqual(company._get_dunning_companies(), family)
        below = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Bureau de Menton", "parent_id": self.nice.id})
        )
        self.assertEqual(company._get_dunning_companies(), family | below, "a branch of a branch")
        below.active = False
        everything = company.with_context(active_test=False)
        self.assertEqual(everything._get_dunning_companies(), family, "archived, it claims nothing")
        self.lille.sudo().company_registry = "732829320"
        self.assertEqual(company._get_dunning_companies(), company | self.nice.sudo(), "own SIREN")
        self.assertEqual(
            company.with_user(self.sender)._get_dunning_companies(),
            company._get_dunning_companies(),
        )
