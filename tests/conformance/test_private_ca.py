"""AWS Private CA: authorities as boto3 drives them, and what openssl thinks of all that they sign."""

import json
import re
from datetime import datetime

import pytest

from authorities import (
    ACM,
    SUBORDINATE,
    activate,
    configured,
    issued,
    lists_in,
    openssl,
    pending,
    policy_of,
    read_when_ready,
    request_of,
    root_of,
)
from buckets import bucket_of, letting_in
from sandbox import as_dict, code, eventually

RAM_DEFAULT = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionCertificateAuthority"
RAM_SUBORDINATE = "arn:aws:ram::aws:permission/AWSRAMSubordinateCACertificatePathLen0IssuanceCertificateAuthority"


def status(account, arn):
    return account.pca.describe_certificate_authority(CertificateAuthorityArn=arn)["CertificateAuthority"]["Status"]


def now(sandbox):
    """The sandbox's own time, in seconds: it goes faster than openssl's."""
    said = sandbox.control("POST", "clock", {"advance_seconds": 0})["now"]
    return int(datetime.fromisoformat(said).timestamp())


def crl_bucket(account):
    name = bucket_of(account, "crl")
    account.s3.put_bucket_policy(Bucket=name, Policy=json.dumps(letting_in(name, account.number)))
    return name


class Files:
    """Certificates where openssl finds them."""

    def __init__(self, folder, sandbox):
        self.folder, self.sandbox = folder, sandbox

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def verify(self, leaf, chain, *more):
        """The last of the chain is the root."""
        blocks = re.findall(r"-----BEGIN.*?END CERTIFICATE-----\n", chain, re.S)
        root = self.write("root.pem", blocks[-1])
        between = self.write("between.pem", "".join(blocks[:-1]))
        untrusted = ["-untrusted", between] if blocks[:-1] else []
        at = str(now(self.sandbox))
        leaf = self.write("leaf.pem", leaf)
        return openssl("verify", "-x509_strict", "-attime", at, "-CAfile", root, *untrusted, *more, leaf)


@pytest.fixture
def files(tmp_path, sandbox):
    return Files(tmp_path, sandbox)


@pytest.mark.parametrize(
    "key, signing",
    [
        ("RSA_2048", "SHA256WITHRSA"),
        ("RSA_4096", "SHA512WITHRSA"),
        ("EC_prime256v1", "SHA256WITHECDSA"),
        ("EC_secp384r1", "SHA384WITHECDSA"),
    ],
)
def test_openssl_verifies_a_hierarchy_of_every_kind_of_key(account, files, key, signing):
    pca = account.pca
    root = pending(account, **configured("ROOT", "Root", key, signing))
    activate(account, root, signing=signing)
    sub = pending(account, **configured("SUBORDINATE", "Sub", key, signing))
    request = pca.get_certificate_authority_csr(CertificateAuthorityArn=sub)["Csr"]
    openssl("req", "-verify", "-noout", said=request.encode())
    activate(account, sub, parent=root, signing=signing)
    assert status(account, sub) == "ACTIVE"
    own = pca.get_certificate_authority_certificate(CertificateAuthorityArn=sub)
    files.verify(own["Certificate"], own["CertificateChain"])

    made = issued(account, sub, request_of("www.city.lg.jp"), signing=signing)
    got = read_when_ready(account, sub, made)
    purpose = ["-purpose", "sslserver", "-verify_hostname", "www.city.lg.jp"]
    files.verify(got["Certificate"], got["CertificateChain"], *purpose)
    said = openssl("x509", "-text", "-noout", said=got["Certificate"].encode()).decode()
    assert "CA:FALSE" in said and "TLS Web Server Authentication" in said and "TLS Web Client" not in said
    serial = openssl("x509", "-serial", "-noout", said=got["Certificate"].encode()).decode()
    assert serial.strip().lower() == f"serial={made.rsplit('/', 1)[-1]}"
    said = openssl("x509", "-text", "-noout", said=own["Certificate"].encode()).decode()
    assert re.search(r"Basic Constraints: critical\s+CA:TRUE, pathlen:0", said), said
    assert re.search(r"Key Usage: critical\s+Digital Signature, Certificate Sign, CRL Sign", said), said


