"""A run of the bench as a section for ``RESULTS.md``."""

_COLUMNS = ("step", "seconds", "cpu_seconds", "queries", "rows_written", "peak_mb", "ratio")
_HEAD = (
    "| Step | seconds | CPU | queries | rows written | peak MB | ratio | target |\n"
    "|---|---|---|---|---|---|---|---|"
)
_SIDES = ("work", "module", "makes", "seconds", "cpu_seconds", "queries", "peak_mb")
_SIDES_HEAD = (
    "| Side by side | module | makes | seconds | CPU | queries | peak MB |\n"
    "|---|---|---|---|---|---|---|"
)
_LIMITS = {
    "seconds": "≤ {} s",
    "cpu_seconds": "≤ {} s CPU",
    "queries": "≤ {} queries",
    "ratio": "≤ {} ×",
    "peak_mb": "≤ {} MB",
}


def as_markdown(found: dict, title: str) -> str:
    """Return the machine and its load, a row per step, the workers, and both sides with OCA."""
    machine = (
        f"{found['machine']}, PostgreSQL {found['postgresql']}; "
        f"load {found['load_before']} before, {found['load_after']} after."
    )
    lines = [f"## {title}: {found['date']}", machine]
    lines.append("\n".join([_HEAD, *map(_row, found["steps"])]))
    if workers := found.get("workers"):
        lines.append("\n".join(map(_worker_line, workers)))
    if sides := found.get("oca"):
        rows = (f"| {' | '.join(str(side[name]) for name in _SIDES)} |" for side in sides)
        lines.append("\n".join([_SIDES_HEAD, *rows]))
    return "\n\n".join(lines) + "\n"


def _row(step: dict) -> str:
    limits = step["limits"].items()
    target = ", ".join(_LIMITS[name].format(round(limit, 2)) for name, limit in limits)
    cells = [*(step.get(column, "") for column in _COLUMNS)]
    cells.append(f"{target}{': short' if step['falls_short'] else ''}")
    return f"| {' | '.join(map(str, cells))} |"


def _worker_line(found: dict) -> str:
    number = found["workers"]
    return (
        f"- {number} {'worker' if number == 1 else 'workers'} side by side: {found['messages']} "
        f"messages up to the mail server in {found['seconds']} s, processor time "
        f"{' + '.join(map(str, found['cpu_seconds']))} s, each message once."
    )
