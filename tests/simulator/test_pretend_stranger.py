"""The simulator is a stranger: it knows neither the project around it nor Twilio's library."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import simulator

ROOT = Path(simulator.__file__).parent
ALLOWED = {"simulator", "flask", "werkzeug"} | sys.stdlib_module_names


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.partition(".")[0])
    return found


def test_it_imports_flask_the_standard_library_and_itself() -> None:
    strangers = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in ROOT.rglob("*.py")
        for name in imports(file) - ALLOWED
    }
    assert strangers == set()


def test_its_readme_example_runs() -> None:
    """The first code block of the README, against a customer that does what it expects."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code = text.split("```python\n")[1].split("```")[0]

    def wsgi_app(environ: dict[str, object], start_response: object) -> list[bytes]:
        documents = {
            "/calls/incoming": "<Gather numDigits='1' action='/menu'><Say>Press 1</Say></Gather>",
            "/menu": "<Dial callerId='+441632960000'>"
            "<Number url='/screening'>+447700900101</Number></Dial>",
            "/screening": "<Gather numDigits='1' action='/yes'/><Hangup/>",
        }
        verbs = documents.get(str(environ["PATH_INFO"]), "")
        assert callable(start_response)
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [f"<Response>{verbs}</Response>".encode()]

    exec(compile(code, "README.md", "exec"), {"wsgi_app": wsgi_app})  # noqa: S102
