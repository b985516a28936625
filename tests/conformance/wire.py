"""Compares what came over the wire with AWS's own model.

botocore forgives: it skips elements it does not know and leaves out members that are missing. Here every element must be
a member of the model, every value must be of its type and every enumerated value one of its words.
"""

import json
import re
from xml.etree import ElementTree

# Answers that belong to no shape.
METADATA = {"requestId", "ResponseMetadata"}
# Enumerations that AWS sends otherwise than it models them: states of VPC endpoints (aws/aws-sdk-rust issue 619).
LOWER_CAMEL = {"State"}
# Roots of S3's answers, which are called otherwise than the operation or the output's payload (S3 API reference, "Response
# syntax" of each).
S3_ROOTS = {
    "DeleteObjects": "DeleteResult",
    "GetBucketLifecycleConfiguration": "LifecycleConfiguration",
    "GetBucketLocation": "LocationConstraint",
    "GetBucketTagging": "Tagging",
    "GetBucketVersioning": "VersioningConfiguration",
    "ListBuckets": "ListAllMyBucketsResult",
    "ListObjectVersions": "ListVersionsResult",
    "ListObjectsV2": "ListBucketResult",
}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")


class Mismatch(AssertionError):
    """An answer that AWS's model does not allow."""


def check(operation, body):
    """An answer to a call that succeeded. `operation` is botocore's OperationModel."""
    protocol = operation.service_model.resolved_protocol
    if protocol in ("json", "rest-json"):
        answer = json.loads(body or b"{}")
        if operation.output_shape is not None:
            _json(operation.output_shape, answer, operation.name)
        return
    if operation.service_model.service_name == "s3":
        _s3(operation, body)
        return
    root = ElementTree.fromstring(body)
    if _tag(root) != f"{operation.name}Response":
        raise Mismatch(f"{operation.name}: the root is {_tag(root)}")
    output = operation.output_shape
    if protocol == "query":
        metadata = [child for child in root if _tag(child) == "ResponseMetadata"]
        if len(metadata) != 1:
            raise Mismatch(f"{operation.name}: no ResponseMetadata")
        if output is None or "resultWrapper" not in output.serialization:
            return
        wrapper = output.serialization["resultWrapper"]
        inside = [child for child in root if _tag(child) == wrapper]
        if len(inside) != 1:
            raise Mismatch(f"{operation.name}: no {wrapper}")
        root = inside[0]
    if output is None:
        extra = {_tag(child) for child in root} - METADATA - {"return"}
        if extra:
            raise Mismatch(f"{operation.name}: {extra} where the model has nothing")
        return
    _structure(output, root, operation.name)


def _s3(operation, body):
    """A document, or what is stored, or nothing: as the output's payload is."""
    output = operation.output_shape
    payload = output and output.members.get(output.serialization.get("payload"))
    if payload is not None and payload.type_name in ("blob", "string"):
        return
    within = [name for name, member in output.members.items() if "location" not in member.serialization] if output else []
    if not within or operation.http["method"] == "HEAD":
        if body:
            raise Mismatch(f"{operation.name}: a body where the model has none")
        return
    root = ElementTree.fromstring(body)
    expected = S3_ROOTS.get(operation.name) or payload.name
    if _tag(root) != expected:
        raise Mismatch(f"{operation.name}: the root is {_tag(root)}, not {expected}")
    if operation.name == "GetBucketLocation":
        _word(output.members["LocationConstraint"], root.text, operation.name)
        return
    _structure(payload or output, root, operation.name)


def _tag(element):
    return element.tag.rsplit("}", 1)[-1]


def _structure(shape, element, path):
    members = {}
    for name, member in shape.members.items():
        members[_name(name, member)] = (name, member)
    seen = set()
    for child in element:
        tag = _tag(child)
        if tag in METADATA:
            continue
        if tag == "return" and not shape.members.keys() & {"Return"} and tag not in members:
            continue  # EC2's bare success, which its newer models leave out.
        if tag not in members:
            raise Mismatch(f"{path}: {tag} is not in the model")
        name, member = members[tag]
        if member.serialization.get("flattened"):
            seen.add(tag)
            _xml(member.member, child, f"{path}.{name}")
            continue
        if tag in seen:
            raise Mismatch(f"{path}: {tag} comes twice")
        seen.add(tag)
        _xml(member, child, f"{path}.{name}")
    # What is said in headers is not here.
    said = {name for name in shape.required_members if "location" not in shape.members[name].serialization}
    missing = said - {members[tag][0] for tag in seen}
    if missing:
        raise Mismatch(f"{path}: {missing} missing")


def _name(name, member):
    """How a member is called on the wire; a list without an element of its own, as its items."""
    if member.type_name == "list" and member.serialization.get("flattened"):
        name = member.member.serialization.get("name", name)
    return member.serialization.get("name", name)


def _xml(shape, element, path):
    kind = shape.type_name
    if kind == "structure":
        _structure(shape, element, path)
    elif kind == "list":
        expected = shape.member.serialization.get("name", "member")
        for number, child in enumerate(element):
            if _tag(child) != expected:
                raise Mismatch(f"{path}: a list of {expected} has {_tag(child)}")
            _xml(shape.member, child, f"{path}[{number}]")
    elif len(element):
        raise Mismatch(f"{path}: elements within a {kind}")
    else:
        _scalar(shape, element.text or "", path)


def _scalar(shape, text, path):
    kind = shape.type_name
    right = {
        "boolean": lambda: text in ("true", "false"),
        "integer": lambda: text.lstrip("-").isdigit(),
        "long": lambda: text.lstrip("-").isdigit(),
        "timestamp": lambda: TIME.fullmatch(text),
        "string": lambda: True,
    }
    if kind not in right or not right[kind]():
        raise Mismatch(f"{path}: {text!r} is no {kind}")
    _word(shape, text, path)


def _word(shape, text, path):
    words = getattr(shape, "enum", None)
    if words and shape.name in LOWER_CAMEL:
        words = [word[0].lower() + word[1:] for word in words]
    if words and text not in words:
        raise Mismatch(f"{path}: {text!r} is none of {words}")


def _json(shape, value, path):
    kind = shape.type_name
    python = {
        "structure": dict,
        "map": dict,
        "list": list,
        "string": str,
        "boolean": bool,
        "integer": int,
        "long": int,
        "double": float,
        "timestamp": (int, float),
    }
    if kind not in python or not isinstance(value, python[kind]):
        raise Mismatch(f"{path}: {value!r} is no {kind}")
    if kind == "structure":
        unknown = value.keys() - shape.members.keys()
        missing = set(shape.required_members) - value.keys()
        if unknown or missing:
            raise Mismatch(f"{path}: unknown {unknown}, missing {missing}")
        for name, member in value.items():
            _json(shape.members[name], member, f"{path}.{name}")
    elif kind == "map":
        for key, one in value.items():
            _json(shape.value, one, f"{path}[{key}]")
    elif kind == "list":
        for number, one in enumerate(value):
            _json(shape.member, one, f"{path}[{number}]")
    elif kind == "string":
        _word(shape, value, path)
