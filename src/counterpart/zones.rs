//! Private zones that ASPs had before, with names of their systems.

use serde_json::json;

use super::{
    call::{Caller, Failed, list, text},
    estate::Estate,
};
use crate::config::{derive::Party, schema::Asp};

impl Estate<'_> {
    /// Those that the file names, each on a VPC of theirs.
    pub(super) fn hosted_zones(&self, asp: &Asp, party: &Party<'_>) -> Result<(), Failed> {
        let caller = Caller { sandbox: self.sandbox, account: party.id.as_str(), region: self.region };
        for zone in &asp.zones {
            let id = zone.id.to_string();
            match caller.call("route53", "GetHostedZone", json!({ "Id": id })) {
                // Several municipalities may name one.
                Ok(_) => continue,
                Err(failed) if failed.error.code == "NoSuchHostedZone" => {}
                Err(failed) => return Err(failed),
            }
            let (vpc, region) = self.home(caller, asp)?;
            let input = json!({
                "Name": zone.name.to_string(),
                "CallerReference": id,
                "VPC": { "VPCRegion": region, "VPCId": vpc },
                "HostedZoneConfig": { "PrivateZone": true },
            });
            caller.call_for("route53", "CreateHostedZone", input, Some(&id))?;
        }
        Ok(())
    }

    /// A VPC of theirs, and where it is.
    fn home(&self, caller: Caller<'_>, asp: &Asp) -> Result<(String, &str), Failed> {
        if let Some(vpc) = asp.vpcs.first() {
            return Ok((vpc.id.to_string(), asp.region(self.municipality).as_str()));
        }
        let found = caller.call("ec2", "DescribeVpcs", json!({}))?;
        let vpc = match list(&found, "/vpcSet").first().and_then(|vpc| text(vpc, "/vpcId")) {
            Some(vpc) => vpc.into(),
            None => self.apart(caller)?,
        };
        Ok((vpc, self.region))
    }
}
