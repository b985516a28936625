//! What is in AWS several times: named, chosen between, and tidied up as a set.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Folder, server::Server};

/// Tags that claim an address of Naruto's, as a form.
fn claims(resource: &str, address: &str) -> String {
    let tags = [("gcnet:municipality", "naruto"), ("gcnet:environment", "prod"), ("gcnet:address", address)];
    let mut form = format!("&TagSpecification.1.ResourceType={resource}");
    for (i, (key, value)) in tags.iter().enumerate() {
        form += &format!("&TagSpecification.1.Tag.{n}.Key={key}&TagSpecification.1.Tag.{n}.Value={value}", n = i + 1);
    }
    form
}

fn vpcs(server: &Server) -> Vec<String> {
    let mut all: Vec<String> =
        server.resources().into_iter().filter(|(kind, _)| kind == "vpc").map(|(_, id)| id).collect();
    all.sort();
    all
}

#[test]
fn twins_are_shown_and_tidied_up_as_a_set() {
    let folder = Folder::built();
    let server = Server::start(&folder, "");
    let first = vpcs(&server);
    assert_eq!(first.len(), 1);
    server.run(&folder, "repair naruto").succeeds();

    server.ec2(&format!("Action=CreateVpc&CidrBlock=10.210.2.0/24{}", claims("vpc", "vpc/shared")));
    let both = vpcs(&server);
    let second = both.iter().find(|id| !first.contains(id)).unwrap().clone();
    server.ec2(&format!(
        "Action=CreateSubnet&VpcId={second}&CidrBlock=10.210.2.0/28&AvailabilityZone=ap-northeast-1a{}",
        claims("subnet", "subnet/tgw-a")
    ));

    // Everything that plans names the way out, and nothing is changed.
    let refused = server.run(&folder, "plan naruto").fails_with_a_hint();
    assert!(refused.err.contains("repair naruto`"), "{}", refused.err);
    assert_eq!(server.run(&folder, "apply naruto --yes").fails_with_a_hint().err, refused.err);

    // Nobody agrees by silence.
    let shown = server.run(&folder, "repair naruto").ends_with(1);
    assert!(shown.err.contains(&format!("stays {}", first[0])), "{}", shown.err);
    assert!(shown.err.contains(&format!("goes  {second}")), "{}", shown.err);
    assert!(shown.err.contains("subnet/tgw-a"), "{}", shown.err);
    assert_eq!(vpcs(&server), both);

    server.run(&folder, "repair naruto --keep vpc-0123456789abcdef0 --yes").fails_with_a_hint();
    server.run(&folder, "repair naruto --yes").succeeds();
    assert_eq!(vpcs(&server), first);
    server.run(&folder, "-q plan naruto --detailed-exitcode").ends_with(3);
    let listing: Value = serde_json::from_str(&server.run(&folder, "show naruto --json").succeeds().out).unwrap();
    assert!(listing["resources"].as_array().unwrap().iter().all(|row| row["id"] != second.as_str()), "{listing}");
}

/// The second root is protected as the first: a typed name is what lets it go, and `repair` is where to give it.
#[test]
fn of_two_protected_authorities_one_goes_for_a_typed_name() {
    let folder = Folder::built();
    let server = Server::start(&folder, "");
    let authorities = || {
        let listed = server.acm_pca("ListCertificateAuthorities", &json!({}));
        let all = listed["CertificateAuthorities"].as_array().unwrap().iter().filter(|one| one["Status"] != "DELETED");
        all.map(|one| one["Arn"].as_str().unwrap().to_string()).collect::<BTreeSet<String>>()
    };
    let before = authorities();
    let tags = |arn: &String| server.acm_pca("ListTags", &json!({ "CertificateAuthorityArn": arn }))["Tags"].clone();
    let is_root = |arn: &&String| tags(arn).to_string().contains("certificate-authority/root");
    let root = before.iter().find(is_root).unwrap();
    let about = server.acm_pca("DescribeCertificateAuthority", &json!({ "CertificateAuthorityArn": root }));
    let about = &about["CertificateAuthority"];
    let twin = json!({
        "CertificateAuthorityConfiguration": about["CertificateAuthorityConfiguration"],
        "CertificateAuthorityType": about["Type"],
        "Tags": tags(root),
    });
    server.acm_pca("CreateCertificateAuthority", &twin);
    let both = authorities();
    assert_eq!(both.len(), before.len() + 1);

    let held = server.run(&folder, "repair naruto --yes").fails_with_a_hint();
    let told = held.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("repair naruto --confirm`"), "{told}");
    server.run(&folder, "repair naruto --confirm kamiyama").fails_with_a_hint();
    assert_eq!(authorities(), both);
    server.run(&folder, "repair naruto --confirm naruto").succeeds();
    assert_eq!(authorities(), before);
    server.run(&folder, "-q plan naruto --detailed-exitcode").ends_with(3);
}
