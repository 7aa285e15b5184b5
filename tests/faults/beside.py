"""``./sandbox beside``: the addon beside other people's modules, and beside Odoo's own tests.

Without an application's name: a selection of Odoo's tests on a database with the addon installed
and switched on, compared with the same one without it; then a list of OCA's modules with which the
addon is installed, does a day's work, has its own tests run, and is uninstalled.
"""

import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sandbox_lib.errors import SandboxError
from sandbox_lib.places import ADDON, Places, depends
from sandbox_lib.processes import free_port, require_room, run_logged, run_shown, say
from sandbox_lib.session import Session
from sandbox_lib.system_packages import bring

from .oca import unpack_addons

# What is run by default: the tests that are skipped without these applications.
TESTS = {"sale_stock": "tests/beside"}
APPLICATIONS = "account_payment,account_debit_note,sale,portal"
# Odoo's own tests of what the addon touches: entries, payments, contacts, companies, the portal.
# Those that run while the modules are being loaded see no addon: they are left out.
ODOO_TESTS = (
    "/account/tests/test_account_move_entry.py",
    *(
        f"/account/tests/test_account_move_out_invoice.py.{name}"
        for name in (
            "test_invoice_copy_data",
            "test_invoice_line_no_followup",
            "test_invoice_mass_posting",
            "test_invoice_no_followup",
            "test_keep_receivable",
        )
    ),
    "/account/tests/test_account_move_payments_widget.py",
    *(
        f"/account/tests/test_account_move_reconcile.py.{name}"
        for name in (
            "test_full_reconcile_bunch_lines",
            "test_matching_number_full_reconcile",
            "test_matching_number_partial_multi_reconcile",
            "test_matching_number_unreconcile_multi",
            "test_partial_payments_auto_validation",
            "test_reconcile_partial_reconciliations",
        )
    ),
    "/account/tests/test_account_partner.py",
    "/account/tests/test_account_payment.py",
    "/account/tests/test_company_branch.py",
    "/account/tests/test_res_partner_merge.py",
    "post_install_l10n/l10n_fr_account",
    "/account_payment/tests/test_account_payment.py",
    "/account_debit_note",
    "/sale/tests/test_credit_limit.py",
    "/sale/tests/test_sale_refund.py",
    "/portal/tests/test_addresses.py",
    "/portal/tests/test_portal.py",
)
# Ours, run beside OCA's modules: the plan, its sending, the booking, the contacts.
OUR_TESTS = (
    "notice/test_plan_writing.py",
    "notice/test_gate.py",
    "notice/test_sending.py",
    "penalty/test_penalties_booking.py",
    "party/test_reported_customers.py",
)
# Not run there: they type what OCA's l10n_fr_siret refuses, or want no other dunning module.
NOT_BESIDE = (
    "test_k13_a_number_with_its_register",
    "test_k13_a_wrong_check_digit_is_told",
    "test_k13_a_wrong_key_is_told_before_a_court_file",
    "test_another_dunning_module_is_told_on_the_go_live_page",
)
WORK = (
    "three invoices, their reminders sent, penalties booked with their note; a validation by "
    "several persons and a mandatory analytic axis leave a draft that says so"
)
_SIDES = {"without the addon": "without", "with the addon switched on": "beside"}
_ROOM = 5.0
_SPOKEN = "fr_FR"  # which the addon installs: what each company then translates is not its work
_QUERIES = re.compile(r"odoo\.tests\.stats: (\w+): .* (\d+) queries")
_TOTAL = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
_WRONG = re.compile(r" (?:FAIL|ERROR): (.+)$", re.MULTILINE)
_ALARM = re.compile(r"^\S+ \S+ \d+ (?:ERROR|CRITICAL) .*$", re.MULTILINE)


