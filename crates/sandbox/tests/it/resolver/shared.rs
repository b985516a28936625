//! Rules and configurations that another account has as well.

use serde_json::{Value, json};

use super::{Net, text, with};
use crate::client::{ACCOUNT, OTHER, REGION};

fn arn(kind: &str, id: &str) -> String {
    format!("arn:aws:route53resolver:{REGION}:{ACCOUNT}:{kind}/{id}")
}

impl Net {
    fn share_status(&self, account: &str, rule: &str) -> String {
        let read = self.ok_as(account, "GetResolverRule", json!({ "ResolverRuleId": rule }));
        text(&read["ResolverRule"]["ShareStatus"])
    }

    /// The ids of the other account's associations, without the autodefined one.
    fn theirs(&self, operation: &str) -> Vec<String> {
        let all = self.listed(OTHER, operation, json!({})).into_iter();
        all.filter(|id| !id.starts_with("rslvr-autodefined")).collect()
    }
}

#[tokio::test]
async fn a_rule_is_shared_used_and_withdrawn() {
    let net = Net::start().await;
    let endpoint = net.endpoint("OUTBOUND");
    let rule = net.rule(&endpoint, "city.lg.jp", &["10.9.0.53"]);
    let rule_arn = arn("resolver-rule", &rule);
    let vpc = net.other_vpc();
    let theirs = json!({ "ResolverRuleId": rule, "VPCId": vpc });
    net.refused_as(OTHER, "AssociateResolverRule", theirs.clone(), "ResourceNotFoundException");
    let share = net.share(&rule_arn);
    assert_eq!(net.share_status(ACCOUNT, &rule), "SHARED_BY_ME");
    assert_eq!(net.share_status(OTHER, &rule), "SHARED_WITH_ME");
    let seen = net.ok_as(OTHER, "ListResolverRules", json!({}))["ResolverRules"][1].clone();
    assert_eq!((&seen["OwnerId"], &seen["Arn"]), (&json!(ACCOUNT), &json!(rule_arn)));
    assert_eq!(seen["TargetIps"][0]["Ip"], "10.9.0.53");

    // It is theirs to use and to nothing else.
    let one = json!({ "ResolverRuleId": rule });
    net.refused_as(OTHER, "DeleteResolverRule", one.clone(), "AccessDeniedException");
    let change = with(&one, json!({ "Config": { "Name": "x" } }));
    net.refused_as(OTHER, "UpdateResolverRule", change, "AccessDeniedException");
    net.refused_as(OTHER, "ListTagsForResource", json!({ "ResourceArn": rule_arn }), "AccessDeniedException");
    let made = net.ok_as(OTHER, "AssociateResolverRule", theirs.clone());
    let association = text(&made["ResolverRuleAssociation"]["Id"]);
    net.aws.wait(60);
    assert_eq!(net.theirs("ListResolverRuleAssociations"), [association.as_str()]);
    let everything = net.aws.sandbox.everything(OTHER);
    assert!(everything.iter().any(|it| it.kind == "resolver-rule-association"));
    // The owner does not see it, but may not delete the rule.
    let own = net.listed(ACCOUNT, "ListResolverRuleAssociations", json!({}));
    assert!(!own.contains(&association));
    net.refused("DeleteResolverRule", one.clone(), "ResourceInUseException");
    net.ok_as(OTHER, "DisassociateResolverRule", theirs.clone());
    net.aws.wait(60);
    let message = net.refused("DeleteResolverRule", one.clone(), "ResourceInUseException");
    assert!(message.contains("sharing"), "{message}");

    // What is associated when the share ends is silently dropped.
    net.ok_as(OTHER, "AssociateResolverRule", theirs.clone());
    net.aws.wait(60);
    net.unshare(&share);
    assert_eq!(net.theirs("ListResolverRuleAssociations"), [""; 0]);
    net.refused_as(OTHER, "GetResolverRule", one.clone(), "ResourceNotFoundException");
    let delete = net.call_as(OTHER, "ec2", "DeleteVpc", json!({ "VpcId": vpc }));
    assert!(delete.is_ok(), "{delete:?}");
    let rest = json!({ "resourceShareArn": share });
    net.call_as(ACCOUNT, "ram", "DeleteResourceShare", rest).unwrap();
    net.aws.wait(10);
    assert_eq!(net.share_status(ACCOUNT, &rule), "NOT_SHARED");
    net.ok("DeleteResolverRule", one);
}

