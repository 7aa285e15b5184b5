"""``./sandbox faults``: kill the scheduled actions, cut what they need, and see what is left.

Each trial works on a copy of one prepared database. Whatever happened, a rerun must complete the
day: every customer written to once, every penalty booked once, no gap in the journal.
"""

import random
import resource
import signal
import subprocess
import time
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

from sandbox_lib.databases import files_digest
from sandbox_lib.errors import SandboxError
from sandbox_lib.places import Places
from sandbox_lib.processes import die_with_parent, remove_tree, say
from sandbox_lib.session import Session
from sandbox_lib.system_packages import bring

from .queries import BOOKED, DONE, GAPS, NEVER, TOLD, UNTOLD_COMPANY
from .sink import FaultySink

_STEPS = "tests.faults.steps:main"
_PATIENCE = 600
_MIDWAY = 30  # kills that must hit between the first and the last commit
_OTHERS = (
    *("cut", "cut", "cut", "workers-2", "workers-4", "refused", "payments"),
    *("print-fails", "print-hangs", "disk-full"),
    *("unknown", "hung-up", "deadly", "company"),
)
_QUICK = ("cut", "workers-2", "refused", "unknown", "deadly", "company")
_DEATHS = 6  # runs that one customer may kill before it is left alone
_FAILING = "#!/bin/sh\ncase \"$1\" in --version) echo 'wkhtmltopdf 0.12.6';; *) exit 1;; esac\n"
_HANGING = (
    "#!/bin/sh\ncase \"$1\" in --version) echo 'wkhtmltopdf 0.12.6';; *) exec sleep 3600;; esac\n"
)
_CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'"


def run_faults(places: Places, kills: int, customers: int, seed: int, quick: bool) -> int:
    """Run the trials and return 1 when one of them leaves something wrong.

    :param kills: at random moments, of a run for so many customers
    :param quick: two kills and one of each other kind that takes seconds, for a few customers
    """
    with Session(places, "faults") as session:
        bring(session.places, "wkhtmltopdf")
        harness = Harness(session, customers=8 if quick else customers)
        harness.learn()
        say(f"Seed {seed}")
        report = _Report(harness, random.Random(seed))
        for _number in range(2 if quick else kills):
            report.try_one("kill")
        # A kill before the first commit, or after the last, proves little.
        needed = 0 if quick else min(_MIDWAY, kills)
        while report.midway["kill"] < needed and report.tried["kill"] < 2 * kills:
            report.try_one("kill")
        for kind in _QUICK if quick else _OTHERS:
            report.try_one(kind)
        return report.end(needed)


class _Report:
    """The trials so far, told line by line."""

    def __init__(self, harness: "Harness", chance: random.Random):
        self.harness, self.chance = harness, chance
        self.tried, self.midway = Counter(), Counter()
        self.wrong: list[str] = []

    def try_one(self, kind: str) -> None:
        problems, midway = self.harness.trial(kind, self.chance)
        self.tried[kind] += 1
        self.midway[kind] += midway
        where = " (midway)" if midway else ""
        number = self.tried.total()
        say(f"{number:>3} {kind:<12} {'; '.join(problems) or 'as it should be'}{where}")
        self.wrong += problems

    def end(self, needed: int) -> int:
        """Say the figures and return the exit code."""
        stopped = self.midway["kill"]
        say(
            f"{self.tried['kill']} kills, {stopped} of them between the first and the last commit; "
            f"{self.tried.total()} trials, {len(self.wrong)} problems"
        )
        if stopped < needed:
            say(f"Too few kills midway: {stopped} of {needed}")
        return int(bool(self.wrong) or stopped < needed)


