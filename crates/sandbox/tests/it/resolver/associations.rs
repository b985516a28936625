//! Rules of VPCs.

use gcnet_sandbox::{Options, Quotas};
use serde_json::{Value, json};

use super::{Net, stepped, text, with};
use crate::client::{ACCOUNT, OTHER};

fn both(rule: &str, vpc: &str) -> Value {
    json!({ "ResolverRuleId": rule, "VPCId": vpc })
}

#[tokio::test]
async fn an_association_lives_and_dies() {
    let net = Net::start().await;
    let endpoint = net.endpoint("OUTBOUND");
    let rule = net.rule(&endpoint, "city.lg.jp", &["10.9.0.53"]);
    let pair = both(&rule, &net.vpc);
    let made = net.ok("AssociateResolverRule", with(&pair, json!({ "Name": "shared" })));
    let made = &made["ResolverRuleAssociation"];
    let id = text(&made["Id"]);
    assert_eq!((&made["Status"], &made["Name"]), (&json!("CREATING"), &json!("shared")));
    net.refused("DisassociateResolverRule", pair.clone(), "InvalidRequestException");
    net.aws.wait(60);
    let one = json!({ "ResolverRuleAssociationId": id });
    let read = net.ok("GetResolverRuleAssociation", one.clone())["ResolverRuleAssociation"].clone();
    assert_eq!(
        (&read["Status"], &read["VPCId"], &read["ResolverRuleId"]),
        (&json!("COMPLETE"), &json!(net.vpc), &json!(rule))
    );

    let message = net.refused("AssociateResolverRule", pair.clone(), "ResourceExistsException");
    assert!(message.contains("[RSLVR-00704]"), "{message}");
    let delete = json!({ "ResolverRuleId": rule });
    net.refused("DeleteResolverRule", delete.clone(), "ResourceInUseException");
    let ending = net.ok("DisassociateResolverRule", pair.clone());
    assert_eq!(ending["ResolverRuleAssociation"]["Status"], "DELETING");
    net.refused("DisassociateResolverRule", pair.clone(), "InvalidRequestException");
    net.refused("DeleteResolverRule", delete.clone(), "ResourceInUseException");
    net.aws.wait(60);
    net.refused("DisassociateResolverRule", pair, "ResourceNotFoundException");
    net.refused("GetResolverRuleAssociation", one, "ResourceNotFoundException");
    net.ok("DeleteResolverRule", delete);
}

#[tokio::test]
async fn a_vpc_with_rules_stays() {
    let net = Net::start().await;
    let vpc = net.aws.vpc("10.2.0.0/16").await;
    let system = json!({ "CreatorRequestId": "1", "RuleType": "SYSTEM", "DomainName": "a.jp" });
    let rule = text(&net.ok("CreateResolverRule", system)["ResolverRule"]["Id"]);
    net.ok("AssociateResolverRule", both(&rule, &vpc));
    let delete = [("DeleteVpc", format!("VpcId={vpc}"), "DependencyViolation")];
    net.aws.refuses(&delete).await;
    net.aws.wait(60);
    net.ok("DisassociateResolverRule", both(&rule, &vpc));
    net.aws.refuses(&delete).await;
    net.aws.wait(60);
    net.aws.call("DeleteVpc", format!("VpcId={vpc}")).await;
}

#[tokio::test]
async fn a_vpc_has_one_rule_for_a_domain() {
    let net = Net::start().await;
    let endpoint = net.endpoint("OUTBOUND");
    let [one, other] = ["10.9.0.53", "10.9.1.53"].map(|ip| net.rule(&endpoint, "city.lg.jp", &[ip]));
    net.associated(&one);
    let message = net.refused("AssociateResolverRule", both(&other, &net.vpc), "InvalidRequestException");
    assert!(message.contains("[RSLVR-00802]") && message.contains(&one), "{message}");
    // Neither another VPC nor a subdomain is in the way.
    let elsewhere = net.aws.vpc("10.2.0.0/16").await;
    net.ok("AssociateResolverRule", both(&other, &elsewhere));
    net.associated(&net.rule(&endpoint, "a.city.lg.jp", &["10.9.0.53"]));
}

