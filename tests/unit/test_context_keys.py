"""Nothing private is read from a context, which a URL or an RPC call may fill.

``?context={…}`` after the address of a report, and the keywords of a call, put whatever JSON can
carry there. What is read must be a key of Odoo's own, or one of those open ones that choose no more
than what is shown (``tests/orm/context_keys.py``); the rest travels as arguments, or in the class
of ``models/common/private_context.py``.
"""

import pytest

from tests.orm.context_keys import OF_ODOO, OPEN, TRIED, find_passed, find_read, find_set

SET = {
    "active_test",
    "allowed_company_ids",
    "bin_size",
    "debug",
    "image_no_postprocess",
    "lang",
    "mail_activity_automation_skip",
    "mail_activity_quick_update",
    "mail_create_nosubscribe",
    "no_cash_basis",
    "no_exchange_difference",
    "prefetch_fields",
    "tracking_disable",
    "tz",
    "validate_analytic",
    "webp_as_jpg",
    "**quiet",  # Odoo's keys that leave a seal without a history of its own
    "**context",  # company, language and hours of the reader of the monthly report
    "KEY",  # of the private class, in its own file
}
OWN_FILE = "private_context.py"


def test_what_is_read_from_a_context_is_odoo_s_or_open():
    known = OF_ODOO | TRIED | OPEN
    private = {key: places for key, places in find_read().items() if key not in known}
    own = private.pop("?", [])
    assert not private, "read from a context that a URL fills: pass it on instead"
    assert len(own) == 1, own
    assert own[0].startswith(OWN_FILE)


def test_what_is_put_into_a_context_is_odoo_s():
    private = {key: places for key, places in find_set().items() if key not in SET}
    assert not private, "travels in a context that a URL fills: pass it on instead"


def test_the_tables_name_nothing_that_is_gone():
    read = find_read()
    assert not [key for key in OF_ODOO | TRIED | OPEN if key not in read]
    assert find_passed() >= {"letter", "mail_vals", "owed", "booked", "run_id"}


def test_each_name_that_travels_stands_where_it_leaves():
    assert None not in find_passed(), "pass_on(**values): the names are tried from a URL one by one"


@pytest.mark.parametrize(
    "code",
    [
        'self.env.context.get("dunning_new")',
        'self.env.context["dunning_new"]',
        '"dunning_new" in self.env.context',
        'dict(self.env.context).get("dunning_new")',
        'context = self.env.context\ncontext.get("dunning_new", {})',
        '@api.depends_context("lang", "dunning_new")\ndef compute(self): pass',
    ],
)
def test_a_key_that_is_added_is_found(tmp_path, code):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "new.py").write_text(code, "utf-8")
    assert "dunning_new" in find_read(root=tmp_path)


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("self.env.context.get(NAME)", "?"),
        ('self.env.context.get(f"dunning_{name}")', "dunning_*"),
    ],
)
def test_a_key_that_is_not_written_out_is_found(tmp_path, code, key):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "new.py").write_text(code, "utf-8")
    assert key in find_read(root=tmp_path)


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("self.with_context(dunning_new=True)", "dunning_new"),
        ('self.with_context(**{"dunning_new": 1})', "dunning_new"),
        ("self.with_context(**values)", "**values"),
    ],
)
def test_a_key_that_is_set_is_found(tmp_path, code, key):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "new.py").write_text(code, "utf-8")
    assert key in find_set(root=tmp_path)


def test_a_key_in_a_page_is_found(tmp_path):
    page = "<t t-out=\"plan.x or env.context.get('dunning_new')\"/>"
    (tmp_path / "page.xml").write_text(page, "utf-8")
    assert "dunning_new" in find_read(root=tmp_path)
