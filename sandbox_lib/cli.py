"""The commands of ``./sandbox``."""

import argparse
import signal
import sys

from .bench import run_bench
from .beside import run_beside
from .cleaning import run_clean
from .demo import run_demo, serve_demo
from .errors import SandboxError, describe_os_error
from .faults import SEED, Trials, run_faults
from .interactive import run_odoo, run_psql, run_shell
from .linting import run_lint
from .pictures import take_pictures
from .places import Places
from .python_env import require_python
from .testing import run_fuzz, run_tests
from .translations import run_translate
from .upgrading import run_upgrade
from .wheel import check_wheel

_EPILOG = """\
Odoo is downloaded once per user, or taken from ODOO=/path/to/odoo; PostgreSQL is embedded, or
the server that PGHOST names. State is in .sandbox/, results in sandbox-output/.
"""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code; a known trouble is one line, no traceback."""
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _end)
    try:
        return _run(arguments)
    except SandboxError as error:
        print(f"sandbox: {error}", file=sys.stderr)
    except OSError as error:
        print(f"sandbox: {describe_os_error(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        print("sandbox: interrupted; run the same command again to go on", file=sys.stderr)
        return 130
    return 1


def _end(sign: int, _frame) -> None:
    # An exception, so that what was started is stopped on the way out.
    sys.exit(128 + sign)


def _run(arguments: list[str]) -> int:
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    require_python()
    places = Places.of_this_clone()
    # These hand what they do not know on to pytest, Odoo or psql.
    passing = {"test": run_tests, "odoo": run_odoo, "shell": run_shell, "psql": run_psql}
    if options.command in passing:
        return passing[options.command](places, rest)
    if options.command == "beside":
        return run_beside(places, options.applications, rest, options.only)
    if rest:
        parser.error(f"unknown argument: {rest[0]}")
    if options.command == "demo":
        return run_demo(places, options.port, options.serve)
    if options.command == "serve":
        return serve_demo(places, options.port)
    if options.command == "pictures":
        return take_pictures(places, options.only)
    if options.command == "bench":
        return run_bench(places, options.items, options.customers, options.sent, options.oca)
    if options.command == "faults":
        return run_faults(
            places, Trials(options.kills, options.customers, options.seed, options.quick)
        )
    if options.command == "upgrade":
        return run_upgrade(places, options.items, options.customers)
    if options.command == "fuzz":
        return run_fuzz(places, options.cases, options.seed)
    if options.command == "clean":
        return run_clean(places, options.all)
    plain = {"lint": run_lint, "wheel": check_wheel, "translate": run_translate}
    return plain[options.command](places)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sandbox",
        description="Try, test and package account_dunning_fr on a private, real Odoo 19.",
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="do the main job on demonstration data and show it")
    demo.add_argument("--no-serve", dest="serve", action="store_false", help="end after the job")
    serve = commands.add_parser("serve", help="serve the demo's database again")
    for command in (demo, serve):
        command.add_argument("--port", type=int, help="serve there (default: a free port)")
    for name, text in (
        ("test", "run tests/unit and tests/orm; pytest's arguments follow"),
        ("odoo", "run Odoo's own command line on the demo's database; its arguments follow"),
        ("shell", "open Odoo's Python shell on the demo's database"),
        ("psql", "open psql on the demo's database"),
    ):
        commands.add_parser(name, help=text, add_help=False, prefix_chars="\0")
    beside = commands.add_parser(
        "beside", help="run beside Odoo's tests and OCA's modules, and uninstall"
    )
    beside.add_argument("--only", choices=("odoo", "oca", "removal"), help="one part of it")
    beside.add_argument(
        "applications", nargs="?", help="run our tests with these instead, such as sale_stock"
    )
    bench = commands.add_parser("bench", help="measure each step on a ledger at scale")
    bench.add_argument("--items", type=int, default=50_000, help="open items (50000)")
    bench.add_argument("--customers", type=int, default=5_000, help="who owe them (5000)")
    bench.add_argument(
        "--sent",
        type=int,
        default=200,
        help="customers to write to and to book for (200); 0: the plan and the computation only",
    )
    bench.add_argument(
        "--oca", action="store_true", help="also OCA's account_credit_control, from PyPI"
    )
    faults = commands.add_parser("faults", help="kill the scheduled actions and rerun them")
    faults.add_argument("--kills", type=int, default=50, help="kills at random moments (50)")
    faults.add_argument("--customers", type=int, default=12, help="half of them written to (12)")
    faults.add_argument("--seed", type=int, default=SEED, help=f"of the moments ({SEED})")
    faults.add_argument("--quick", action="store_true", help="a selection of a minute or two")
    upgrade = commands.add_parser("upgrade", help="install, update and uninstall at scale")
    upgrade.add_argument("--items", type=int, default=200_000, help="open invoices (200000)")
    upgrade.add_argument("--customers", type=int, default=20_000, help="who owe them (20000)")
    fuzz = commands.add_parser("fuzz", help="feed the imports, dates and amounts with bad input")
    fuzz.add_argument("--cases", type=int, default=20_000, help="of the core (20000)")
    fuzz.add_argument("--seed", type=int, help="of another series")
    commands.add_parser("lint", help="run ruff, pylint-odoo and OCA's module checks")
    commands.add_parser("translate", help="bring fr.po up to date with the addon's terms")
    commands.add_parser("wheel", help="build the wheel and install the addon from it")
    pictures = commands.add_parser("pictures", help="take the guide's pictures from the demo")
    pictures.add_argument("only", nargs="?", help="those with this text in their name")
    clean = commands.add_parser("clean", help="remove this clone's databases, logs and output")
    clean.add_argument("--all", action="store_true", help="and the downloads shared by all clones")
    return parser
