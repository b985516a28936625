//! Security groups and their rules.

use gcnet_sandbox::{Options, Quotas};

use crate::client::Aws;

const HTTPS: &str = "IpPermissions.1.IpProtocol=tcp IpPermissions.1.FromPort=443 IpPermissions.1.ToPort=443";

#[tokio::test]
async fn a_group_starts_with_everything_out() {
    let aws = Aws::start(Options::default()).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let group = aws.group(&vpc, "web").await;
    let of_group = format!("Filter.1.Name=group-id Filter.1.Value.1={group}");
    let rules = aws.call("DescribeSecurityGroupRules", &of_group).await;
    assert_eq!(rules.all("item.isEgress"), ["true"]);
    assert_eq!(rules.all("item.fromPort"), ["-1"]);
    let rule = rules.one("item.securityGroupRuleId");
    let revoke = format!("GroupId={group} SecurityGroupRuleId.1={rule}");
    aws.refuses(&[("RevokeSecurityGroupIngress", revoke.clone(), "InvalidSecurityGroupRuleId.NotFound")]).await;
    let revoked = aws.call("RevokeSecurityGroupEgress", &revoke).await;
    assert_eq!(revoked.one("revokedSecurityGroupRuleSet.item.cidrIpv4"), "0.0.0.0/0");
    assert!(aws.call("DescribeSecurityGroupRules", &of_group).await.all("item.isEgress").is_empty());
}

#[tokio::test]
async fn a_batch_is_taken_whole_or_not_at_all() {
    let options = Options { quotas: Quotas { rules: 3, ..Quotas::default() }, ..Options::default() };
    let aws = Aws::start(options).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let group = aws.group(&vpc, "web").await;
    let from = |cidrs: &[&str]| {
        let ranges: String = cidrs
            .iter()
            .enumerate()
            .map(|(n, cidr)| format!(" IpPermissions.1.IpRanges.{}.CidrIp={cidr}", n + 1))
            .collect();
        format!("GroupId={group} {HTTPS}{ranges}")
    };
    let tagged = "TagSpecification.1.ResourceType=security-group-rule TagSpecification.1.Tag.1.Key=Name TagSpecification.1.Tag.1.Value=x";
    let made =
        aws.call("AuthorizeSecurityGroupIngress", format!("{} {tagged}", from(&["10.1.0.5/16", "10.2.0.0/16"]))).await;
    assert_eq!(made.all("item.cidrIpv4"), ["10.1.0.0/16", "10.2.0.0/16"]);
    assert_eq!(made.all("tagSet.item.value"), ["x", "x"]);
    let first = made.one("item.securityGroupRuleId");

    aws.refuses(&[
        ("AuthorizeSecurityGroupIngress", from(&["10.3.0.0/16", "10.1.0.0/16"]), "InvalidPermission.Duplicate"),
        ("AuthorizeSecurityGroupIngress", from(&["10.3.0.0/16", "10.3.0.0/16"]), "InvalidParameterValue"),
        ("AuthorizeSecurityGroupIngress", from(&["10.3.0.0/16", "10.4.0.0/16"]), "RulesPerSecurityGroupLimitExceeded"),
        ("AuthorizeSecurityGroupIngress", format!("GroupId={group} {HTTPS}"), "MissingParameter"),
        ("RevokeSecurityGroupIngress", from(&["10.3.0.0/16"]), "InvalidPermission.NotFound"),
        // The same key in the other direction is another rule.
        ("RevokeSecurityGroupEgress", from(&["10.1.0.0/16"]), "InvalidPermission.NotFound"),
    ])
    .await;

    let flat = |cidr: &str| {
        format!(
            "GroupId={group} SecurityGroupRule.1.SecurityGroupRuleId={first} \
             SecurityGroupRule.1.SecurityGroupRule.IpProtocol=tcp SecurityGroupRule.1.SecurityGroupRule.FromPort=443 \
             SecurityGroupRule.1.SecurityGroupRule.ToPort=443 SecurityGroupRule.1.SecurityGroupRule.{cidr}"
        )
    };
    aws.refuses(&[
        ("ModifySecurityGroupRules", flat("CidrIpv4=10.2.0.0/16"), "InvalidPermission.Duplicate"),
        ("ModifySecurityGroupRules", flat("CidrIpv6=fd00::/8"), "InvalidParameterValue"),
    ])
    .await;
    aws.call("ModifySecurityGroupRules", flat("CidrIpv4=10.9.0.0/16")).await;
    let change = format!(
        "GroupId={group} SecurityGroupRuleDescription.1.SecurityGroupRuleId={first} SecurityGroupRuleDescription.1.Description=dns"
    );
    aws.call("UpdateSecurityGroupRuleDescriptionsIngress", change).await;
    let read = aws.call("DescribeSecurityGroupRules", format!("SecurityGroupRuleId.1={first}")).await;
    assert_eq!((read.one("item.cidrIpv4"), read.one("item.description")), ("10.9.0.0/16".into(), "dns".into()));

    let groups = aws.call("DescribeSecurityGroups", format!("GroupId.1={group}")).await;
    assert_eq!(groups.all("ipPermissions.item.ipProtocol"), ["tcp"]);
    assert_eq!(groups.all("ipPermissions.item.ipRanges.item.cidrIp").len(), 2);
    aws.call("RevokeSecurityGroupIngress", from(&["10.2.0.0/16"])).await;
}

