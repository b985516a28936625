//! Rules.

use gcnet_sandbox::{Options, Quotas};
use serde_json::{Value, json};

use super::{Net, forward, stepped, text, with};
use crate::client::{ACCOUNT, OTHER, REGION};

const DEFAULT: &str = "rslvr-autodefined-rr-internet-resolver";

#[tokio::test]
async fn a_rule_lives_and_dies() {
    let net = Net::start().await;
    let endpoint = net.endpoint("OUTBOUND");
    let input = with(&forward(&endpoint, "City.LG.jp", &["10.9.0.53", "10.9.1.53"]), json!({ "Name": "city" }));
    let made = net.ok("CreateResolverRule", input)["ResolverRule"].clone();
    let id = text(&made["Id"]);
    for (member, value) in [
        ("Arn", json!(format!("arn:aws:route53resolver:{REGION}:{ACCOUNT}:resolver-rule/{id}"))),
        ("DomainName", json!("city.lg.jp.")),
        ("Name", json!("city")),
        ("OwnerId", json!(ACCOUNT)),
        ("ResolverEndpointId", json!(endpoint)),
        ("RuleType", json!("FORWARD")),
        ("ShareStatus", json!("NOT_SHARED")),
        ("Status", json!("COMPLETE")),
        (
            "TargetIps",
            json!([
                { "Ip": "10.9.0.53", "Port": 53, "Protocol": "Do53" },
                { "Ip": "10.9.1.53", "Port": 53, "Protocol": "Do53" },
            ]),
        ),
    ] {
        assert_eq!(made[member], value, "{member}");
    }
    let one = json!({ "ResolverRuleId": id });
    assert_eq!(net.ok("GetResolverRule", one.clone())["ResolverRule"], made);
    assert_eq!(net.listed(ACCOUNT, "ListResolverRules", json!({})), [DEFAULT, &id]);
    assert_eq!(net.listed(OTHER, "ListResolverRules", json!({})), [DEFAULT]);
    net.refused_as(OTHER, "GetResolverRule", one.clone(), "ResourceNotFoundException");

    let change = |config: Value| with(&one, json!({ "Config": config }));
    let target = json!([{ "Ip": "10.9.2.53", "Port": 5353 }]);
    let changed = net.ok("UpdateResolverRule", change(json!({ "Name": "new", "TargetIps": target })));
    assert_eq!(
        (&changed["ResolverRule"]["Name"], &changed["ResolverRule"]["Status"]),
        (&json!("new"), &json!("UPDATING"))
    );
    assert_eq!(changed["ResolverRule"]["TargetIps"], json!([{ "Ip": "10.9.2.53", "Port": 5353, "Protocol": "Do53" }]));
    let message = net.refused("UpdateResolverRule", change(json!({ "Name": "x" })), "InvalidRequestException");
    assert!(message.contains("[RSLVR-00705]"), "{message}");
    net.refused("DeleteResolverRule", one.clone(), "InvalidRequestException");
    net.aws.wait(60);
    for (config, code) in [
        (json!({}), "InvalidRequestException"),
        (json!({ "Name": "1" }), "ValidationException"),
        (json!({ "TargetIps": [] }), "ValidationException"),
        (json!({ "ResolverEndpointId": "rslvr-out-0" }), "ResourceNotFoundException"),
        (json!({ "DomainName": "other.jp" }), "SerializationException"),
    ] {
        net.refused("UpdateResolverRule", change(config), code);
    }

    // An endpoint with rules stays, until the last of them is gone.
    let with_rules = json!({ "ResolverEndpointId": endpoint });
    let message = net.refused("DeleteResolverEndpoint", with_rules.clone(), "InvalidRequestException");
    assert!(message.contains("[RSLVR-00600]") && message.contains(&id), "{message}");
    assert_eq!(net.ok("DeleteResolverRule", one.clone())["ResolverRule"]["Status"], "DELETING");
    net.refused("DeleteResolverEndpoint", with_rules.clone(), "InvalidRequestException");
    net.aws.wait(10);
    net.refused("DeleteResolverRule", one, "ResourceNotFoundException");
    net.ok("DeleteResolverEndpoint", with_rules);
}