class Harness:
    """One prepared database, what an undisturbed run makes of it, and the trials on copies."""

    def __init__(self, session: Session, customers: int):
        self.session = session
        self.odoo = session.odoo
        self.customers = customers
        self.work = session.places.state / "faults"
        remove_tree(self.work)
        self.work.mkdir(parents=True)
        self.database = ""
        self.sink: FaultySink | None = None
        self.length = 0.0
        self.expected: dict = {}

    def learn(self) -> None:
        """Run the day undisturbed: what it ends in is what every trial must end in."""
        self._begin("undisturbed")
        with self.sink:
            started = self._start("run")
            self._finish(started)
            self.length = time.monotonic() - started.ready_at
            self.expected = self._outcome()
        if not self.expected["recipients"] or not self.expected["booked"]:
            raise SandboxError(f"the undisturbed run did nothing: {self.expected}")
        say(
            f"Undisturbed: {len(self.expected['recipients'])} customers written to, "
            f"{len(self.expected['booked'])} sums booked, in {self.length:.1f} s"
        )

    def trial(self, kind: str, chance: random.Random) -> tuple[list[str], bool]:
        """Disturb one run, complete it, and return what is wrong and whether it was midway."""
        self._begin(kind)
        with self.sink:
            midway = getattr(self, f"_{kind.split('-')[0]}")(kind, chance)
            self._finish(self._start("run"))
            return self._compare(kind), midway

    # -- What disturbs -------------------------------------------------------------------------

    def _kill(self, _kind: str, chance: random.Random) -> bool:
        child = self._start("run")
        self._wait(child, chance.uniform(0.05, 1) * self.length)
        child.send_signal(signal.SIGKILL)
        child.wait()
        return self._is_midway()

    def _cut(self, _kind: str, chance: random.Random) -> bool:
        child = self._start("run")
        self._wait(child, chance.uniform(0.1, 0.8) * self.length)
        self.session.postgres.sql(_CUT.format(self.database))
        child.wait(_PATIENCE)
        return self._is_midway()

    def _workers(self, kind: str, _chance: random.Random) -> bool:
        self._finish(self._start("plan"))
        children = [self._start("work") for _number in range(int(kind.split("-")[1]))]
        for child in children:
            child.wait(_PATIENCE)
        return False

    def _refused(self, _kind: str, _chance: random.Random) -> bool:
        """The mail server refuses for a time: nobody presses a button, only the delay passes."""
        self.sink.refusing = True
        self._finish(self._start("run"))
        self.sink.refusing = False
        midway = self._is_midway()
        self._finish(self._start("later"))
        return midway

    def _hung(self, _kind: str, _chance: random.Random) -> bool:
        """The mail server closes the connection in the middle of a message."""
        self.sink.hanging_up = True
        self._finish(self._start("run"))
        midway = self._is_midway()
        self._finish(self._start("later"))
        return midway

    def _unknown(self, _kind: str, _chance: random.Random) -> bool:
        """One customer's address is refused for good."""
        self.sink.answers = {self._get_victim(): "550 5.1.1 no such user"}
        self._finish(self._start("run"))
        return self._is_midway()

    def _deadly(self, _kind: str, _chance: random.Random) -> bool:
        """Each process that writes to one customer dies of it."""
        victim, midway = self._get_victim(), False
        for _time in range(_DEATHS):
            if not self._start("run", deadly=victim).wait(_PATIENCE):
                break
            midway = midway or self._is_midway()
        return midway

    def _company(self, _kind: str, _chance: random.Random) -> bool:
        """All the work of the first company fails, in every scheduled action."""
        self._finish(self._start("broken"))
        return False

    def _get_victim(self) -> str:
        """Return the address of the first customer who is to be written to."""
        return min(self.expected["recipients"])

    def _payments(self, _kind: str, _chance: random.Random) -> bool:
        for step in ("plan", "pay", "send", "pay", "mail", "pay"):
            self._finish(self._start(step))
        return True

    def _print(self, kind: str, _chance: random.Random) -> bool:
        folder = self.work / "bin"
        folder.mkdir(exist_ok=True)
        program = folder / "wkhtmltopdf"
        program.write_text(_FAILING if kind == "print-fails" else _HANGING, "utf-8")
        program.chmod(0o755)
        self._finish(self._start("letters"))
        child = self._start("run", path=folder)
        if kind == "print-hangs":
            # Odoo's own watchdog kills a worker that takes too long.
            self._wait(child, 8 + self.length / 4)
            child.send_signal(signal.SIGKILL)
        child.wait(_PATIENCE)
        self._finish(self._start("tomorrow"))
        return True

    def _disk(self, _kind: str, _chance: random.Random) -> bool:
        self._finish(self._start("letters"))
        child = self._start("run", largest_file=8 * 1024)
        child.wait(_PATIENCE)
        self._finish(self._start("tomorrow"))
        return True

    # -- Processes -------------------------------------------------------------------------------

    def _begin(self, name: str) -> None:
        digests = [
            files_digest(Path(__file__).parent, "steps.py"),
            files_digest(self.session.places.root / "benchmarks", "ledger.py"),
        ]
        self.database = self.session.databases.fresh_prepared(
            "faults", [*digests, str(self.customers)], self._prepare
        )
        mails = self.work / "mails"
        remove_tree(mails)
        self.sink = FaultySink(mails)
        self.name = name

    def _prepare(self, building: str) -> None:
        self.odoo.call(_STEPS, building, "prepare", self.customers)

    def _start(
        self,
        step: str,
        path: Path | None = None,
        largest_file: int | None = None,
        deadly: str = "",
    ):
        environment = self.odoo.environment(self.database)
        if path:
            environment["PATH"] = f"{path}:{environment['PATH']}"
        if deadly:
            environment["DEADLY_CUSTOMER"] = deadly
        options = ["-d", self.database, "--smtp", "127.0.0.1", "--smtp-port", self.sink.port]
        die = die_with_parent(signal.SIGKILL)

        def begin() -> None:
            if die:
                die()
            if largest_file:
                resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

        log = (self.work / f"{self.name}-{step}.log").open("wb")
        child = subprocess.Popen(
            self.odoo.argv(_STEPS, step, self.customers, *options),
            stdout=subprocess.PIPE,
            # A log of limited size would stop the process for another reason.
            stderr=subprocess.DEVNULL if largest_file else log,
            env=environment,
            preexec_fn=begin,
        )
        child.stdout.readline()
        child.ready_at = time.monotonic()
        return child

    def _wait(self, child: subprocess.Popen, seconds: float) -> None:
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            return

    def _finish(self, child: subprocess.Popen) -> None:
        if child.wait(_PATIENCE):
            raise SandboxError(f"an undisturbed run failed (details: {self.work})")

    # -- What is left ----------------------------------------------------------------------------

    def _sql(self, statement: str) -> list[str]:
        return self.session.postgres.sql(statement, self.database)

    def _is_midway(self) -> bool:
        """Whether the run had committed something, and not yet everything."""
        done = [int(number) for number in self._sql(DONE)[0].split("|")]
        return done != [0, 0, 0] and done != self.expected["done"]

    def _outcome(self) -> dict:
        messages = [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in sorted(self.sink.folder.glob("*.eml"))
        ]
        # Mails to the company's own users are not to customers.
        messages = [m for m in messages if "@client.example" in str(m["X-Envelope-To"])]
        return {
            "recipients": Counter(str(message["X-Envelope-To"]) for message in messages),
            "ids": {(str(m["X-Envelope-To"]), str(m["Message-Id"])) for m in messages},
            "booked": self._sql(BOOKED),
            "gaps": self._sql(GAPS),
            "done": [int(number) for number in self._sql(DONE)[0].split("|")],
        }

    def _compare(self, kind: str) -> list[str]:
        """Return what is wrong after the rerun, in words; nothing when all is well."""
        found, expected = self._outcome(), self.expected
        problems = self._sql(NEVER)
        lost = set(expected["recipients"]) - set(found["recipients"])
        if kind == "payments":
            # Both customers who paid are not written to; all others are.
            if len(lost) != 2:
                problems.append(f"{len(lost)} customers were spared, not the 2 who paid")
        elif kind in TOLD:
            if lost != {self._get_victim()}:
                problems.append(f"not written to: {sorted(lost)}, not {self._get_victim()} alone")
            problems += self._sql(TOLD[kind])
        elif lost:
            problems.append(f"{len(lost)} customers were not written to")
        written_twice = Counter(recipient for recipient, _id in found["ids"])
        if any(number > 1 for number in written_twice.values()):
            problems.append("a customer got two messages with different identifiers")
        # One message may repeat: killed between the server's acceptance and the commit.
        repeated = sum(found["recipients"].values()) - len(found["ids"])
        if repeated > (1 if kind in ("kill", "cut") else 0):
            problems.append(f"{repeated} messages were sent again")
        if found["booked"] != expected["booked"]:
            problems.append("the penalties booked differ")
        if found["gaps"] != ["0"]:
            problems.append(f"the journal has gaps: {found['gaps']}")
        whole = kind != "payments" and kind not in TOLD
        if kind == "company":
            problems += self._sql(UNTOLD_COMPANY)
        if whole and found["done"] != expected["done"]:
            problems.append(f"left {found['done']}, not {expected['done']}")
        return problems
