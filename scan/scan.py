"""Has checkov scan every emitted tree and every plan, and says what it found. Called by `scan/run`.

Zero findings alone mean little, since a scanner is silent about what it does not see: the rows of a `dynamic` block in a
tree, for example. So this also demands that every check that matters here has looked at something, in each tree and in
each plan, and that open doors which are planted for the purpose are found.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
CHECKOV = Path(sys.executable).with_name("checkov")

# What must have been judged wherever the resource exists.
OF_RESOURCE = {
    "aws_vpc": {
        "CKV2_AWS_11",  # flow log
        "CKV2_AWS_12",  # closed default security group
    },
    "aws_subnet": {
        "CKV_AWS_130",  # no public addresses by default
    },
    "aws_network_acl": {
        "CKV2_AWS_1",  # bound to subnets
        "CKV_AWS_229",  # no 0.0.0.0/0 to port 21
        "CKV_AWS_230",  # to port 20
        "CKV_AWS_231",  # to port 3389
        "CKV_AWS_232",  # to port 22
    },
    "aws_route": {
        "CKV2_AWS_35",  # NAT gateways instead of instances
        "CKV2_AWS_44",  # no peering route to everywhere
    },
    "aws_ec2_transit_gateway": {
        "CKV_AWS_331",  # takes in no attachment unasked
    },
}
IN_TREE = set().union(*OF_RESOURCE.values())


class Report:
    """What checkov found in a tree or in plans."""

    def __init__(self, *arguments):
        command = [CHECKOV, "--compact", "--skip-download", "--output", "json", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            found = json.loads(done.stdout)
            results = found["results"]
            self.passed, self.failed, self.skipped = (results[f"{it}_checks"] for it in ("passed", "failed", "skipped"))
            self.unread = results["parsing_errors"]
        except (ValueError, TypeError, KeyError):
            sys.exit(f"checkov was not able to say anything:\n{done.stdout}\n{done.stderr}")

    def ids(self):
        """The checks that judged something."""
        return {it["check_id"] for it in self.passed + self.failed}

    def failed_ids(self):
        return {it["check_id"] for it in self.failed}


def scan_tree(folder):
    return Report("--framework", "terraform", "--directory", folder)


def scan_plans(files):
    return Report("--framework", "terraform_plan", "--file", *files)


def resources(module):
    """All managed resources of a plan's module and of those in it."""
    own = [it for it in module.get("resources", []) if it["mode"] == "managed"]
    return own + [it for child in module.get("child_modules", []) for it in resources(child)]


def planned(plan):
    return resources(plan["planned_values"]["root_module"])


def complaints(name, report):
    """Everything that is wrong with a report."""
    for it in report.failed:
        yield f"{name}: {it['check_id']} {it['check_name']}: {it['resource']} in {it['file_path']}"
    for it in report.skipped:
        if not it["check_result"].get("suppress_comment"):
            yield f"{name}: {it['check_id']} is skipped without a reason: {it['resource']}"
    yield from (f"{name}: {it} cannot be read" for it in report.unread)


def complaints_of_plans(files, report):
    yield from complaints("plans", report)
    for file in files:
        judged = {it["check_id"] for it in report.passed + report.failed if it["file_path"].endswith(file.name)}
        types = {it["type"] for it in planned(json.loads(file.read_text()))}
        expected = set().union(*(OF_RESOURCE.get(it, set()) for it in types))
        yield from (f"{file.name}: {it} looked at nothing" for it in sorted(expected - judged))


def plant(plans, scratch):
    """Doors left open on purpose: what is open, the checks that must find it, and a scan that should."""
    modules = Path(scratch) / "modules"
    shutil.copytree(REPOSITORY / "fixtures/m3/generated/modules", modules)
    acls = modules / "vpc/acls.tf"
    door = """
resource "aws_network_acl" "open" {
  vpc_id     = aws_vpc.this.id
  subnet_ids = [for subnet in aws_subnet.this : subnet.id]

  ingress {
    rule_no    = 1
    action     = "allow"
    protocol   = "tcp"
    from_port  = 22
    to_port    = 22
    cidr_block = "0.0.0.0/0"
  }
}
"""
    acls.write_text(acls.read_text() + door)
    gateway = modules / "hub/main.tf"
    gateway.write_text(gateway.read_text().replace('attachments  = "disable"', 'attachments  = "enable"'))
    yield "the modules", {"CKV_AWS_232", "CKV_AWS_331"}, lambda: scan_tree(modules)

    plan = next(it for it in map(lambda file: json.loads(file.read_text()), plans) if has(it, "aws_flow_log"))
    rule = {"rule_no": 1, "action": "allow", "protocol": "-1", "from_port": 0, "to_port": 0, "cidr_block": "0.0.0.0/0"}
    for acl in (it for it in planned(plan) if it["type"] == "aws_network_acl"):
        acl["values"]["ingress"].insert(0, rule | {"ipv6_cidr_block": "", "icmp_type": None, "icmp_code": None})
    for module in plan["planned_values"]["root_module"]["child_modules"]:
        module["resources"] = [it for it in module.get("resources", []) if it["type"] != "aws_flow_log"]
    file = Path(scratch) / "open.json"
    file.write_text(json.dumps(plan))
    yield "a plan", {"CKV_AWS_231", "CKV_AWS_232", "CKV2_AWS_11"}, lambda: scan_plans([file])


def has(plan, resource_type):
    return any(it["type"] == resource_type for it in planned(plan))


def main(folder):
    plans = sorted(Path(folder).glob("*.json"))
    trees = sorted((REPOSITORY / "fixtures").glob("*/generated"))
    if not plans or not trees:
        sys.exit(f"nothing to scan: {len(trees)} trees, {len(plans)} plans in {folder}")
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(max_workers=2) as pool:
        of_plans = pool.submit(scan_plans, plans)
        planted = [(what, ids, pool.submit(scan)) for what, ids, scan in plant(plans, scratch)]
        of_trees = {it.parent.name: pool.submit(scan_tree, it) for it in trees}

        wrong = []
        for name, future in of_trees.items():
            report = future.result()
            print(f"{name}: {len(report.passed)} passed, {len(report.failed)} failed, {len(report.skipped)} skipped")
            wrong += complaints(name, report)
            wrong += [f"{name}: {it} looked at nothing" for it in sorted(IN_TREE - report.ids())]
        report = of_plans.result()
        print(f"{len(plans)} plans: {len(report.passed)} passed, {len(report.failed)} failed, {len(report.skipped)} skipped")
        wrong += complaints_of_plans(plans, report)
        for what, ids, future in planted:
            missed = sorted(ids - future.result().failed_ids())
            wrong += [f"{it} does not find what was left open in {what}" for it in missed]
            print(f"open doors planted in {what}: {len(ids) - len(missed)} of {len(ids)} found")
    for line in wrong:
        print(f"error: {line}", file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
