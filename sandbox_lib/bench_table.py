"""The figures of a run as a Markdown section, to put into ``benchmarks/RESULTS.md``."""

_HEAD = (
    "| Step | seconds | CPU | queries | rows written | peak MB | ratio | target |\n"
    "|---|---|---|---|---|---|---|---|"
)
_WORDS = {
    "seconds": "≤ {} s",
    "queries": "≤ {} queries",
    "ratio": "≤ {} ×",
    "peak_mb": "≤ {} MB",
}


def as_markdown(found: dict, title: str) -> str:
    """Return a section: the machine and its load, a row a step, the workers.

    :param found: the figures of the run, as ``bench-ITEMS.json`` keeps them
    """
    machine = (
        f"{found['machine']}, PostgreSQL {found['postgresql']}; "
        f"load {found['load_before']} before, {found['load_after']} after."
    )
    steps = [*found["steps"], *([found["oca"]] if "oca" in found else [])]
    lines = [f"## {title}: {found['date']}", machine, "\n".join([_HEAD, *map(_row, steps)])]
    if workers := found.get("workers"):
        lines.append("\n".join(map(_worker_line, workers)))
    return "\n\n".join(lines) + "\n"


def _row(step: dict) -> str:
    limits = step["limits"].items()
    target = ", ".join(_WORDS[name].format(round(limit, 2)) for name, limit in limits)
    cells = [
        step["step"],
        step["seconds"],
        step["cpu_seconds"],
        step["queries"],
        step["rows_written"],
        step["peak_mb"],
        step.get("ratio", ""),
        f"{target}{': short' if step['falls_short'] else ''}",
    ]
    return f"| {' | '.join(map(str, cells))} |"


def _worker_line(found: dict) -> str:
    number = found["workers"]
    return (
        f"- {number} {'worker' if number == 1 else 'workers'} side by side: {found['messages']} "
        f"messages up to the mail server in {found['seconds']} s, processor time "
        f"{' + '.join(map(str, found['cpu_seconds']))} s, each message once."
    )
