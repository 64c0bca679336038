"""The documents, held against what they describe: commands are run, samples loaded, tables compared."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jobsmock import cli
from jobsmock.sahara.clusters.cluster_plans import PURPOSES
from jobsmock.sahara.edp.execution_lifecycle import STATUSES
from jobsmock.sahara.profiles import PROFILES
from jobsmock.samples.sample import SCHEMAS, make_world
from jobsmock.samples.schemas import SIMULATION

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TESTING = ROOT / "docs" / "testing.md"  # its programs are tests, which stand in tests/examples
EXAMPLES = ROOT / "tests" / "examples"
# Plugins that a pytest on a page does not need, and that take their time.
LIGHT = "-p no:hypothesispytest -p no:anyio -p no:asyncio -p no:randomly"
ADDRESS = "http://127.0.0.1:8386"


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.MULTILINE | re.DOTALL)


def with_blocks(language, but=None):
    pages = [page for page in PAGES if page != but and blocks(page, language)]
    return pytest.mark.parametrize("page", pages, ids=lambda page: page.stem)


def plain(text):
    """A text without what differs from run to run, and without line ends: a body has none."""
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "TIME", text)
    text = re.sub(r"\b(?![0-9a-f]{8}-0000-4000-)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "ID", text)
    return text.replace("\n", "")


def run(command, tmp_path, **more):
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "COLUMNS": "200", "PYTEST_ADDOPTS": LIGHT, **more}
    ran = subprocess.run(
        command,
        cwd=tmp_path,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=60,
    )
    return ran.stdout


@with_blocks("console")
def test_commands_print_what_the_page_shows(page, serve, tmp_path):
    url = serve()
    for block in blocks(page, "console"):
        lines = block.splitlines()
        script = "\n".join(line[2:] for line in lines if line.startswith("$ "))
        shown = "\n".join(line for line in lines if not line.startswith("$ "))
        printed = run(["bash", "-c", script.replace(ADDRESS, url)], tmp_path)
        assert plain(printed) == plain(shown)


@with_blocks("python", but=TESTING)
def test_programs_print_what_the_page_shows(page, serve, tmp_path):
    url = serve()
    for program, shown in zip(blocks(page, "python"), blocks(page, "text"), strict=True):
        assert run([sys.executable, "-c", program.replace(ADDRESS, url)], tmp_path) == shown


@pytest.mark.parametrize(
    ("page", "language", "ending"), [(PAGES[0], "py", "py"), (TESTING, "python", "py"), (TESTING, "js", "mjs")]
)
def test_the_programs_on_testing_are_tests_that_are_run(page, language, ending):
    files = [path.read_text() for path in EXAMPLES.glob(f"*.{ending}")]
    for block in blocks(page, language):
        parts = block.split("\n\n\n")  # imports may stand by themselves
        assert any(all(part in text for part in parts) for text in files), f"in no file of tests/examples:\n{block}"


@pytest.mark.skipif(not shutil.which("node"), reason="needs Node")
def test_the_javascript_on_testing_passes(serve, tmp_path):
    printed = run(["node", "--test", str(EXAMPLES / "retry.test.mjs")], tmp_path, JOBSMOCK_URL=serve())
    assert "# pass 3" in printed, printed
    assert "# fail 0" in printed


def test_the_openstack_command_of_the_readme_lists_the_jobs(serve, tmp_path):
    (command,) = [block for block in blocks(ROOT / "README.md", "sh") if block.startswith("openstack ")]
    assert "basket-pairs" in run(["bash", "-c", command.replace(ADDRESS, serve())], tmp_path)


@with_blocks("json")
def test_samples_in_the_documents_are_sound(page, tmp_path):
    for number, block in enumerate(blocks(page, "json")):
        path = tmp_path / f"{number}.json"
        path.write_text(block)
        assert make_world(str(path))


def test_links_between_the_documents_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_page_of_development_leads_to_modules_and_functions_that_are_there():
    page = (ROOT / "docs" / "development.md").read_text()
    named = re.findall(
        r"(?:`(\w+)` in )?`((?:api|world|openstack|sahara|samples|persistence|http|server|testing)/[\w/]+\.py)`", page
    )
    assert len(named) > 25
    for function, module in named:
        text = (ROOT / "jobsmock" / module).read_text()
        assert not function or re.search(rf"^ *(def|class) {function}\b", text, re.MULTILINE), f"{function} in {module}"


def test_the_quickstart_lists_the_profiles_and_the_magic_names():
    page = (ROOT / "docs" / "quickstart.md").read_text()
    demo = json.loads((ROOT / "data" / "demo.json").read_text())
    assert set(re.findall(r"^\| `(\w+)` +\|", page, re.MULTILINE)) == set(PROFILES["execution"])
    magic = {name.replace("…", "*") for name in re.findall(r"^\| `([\w-]+…)`", page, re.MULTILINE)}
    assert magic == set(demo["simulation"]["job_plans"])


def test_the_page_of_options_has_each_option_with_its_default():
    page = (ROOT / "docs" / "options.md").read_text()
    rows = dict(re.findall(r"^\| `(--[\w-]+)` +\|.*\| ([^|]+) \|$", page, re.MULTILINE))
    options = {option.opts[0]: option for option in cli.serve.params}
    assert rows.keys() == options.keys()
    for name, option in options.items():
        if isinstance(option.default, (int, str)) and not option.is_flag:
            assert rows[name] == f"`{option.default}`", name


def test_the_page_of_plans_has_every_profile_as_it_is_and_every_status():
    page = (ROOT / "docs" / "plans.md").read_text()
    for name, plan in PROFILES["execution"].items():
        assert f"| `{plan}` |" in page.replace("\\|", "|"), name
    assert all(f"`{status}`" in page for status in STATUSES)
    assert all(
        f"`{status}`" in page for purpose in PURPOSES.values() for status in (*purpose.statuses, *purpose.profiles)
    )


def test_the_page_of_samples_names_every_table_and_field():
    page = (ROOT / "docs" / "samples.md").read_text()
    for table, schema in SCHEMAS.items():
        for field in (table, *schema.fields):
            assert f"`{field}`" in page, f"{table}: {field}"
    assert all(f"`{field}`" in page for field in SIMULATION.fields)
