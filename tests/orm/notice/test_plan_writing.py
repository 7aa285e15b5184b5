"""The drafts are written by a few statements, with the result of the ORM."""

from odoo.tests import tagged

from ..dunning_common import TODAY, DunningCommon, day

# What differs between two notices of the same content.
OWN = {"id", "create_date", "write_date"}


@tagged("post_install", "-at_install")
class TestPlanWriting(DunningCommon):
    def values(self, notice):
        """Return what the columns of a notice hold in the database."""
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM account_dunning_notice WHERE id = %s", [notice.id])
        (row,) = self.env.cr.dictfetchall()
        return {name: value or None for name, value in row.items() if name not in OWN}

    def test_a_new_notice_has_all_that_create_gives(self):
        partner = self.customer(user_id=self.new_user("seller").id)
        self.invoice(partner, 6, 100)
        written = self.draft(partner)
        level = written.level_id
        expected = self.values(written)
        written.sudo().unlink()
        created = self.Notice.sudo().create(
            {
                "company_id": self.company.id,
                "partner_id": partner.id,
                "user_id": partner.user_id.id,
                "amount_total": 100,
                **self.env["account.dunning.notice.draft"]._prepare_level_vals(
                    level, self.company, day(TODAY)
                ),
            }
        )
        self.assertEqual(self.values(created), expected)

    def test_the_collector_else_the_salesperson_else_the_contact_of_the_company_follows(self):
        users = collector, seller, contact = [
            self.new_user(login) for login in ("collector", "seller", "contact")
        ]
        self.company.dunning_user_id = contact
        partners = [
            self.customer("Alpha", dunning_user_id=collector.id, user_id=seller.id),
            self.customer("Beta", user_id=seller.id),
            self.customer("Gamma"),
        ]
        for partner in partners:
            self.invoice(partner, 6)
        self.prepare()
        self.assertEqual([self.live(partner).user_id for partner in partners], users)

    def test_the_queries_do_not_grow_with_the_customers(self):
        """Neither those of the first plan of a day nor those of a rerun, which plans the new."""
        self.invoice(self.customer("First"), 6)
        self.prepare()
        for is_first in (False, True):
            counts = []
            for number in (2, 12):
                names = (f"{is_first} {number} {name}" for name in range(number))
                self.invoices(*((self.customer(name), 6, 100) for name in names))
                if is_first:
                    self.env["account.dunning.plan.memory"].sudo().search([]).unlink()
                counts.append(self.count_queries(self.prepare))
            few, many = counts
            self.assertLessEqual(many, few)
        self.assertEqual(len(self.Notice.search([("state", "=", "ready")])), 29)

    def test_a_plan_is_carried_out_and_its_rows_are_read_by_name(self):
        partner = self.customer()
        self.invoice(partner, 6, 100)
        plan = self.env["account.dunning.plan"]
        counts = self.env["account.dunning.notice.draft"]._follow_plan(
            self.company, partners=partner
        )
        self.assertEqual(counts["created"], 1)
        [row] = plan._simulate(self.company, partners=partner)
        self.assertEqual((row["final_role"], row["partner_id"]), ("claimed", partner.id))
        self.assertEqual(row["due_amount"], row.due_amount)

    def test_a_rerun_writes_nothing(self):
        partner = self.customer()
        self.invoice(partner, 6)
        notice = self.draft(partner)
        self.env.flush_all()
        self.env.cr.execute("SELECT xmin, ctid FROM account_dunning_notice_line ORDER BY id")
        before = self.env.cr.fetchall()
        self.assertEqual(
            self.env["account.dunning.notice.draft"]._follow_plan(self.company),
            {"created": 0, "refreshed": 0, "cancelled": 0},
        )
        self.env.cr.execute("SELECT xmin, ctid FROM account_dunning_notice_line ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)
        self.assertEqual(notice.state, "ready")
