"""``./sandbox beside``: the addon beside other people's modules, and beside Odoo's own tests.

Without an application's name: a selection of Odoo's tests on a database with the addon installed
and switched on, compared with the same one without it; then a list of OCA's modules with which the
addon is installed, does a day's work, has its own tests run, and is uninstalled.
"""

import re
import zipfile
from pathlib import Path

from .errors import SandboxError
from .locking import only_run
from .places import Places
from .processes import remove_tree, require_room, run_logged, run_shown, say
from .session import Session
from .system_packages import bring

# What is run by default: the tests that are skipped without these applications.
TESTS = {"sale_stock": "tests/orm/test_case_sale.py"}
OCA_LOCK = "requirements-oca.lock"
APPLICATIONS = "account_payment,account_debit_note,sale,portal"
# Odoo's own tests of what the addon touches: entries, payments, contacts, sending, companies.
ODOO_TESTS = (
    "/account/tests/test_account_move_entry.py",
    "/account/tests/test_account_move_out_invoice.py",
    "/account/tests/test_account_move_reconcile.py",
    "/account/tests/test_account_move_payments_widget.py",
    "/account/tests/test_account_payment.py",
    "/account/tests/test_account_payment_register.py",
    "/account/tests/test_account_partner.py",
    "/account/tests/test_account_lock_exception.py",
    "/account/tests/test_audit_trail.py",
    "/account/tests/test_company_branch.py",
    "/account/tests/test_early_payment_discount.py",
    "/account/tests/test_payment_term.py",
    "/account/tests/test_res_partner_merge.py",
    "/l10n_fr_account",
    "/account_payment/tests/test_account_payment.py",
    "/account_debit_note",
    "/sale/tests/test_credit_limit.py",
    "/sale/tests/test_sale_refund.py",
    "/sale/tests/test_sale_to_invoice.py",
    "/portal/tests/test_addresses.py",
    "/portal/tests/test_portal_wizard.py",
)
# Ours, run beside OCA's modules: the plan, its sending, the booking, the contacts.
OUR_TESTS = (
    "test_plan_writing.py",
    "test_gate.py",
    "test_sending.py",
    "test_penalties_booking.py",
    "test_public_reports_g.py",
)
_ROOM = 5.0
_TOTAL = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
_WRONG = re.compile(r" (?:FAIL|ERROR): (\S+)$", re.MULTILINE)
_ALARM = re.compile(r"^\S+ \S+ \d+ (?:ERROR|CRITICAL) .*$", re.MULTILINE)


def run_beside(places: Places, applications: str | None, arguments: list[str]) -> int:
    """Run tests on a database where these applications are installed beside the addon.

    :param applications: modules of Odoo, separated by commas; None: beside everybody else's
    :param arguments: pytest's; by default the tests that need these applications
    """
    if not applications:
        return _run_beside_others(places)
    names = applications.split(",")
    chosen = arguments or [str(places.root / TESTS[name]) for name in names if name in TESTS]
    with Session(places) as session, only_run(places.state, "test"):
        odoo = session.odoo
        bring(places, "wkhtmltopdf", "chromium")

        def install(database: str) -> None:
            odoo.run(f"Installing {applications}", database, "-i", applications, log_name="beside")

        database = session.databases.fresh_prepared("beside", names, install, demo=False)
        say(f"Tests on Odoo {odoo.tree.version} with {applications}")
        argv = [odoo.env.python, "-m", "pytest", f"--odoo-database={database}", "--odoo-http"]
        return run_shown([*argv, *chosen], odoo.environment(database), places.root)


