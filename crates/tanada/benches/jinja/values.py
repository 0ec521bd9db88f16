"""Reads a generated tree back into the values that a script would have: `values.py TREE > values.json`.

Values only: every text around them stands in `templates/`, and `render.py` must make the same bytes again.
"""

import json
import re
import sys
from pathlib import Path

ROW = re.compile(r"^ *\{ (.*) \},$")
CELL = re.compile(r"(\w+) = (\"[^\"]*\"|\[[^\]]*\]|[^,]+)(?:, |$)")


def rows(text, head):
    """The rows of the list that `head` opens, in groups that empty lines part."""
    lines = text.split(head, 1)[1].splitlines()
    groups = [[]]
    for line in lines:
        row = ROW.match(line)
        if row:
            groups[-1].append(dict(CELL.findall(row[1])))
        elif line == "":
            groups.append([])
        elif line.strip() in ("]", "],"):
            break
    return groups


def one(pattern, text):
    return re.search(pattern, text, re.M)[1]


def table(text, head):
    lines = text.split(head, 1)[1].splitlines()[2:]
    end = lines.index("")
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[:end]]


def acls(text):
    parts = text.split("  acls = [\n", 1)[1].split("    {\n      tier = ")[1:]
    read = lambda part, name: rows(part, f"      {name} = [\n")[0]
    return [
        {"tier": part.split("\n", 1)[0], "ingress": read(part, "ingress"), "egress": read(part, "egress")}
        for part in parts
    ]


def vpc(tree, root):
    text = lambda name: (root / name).read_text()
    main, readme, providers, addresses = map(text, ["main.tf", "README.md", "providers.tf", "addresses.tf"])
    identity = one(r"^  blocks = module\.(\w+)\.", main)
    folder = f"{root.parent.name}-{root.name}"
    shared = (tree / "addresses" / folder / "main.tf").read_text()
    transit = main.split("  transit = {\n", 1)[1]
    commented = lambda text: [list(pair) for pair in re.findall(r"# (.*)\n *\"(.*)\",", text)]
    tiers = re.findall(r"    (\w+) = \[\n((?:      .*\n)+)    \]", shared)
    return {
        "directory": str(root.relative_to(tree)),
        "folder": folder,
        "name": one(r"^  name   = \"(.*)\"", main),
        "module": identity,
        "region": one(r"^  zones  = module\.(\w+)\.", main),
        "subnets": rows(main, "  subnets = [\n"),
        "routes": rows(main, "  routes = [\n")[0],
        "nat_gateways": rows(main, "  nat_gateways = [\n")[0],
        "endpoints": rows(main, "  gateway_endpoints = [\n")[0],
        "acls": acls(main),
        "transit": {key: one(rf"^    {key} += (.*)$", transit) for key in ["gateway", "tier", "segment", "propagate_to"]},
        "modules": re.findall(r"module \"(\w+)\" \{\n  source = \"(.*)\"", addresses),
        "provider": one(r"region = (.*)$", providers),
        "tags": re.findall(r"^      (\w+) += (.*)$", providers, re.M),
        "blocks": commented(shared.split("output \"tiers\"")[0]),
        "tiers": [[name, commented(values)] for name, values in tiers],
        "page": {
            "about": readme.splitlines()[2],
            "blocks": one(r"^Others route to and allow \*\*(.*)\*\*", readme),
            "chart": readme.split("```mermaid\n")[1].split("```")[0].splitlines(),
            "subnets": table(readme, "| subnet |"),
            "flows": table(readme, "| from |"),
        },
    }


def main():
    tree = Path(sys.argv[1])
    roots = sorted(path.parent for path in tree.glob("teams/*/*/main.tf"))
    vpcs = [vpc(tree, root) for root in roots]
    own = {vpc["directory"] for vpc in vpcs} | {f"addresses/{vpc['folder']}" for vpc in vpcs}
    paths = sorted(path.relative_to(tree) for path in tree.rglob("*") if path.is_file() and path.name != ".tanada")
    # What is not of one VPC: some thirty files, as they stand.
    others = {str(path): (tree / path).read_text() for path in paths if str(path.parent) not in own}
    json.dump({"vpcs": vpcs, "others": others}, sys.stdout)


main()
