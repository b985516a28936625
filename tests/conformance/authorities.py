"""The certificate authorities of the world in world.py, and samples of Private CA."""

import json
import subprocess
from functools import cached_property

from sandbox import eventually

ROOT = "arn:aws:acm-pca:::template/RootCACertificate/V1"
SUBORDINATE = "arn:aws:acm-pca:::template/SubordinateCACertificate_PathLen0/V1"
SERVER = "arn:aws:acm-pca:::template/EndEntityServerAuthCertificate/V1"
ACM = {
    "Principal": "acm.amazonaws.com",
    "Actions": ["IssueCertificate", "GetCertificate", "ListPermissions"],
}


def openssl(*arguments, said=None):
    """What openssl prints, from what it is given on its standard input."""
    run = subprocess.run(["openssl", *arguments], input=said, capture_output=True, check=False)
    assert run.returncode == 0, (arguments, run.stderr.decode(), run.stdout.decode())
    return run.stdout


def request_of(name, *more):
    """A certificate signing request with a new key."""
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null"]
    subject = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    return openssl("req", "-new", *new, *subject, *more)


def configured(kind, name, key="EC_prime256v1", signing="SHA256WITHECDSA", **more):
    return {
        "CertificateAuthorityType": kind,
        "CertificateAuthorityConfiguration": {
            "KeyAlgorithm": key,
            "SigningAlgorithm": signing,
            "Subject": {"Country": "JP", "Organization": "鳴門市", "CommonName": name},
        },
        **more,
    }


def pending(account, **params):
    """One that waits for its certificate."""
    made = account.pca.create_certificate_authority(**params)["CertificateAuthorityArn"]
    read = lambda: account.pca.describe_certificate_authority(CertificateAuthorityArn=made)["CertificateAuthority"]
    eventually(lambda: read()["Status"], "PENDING_CERTIFICATE")
    return made


def issued(account, issuer, csr, template=SERVER, signing="SHA256WITHECDSA", days=None, years=None):
    """The ARN of a certificate that can be read."""
    made = account.pca.issue_certificate(
        CertificateAuthorityArn=issuer,
        Csr=csr,
        SigningAlgorithm=signing,
        TemplateArn=template,
        Validity={"Type": "YEARS", "Value": years} if years else {"Type": "DAYS", "Value": days or 30},
    )["CertificateArn"]
    eventually(lambda: "Certificate" in read_when_ready(account, issuer, made), True)
    return made


def read_when_ready(account, issuer, certificate):
    try:
        return account.pca.get_certificate(CertificateAuthorityArn=issuer, CertificateArn=certificate)
    except account.pca.exceptions.RequestInProgressException:
        return {}


def activate(account, arn, parent=None, signing="SHA256WITHECDSA"):
    """Gives an authority its certificate: its own, or one of a parent's."""
    csr = account.pca.get_certificate_authority_csr(CertificateAuthorityArn=arn)["Csr"].encode()
    template, years = (SUBORDINATE, 5) if parent else (ROOT, 10)
    issuer = parent or arn
    got = read_when_ready(account, issuer, issued(account, issuer, csr, template, signing, years=years))
    chain = {"CertificateChain": got["CertificateChain"].encode()} if parent else {}
    account.pca.import_certificate_authority_certificate(
        CertificateAuthorityArn=arn, Certificate=got["Certificate"].encode(), **chain
    )
    return arn


def root_of(account, name="Root", **more):
    return activate(account, pending(account, **configured("ROOT", name, **more)))


def lists_in(bucket, **more):
    """A configuration with a list of revoked certificates."""
    return {
        "CrlConfiguration": {
            "Enabled": True,
            "ExpirationInDays": 7,
            "S3BucketName": bucket,
            "S3ObjectAcl": "BUCKET_OWNER_FULL_CONTROL",
            **more,
        }
    }


def policy_of(arn, other):
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": other},
                    "Action": ["acm-pca:GetCertificate", "acm-pca:DescribeCertificateAuthority"],
                    "Resource": arn,
                }
            ],
        }
    )


class Authorities:
    """What the world has of Private CA."""

    @cached_property
    def ca(self):
        """With tags, a policy and a permission."""
        tags = [{"Key": key, "Value": "x"} for key in ("Name", "stage")]
        arn = root_of(self.account, "World", Tags=tags)
        self.account.pca.put_policy(ResourceArn=arn, Policy=policy_of(arn, "999900000000"))
        self.account.pca.create_permission(CertificateAuthorityArn=arn, **ACM)
        return arn

    free_ca = cached_property(lambda self: pending(self.account, **configured("ROOT", "Free")))
    certificate = cached_property(lambda self: issued(self.account, self.ca, request_of("www.city.lg.jp")))

    @cached_property
    def deleted_ca(self):
        arn = pending(self.account, **configured("ROOT", "Deleted"))
        self.account.pca.delete_certificate_authority(CertificateAuthorityArn=arn)
        return arn

    @cached_property
    def report(self):
        return self.account.pca.create_certificate_authority_audit_report(
            CertificateAuthorityArn=self.ca, S3BucketName=self.bucket, AuditReportResponseFormat="JSON"
        )["AuditReportId"]


def _of(**params):
    return lambda w: {"CertificateAuthorityArn": w.ca, **params}


def _free(**params):
    return lambda w: {"CertificateAuthorityArn": w.free_ca, **params}


SAMPLES = {
    "CreateCertificateAuthority": lambda w: configured("ROOT", "New"),
    "CreateCertificateAuthorityAuditReport": lambda w: _of(
        S3BucketName=w.bucket, AuditReportResponseFormat="CSV"
    )(w),
    "CreatePermission": _free(**ACM),
    "DeleteCertificateAuthority": _free(),
    "DeletePermission": _of(Principal="acm.amazonaws.com"),
    "DeletePolicy": lambda w: {"ResourceArn": w.ca},
    "DescribeCertificateAuthority": _of(),
    "DescribeCertificateAuthorityAuditReport": lambda w: _of(AuditReportId=w.report)(w),
    "GetCertificate": lambda w: _of(CertificateArn=w.certificate)(w),
    "GetCertificateAuthorityCertificate": _of(),
    "GetCertificateAuthorityCsr": _of(),
    "GetPolicy": lambda w: {"ResourceArn": w.ca},
    "ImportCertificateAuthorityCertificate": lambda w: _free(Certificate=b"PEM")(w),
    "IssueCertificate": lambda w: _of(
        Csr=b"PEM", SigningAlgorithm="SHA256WITHECDSA", Validity={"Type": "DAYS", "Value": 1}
    )(w),
    "ListCertificateAuthorities": lambda w: w.ca and w.free_ca and w.deleted_ca and {},
    "ListPermissions": _of(),
    "ListTags": _of(),
    "PutPolicy": lambda w: {"ResourceArn": w.ca, "Policy": policy_of(w.ca, "999900000000")},
    "RestoreCertificateAuthority": lambda w: {"CertificateAuthorityArn": w.deleted_ca},
    "RevokeCertificate": lambda w: _of(
        CertificateSerial=w.certificate.rsplit("/", 1)[-1], RevocationReason="SUPERSEDED"
    )(w),
    "TagCertificateAuthority": _of(Tags=[{"Key": "more", "Value": "x"}]),
    "UntagCertificateAuthority": _of(Tags=[{"Key": "more"}]),
    "UpdateCertificateAuthority": _of(Status="ACTIVE"),
}
