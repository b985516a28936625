"""Runs last: whatever the sandbox has registered, the tests before must have called."""

import pytest

from world import SAMPLES


@pytest.fixture(scope="module")
def answered(sandbox):
    calls = sandbox.calls()
    return {(call["service"], call["operation"]) for call in calls if call["outcome"]["outcome"] == "ok"}


@pytest.fixture(scope="module")
def refused(sandbox):
    """Without those that every operation refuses: DryRun and a parameter too many."""
    generic = {"DryRunOperation", "UnknownParameter", "SerializationException"}
    outcomes = [(call["service"], call["operation"], call["outcome"]) for call in sandbox.calls()]
    return {(s, o) for s, o, outcome in outcomes if outcome["outcome"] == "error" and outcome["code"] not in generic}


def test_every_operation_has_answered(answered, registered):
    name = (registered["service"], registered["operation"])
    assert name in answered, "no test has called it with success"


def test_every_service_has_refused(refused, sandbox):
    services = {operation["service"] for operation in sandbox.operations()}
    assert {service for service, _ in refused} == services


def test_samples_are_of_registered_operations(sandbox):
    known = {(operation["service"], operation["operation"]) for operation in sandbox.operations()}
    assert SAMPLES.keys() == known
