//! What PrivateLink stands on, on either side: load balancers that were there before, services of theirs, VPCs for their
//! endpoints.

use ipnet::Ipv4Net;
use serde_json::json;

use super::{
    call::{Caller, Failed, list, text},
    estate::Estate,
};
use crate::config::{
    derive::Party,
    schema::{Asp, PrivateLinkRole},
    values::Arn,
};

/// Longer than the simulated load balancers take to become active.
const ACTIVE: std::time::Duration = std::time::Duration::from_secs(300);

impl Estate<'_> {
    /// What the file takes for granted of an ASP over PrivateLink.
    pub(super) fn private_link(&self, asp: &Asp, party: &Party<'_>) -> Result<(), Failed> {
        match asp.role.as_deref() {
            Some(PrivateLinkRole::Consumer) => self.service(asp, party),
            Some(PrivateLinkRole::Provider) => self.customer(asp, party),
            // V20 refuses a file that does not say.
            None => Ok(()),
        }
    }

    /// Their endpoint service in front of a load balancer of theirs.
    fn service(&self, asp: &Asp, party: &Party<'_>) -> Result<(), Failed> {
        let Some(name) = asp.service.as_ref().and_then(|service| service.name.as_ref()) else { return Ok(()) };
        let Some(id) = name.rsplit('.').next() else { return Ok(()) };
        let caller = Caller { sandbox: self.sandbox, account: party.id.as_str(), region: self.region };
        let services = caller.call("ec2", "DescribeVpcEndpointServiceConfigurations", json!({}))?;
        let there = list(&services, "/serviceConfigurationSet");
        if there.iter().any(|service| text(service, "/serviceId") == Some(id)) {
            return Ok(());
        }
        let balancer = self.load_balancer(caller, id.trim_start_matches("vpce-"), None)?;
        let input = json!({ "NetworkLoadBalancerArns": [balancer], "AcceptanceRequired": true });
        caller.call_for("ec2", "CreateVpcEndpointServiceConfiguration", input, Some(id))?;
        Ok(())
    }

    /// Who uses a service of ours has a VPC for the endpoint; and the load balancer that the file names, which is in our own
    /// account, is there, for gcnet does not make it.
    fn customer(&self, asp: &Asp, party: &Party<'_>) -> Result<(), Failed> {
        if let Some(arn) = asp.service.as_ref().and_then(|service| service.load_balancer.as_deref())
            && let Some(name) = arn.resource().strip_prefix("loadbalancer/net/").and_then(|rest| rest.split('/').next())
        {
            let owner = Caller { sandbox: self.sandbox, account: arn.account(), region: arn.region() };
            self.load_balancer(owner, name, Some(arn))?;
        }
        let caller = Caller { sandbox: self.sandbox, account: party.id.as_str(), region: self.region };
        let vpcs = caller.call("ec2", "DescribeVpcs", json!({}))?;
        if list(&vpcs, "/vpcSet").is_empty() {
            self.apart(caller)?;
        }
        Ok(())
    }

    /// The load balancer of that name, made with this ARN where there is none; its ARN.
    fn load_balancer(&self, caller: Caller<'_>, name: &str, arn: Option<&Arn>) -> Result<String, Failed> {
        let all = caller.call("elasticloadbalancing", "DescribeLoadBalancers", json!({}))?;
        let named = |balancer: &&&serde_json::Value| text(balancer, "/LoadBalancerName") == Some(name);
        let balancers = list(&all, "/LoadBalancers");
        let found = balancers.iter().find(named).and_then(|balancer| text(balancer, "/LoadBalancerArn"));
        if let Some(found) = found {
            return Ok(found.to_string());
        }
        let vpc = self.apart(caller)?;
        let filter = json!([{ "Name": "vpc-id", "Values": [vpc] }]);
        let subnets = caller.call("ec2", "DescribeSubnets", json!({ "Filters": filter }))?;
        let subnets: Vec<&str> =
            list(&subnets, "/subnetSet").into_iter().filter_map(|subnet| text(subnet, "/subnetId")).collect();
        let input = json!({ "Name": name, "Type": "network", "Scheme": "internal", "Subnets": subnets });
        let arn = arn.map(ToString::to_string);
        let balancer = caller.call_for("elasticloadbalancing", "CreateLoadBalancer", input, arn.as_deref())?;
        // It existed long before the municipality came.
        self.sandbox.advance(ACTIVE);
        Ok(text(&balancer, "/LoadBalancers/0/LoadBalancerArn").unwrap_or_default().to_string())
    }

    /// A VPC that nothing leads to: its own addresses matter to nobody, which is what PrivateLink is for.
    pub(super) fn apart(&self, caller: Caller<'_>) -> Result<String, Failed> {
        let range = Ipv4Net::new_assert(std::net::Ipv4Addr::new(10, 255, 0, 0), 24);
        let vpc = caller.call("ec2", "CreateVpc", json!({ "CidrBlock": range.to_string() }))?;
        let vpc = text(&vpc, "/vpc/vpcId").unwrap_or_default().to_string();
        self.subnets(caller, &vpc, range, &[])?;
        Ok(vpc)
    }
}