def _run_beside_others(places: Places) -> int:
    """Compare Odoo's tests with and without the addon, and live beside OCA's modules.

    :return: 1 when the addon breaks something, else 0; the table is in ``beside.md``
    """
    require_room(places.state, _ROOM)
    with only_run(places.state, "test"), Session(places) as session:
        bring(places, "wkhtmltopdf")
        beside = _Beside(session)
        beside.compare_with_odoo()
        beside.live_with_oca()
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
        without = self.session.databases.fresh("without", demo=False, addon=False)
        beside = self.session.databases.fresh("beside", demo=False)
        for database in (without, beside):
            self.odoo.run(
                f"Installing {APPLICATIONS}", database, "-i", APPLICATIONS, log_name="beside-apps"
            )
        self._drive("switch_on", beside)
        before = self._test("Odoo's tests without the addon", without)
        after = self._test("Odoo's tests with the addon switched on", beside)
        self.wrong += [f"{name} fails with the addon only" for name in sorted(after - before)]

    def live_with_oca(self) -> None:
        """Install OCA's modules, work, run our tests, and uninstall the addon."""
        addons, names = self._download()
        paths = ("--addons-path", f"{self.places.root},{addons}")
        database = self.session.databases.fresh("oca", demo=False)
        log = self.odoo.run(
            f"Installing {len(names)} modules of OCA",
            database,
            *("-i", ",".join(names), *paths),
            log_name="beside-oca",
        )
        self._require_no_error("the installation of OCA's modules", log)
        self.rows.append(("OCA's modules installed with the addon", str(len(names))))
        self._drive("work", database, *paths)
        self.rows.append(("a day's work beside them", "an invoice, a reminder sent, its penalties"))
        self._run_ours(database, addons)
        log = self._drive("uninstall", database, *paths)
        self._require_no_error("the removal of the addon", log)
        self._drive("leftovers", database, *paths)
        self.rows.append(("the addon uninstalled from among them", "no ERROR line, no parameter"))

    def report(self) -> None:
        """Print the table, and write it where the results are."""
        lines = ["| Beside others | |", "|---|---|"]
        lines += [f"| {name} | {value} |" for name, value in self.rows]
        self.places.output.mkdir(parents=True, exist_ok=True)
        (self.places.output / "beside.md").write_text("\n".join(lines) + "\n", "utf-8")
        say("\n".join(lines))
        for problem in self.wrong:
            say(f"WRONG: {problem}")

    def _test(self, step: str, database: str) -> set[str]:
        """Run Odoo's tests on a database; return the names of those that fail."""
        name = f"beside-tests-{'with' if database.endswith('beside') else 'without'}"
        log = self.places.logs / f"{name}.log"
        try:
            self.odoo.run(step, database, "--test-tags", ",".join(ODOO_TESTS), log_name=name)
        except SandboxError:
            say(f"{step}: some fail (see {log})")
        text = log.read_text("utf-8", "replace")
        total = _TOTAL.search(text)
        if not total:
            raise SandboxError(f"{step}: no test was run (details: {log})")
        failed, errors, count = total.groups()
        self.rows.append((step, f"{count}, of which {int(failed) + int(errors)} fail"))
        return set(_WRONG.findall(text))

    def _run_ours(self, database: str, addons: Path) -> None:
        tests = [self.places.root / "tests" / "orm" / name for name in OUR_TESTS]
        argv = [self.odoo.env.python, "-m", "pytest", "-q", f"--odoo-database={database}"]
        argv += [f"--odoo-addons-path={self.places.root},{addons}", *tests]
        log = self.places.logs / "beside-ours.log"
        environment = self.odoo.environment(database)
        try:
            run_logged("Our tests beside them", argv, log, env=environment, cwd=self.places.root)
        except SandboxError as error:
            self.wrong.append(str(error))
        last = log.read_text("utf-8", "replace").strip().splitlines()[-1]
        self.rows.append(("our tests beside them", last.strip("= ")))

    def _download(self) -> tuple[Path, list[str]]:
        """Bring OCA's wheels into a folder of addons; return it and the modules' names."""
        folder = self.places.state / "oca"
        remove_tree(folder)
        wheels = folder / "wheels"
        wheels.mkdir(parents=True)
        lock = Path(__file__).with_name(OCA_LOCK)
        pip = [self.session.env.python, "-m", "pip", "download", "--no-deps", "--dest", wheels]
        log = self.places.logs / "download-oca.log"
        run_logged("Downloading OCA's modules", [*pip, "-r", lock], log)
        for wheel in sorted(wheels.glob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(folder)
        addons = folder / "odoo" / "addons"
        return addons, sorted(path.name for path in addons.iterdir() if path.is_dir())

    def _drive(self, step: str, database: str, *options: str) -> str:
        argv = self.odoo.argv("beside_driver", step, "-d", database, *options)
        log = self.places.logs / f"beside-{step}.log"
        return run_logged(f"Beside: {step}", argv, log, env=self.odoo.environment(database))

    def _require_no_error(self, what: str, log: str) -> None:
        for line in _ALARM.findall(log):
            self.wrong.append(f"{what} logged {line}")
