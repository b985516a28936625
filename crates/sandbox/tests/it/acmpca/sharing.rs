//! What other accounts may do with an authority: by a share of RAM's, or by its own policy.

use serde_json::{Value, json};

use super::{Pca, authority, one, server, signing, text, with};
use crate::client::{ACCOUNT, OTHER};

const DEFAULT: &str = "arn:aws:ram::aws:permission/AWSRAMDefaultPermissionCertificateAuthority";
const REVOKING: &str = "arn:aws:ram::aws:permission/AWSRAMRevokeCertificateCertificateAuthority";
const SUBORDINATE: &str =
    "arn:aws:ram::aws:permission/AWSRAMSubordinateCACertificatePathLen0IssuanceCertificateAuthority";

impl Pca {
    fn ram(&self, account: &str, operation: &str, input: Value) -> Value {
        let answer = self.call_as(account, "ram", operation, input.clone());
        answer.unwrap_or_else(|error| panic!("{operation} {input}: {error}"))
    }

    fn ram_refused(&self, operation: &str, input: Value, code: &str) {
        let error = self.call_as(ACCOUNT, "ram", operation, input.clone()).expect_err(operation);
        assert_eq!(error.code, code, "{operation} {input}: {error}");
    }

    /// Shares an authority with [`OTHER`], which accepts and sees it: the share's ARN.
    fn share(&self, arn: &str, permissions: &[&str]) -> String {
        let input = json!({
            "name": "ca", "resourceArns": [arn], "principals": [OTHER], "permissionArns": permissions,
        });
        let made = self.ram(ACCOUNT, "CreateResourceShare", input);
        self.aws.wait(10);
        let invitations = self.ram(OTHER, "GetResourceShareInvitations", json!({}));
        let pending = invitations["resourceShareInvitations"].as_array().unwrap().iter();
        let pending = pending.filter(|one| one["status"] == "PENDING").next_back().unwrap();
        let accept = json!({ "resourceShareInvitationArn": pending["resourceShareInvitationArn"] });
        self.ram(OTHER, "AcceptResourceShareInvitation", accept);
        self.aws.wait(30);
        text(&made["resourceShare"]["resourceShareArn"])
    }

    fn issue_as(&self, account: &str, input: Value) -> Result<String, String> {
        let answer = self.call_as(account, "acm-pca", "IssueCertificate", input);
        answer.map(|made| text(&made["CertificateArn"])).map_err(|error| error.code)
    }
}

#[tokio::test]
async fn the_default_permission_is_to_read_and_to_issue_for_end_entities() {
    let pca = Pca::start().await;
    let arn = pca.root();
    pca.refused_as(OTHER, "DescribeCertificateAuthority", one(&arn), "AccessDeniedException");
    let share = pca.share(&arn, &[]);
    for operation in
        ["DescribeCertificateAuthority", "GetCertificateAuthorityCertificate", "ListTags", "ListPermissions"]
    {
        pca.ok_as(OTHER, operation, one(&arn));
    }
    let listed = pca.ok_as(OTHER, "ListCertificateAuthorities", json!({ "ResourceOwner": "OTHER_ACCOUNTS" }));
    assert_eq!(listed["CertificateAuthorities"][0]["OwnerAccount"], ACCOUNT);
    let own = pca.ok_as(OTHER, "ListCertificateAuthorities", json!({}));
    assert_eq!(own["CertificateAuthorities"], json!([]));

    let issued = pca.issue_as(OTHER, server(&arn, "EndEntityCertificate/V1")).unwrap();
    pca.aws.wait(2);
    pca.ok_as(OTHER, "GetCertificate", json!({ "CertificateAuthorityArn": arn, "CertificateArn": issued }));
    let plain = with(&server(&arn, ""), json!({ "TemplateArn": null }));
    pca.issue_as(OTHER, plain).unwrap();
    for template in [
        "EndEntityServerAuthCertificate/V1",
        "CodeSigningCertificate/V1",
        "SubordinateCACertificate_PathLen0/V1",
        "RootCACertificate/V1",
    ] {
        assert_eq!(pca.issue_as(OTHER, server(&arn, template)).unwrap_err(), "AccessDeniedException", "{template}");
    }
    for (operation, more) in [
        ("GetCertificateAuthorityCsr", json!({})),
        ("UpdateCertificateAuthority", json!({ "Status": "DISABLED" })),
        ("DeleteCertificateAuthority", json!({})),
        ("TagCertificateAuthority", json!({ "Tags": [{ "Key": "a" }] })),
        ("RevokeCertificate", json!({ "CertificateSerial": "00", "RevocationReason": "UNSPECIFIED" })),
    ] {
        pca.refused_as(OTHER, operation, with(&one(&arn), more), "AccessDeniedException");
    }
    // Shared things go last.
    pca.ok("UpdateCertificateAuthority", with(&one(&arn), json!({ "Status": "DISABLED" })));
    pca.refused("DeleteCertificateAuthority", one(&arn), "InvalidStateException");
    pca.ram(ACCOUNT, "DeleteResourceShare", json!({ "resourceShareArn": share }));
    pca.aws.wait(10);
    pca.refused_as(OTHER, "DescribeCertificateAuthority", one(&arn), "AccessDeniedException");
    pca.ok("DeleteCertificateAuthority", one(&arn));
    pca.ram_refused("CreateResourceShare", json!({ "name": "x", "resourceArns": [arn] }), "UnknownResourceException");
}

