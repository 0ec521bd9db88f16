"""The script that many teams have: values in, files out, nothing checked. `render.py values.json OUT`"""

import json
import sys
import time
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

FILES = ["README.md", "addresses.tf", "backend.tf", "main.tf", "outputs.tf", "providers.tf"]


def main():
    start = time.perf_counter()
    values = json.loads(Path(sys.argv[1]).read_text())
    out = Path(sys.argv[2])
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    templates = [(name, environment.get_template(f"{name}.j2")) for name in FILES]
    shared = environment.get_template("addresses.main.tf.j2")
    for path, text in values["others"].items():
        write(out / path, text)
    for vpc in values["vpcs"]:
        write(out / "addresses" / vpc["folder"] / "main.tf", shared.render(vpc))
        for name, template in templates:
            write(out / vpc["directory"] / name, template.render(vpc))
    print(f"{1e3 * (time.perf_counter() - start):.0f} ms without the start of Python")


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


main()