#[tokio::test]
async fn protocols_and_ports_are_checked() {
    let aws = Aws::start(Options::default()).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let group = aws.group(&vpc, "web").await;
    let rule = |protocol: &str, ports: &str| {
        let ports: String = ports
            .split_whitespace()
            .zip(["FromPort", "ToPort"])
            .map(|(port, name)| format!(" IpPermissions.1.{name}={port}"))
            .collect();
        format!(
            "GroupId={group} IpPermissions.1.IpProtocol={protocol}{ports} IpPermissions.1.IpRanges.1.CidrIp=10.0.0.0/8"
        )
    };
    let authorize = "AuthorizeSecurityGroupIngress";
    aws.refuses(&[
        (authorize, rule("tcp", ""), "MissingParameter"),
        (authorize, rule("tcp", "443 80"), "InvalidParameterValue"),
        (authorize, rule("udp", "0 65536"), "InvalidParameterValue"),
        (authorize, rule("icmp", "300 0"), "InvalidParameterValue"),
        (authorize, rule("gre", ""), "InvalidParameterValue"),
        (authorize, rule("256", ""), "InvalidParameterValue"),
        (authorize, rule("tcp", "x 1"), "InvalidParameterValue"),
    ])
    .await;
    for (protocol, ports, read) in [
        ("6", "22 22", ("tcp", "22")),
        ("icmp", "8 0", ("icmp", "8")),
        ("50", "", ("50", "-1")),
        ("all", "1 2", ("-1", "-1")),
    ] {
        let made = aws.call(authorize, rule(protocol, ports)).await;
        assert_eq!((made.one("item.ipProtocol").as_str(), made.one("item.fromPort").as_str()), read);
    }
}

#[tokio::test]
async fn groups_hold_one_another() {
    let aws = Aws::start(Options::default()).await;
    let vpc = aws.vpc("10.0.0.0/16").await;
    let elsewhere = aws.vpc("10.1.0.0/16").await;
    let (web, db, far) =
        (aws.group(&vpc, "web").await, aws.group(&vpc, "db").await, aws.group(&elsewhere, "web").await);
    let from = |source: &str| format!("GroupId={db} {HTTPS} IpPermissions.1.Groups.1.GroupId={source}");
    aws.call("AuthorizeSecurityGroupIngress", from(&web)).await;
    aws.call("AuthorizeSecurityGroupIngress", from(&db)).await;
    let default = aws.call("DescribeSecurityGroups", "Filter.1.Name=group-name Filter.1.Value.1=default").await;
    let default = default.one("item.groupId");
    let named = |name: &str| format!("VpcId={vpc} GroupName={name} GroupDescription=d");
    aws.refuses(&[
        ("AuthorizeSecurityGroupIngress", from(&far), "InvalidGroup.NotFound"),
        ("AuthorizeSecurityGroupIngress", from("sg-0"), "InvalidGroup.NotFound"),
        ("DeleteSecurityGroup", format!("GroupId={web}"), "DependencyViolation"),
        ("DeleteSecurityGroup", format!("GroupId={default}"), "CannotDelete"),
        ("CreateSecurityGroup", named("WEB"), "InvalidGroup.Duplicate"),
        ("CreateSecurityGroup", named("default"), "InvalidGroup.Reserved"),
        ("CreateSecurityGroup", named("sg-x"), "InvalidParameterValue"),
        ("CreateSecurityGroup", named("戸籍"), "InvalidParameterValue"),
        ("CreateSecurityGroup", "GroupName=x GroupDescription=d".into(), "VPCIdNotSpecified"),
    ])
    .await;
    // Its own rule does not hold it.
    aws.call("DeleteSecurityGroup", format!("GroupId={db}")).await;
    aws.call("DeleteSecurityGroup", format!("GroupId={web}")).await;
}