#[tokio::test]
async fn other_permissions_give_what_they_say() {
    let pca = Pca::start().await;
    let arn = pca.root();
    let share = pca.share(&arn, &[SUBORDINATE]);
    let made = pca.ok_as(OTHER, "CreateCertificateAuthority", authority("SUBORDINATE", "Theirs"));
    let theirs = text(&made["CertificateAuthorityArn"]);
    pca.aws.wait(10);
    let csr = text(&pca.ok_as(OTHER, "GetCertificateAuthorityCsr", one(&theirs))["Csr"]);
    let validity = json!({ "Type": "YEARS", "Value": 1 });
    let below = |length: u8| {
        let template = format!("SubordinateCACertificate_PathLen{length}/V1");
        signing(&arn, &csr, "SHA256WITHECDSA", &template, validity.clone())
    };
    let issued = pca.issue_as(OTHER, below(0)).unwrap();
    assert_eq!(pca.issue_as(OTHER, below(1)).unwrap_err(), "AccessDeniedException");
    let end = server(&arn, "EndEntityCertificate/V1");
    assert_eq!(pca.issue_as(OTHER, end.clone()).unwrap_err(), "AccessDeniedException");

    // Another share gives more.
    pca.aws.wait(2);
    let serial = issued.rsplit('/').next().unwrap();
    let revoke = json!({
        "CertificateAuthorityArn": arn, "CertificateSerial": serial, "RevocationReason": "SUPERSEDED",
    });
    pca.refused_as(OTHER, "RevokeCertificate", revoke.clone(), "AccessDeniedException");
    pca.share(&arn, &[REVOKING]);
    pca.ok_as(OTHER, "RevokeCertificate", revoke);

    // And a permission can be replaced by another.
    let change = |permission: &str, replace: bool| json!({ "resourceShareArn": share, "permissionArn": permission, "replace": replace });
    pca.ram_refused("AssociateResourceSharePermission", change(DEFAULT, false), "InvalidParameterException");
    pca.ram(ACCOUNT, "AssociateResourceSharePermission", change(DEFAULT, true));
    pca.issue_as(OTHER, end).unwrap();
    assert_eq!(pca.issue_as(OTHER, below(0)).unwrap_err(), "AccessDeniedException");
}

