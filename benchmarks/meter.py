"""The cost of one step: time, SQL queries, rows written, memory, and its ratio to a floor."""

import gc
import os
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from odoo.addons.account_dunning_fr.dossier.merge import give_back_memory

_PEAK_RESET = "5"  # for /proc/self/clear_refs: reset the peak memory use
_TICKS = os.sysconf("SC_CLK_TCK")


class Meter:
    """Measures steps one after the other, in one Odoo environment.

    Besides the elapsed time, each step has the processor time of this process and of its database
    server process: on a machine shared with others, that is the figure to compare.
    """

    def __init__(self, env):
        self.env = env
        self.results = []
        self._servers = []
        self.count(env.cr)

    def count(self, cr):
        """Also count the processor time of the database process of this cursor."""
        cr.execute("SELECT pg_backend_pid()")
        self._servers.append(Path("/proc", str(cr.fetchone()[0])))

    def step(
        self,
        name,
        function,
        *,
        floor=None,
        most_seconds=None,
        most_cpu_seconds=None,
        most_queries=None,
        ratio=None,
        times=1,
    ):
        """Run ``function`` and record its cost.

        :param floor: cost of the minimum that can do the work, as returned by ``measure``
        :param most_seconds: target: elapsed time at most
        :param most_cpu_seconds: target: processor time at most
        :param most_queries: target: SQL queries at most
        :param ratio: target: at most this many floors
        :param times: as in ``measure``
        :return: the result of ``function``
        """
        result, cost = self.measure(function, times)
        if floor:
            cost["floor_seconds"] = floor["seconds"]
            cost["ratio"] = round(cost["cpu_seconds"] / max(floor["cpu_seconds"], 0.01), 2)
        limits = {"seconds": most_seconds, "cpu_seconds": most_cpu_seconds}
        self._keep(name, cost, limits | {"queries": most_queries, "ratio": ratio})
        return result

    def _keep(self, name, cost, limits):
        cost["limits"] = {key: limit for key, limit in limits.items() if limit is not None}
        cost["falls_short"] = [key for key, limit in cost["limits"].items() if cost[key] > limit]
        self.results.append({"step": name, **cost})
        print(describe(self.results[-1]), flush=True)

    def compare(self, name, turns, *, ratio, times):
        """Do short pieces of work in two ways, alternately, and record the cost, as ``step`` does.

        Other load on the machine then slows both alike, and which way goes first changes with each
        turn. Objects left by earlier steps are kept out of garbage collection meanwhile, since a
        collection would hit one of the two by chance.

        :param turns: list of pairs of functions that change nothing: the floor, the work to measure
        :param ratio: target: at most this many floors; None: no target
        :param times: how often all turns are taken; the round with the median ratio counts
        """
        rows = self._rows_written()
        _reset_peak()
        with _without_old_garbage():
            rounds = [self._take_turns(turns, number) for number in range(times)]
        rounds.sort(key=lambda costs: _ratio(*costs))
        floor, cost = rounds[times // 2]
        median = round(_ratio(floor, cost), 3)
        cost = {key: round(value, 2) for key, value in cost.items()}
        cost |= {"rows_written": self._rows_written() - rows, "peak_mb": _peak_megabytes()}
        cost |= {"floor_seconds": round(floor["seconds"], 2), "ratio": median}
        self._keep(name, cost, {"ratio": ratio})

    def _take_turns(self, turns, number):
        """Return the total cost of both ways, as two dicts.

        :param int number: number of the round: the other way begins in the next one
        """
        costs = tuple({"seconds": 0.0, "cpu_seconds": 0.0, "queries": 0} for _way in range(2))
        for turn, ways in enumerate(turns, number):
            for way in (0, 1) if turn % 2 else (1, 0):
                self.env.invalidate_all()
                queries = self.env.cr.sql_log_count
                started, spent = time.perf_counter(), self._cpu()
                ways[way]()
                costs[way]["cpu_seconds"] += self._cpu() - spent
                costs[way]["seconds"] += time.perf_counter() - started
                costs[way]["queries"] += self.env.cr.sql_log_count - queries
        return costs

    def judge(self, floor, **limits):
        """Compare the last step with a floor that can only be measured from its result.

        :param dict floor: its cost
        :param limits: targets of the step: ``most_seconds``, ``ratio`` …
        """
        last = self.results[-1]
        last["floor_seconds"] = round(floor["seconds"], 2)
        last["ratio"] = round(last["cpu_seconds"] / max(floor["cpu_seconds"], 0.01), 2)
        last["limits"] = {name.removeprefix("most_"): value for name, value in limits.items()}
        last["falls_short"] = [key for key, limit in last["limits"].items() if last[key] > limit]
        print(f"  floor {last['floor_seconds']} s, ratio {last['ratio']}", flush=True)

    def measure(self, function, times=1):
        """Return the result of ``function`` and its cost, without recording it.

        :param times: how often it is run, if it changes nothing; the median cost is returned, for
            work so short that other load on the machine affects its figure
        """
        costs = []
        for _time in range(times):
            result, cost = self._measure_once(function)
            costs.append(cost)
        return result, sorted(costs, key=lambda cost: cost["cpu_seconds"])[times // 2]

    def _measure_once(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.commit()
        rows, queries = self._rows_written(), self.env.cr.sql_log_count
        give_back_memory()  # of earlier steps: the peak is that of this step alone
        _reset_peak()
        started, spent = time.perf_counter(), self._cpu()
        result = function()
        self.env.flush_all()
        seconds, spent = time.perf_counter() - started, self._cpu() - spent
        queries = self.env.cr.sql_log_count - queries
        peak = _peak_megabytes()
        self.env.cr.commit()
        return result, {
            "seconds": round(seconds, 2),
            "cpu_seconds": round(spent, 2),
            "queries": queries,
            "rows_written": self._rows_written() - rows,
            "peak_mb": peak,
        }

    def _cpu(self):
        """Return the processor time used by Odoo, its children and the database's processes so far.

        The server's part is not included if it runs on another machine.
        """
        times = os.times()
        own = time.process_time() + times.children_user + times.children_system
        return own + sum(map(_cpu_of, self._servers))

    def _rows_written(self):
        cr = self.env.cr
        cr.execute("SELECT current_setting('server_version_num')::int")
        if cr.fetchone()[0] >= 150000:
            # Otherwise the server publishes its counters with a delay.
            cr.execute("SELECT pg_stat_force_next_flush()")
        cr.commit()
        cr.execute("SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_user_tables")
        rows = cr.fetchone()[0]
        cr.commit()
        return int(rows)


def describe(result):
    """Return a result as one row of a table."""
    ratio = f"{result['ratio']:6.3g} ×" if "ratio" in result else " " * 8
    short = f"  short of {result['limits']}" if result["falls_short"] else ""
    return (
        f"{result['step']:<38}{result['seconds']:>9.2f} s {result['cpu_seconds']:>9.2f} s cpu "
        f"{result['queries']:>8} q {result['rows_written']:>9} rows {result['peak_mb']:>6} MB "
        f"{ratio}{short}"
    )


def _cpu_of(process):
    """Return the processor time of a process of this machine in seconds; 0 for any other."""
    with suppress(OSError, ValueError, IndexError):
        # In nanoseconds, if the kernel counts them: an opening takes only two or three ticks.
        return int((process / "schedstat").read_text("utf-8").split()[0]) / 1e9
    try:
        fields = (process / "stat").read_text("utf-8").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _ratio(floor, cost):
    return cost["cpu_seconds"] / floor["cpu_seconds"]


@contextmanager
def _without_old_garbage():
    """Collect current garbage, and exclude everything else from collections meanwhile."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _reset_peak():
    # Outside Linux the peak remains unknown.
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text(_PEAK_RESET, "utf-8")


def _peak_megabytes():
    try:
        status = Path("/proc/self/status").read_text("utf-8")
    except OSError:
        return 0
    return int(status.split("VmHWM:")[1].split()[0]) // 1024
