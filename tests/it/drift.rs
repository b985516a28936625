//! Changes that nobody told gcnet of, and who made them.

use gcnet_core::{Cause, Why};

use crate::support::{city, connect, converge, planned, sandbox, summary, wish};

#[tokio::test(flavor = "multi_thread")]
async fn a_change_in_the_console_is_told_from_a_change_of_the_file() {
    let naruto = city("naruto");
    let (sandbox, desired) = (sandbox().await, wish(&naruto));
    let aws = connect(&sandbox, &naruto).await;
    converge(&aws, &desired).await;

    // The file: another zone of responsibility in a tag, and a longer list of servers.
    let mut edited = naruto.clone();
    edited
        .onprem
        .cidrs
        .push(gcnet::config::at::At::nowhere(gcnet::config::values::Cidr::parse("10.99.0.0/16").unwrap()));
    let plan = planned(&aws, &wish(&edited)).await;
    let group = plan.steps.iter().find(|step| step.address.as_str() == "security-group/dns-in").unwrap();
    assert_eq!(group.why, Why::Differs { cause: Cause::File }, "{:?}", group.changes);

    // The console: somebody switches DNS host names off and adds a route by hand.
    let outsider = outsider(&sandbox, &naruto).await;
    let id = |address: &str| {
        let account = naruto.accounts.network.id.to_string();
        let found = sandbox.everything(&account).into_iter();
        found.into_iter().find(|r| r.tags.get("gcnet:address").is_some_and(|a| a == address)).unwrap().id
    };
    let off = aws_sdk_ec2::types::AttributeBooleanValue::builder().value(false).build();
    outsider.modify_vpc_attribute().vpc_id(id("vpc/shared")).enable_dns_hostnames(off).send().await.unwrap();
    outsider
        .create_route()
        .route_table_id(id("route-table/dns"))
        .destination_cidr_block("192.0.2.0/24")
        .transit_gateway_id(id("transit-gateway/main"))
        .send()
        .await
        .unwrap();
    let plan = planned(&aws, &desired).await;
    assert_eq!(summary(&plan), ["~ vpc/shared", "- route/dns/192.0.2.0/24"]);
    let why: Vec<&Why> = plan.steps.iter().filter(|step| !step.is_attempt()).map(|step| &step.why).collect();
    assert_eq!(why, [&Why::Differs { cause: Cause::Drift }, &Why::NotDesired]);
    converge(&aws, &desired).await;
    assert!(planned(&aws, &desired).await.is_empty());

    // Two objects with one address: neither is touched, both are named.
    outsider
        .create_tags()
        .resources(id("subnet/dns-a"))
        .tags(aws_sdk_ec2::types::Tag::builder().key("gcnet:address").value("subnet/dns-c").build())
        .send()
        .await
        .unwrap();
    let observed = gcnet_core::observe(&gcnet_core::World::fresh(&aws), gcnet_aws::KINDS).await.unwrap();
    let owned = observed.of(&desired.stack).unwrap();
    match gcnet_core::plan(gcnet_aws::KINDS, &desired, owned).unwrap_err() {
        gcnet_core::PlanError::Twins { address, ids } => {
            assert_eq!((address.as_str(), ids.len()), ("subnet/dns-c", 2));
        }
        other => panic!("{other}"),
    }
}

/// Somebody else's client in the same account.
async fn outsider(sandbox: &gcnet_sandbox::Sandbox, city: &gcnet::config::schema::Municipality) -> aws_sdk_ec2::Client {
    let credentials =
        aws_sdk_ec2::config::Credentials::new(city.accounts.network.id.to_string(), "x", None, None, "test");
    let config = aws_sdk_ec2::Config::builder()
        .behavior_version(aws_sdk_ec2::config::BehaviorVersion::latest())
        .region(aws_sdk_ec2::config::Region::new(city.region.value.as_str()))
        .credentials_provider(credentials)
        .endpoint_url(sandbox.endpoint())
        .build();
    aws_sdk_ec2::Client::from_conf(config)
}

/// AWS remembers the token of a flow log for a day, and answers it with the id of the dead one.
#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_deleted_is_made_anew_although_its_token_is_remembered() {
    let naruto = city("naruto");
    let (sandbox, desired) = (sandbox().await, wish(&naruto));
    let aws = connect(&sandbox, &naruto).await;
    converge(&aws, &desired).await;
    let account = naruto.accounts.network.id.to_string();
    let logs = || sandbox.everything(&account).into_iter().filter(|r| r.kind == "vpc-flow-log").map(|r| r.id);
    let dead: Vec<String> = logs().collect();
    assert_eq!(dead.len(), 2);
    outsider(&sandbox, &naruto).await.delete_flow_logs().set_flow_log_ids(Some(dead.clone())).send().await.unwrap();

    assert_eq!(summary(&planned(&aws, &desired).await), ["+ flow-log/tgw-flow", "+ flow-log/vpc-flow"]);
    converge(&aws, &desired).await;
    assert!(planned(&aws, &desired).await.is_empty());
    assert!(logs().all(|id| !dead.contains(&id)));
}