def run_beside(
    places: Places, only: str | None, applications: str | None, arguments: list[str]
) -> int:
    """Run tests on a database where these applications are installed beside the addon.

    :param applications: modules of Odoo, separated by commas; None: beside everybody else's
    :param arguments: pytest's; by default the tests that need these applications
    :param only: ``odoo``, ``oca`` or ``removal``, one part of what is done beside everybody else's
    """
    if not applications:
        return _run_beside_others(places, only)
    names = applications.split(",")
    chosen = arguments or [str(places.root / TESTS[name]) for name in names if name in TESTS]
    with Session(places, "test") as session:
        odoo = session.odoo
        bring(places, "wkhtmltopdf", "chromium")

        def install(database: str) -> None:
            odoo.run(f"Installing {applications}", database, "-i", applications, log_name="beside")

        database = session.databases.fresh_prepared("beside", names, install)
        say(f"Tests on Odoo {odoo.tree.version} with {applications}")
        argv = [sys.executable, "-m", "pytest", f"--odoo-database={database}", "--odoo-http"]
        return run_shown([*argv, *chosen], odoo.environment(database), places.root)


def _run_beside_others(places: Places, only: str | None) -> int:
    """Compare Odoo's tests with and without the addon, and live beside OCA's modules.

    :return: 1 when the addon breaks something, else 0; the table is in ``beside.md``
    """
    require_room(places.state, _ROOM)
    with Session(places, "test") as session:
        bring(places, "wkhtmltopdf")
        beside = _Beside(session)
        parts = {
            "odoo": beside.compare_with_odoo,
            "oca": beside.live_with_oca,
            "removal": beside.uninstall_alone,
        }
        for name, part in parts.items():
            if only in (None, name):
                part()
        beside.report()
        return int(bool(beside.wrong))