#[tokio::test]
async fn an_exception_has_neither_endpoint_nor_targets() {
    let net = Net::start().await;
    let input = json!({ "CreatorRequestId": "1", "RuleType": "SYSTEM", "DomainName": "aws.city.lg.jp" });
    let made = net.ok("CreateResolverRule", input)["ResolverRule"].clone();
    assert_eq!(
        (&made["RuleType"], &made["TargetIps"], &made["ResolverEndpointId"]),
        (&json!("SYSTEM"), &json!(null), &json!(null))
    );
    let target = json!([{ "Ip": "10.9.0.53" }]);
    let change = json!({ "ResolverRuleId": made["Id"], "Config": { "TargetIps": target } });
    net.refused("UpdateResolverRule", change, "InvalidRequestException");
    net.ok("UpdateResolverRule", json!({ "ResolverRuleId": made["Id"], "Config": { "Name": "new" } }));
}

#[tokio::test]
async fn what_aws_refuses_is_refused() {
    let quotas = Quotas { resolver_rules: 1, resolver_targets: 2, ..Quotas::default() };
    let net = Net::start_with(Options { quotas, ..stepped() }).await;
    let made = net.ok("CreateResolverEndpoint", net.endpoint_input("OUTBOUND", "1"));
    let endpoint = text(&made["ResolverEndpoint"]["Id"]);
    let input = forward(&endpoint, "city.lg.jp", &["10.9.0.53"]);
    net.refused("CreateResolverRule", input.clone(), "ResourceUnavailableException");
    net.aws.wait(120);
    let inbound = net.endpoint("INBOUND");
    for (members, code) in [
        (json!({ "CreatorRequestId": "" }), "ValidationException"),
        (json!({ "Name": "1" }), "ValidationException"),
        (json!({ "RuleType": "RECURSIVE" }), "InvalidRequestException"),
        (json!({ "RuleType": "DELEGATE" }), "InvalidRequestException"),
        (json!({ "RuleType": "SYSTEM" }), "InvalidRequestException"),
        (json!({ "DomainName": "" }), "ValidationException"),
        (json!({ "DomainName": "a..b" }), "InvalidParameterException"),
        (json!({ "DomainName": "鳴門.jp" }), "InvalidParameterException"),
        (json!({ "DomainName": null }), "InvalidParameterException"),
        (json!({ "ResolverEndpointId": null }), "InvalidParameterException"),
        (json!({ "ResolverEndpointId": "rslvr-out-0" }), "ResourceNotFoundException"),
        (json!({ "ResolverEndpointId": inbound }), "InvalidRequestException"),
        (json!({ "TargetIps": null }), "InvalidParameterException"),
        (json!({ "TargetIps": [] }), "ValidationException"),
        (json!({ "TargetIps": [{ "Ip": "10.9.0" }] }), "InvalidParameterException"),
        (json!({ "TargetIps": [{ "Ip": "10.9.0.53", "Port": 65536 }] }), "ValidationException"),
        (json!({ "TargetIps": [{ "Ip": "10.9.0.53", "Port": 0 }] }), "InvalidParameterException"),
        (json!({ "TargetIps": [{ "Ip": "10.9.0.53", "Protocol": "DoH" }] }), "InvalidRequestException"),
        (json!({ "TargetIps": [{ "Ip": "10.9.0.53", "ServerNameIndication": "a" }] }), "InvalidRequestException"),
        (json!({ "TargetIps": [{ "Ip": "10.9.0.53" }, { "Ip": "10.9.0.53", "Port": 53 }] }), "InvalidRequestException"),
        (
            json!({ "TargetIps": [{ "Ip": "10.9.0.1" }, { "Ip": "10.9.0.2" }, { "Ip": "10.9.0.3" }] }),
            "LimitExceededException",
        ),
        (json!({ "DelegationRecord": "a.jp" }), "SerializationException"),
    ] {
        net.refused("CreateResolverRule", with(&input, members), code);
    }
    net.ok("CreateResolverRule", input.clone());
    net.refused("CreateResolverRule", input, "ResourceExistsException");
    net.refused("CreateResolverRule", forward(&endpoint, "other.jp", &["10.9.0.53"]), "LimitExceededException");
}

