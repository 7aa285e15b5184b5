"""The commands of ``./sandbox``."""

import argparse
import importlib
import signal
import sys

from .errors import SandboxError, describe_os_error
from .places import Places
from .python_env import enter

_EPILOG = """\
Odoo is downloaded once per user, or taken from ODOO=/path/to/odoo; PostgreSQL is embedded, or
the server that PGHOST names. State is in .sandbox/, results in sandbox-output/.
"""
# Name: function, description. Below, the options of each.
_COMMANDS = {
    "demo": ("demo:run_demo", "do the main job on demonstration data and show it"),
    "serve": ("demo:serve_demo", "serve the demo's database again"),
    "test": ("testing:run_tests", "run the tests on a real Odoo; pytest's arguments follow"),
    "odoo": ("interactive:run_odoo", "run Odoo's own command line on the demo's database"),
    "shell": ("interactive:run_shell", "open Odoo's Python shell on the demo's database"),
    "psql": ("interactive:run_psql", "open psql on the demo's database"),
    "pictures": ("docs.guide.pictures:take_pictures", "take the guide's pictures from the demo"),
    "clean": ("interactive:run_clean", "remove this clone's databases, logs and output"),
    "fetch": ("odoo_tree:fetch_odoo", "download Odoo, which the other commands do by themselves"),
    "lint": ("linting:run_lint", "run ruff, pylint-odoo and OCA's module checks"),
    "translate": ("translations:run_translate", "bring fr.po up to date with the addon's terms"),
    "wheel": ("wheel:check_wheel", "build the wheel and install the addon from it"),
    "beside": ("tests.faults.beside:run_beside", "run beside Odoo's tests and OCA's modules"),
    "bench": ("benchmarks.runner:run_bench", "measure each step on a ledger at scale"),
    "faults": ("tests.faults.trials:run_faults", "kill the scheduled actions and rerun them"),
    "upgrade": ("tests.faults.upgrade:run_upgrade", "install, update and uninstall at scale"),
    "fuzz": ("tests.faults.fuzz:run_fuzz", "feed the imports, dates and amounts with bad input"),
}
_FOR_OTHERS = ("test", "odoo", "shell", "psql")  # their remaining arguments are for another program
_WITHOUT_ODOO = ("clean", "fetch", "lint")
# Options as argparse takes them.
_WORDS = {
    "demo": {"--no-serve": {"dest": "serve", "action": "store_false", "help": "end after the job"}},
    "clean": {
        "--all": {"dest": "everything", "action": "store_true", "help": "and the user's downloads"},
    },
    "bench": {"--oca": {"action": "store_true", "help": "also OCA's modules, side by side"}},
    "faults": {"--quick": {"action": "store_true", "help": "a selection of a minute or two"}},
    "upgrade": {"--since": {"help": "update a database of the build at this commit instead"}},
    "pictures": {"only": {"nargs": "?", "help": "those with this text in their name"}},
    "beside": {
        "--only": {"choices": ("odoo", "oca", "removal"), "help": "one part of it"},
        "applications": {"nargs": "?", "help": "run our tests with these instead: sale_stock"},
        "arguments": {"nargs": argparse.REMAINDER, "help": "of pytest"},
    },
}
# Numbers with their defaults.
_NUMBERS = {
    "demo": {"port": None},
    "serve": {"port": None},
    "bench": {"items": 50_000, "customers": 5_000, "sent": 200},
    "faults": {"kills": 50, "customers": 12, "seed": 20261121},
    "upgrade": {"items": 200_000, "customers": 20_000},
    "fuzz": {"cases": 20_000, "seed": None},
}
_MEANINGS = {
    "port": "serve there, else on a free one",
    "items": "open items",
    "customers": "who owe them; half of them are written to by the faults",
    "sent": "customers to write to and to book for; 0: the plan and the computation only",
    "kills": "kills at random moments",
    "seed": "of another series",
    "cases": "of the core",
}


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code; a known problem is one line, not a traceback."""
    for sign in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(sign, _end)
    try:
        options = vars(_parser().parse_args(arguments))
        places = Places.of_this_clone()
        command = options.pop("command")
        if command != "fetch":
            enter(places, with_odoo=command not in _WITHOUT_ODOO and not options.get("arguments"))
        # The commands need the packages of the environment: imported here, not at the top.
        module, _, function = _COMMANDS[command][0].partition(":")
        module = importlib.import_module(module if "." in module else f"{__package__}.{module}")
        return getattr(module, function)(places, **options)
    except SandboxError as error:
        print(f"sandbox: {error}", file=sys.stderr)
    except OSError as error:
        print(f"sandbox: {describe_os_error(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        print("sandbox: interrupted; run the same command again to go on", file=sys.stderr)
        return 130
    return 1


def _end(sign: int, _frame) -> None:
    # An exception, so that everything started is stopped on the way out.
    sys.exit(128 + sign)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sandbox",
        description="Try, test and package account_dunning_fr on a private, real Odoo 19.",
        epilog=_EPILOG,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND", dest="command")
    for name, (_run, text) in _COMMANDS.items():
        if name in _FOR_OTHERS:
            command = commands.add_parser(name, help=text, add_help=False, prefix_chars="\0")
            command.add_argument("arguments", nargs="*")
            continue
        command = commands.add_parser(name, help=text)
        for number, default in _NUMBERS.get(name, {}).items():
            meaning = f"{_MEANINGS[number]} (%(default)s)"
            command.add_argument(f"--{number}", type=int, default=default, help=meaning)
        for word, details in _WORDS.get(name, {}).items():
            command.add_argument(word, **details)
    return parser