#[tokio::test]
async fn a_shared_rule_and_an_own_one_for_a_domain_do_not_go_together() {
    let net = Net::start().await;
    let endpoint = net.endpoint("OUTBOUND");
    let rule = net.rule(&endpoint, "city.lg.jp", &["10.9.0.53"]);
    net.share(&arn("resolver-rule", &rule));
    let vpc = net.other_vpc();
    let system = json!({ "CreatorRequestId": "1", "RuleType": "SYSTEM", "DomainName": "CITY.lg.jp." });
    let own = text(&net.ok_as(OTHER, "CreateResolverRule", system)["ResolverRule"]["Id"]);
    net.ok_as(OTHER, "AssociateResolverRule", json!({ "ResolverRuleId": own, "VPCId": vpc }));
    let second = json!({ "ResolverRuleId": rule, "VPCId": vpc });
    net.refused_as(OTHER, "AssociateResolverRule", second, "InvalidRequestException");
}

#[tokio::test]
async fn a_configuration_is_shared_used_and_withdrawn() {
    let net = Net::start().await;
    let config = net.query_log("log");
    let share = net.share(&arn("resolver-query-log-config", &config));
    let vpc = net.other_vpc();
    let one = json!({ "ResolverQueryLogConfigId": config });
    net.ok_as(OTHER, "AssociateResolverQueryLogConfig", with(&one, json!({ "ResourceId": vpc })));
    net.aws.wait(60);
    let count = |account: &str| {
        let read = net.ok_as(account, "GetResolverQueryLogConfig", one.clone());
        let read = &read["ResolverQueryLogConfig"];
        (read["AssociationCount"].clone(), text(&read["ShareStatus"]), text(&read["Status"]))
    };
    let created = |status: &str| (json!(1), status.to_owned(), "CREATED".to_owned());
    assert_eq!(count(ACCOUNT), created("SHARED_BY_ME"));
    assert_eq!(count(OTHER), created("SHARED_WITH_ME"));
    let list = "ListResolverQueryLogConfigAssociations";
    let read = net.ok_as(OTHER, list, json!({}));
    assert_eq!(read["ResolverQueryLogConfigAssociations"][0]["Status"], "ACTIVE");
    assert_eq!(net.listed(ACCOUNT, list, json!({})), [""; 0]);
    net.refused_as(OTHER, "DeleteResolverQueryLogConfig", one.clone(), "AccessDeniedException");
    net.refused("DeleteResolverQueryLogConfig", one.clone(), "InvalidRequestException");

    net.unshare(&share);
    assert_eq!(net.theirs(list), [""; 0]);
    // The resource is in the share still, though nobody else is.
    net.refused("DeleteResolverQueryLogConfig", one.clone(), "InvalidRequestException");
    let input: Value = json!({ "resourceShareArn": share });
    net.call_as(ACCOUNT, "ram", "DeleteResourceShare", input).unwrap();
    net.aws.wait(10);
    net.ok("DeleteResolverQueryLogConfig", one);
}

#[tokio::test]
async fn a_configuration_waits_half_a_day_for_an_answer_and_a_rule_a_week() {
    let net = Net::start().await;
    let rule = net.rule(&net.endpoint("OUTBOUND"), "city.lg.jp", &["10.9.0.53"]);
    let config = net.query_log("log");
    let status = |n: usize| {
        let read = net.call_as(OTHER, "ram", "GetResourceShareInvitations", json!({})).unwrap();
        let all = read["resourceShareInvitations"].as_array().unwrap();
        let mut states: Vec<_> = all.iter().map(|it| (text(&it["resourceShareName"]), text(&it["status"]))).collect();
        states.sort();
        states[n].1.clone()
    };
    for (name, resource) in
        [("a-rule", arn("resolver-rule", &rule)), ("b-log", arn("resolver-query-log-config", &config))]
    {
        let input = json!({ "name": name, "resourceArns": [resource], "principals": [OTHER] });
        net.call_as(ACCOUNT, "ram", "CreateResourceShare", input).unwrap();
    }
    net.aws.wait(12 * 3600);
    assert_eq!((status(0), status(1)), ("PENDING".to_owned(), "EXPIRED".to_owned()));
}
