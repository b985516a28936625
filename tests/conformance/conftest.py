"""Where the sandbox is, in which order tests run, and what they cost."""

import pytest

from sandbox import Sandbox
from world import World


def pytest_addoption(parser):
    parser.addoption("--endpoint", required=True, help="http://127.0.0.1:PORT of a running sandbox")


def pytest_configure(config):
    config.sandbox = Sandbox(config.getoption("--endpoint"))
    config.sandbox.control("DELETE", "calls", {})
    config.operations = config.sandbox.operations()


def pytest_generate_tests(metafunc):
    """Tests with a parameter `registered` run once for every operation."""
    if "registered" in metafunc.fixturenames:
        wanted = metafunc.definition.get_closest_marker("operations")
        select = wanted.args[0] if wanted else lambda operation: True
        operations = [one for one in metafunc.config.operations if select(one)]
        ids = [f"{operation['service']}:{operation['operation']}" for operation in operations]
        metafunc.parametrize("registered", operations, ids=ids)


def pytest_collection_modifyitems(items):
    """What counts the others' calls comes last."""
    items.sort(key=lambda item: item.path.name == "test_coverage.py")


@pytest.fixture(scope="session")
def sandbox(request):
    return request.config.sandbox


@pytest.fixture
def account(sandbox):
    return sandbox.account()


@pytest.fixture(scope="session")
def world(sandbox):
    return World(sandbox)


def pytest_terminal_summary(terminalreporter, config):
    calls = config.sandbox.calls()
    known = {(one["service"], one["operation"]) for one in config.operations}
    good = {(call["service"], call["operation"]) for call in calls if call["outcome"]["outcome"] == "ok"}
    codes = {call["outcome"]["code"] for call in calls if call["outcome"]["outcome"] == "error"}
    terminalreporter.write_line(
        f"{len(good & known)} of {len(known)} operations answered well, "
        f"{len(calls)} calls, {len(codes)} error codes provoked"
    )