class _Beside:
    """The databases, what was counted on them, and what is wrong."""

    def __init__(self, session: Session):
        self.session, self.odoo, self.places = session, session.odoo, session.places
        self.rows: list[tuple[str, str]] = []
        self.wrong: list[str] = []

    def compare_with_odoo(self) -> None:
        """Run Odoo's tests without the addon, then with it switched on."""
        without = self.session.databases.fresh("without", installed=False)
        beside = self.session.databases.fresh("beside")
        for database in (without, beside):
            self.odoo.run(
                f"Installing {APPLICATIONS}",
                database,
                *("-i", APPLICATIONS, "--load-language", _SPOKEN),
                log_name="beside-apps",
            )
        self._drive("switch_on", beside)
        # Side by side: two processors are busy for half the time, in the same conditions.
        with ThreadPoolExecutor() as pool:
            tests = [pool.submit(self._test, *step) for step in _SIDES.items()]
            before, after = (test.result() for test in tests)
        self.wrong += [f"{name} fails with the addon only" for name in sorted(after - before)]
        self._compare_queries()

    def live_with_oca(self) -> None:
        """Install OCA's modules, work, run our tests, and uninstall the addon."""
        addons = unpack_addons(self.places)
        names = sorted(path.name for path in addons.iterdir() if path.is_dir())
        paths = ("--addons-path", f"{self.places.root},{addons}")
        database = self.session.databases.fresh("oca")
        log = self.odoo.run(
            f"Installing {len(names)} modules of OCA",
            database,
            *("-i", ",".join(names), *paths),
            log_name="beside-oca",
        )
        self._require_no_error("the installation of OCA's modules", log)
        self.rows.append(("OCA's modules installed with the addon", str(len(names))))
        self._drive("work", database, *paths)
        self.rows.append(("a day's work beside them", WORK))
        self._run_ours(database, addons)
        self._uninstall("uninstalled from among them, with that history", database, *paths)

    def uninstall_alone(self) -> None:
        """Uninstall the addon where nothing was done yet, and with the history of its demo.

        There with all the demonstration data of Odoo, as its own command installs them.
        """
        database = self.session.databases.fresh("removal")
        self._uninstall("uninstalled without demo data", database)
        database = self.session.databases.empty("removal")
        # In layers: what Odoo logs when it creates a database is not the addon's doing.
        for modules in (",".join(depends((ADDON,))), ADDON):
            step = f"Installing {modules} with all demo"
            log = self.odoo.run(
                step, database, "-i", modules, "--with-demo", log_name="beside-demo"
            )
        self._require_no_error(step, log)
        self._uninstall("uninstalled with demo data", database)

    def report(self) -> None:
        """Print the table, and write it where the results are."""
        lines = ["| Beside others | |", "|---|---|"]
        lines += [f"| {name} | {value} |" for name, value in self.rows]
        self.places.output.mkdir(parents=True, exist_ok=True)
        (self.places.output / "beside.md").write_text("\n".join(lines) + "\n", "utf-8")
        say("\n".join(lines))
        for problem in self.wrong:
            say(f"WRONG: {problem}")

    def _test(self, side: str, database: str) -> set[str]:
        """Run Odoo's tests on a database; return the names of those that fail."""
        step, name = f"Odoo's tests {side}", f"beside-tests-{database}"
        log = self.places.logs / f"{name}.log"
        # With its name: both write the one configuration file.
        full_name = self.session.databases.existing(database)
        options = ("-d", full_name, "--http-port", str(free_port()))
        options += ("--test-tags", ",".join(ODOO_TESTS))
        started = time.monotonic()
        try:
            self.odoo.run(step, full_name, *options, log_name=name)
        except SandboxError:
            say(f"{step}: some fail (see {log})")
        text = log.read_text("utf-8", "replace")
        total = _TOTAL.search(text)
        if not total:
            raise SandboxError(f"{step}: no test was run (details: {log})")
        failed, errors, count = total.groups()
        minutes = (time.monotonic() - started) / 60
        bad = int(failed) + int(errors)
        self.rows.append((step, f"{count}, {bad} failed, in {minutes:.0f} min"))
        return set(_WRONG.findall(text))

    def _compare_queries(self) -> None:
        """Tell how many queries each module's tests ask on both sides, by Odoo's own count."""
        plain, added = (self._read_queries(database) for database in _SIDES.values())
        for module in ["all", *sorted(plain.keys() & added.keys() - {"all"})]:
            share = 100 * (added[module] / plain[module] - 1)
            told = f"{plain[module]} → {added[module]} ({share:+.1f} %)"
            self.rows.append((f"queries of Odoo's tests, {module}", told))

    def _read_queries(self, database: str) -> dict[str, int]:
        log = self.places.logs / f"beside-tests-{database}.log"
        # A class's preparation is counted with its module.
        found = _QUERIES.findall(log.read_text("utf-8", "replace"))
        counts = {module: int(count) for module, count in found}
        return {"all": sum(counts.values()), **counts}

    def _run_ours(self, database: str, addons: Path) -> None:
        tests = [self.places.root / "tests" / "orm" / name for name in OUR_TESTS]
        argv = [sys.executable, "-m", "pytest", "-q", f"--odoo-database={database}"]
        argv += [f"--odoo-addons-path={self.places.root},{addons}", *tests]
        argv += ["-k", f"not ({' or '.join(NOT_BESIDE)})"]
        log = self.places.logs / "beside-ours.log"
        environment = self.odoo.environment(database)
        try:
            run_logged("Our tests beside them", argv, log, env=environment, cwd=self.places.root)
        except SandboxError as error:
            self.wrong.append(str(error))
        last = log.read_text("utf-8", "replace").strip().splitlines()[-1]
        self.rows.append(("our tests beside them", last.strip("= ")))

    def _drive(self, step: str, database: str, *options: str) -> str:
        return self.odoo.call(f"tests.faults.beside_steps:{step}", database, options=options)

    def _uninstall(self, what: str, database: str, *options: str) -> None:
        """Uninstall the addon, and look at what it logged and left behind."""
        started = time.monotonic()
        lines = self._require_no_error(f"{what}: it", self._drive("uninstall", database, *options))
        seconds = time.monotonic() - started
        try:
            self._drive("leftovers", database, *options)
            left = "nothing left behind"
        except SandboxError as error:
            left = "something left behind"
            self.wrong.append(f"{what}: {error}")
        found = f"{lines or 'no'} ERROR line{'s' if lines > 1 else ''}"
        self.rows.append((f"the addon {what}", f"in {seconds:.0f} s; {found}, {left}"))

    def _require_no_error(self, what: str, log: str) -> int:
        found = _ALARM.findall(log)
        self.wrong += [f"{what} logged {line}" for line in found]
        return len(found)
