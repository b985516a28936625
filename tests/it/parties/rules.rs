//! Our forwarding rules in their VPCs: with a role we associate them, without one their request sheet asks for it.

use std::collections::{BTreeMap, BTreeSet};

use gcnet::blueprint::{self, Borrowed};
use gcnet_core::Address;
use serde_json::json;

use super::story::{Story, changed, role_of, texts};
use crate::support::{city, summary};

const A_SHA: &str = "200000000001";
const VPC: &str = "vpc-a100000000000051a";
/// Itano's rules for A社, by domain.
const RULES: [&str; 3] = ["21.10.in-addr.arpa", "lgwan.example", "town.itano.example"];

/// Domains that are forwarded for A社's VPC, each with the name of the association.
fn used(story: &Story) -> Vec<(String, String)> {
    let rules = story.call(A_SHA, "route53resolver", "ListResolverRules", json!({}));
    let associations = story.call(A_SHA, "route53resolver", "ListResolverRuleAssociations", json!({}));
    let mut used = vec![];
    for association in associations["ResolverRuleAssociations"].as_array().unwrap() {
        assert_eq!(association["VPCId"], VPC);
        // AWS's own, for all other names.
        if association["ResolverRuleId"].as_str().unwrap().contains("autodefined") {
            continue;
        }
        let rules = rules["ResolverRules"].as_array().unwrap();
        let rule = rules.iter().find(|rule| rule["Id"] == association["ResolverRuleId"]).unwrap();
        let domain = rule["DomainName"].as_str().unwrap().trim_end_matches('.').to_string();
        used.push((domain, association["Name"].as_str().unwrap_or_default().to_string()));
    }
    used.sort();
    used
}

fn domains(story: &Story) -> Vec<String> {
    used(story).into_iter().map(|(domain, _)| domain).collect()
}

/// Domains whose rules `resolve --live` takes to hold in A社's VPC.
async fn resolved(story: &Story) -> Vec<String> {
    let observed = gcnet_core::observe(&story.aws().await, gcnet_aws::KINDS).await.unwrap();
    let model = gcnet::resolve::live(&story.municipality, observed.of(&blueprint::stack(&story.municipality)).unwrap());
    let rules = model.rules.into_iter().filter(|rule| rule.vpcs.iter().any(|vpc| vpc == "juki"));
    let mut domains: Vec<String> = rules.map(|rule| rule.id).collect();
    domains.sort();
    domains
}

/// A社 gave us a role, with what it takes to attach its VPC.
fn edits() -> [(&'static str, String); 2] {
    let vpc = "      - { id: !sample vpc-a100000000000051a, cidr: !sample 10.220.1.0/24 }";
    let subnets = "subnets: [subnet-a1000000000000511, subnet-a1000000000000512]";
    [("owner: A社,", role_of("A社", A_SHA)), (vpc, format!("      - {{ id: {VPC}, cidr: 10.220.1.0/24, {subnets} }}"))]
}

fn with_role() -> gcnet::config::schema::Municipality {
    changed("itano", &edits().each_ref().map(|(from, to)| (*from, to.as_str())))
}

/// The same, in no organisation.
fn outside() -> gcnet::config::schema::Municipality {
    let [role, vpc] = edits();
    let inside = "within_organization: unknown, allow_external_principals: false";
    let outside = "within_organization: no, allow_external_principals: true";
    changed("itano", &[(role.0, &role.1), (vpc.0, &vpc.1), (inside, outside)])
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_role_their_vpc_uses_our_rules_and_destroy_ends_it() {
    for apart in [false, true] {
        let story = if apart { Story::apart(outside()).await } else { Story::begin(with_role()).await };
        let before = story.everything(A_SHA);
        story.apply().await;
        assert_eq!(domains(&story), RULES);
        assert!(used(&story).iter().all(|(_, name)| name.starts_with("gcnet-")), "{:?}", used(&story));
        assert!(story.plan().await.is_empty());
        story.settle().await;
        story.clear().await;
        assert_eq!(story.everything(A_SHA), before);
    }
}

/// One that they removed is made again; one that they made is left to them.
#[tokio::test(flavor = "multi_thread")]
async fn with_a_role_ours_are_restored_and_theirs_are_left_alone() {
    let mut story = Story::begin(with_role()).await;
    story.settle().await;
    assert_eq!(resolved(&story).await, RULES);
    let rules = story.call(A_SHA, "route53resolver", "ListResolverRules", json!({}));
    let rules = rules["ResolverRules"].as_array().unwrap().iter();
    let lgwan = rules.clone().find(|rule| rule["DomainName"] == "lgwan.example.").unwrap()["Id"].clone();
    let pair = json!({ "ResolverRuleId": lgwan, "VPCId": VPC });
    story.call(A_SHA, "route53resolver", "DisassociateResolverRule", pair.clone());
    story.sandbox.advance(std::time::Duration::from_secs(120));
    assert_eq!(summary(&story.plan().await), [format!("+ foreign-rule-association/lgwan.example/{VPC}")]);
    assert_eq!(resolved(&story).await, [RULES[0], RULES[2]], "a role sees what their VPC uses");

    let mut theirs = pair;
    theirs["Name"] = json!("our own");
    story.call(A_SHA, "route53resolver", "AssociateResolverRule", theirs);
    story.sandbox.advance(std::time::Duration::from_secs(120));
    assert!(story.plan().await.is_empty());

    // The file shares the rule no longer: AWS ends what they made.
    let with_role = edits();
    let mut edits = with_role.each_ref().map(|(from, to)| (*from, to.as_str())).to_vec();
    edits.push(("      share_with: [juki]\n      note: LGWAN", "      note: LGWAN"));
    story.municipality = changed("itano", &edits);
    story.settle().await;
    assert_eq!(domains(&story), [RULES[0], RULES[2]]);
    story.clear().await;
}

/// Nothing shows us whether they did it: it holds nothing, and is on their sheet.
#[tokio::test(flavor = "multi_thread")]
async fn without_a_role_they_associate_what_is_shared_with_them() {
    let story = Story::begin(city("itano")).await;
    let borrowed = blueprint::wish(&story.municipality).borrowed;
    let juki = borrowed.iter().find(|borrowed| borrowed.account == A_SHA).unwrap();
    let asked: BTreeSet<&str> = juki.rules.iter().map(|rule| rule.name()).collect();
    assert_eq!((asked, &juki.vpcs), (RULES.into(), &vec![VPC.to_string()]));

    assert_eq!(juki.open(&BTreeMap::new()), None, "nobody is asked for what has no id");

    story.apply().await;
    assert_eq!(domains(&story), [""; 0]);
    story.settle().await;
    assert_eq!(domains(&story), RULES);
    assert!(used(&story).iter().all(|(_, name)| !name.starts_with("gcnet-")));

    // It stays on their sheet until the file says that they have told us.
    let ids = story.plan().await.ids;
    assert_eq!(juki.open(&ids).unwrap().rules, juki.rules);
    let told = |rule: &Address| ids[rule].clone();
    let confirmed = juki.rules[1..].iter().map(told).collect();
    assert_eq!(Borrowed { confirmed, ..juki.clone() }.open(&ids).unwrap().rules, juki.rules[..1]);
    let confirmed = juki.rules.iter().map(told).collect();
    assert_eq!(Borrowed { confirmed, ..juki.clone() }.open(&ids), None);
    let listed = story.call(&story.account(), "route53resolver", "ListResolverRuleAssociations", json!({}));
    assert!(!texts(&listed, "/ResolverRuleAssociations", "/VPCId").contains(&VPC));
    story.clear().await;
    assert_eq!(domains(&story), [""; 0]);
}
