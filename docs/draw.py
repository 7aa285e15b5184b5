"""Write the two diagrams of architecture.md from the code: the rooms, the main tables.

``python3 docs/draw.py`` rewrites the blocks between the marks; ``--check`` fails if they are out of
date. Plain ``ast``: nothing is imported, and no Odoo is needed.
"""

import ast
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "account_dunning_fr" / "models"
PAGE = ROOT / "docs" / "architecture.md"
TABLES = (  # the fifteen main ones, and the tables of Odoo they are based on
    "res.company",
    "res.partner",
    "account.move",
    "account.move.line",
    "account.dunning.policy",
    "account.dunning.level",
    "account.dunning.hold",
    "account.dunning.rate",
    "account.dunning.penalty",
    "account.dunning.notice",
    "account.dunning.notice.line",
    "account.dunning.registered",
    "account.dunning.dispute",
    "account.dunning.promise",
    "account.dunning.payment.plan",
    "account.dunning.insolvency",
    "account.dunning.call",
    "account.dunning.case",
    "account.dunning.case.piece",
)


def read_rooms():
    """Return the rooms in the order in which they are read."""
    tree = ast.parse((MODELS / "__init__.py").read_text("utf-8"))
    return [alias.name for node in tree.body for alias in getattr(node, "names", ())]


def read_files(rooms):
    """Return the tree of each file, by room."""
    return {
        room: [ast.parse(path.read_text("utf-8")) for path in sorted((MODELS / room).rglob("*.py"))]
        for room in rooms
    }


def get_name(node, key):
    """Return the text assigned to ``key`` in the body of a class, if any."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == key:
            value = statement.value
            return value.value if isinstance(value, ast.Constant) else None
    return None


def get_classes(trees):
    return [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]


def draw_rooms(rooms, files):
    """Return the rooms with an arrow to each room whose models they name."""
    home = {}
    for room in rooms:
        for node in get_classes(files[room]):
            name = get_name(node, "_name") or ""
            if name.startswith("account.dunning."):
                home.setdefault(name, room)
    counts = {room: len({name for name, where in home.items() if where == room}) for room in rooms}
    arrows = defaultdict(int)
    for room in rooms:
        for tree in files[room]:
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and node.value in home:
                    arrows[room, home[node.value]] += 1
    lines = ["flowchart BT"]
    lines += [f'    {room}["{room}<br/>{counts[room]} models"]' for room in rooms]
    for (room, used), count in sorted(
        arrows.items(), key=lambda arrow: tuple(map(rooms.index, arrow[0]))
    ):
        upward = rooms.index(used) > rooms.index(room)
        if room != used and (upward or count > 2):
            lines.append(f"    {room} {'-.->' if upward else '-->'}|{count}| {used}")
    return lines


def draw_tables(rooms, files):
    """Return the main tables with the links (``Many2one``) between them."""
    links = defaultdict(set)
    for room in rooms:
        for node in get_classes(files[room]):
            model = get_name(node, "_name") or get_name(node, "_inherit")
            for statement in node.body if model in TABLES else ():
                target = read_link(statement)
                if target in TABLES and target != model and target != "res.company":
                    links[model, target].add(statement.targets[0].id)
    lines = ["erDiagram"]
    for (model, target), names in sorted(links.items()):
        label = " ".join(sorted(names)[:2]) + (" …" if len(names) > 2 else "")
        lines.append(
            f'    {target.replace(".", "_")} ||--o{{ {model.replace(".", "_")} : "{label}"'
        )
    return lines


def read_link(statement):
    """Return the model that ``name = fields.Many2one("model")`` points to, if it is one."""
    call = getattr(statement, "value", None)
    if not (isinstance(statement, ast.Assign) and isinstance(call, ast.Call)):
        return None
    if getattr(call.func, "attr", "") != "Many2one" or not call.args:
        return None
    return call.args[0].value


def write(text):
    """Return the page with both diagrams as the code has them."""
    rooms = read_rooms()
    files = read_files(rooms)
    for mark, lines in (
        ("rooms", draw_rooms(rooms, files)),
        ("tables", draw_tables(rooms, files)),
    ):
        start, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
        before, after = text.split(start)[0], text.split(end)[1]
        text = before + "\n".join((start, "```mermaid", *lines, "```", end)) + after
    return text


if __name__ == "__main__":
    before = PAGE.read_text("utf-8")
    after = write(before)
    if "--check" in sys.argv:
        sys.exit(before != after)
    PAGE.write_text(after, "utf-8")