#[tokio::test]
async fn the_endpoint_has_the_protocols_of_its_rules() {
    let net = Net::start().await;
    let input = with(&net.endpoint_input("OUTBOUND", "1"), json!({ "Protocols": ["Do53", "DoH"] }));
    let made = net.ok("CreateResolverEndpoint", input);
    net.aws.wait(120);
    let endpoint = text(&made["ResolverEndpoint"]["Id"]);
    let input = forward(&endpoint, "city.lg.jp", &["10.9.0.53"]);
    let message = net.refused("CreateResolverRule", input.clone(), "InvalidRequestException");
    assert!(message.contains("[RSLVR-00726]"), "{message}");
    let target = json!([{ "Ip": "10.9.0.53", "Protocol": "DoH", "ServerNameIndication": "dns.jp" }]);
    let made = net.ok("CreateResolverRule", with(&input, json!({ "TargetIps": target })));
    let told = json!([{ "Ip": "10.9.0.53", "Port": 443, "Protocol": "DoH", "ServerNameIndication": "dns.jp" }]);
    assert_eq!(made["ResolverRule"]["TargetIps"], told);
    // To an endpoint without that protocol, the rule does not go.
    let plain = net.ok("CreateResolverEndpoint", net.endpoint_input("OUTBOUND", "2"));
    net.aws.wait(120);
    let config = json!({ "ResolverEndpointId": plain["ResolverEndpoint"]["Id"] });
    let change = json!({ "ResolverRuleId": made["ResolverRule"]["Id"], "Config": config });
    net.refused("UpdateResolverRule", change, "InvalidRequestException");
}

#[tokio::test]
async fn the_default_rule_is_nobodys() {
    let net = Net::start().await;
    let rule = net.ok("GetResolverRule", json!({ "ResolverRuleId": DEFAULT }))["ResolverRule"].clone();
    assert_eq!((&rule["OwnerId"], &rule["RuleType"]), (&json!("Route 53 Resolver"), &json!("RECURSIVE")));
    assert_eq!((&rule["DomainName"], &rule["ShareStatus"]), (&json!("."), &json!("NOT_SHARED")));
    let one = json!({ "ResolverRuleId": DEFAULT });
    net.refused("DeleteResolverRule", one.clone(), "InvalidRequestException");
    net.refused("UpdateResolverRule", with(&one, json!({ "Config": { "Name": "x" } })), "InvalidRequestException");
    let both = with(&one, json!({ "VPCId": net.vpc }));
    net.refused("AssociateResolverRule", both.clone(), "InvalidRequestException");
    let message = net.refused("DisassociateResolverRule", both, "InvalidRequestException");
    assert!(message.contains("[RSLVR-00713]"), "{message}");
}

#[tokio::test]
async fn lists_have_filters_and_pages() {
    let net = Net::start().await;
    let endpoint = net.endpoint("OUTBOUND");
    let rule = net.rule(&endpoint, "city.lg.jp", &["10.9.0.53"]);
    let system = json!({ "CreatorRequestId": "1", "RuleType": "SYSTEM", "DomainName": "a.city.lg.jp", "Name": "a" });
    let system = text(&net.ok("CreateResolverRule", system)["ResolverRule"]["Id"]);
    for (name, value, expected) in [
        ("CreatorRequestId", "city.lg.jp 10.9.0.53", &rule),
        ("DomainName", "city.lg.jp.", &rule),
        ("ResolverEndpointId", &endpoint, &rule),
        ("Type", "FORWARD", &rule),
        ("Type", "SYSTEM", &system),
        ("Name", "a", &system),
        ("Name", "Internet Resolver", &DEFAULT.to_owned()),
        ("DomainName", ".", &DEFAULT.to_owned()),
    ] {
        let filters = json!({ "Filters": [{ "Name": name, "Values": [value] }] });
        assert_eq!(net.listed(ACCOUNT, "ListResolverRules", filters), [expected.as_str()], "{name} {value}");
    }
    let (mut seen, mut token) = (Vec::new(), json!(null));
    loop {
        let page = net.ok("ListResolverRules", json!({ "MaxResults": 1, "NextToken": token }));
        seen.push(text(&page["ResolverRules"][0]["Id"]));
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(seen, net.listed(ACCOUNT, "ListResolverRules", json!({})));
    assert_eq!(seen.len(), 3);
}