def test_an_authority_lives_dies_and_comes_back(account):
    pca = account.pca
    token = {"IdempotencyToken": "1"}
    params = configured("ROOT", "Root", Tags=[{"Key": "a", "Value": "1"}], UsageMode="SHORT_LIVED_CERTIFICATE", **token)
    arn = pca.create_certificate_authority(**params)["CertificateAuthorityArn"]
    # The sandbox's five minutes are 300 ms.
    other = configured("ROOT", "Other", **token)
    assert code(pca.create_certificate_authority, **other) == "InvalidArgsException"
    one = {"CertificateAuthorityArn": arn}
    pca.get_waiter("certificate_authority_csr_created").wait(**one, WaiterConfig={"Delay": 1})
    assert code(pca.get_certificate_authority_certificate, **one) == "InvalidStateException"
    activate(account, arn)
    [listed] = pca.list_certificate_authorities(ResourceOwner="SELF")["CertificateAuthorities"]
    assert (listed["Arn"], listed["Status"], listed["UsageMode"]) == (arn, "ACTIVE", "SHORT_LIVED_CERTIFICATE")
    assert listed["CertificateAuthorityConfiguration"]["Subject"]["Organization"] == "鳴門市"
    long = {**one, "Csr": request_of("a.jp"), "SigningAlgorithm": "SHA256WITHECDSA"}
    assert code(pca.issue_certificate, **long, Validity={"Type": "DAYS", "Value": 8}) == "ValidationException"

    pca.tag_certificate_authority(**one, Tags=[{"Key": "b", "Value": "2"}])
    pca.untag_certificate_authority(**one, Tags=[{"Key": "a"}])
    assert as_dict(pca.list_tags(**one)["Tags"]) == {"b": "2"}
    pca.create_permission(**one, **ACM)
    assert code(pca.create_permission, **one, **ACM) == "PermissionAlreadyExistsException"
    [given] = pca.list_permissions(**one)["Permissions"]
    assert (given["Principal"], given["SourceAccount"]) == ("acm.amazonaws.com", account.number)
    pca.delete_permission(**one, Principal="acm.amazonaws.com")

    assert code(pca.delete_certificate_authority, **one) == "InvalidStateException"
    pca.update_certificate_authority(**one, Status="DISABLED")
    pca.delete_certificate_authority(**one, PermanentDeletionTimeInDays=7)
    [listed] = pca.list_certificate_authorities()["CertificateAuthorities"]
    assert listed["Status"] == "DELETED" and listed["RestorableUntil"] > listed["LastStateChangeAt"]
    for refused in (pca.list_tags, pca.list_permissions, pca.get_certificate_authority_csr):
        assert code(refused, **one) == "InvalidStateException"
    pca.restore_certificate_authority(**one)
    assert status(account, arn) == "DISABLED"
    assert len(account.resources()) == 1


def test_revoked_certificates_are_in_a_list_that_openssl_reads(account, files, sandbox):
    pca, bucket = account.pca, crl_bucket(account)
    bare = bucket_of(account, "bare")
    refused = configured("ROOT", "Root", RevocationConfiguration=lists_in(bare))
    assert code(pca.create_certificate_authority, **refused) == "ValidationException"
    arn = root_of(account, RevocationConfiguration=lists_in(bucket))
    one = {"CertificateAuthorityArn": arn}
    bad, good = (issued(account, arn, request_of("www.city.lg.jp"), days=3000) for _ in range(2))
    serial = bad.rsplit("/", 1)[-1]
    revoke = {**one, "CertificateSerial": serial, "RevocationReason": "KEY_COMPROMISE"}
    pca.revoke_certificate(**revoke)
    assert code(pca.revoke_certificate, **revoke) == "RequestAlreadyProcessedException"
    der = account.s3.get_object(Bucket=bucket, Key=f"crl/{arn.rsplit('/', 1)[-1]}.crl")["Body"].read()
    own = pca.get_certificate_authority_certificate(**one)["Certificate"]
    crl = openssl("crl", "-inform", "DER", "-text", "-CAfile", files.write("ca.pem", own), said=der).decode()
    assert serial in crl.lower() and "Key Compromise" in crl and "CRL Number" in crl, crl
    pem = files.write("list.pem", openssl("crl", "-inform", "DER", said=der))
    checking = ["-crl_check", "-CRLfile", pem]
    got = read_when_ready(account, arn, good)
    files.verify(got["Certificate"], got["CertificateChain"], *checking)
    got = read_when_ready(account, arn, bad)
    with pytest.raises(AssertionError, match="certificate revoked"):
        files.verify(got["Certificate"], got["CertificateChain"], *checking)
    said = openssl("x509", "-text", "-noout", said=got["Certificate"].encode()).decode()
    assert f"http://{bucket}.s3.{account.region}.amazonaws.com/crl/" in said, said

    made = pca.create_certificate_authority_audit_report(**one, S3BucketName=bucket, AuditReportResponseFormat="JSON")
    wanted = {**one, "AuditReportId": made["AuditReportId"]}
    pca.get_waiter("audit_report_created").wait(**wanted, WaiterConfig={"Delay": 1})
    report = json.load(account.s3.get_object(Bucket=bucket, Key=made["S3Key"])["Body"])
    assert {row["certificateArn"] for row in report} >= {bad, good}
    assert [row["revocationReason"] for row in report if "revokedAt" in row] == ["KEY_COMPROMISE"]