#[tokio::test]
async fn a_vpc_does_not_forward_to_itself() {
    let net = Net::start().await;
    let (inbound, outbound) = (net.endpoint("INBOUND"), net.endpoint("OUTBOUND"));
    let own = net.addresses(&inbound)[0][2].clone();
    let looping = net.rule(&outbound, "city.lg.jp", &["10.9.0.53", &own]);
    let message = net.refused("AssociateResolverRule", both(&looping, &net.vpc), "InvalidRequestException");
    assert!(message.contains("[RSLVR-00804]"), "{message}");
    let elsewhere = net.aws.vpc("10.2.0.0/16").await;
    net.ok("AssociateResolverRule", both(&looping, &elsewhere));
    // Nor later.
    let rule = net.rule(&outbound, "other.lg.jp", &["10.9.0.53"]);
    net.associated(&rule);
    let config = json!({ "TargetIps": [{ "Ip": own }] });
    let message = net.refused(
        "UpdateResolverRule",
        json!({ "ResolverRuleId": rule, "Config": config }),
        "InvalidRequestException",
    );
    assert!(message.contains("[RSLVR-00804]"), "{message}");
    // The outbound endpoint's own addresses are AWS's to judge, and it does not.
    let odd = net.addresses(&outbound)[0][2].clone();
    net.associated(&net.rule(&outbound, ".", &[&odd]));
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let quotas = Quotas { resolver_rule_associations: 1, ..Quotas::default() };
    let net = Net::start_with(Options { quotas, ..stepped() }).await;
    let endpoint = net.endpoint("OUTBOUND");
    let [rule, second] = ["a.jp", "b.jp"].map(|domain| net.rule(&endpoint, domain, &["10.9.0.53"]));
    for (input, code) in [
        (both("rslvr-rr-0", &net.vpc), "ResourceNotFoundException"),
        (both(&rule, "vpc-0"), "InvalidParameterException"),
        (both(&rule, &net.other_vpc()), "InvalidParameterException"),
        (with(&both(&rule, &net.vpc), json!({ "Name": "1" })), "ValidationException"),
    ] {
        net.refused("AssociateResolverRule", input, code);
    }
    net.refused_as(OTHER, "AssociateResolverRule", both(&rule, &net.vpc), "ResourceNotFoundException");
    let config = json!({ "ResolverRuleId": second, "Config": { "Name": "new" } });
    net.ok("UpdateResolverRule", config);
    net.refused("AssociateResolverRule", both(&second, &net.vpc), "ResourceUnavailableException");
    net.aws.wait(60);
    net.associated(&rule);
    net.refused("AssociateResolverRule", both(&second, &net.vpc), "LimitExceededException");
    net.refused("GetResolverRuleAssociation", json!({ "ResolverRuleAssociationId": "x" }), "ResourceNotFoundException");
}

#[tokio::test]
async fn the_default_rule_is_listed_for_every_vpc() {
    let net = Net::start().await;
    let rule = net.rule(&net.endpoint("OUTBOUND"), "city.lg.jp", &["10.9.0.53"]);
    let own = net.associated(&rule);
    let default = format!("rslvr-autodefined-assoc-{}-internet-resolver", net.vpc);
    let list = "ListResolverRuleAssociations";
    assert_eq!(net.listed(ACCOUNT, list, json!({})), [default.as_str(), &own]);
    let read = net.ok("GetResolverRuleAssociation", json!({ "ResolverRuleAssociationId": default }));
    assert_eq!(read["ResolverRuleAssociation"]["Name"], "System Rule Association");
    for (name, value, expected) in [
        ("ResolverRuleId", rule.as_str(), &own),
        ("ResolverRuleId", "rslvr-autodefined-rr-internet-resolver", &default),
        ("Name", "System Rule Association", &default),
    ] {
        let filters = json!({ "Filters": [{ "Name": name, "Values": [value] }] });
        assert_eq!(net.listed(ACCOUNT, list, filters), [expected.as_str()]);
    }
    let filters = json!({ "Filters": [
        { "Name": "VPCId", "Values": [net.vpc, "vpc-0"] }, { "Name": "Status", "Values": ["COMPLETE"] }
    ] });
    assert_eq!(net.listed(ACCOUNT, list, filters).len(), 2);
    let page = net.ok(list, json!({ "MaxResults": 1 }));
    assert_eq!(page["ResolverRuleAssociations"][0]["Id"], default.as_str());
    let next = json!({ "NextToken": page["NextToken"] });
    assert_eq!(net.listed(ACCOUNT, list, next), [own]);
}