#[tokio::test]
async fn the_permissions_of_shares_are_listed() {
    let pca = Pca::start().await;
    let arn = pca.root();
    let empty = pca.ram(ACCOUNT, "CreateResourceShare", json!({ "name": "empty" }));
    let empty = text(&empty["resourceShare"]["resourceShareArn"]);
    let share = pca.share(&arn, &[]);
    let of_share = |share: &str| {
        let read = pca.ram(ACCOUNT, "ListResourceSharePermissions", json!({ "resourceShareArn": share }));
        let rows = read["permissions"].as_array().unwrap().iter();
        rows.map(|row| (text(&row["arn"]), row["isResourceTypeDefault"].as_bool().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(of_share(&empty), []);
    assert_eq!(of_share(&share), [(DEFAULT.to_owned(), true)]);
    let associations = |filter: Value| {
        let read = pca.ram(ACCOUNT, "ListPermissionAssociations", filter);
        let rows = read["permissions"].as_array().unwrap().iter();
        rows.map(|row| [text(&row["resourceShareArn"]), text(&row["arn"])]).collect::<Vec<_>>()
    };
    let row = [share.clone(), DEFAULT.to_owned()];
    assert_eq!(associations(json!({})), [row.clone()]);
    assert_eq!(associations(json!({ "resourceType": "acm-pca:CertificateAuthority" })), [row.clone()]);
    assert_eq!(associations(json!({ "resourceType": "ec2:TransitGateway" })), [] as [[String; 2]; 0]);
    assert_eq!(associations(json!({ "permissionArn": SUBORDINATE })), [] as [[String; 2]; 0]);
    assert_eq!(associations(json!({ "resourceShareArn": share })), [row]);

    let one = |share: &str, permission: &str| json!({ "resourceShareArn": share, "permissionArn": permission });
    pca.ram(ACCOUNT, "AssociateResourceSharePermission", one(&empty, REVOKING));
    assert_eq!(of_share(&empty), [(REVOKING.to_owned(), false)]);
    pca.ram(ACCOUNT, "DisassociateResourceSharePermission", one(&empty, REVOKING));
    assert_eq!(of_share(&empty), []);
    pca.ram_refused("DisassociateResourceSharePermission", one(&empty, REVOKING), "UnknownResourceException");
    pca.ram_refused("DisassociateResourceSharePermission", one(&share, DEFAULT), "InvalidParameterException");
    let unknown = "arn:aws:ram::aws:permission/AWSRAMNoSuchPermission";
    pca.ram_refused("AssociateResourceSharePermission", one(&empty, unknown), "UnknownResourceException");
    pca.ram_refused("AssociateResourceSharePermission", one(&empty, "x"), "MalformedArnException");
}

#[tokio::test]
async fn a_policy_gives_what_it_says() {
    let pca = Pca::start().await;
    let arn = pca.root();
    let named = json!({ "ResourceArn": arn });
    pca.refused("GetPolicy", named.clone(), "ResourceNotFoundException");
    pca.ok("DeletePolicy", named.clone());
    let allow = |actions: Value, condition: Value| {
        json!({
            "Effect": "Allow",
            "Principal": { "AWS": OTHER },
            "Action": actions,
            "Resource": arn,
            "Condition": condition,
        })
    };
    let put = |statements: Value| {
        let policy = json!({ "Version": "2012-10-17", "Statement": statements }).to_string();
        json!({ "ResourceArn": arn, "Policy": policy })
    };
    let template =
        json!({ "StringEquals": { "acm-pca:TemplateArn": "arn:aws:acm-pca:::template/CodeSigningCertificate/V1" } });
    pca.ok(
        "PutPolicy",
        put(json!([
            allow(json!("acm-pca:GetCertificate"), json!({})),
            allow(json!(["acm-pca:IssueCertificate"]), template)
        ])),
    );
    assert!(pca.ok("GetPolicy", named.clone())["Policy"].as_str().unwrap().contains("CodeSigning"));
    pca.issue_as(OTHER, server(&arn, "CodeSigningCertificate/V1")).unwrap();
    let refused = pca.issue_as(OTHER, server(&arn, "EndEntityCertificate/V1")).unwrap_err();
    assert_eq!(refused, "AccessDeniedException");
    pca.refused_as(OTHER, "DescribeCertificateAuthority", one(&arn), "AccessDeniedException");
    pca.refused_as(OTHER, "PutPolicy", put(json!([])), "AccessDeniedException");

    let mut elsewhere = allow(json!("acm-pca:GetCertificate"), json!({}));
    elsewhere["Resource"] = json!("*");
    for bad in [
        put(json!([])),
        put(json!([allow(json!("acm-pca:DeleteCertificateAuthority"), json!({}))])),
        put(json!([allow(json!("s3:GetObject"), json!({}))])),
        put(json!([elsewhere])),
        json!({ "ResourceArn": arn, "Policy": "{" }),
    ] {
        pca.refused("PutPolicy", bad, "InvalidPolicyException");
    }
    pca.ok("DeletePolicy", named.clone());
    pca.refused("GetPolicy", named.clone(), "ResourceNotFoundException");
    pca.share(&arn, &[]);
    pca.refused("GetPolicy", named, "RequestFailedException");
}

#[tokio::test]
async fn acm_may_renew_by_a_permission() {
    let pca = Pca::start().await;
    let arn = pca.root();
    let all = json!(["IssueCertificate", "GetCertificate", "ListPermissions"]);
    let give = |more: Value| with(&with(&one(&arn), json!({ "Principal": "acm.amazonaws.com", "Actions": all })), more);
    for bad in [
        json!({ "Principal": "ec2.amazonaws.com" }),
        json!({ "Actions": ["IssueCertificate"] }),
        json!({ "Actions": ["IssueCertificate", "GetCertificate", "RevokeCertificate"] }),
        json!({ "SourceAccount": OTHER }),
    ] {
        pca.refused("CreatePermission", give(bad), "ValidationException");
    }
    pca.ok("CreatePermission", give(json!({})));
    pca.refused("CreatePermission", give(json!({ "SourceAccount": ACCOUNT })), "PermissionAlreadyExistsException");
    let listed = pca.ok("ListPermissions", one(&arn))["Permissions"][0].clone();
    assert_eq!((&listed["Principal"], &listed["SourceAccount"]), (&json!("acm.amazonaws.com"), &json!(ACCOUNT)));
    assert_eq!(listed["Actions"], all);
    let take = with(&one(&arn), json!({ "Principal": "acm.amazonaws.com" }));
    pca.ok("DeletePermission", take.clone());
    pca.refused("DeletePermission", take, "ResourceNotFoundException");
    assert_eq!(pca.ok("ListPermissions", one(&arn))["Permissions"], json!([]));
}