def test_openssl_says_what_the_mark_of_an_authority_is(account):
    mark = {
        "SubjectInformationAccess": [
            {
                "AccessMethod": {"CustomObjectIdentifier": "2.25.329800735698586629295641978511506172918"},
                "AccessLocation": {"UniformResourceIdentifier": "gcnet:naruto/prod/certificate-authority/root"},
            }
        ]
    }
    params = configured("ROOT", "Root")
    params["CertificateAuthorityConfiguration"]["CsrExtensions"] = mark
    arn = pending(account, **params)
    [listed] = account.pca.list_certificate_authorities()["CertificateAuthorities"]
    assert listed["CertificateAuthorityConfiguration"]["CsrExtensions"] == mark
    csr = account.pca.get_certificate_authority_csr(CertificateAuthorityArn=arn)["Csr"]
    said = openssl("req", "-text", "-noout", said=csr.encode()).decode()
    assert "Subject Information Access" in said and "gcnet:naruto/prod" in said, said


def test_another_account_does_what_the_share_says(account, sandbox):
    asp, arn = sandbox.account(), root_of(account)
    one = {"CertificateAuthorityArn": arn}
    assert code(asp.pca.describe_certificate_authority, **one) == "AccessDeniedException"
    share = account.share(name="ca", resourceArns=[arn], principals=[asp.number])
    asp.ram.accept_resource_share_invitation(resourceShareInvitationArn=asp.invitation())
    listed = lambda: asp.pca.list_certificate_authorities(ResourceOwner="OTHER_ACCOUNTS")["CertificateAuthorities"]
    eventually(lambda: [one["Arn"] for one in listed()], [arn])
    issue = {
        **one,
        "Csr": request_of("www.asp.jp"),
        "SigningAlgorithm": "SHA256WITHECDSA",
        "Validity": {"Type": "DAYS", "Value": 30},
    }
    asp.pca.issue_certificate(**issue)
    assert code(asp.pca.issue_certificate, **issue, TemplateArn=SUBORDINATE) == "AccessDeniedException"

    ram, shared = account.ram, {"resourceShareArn": share}
    [given] = ram.list_resource_share_permissions(**shared)["permissions"]
    assert (given["arn"], given["isResourceTypeDefault"]) == (RAM_DEFAULT, True)
    ram.associate_resource_share_permission(**shared, permissionArn=RAM_SUBORDINATE, replace=True)
    [given] = ram.list_permission_associations(resourceType="acm-pca:CertificateAuthority")["permissions"]
    assert (given["arn"], given["resourceShareArn"]) == (RAM_SUBORDINATE, share)
    assert code(asp.pca.issue_certificate, **issue) == "AccessDeniedException"
    asp.pca.issue_certificate(**issue, TemplateArn=SUBORDINATE)
    refused = code(ram.disassociate_resource_share_permission, **shared, permissionArn=RAM_SUBORDINATE)
    assert refused == "InvalidParameterException"
    empty = {"resourceShareArn": account.share(name="empty"), "permissionArn": RAM_DEFAULT}
    ram.associate_resource_share_permission(**empty)
    assert ram.disassociate_resource_share_permission(**empty)["returnValue"] is True


def test_a_policy_lets_another_account_in(account, sandbox):
    asp, arn = sandbox.account(), root_of(account)
    account.pca.put_policy(ResourceArn=arn, Policy=policy_of(arn, asp.number))
    assert asp.number in account.pca.get_policy(ResourceArn=arn)["Policy"]
    assert status(asp, arn) == "ACTIVE"
    assert code(asp.pca.list_tags, CertificateAuthorityArn=arn) == "AccessDeniedException"
    account.pca.delete_policy(ResourceArn=arn)
    assert code(account.pca.get_policy, ResourceArn=arn) == "ResourceNotFoundException"
    assert code(asp.pca.describe_certificate_authority, CertificateAuthorityArn=arn) == "AccessDeniedException"


def test_weak_and_broken_requests_are_refused(account):
    arn = root_of(account)
    weak = openssl("req", "-new", "-newkey", "rsa:1024", "-nodes", "-keyout", "/dev/null", "-subj", "/CN=a.jp")
    one = {"CertificateAuthorityArn": arn, "SigningAlgorithm": "SHA256WITHECDSA"}
    for csr in (weak, b"no request", request_of("a.jp").replace(b"-----BEGIN", b"----BEGIN")):
        refused = code(account.pca.issue_certificate, **one, Csr=csr, Validity={"Type": "DAYS", "Value": 1})
        assert refused == "MalformedCSRException"
    beyond = {"Csr": request_of("a.jp"), "Validity": {"Type": "YEARS", "Value": 11}}
    assert code(account.pca.issue_certificate, **one, **beyond) == "ValidationException"
