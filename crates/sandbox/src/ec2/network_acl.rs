//! Network ACLs: the default one of each VPC, and which subnets it guards. Read only. Rules: aws-facts section 1.2
//! "Network ACL".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ec2::describe::Describe;
use crate::ec2::{Ec2, Kind, tags};
use crate::error::Result;
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[Operation::read("DescribeNetworkAcls", describe)];

pub(crate) static KIND: Kind = Kind {
    resource_type: "network-acl",
    prefix: "acl",
    not_found: "InvalidNetworkAclID.NotFound",
    rows: |ec2| &ec2.network_acls,
};

/// The default ACL of a VPC: it allows everything.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NetworkAcl {
    pub vpc: String,
    /// Association id by subnet.
    pub associations: BTreeMap<String, String>,
}

/// Rule number, direction and action of the entries that every default ACL has.
const ENTRIES: [(u32, bool, &str); 4] =
    [(100, true, "allow"), (32767, true, "deny"), (100, false, "allow"), (32767, false, "deny")];

/// Makes a new VPC's default ACL.
pub(crate) fn create_default(ctx: &mut Ctx<'_>, vpc: &str) {
    let id = ctx.new_id(KIND.prefix);
    let acl = NetworkAcl { vpc: vpc.to_owned(), associations: BTreeMap::new() };
    ctx.ec2_mut().network_acls.insert(id, acl);
}

/// Puts a new subnet under its VPC's default ACL.
pub(crate) fn associate_default(ctx: &mut Ctx<'_>, vpc: &str, subnet: &str) {
    let association = ctx.new_id("aclassoc");
    let acls = &mut ctx.ec2_mut().network_acls;
    if let Some(acl) = acls.values_mut().find(|acl| acl.vpc == vpc) {
        acl.associations.insert(subnet.to_owned(), association);
    }
}

/// Ends a deleted subnet's association.
pub(crate) fn forget_subnet(ec2: &mut Ec2, subnet: &str) {
    for acl in ec2.network_acls.values_mut() {
        acl.associations.remove(subnet);
    }
}

/// Removes the ACL of a deleted VPC.
pub(crate) fn forget_vpc(ec2: &mut Ec2, vpc: &str) {
    for id in ec2.network_acls.prune(|acl| acl.vpc == vpc) {
        ec2.untag(&id);
    }
}

fn describe(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let ctx = &*ctx;
    let ec2 = ctx.ec2();
    let found = Describe {
        kind: &KIND,
        ids: "NetworkAclId",
        filters: "Filter",
        known: &[
            "association.association-id",
            "association.network-acl-id",
            "association.subnet-id",
            "default",
            "network-acl-id",
            "owner-id",
            "tag",
            "tag-key",
            "vpc-id",
        ],
        page: 5..=1000,
    }
    .select(p, ec2, &ec2.network_acls, |id, acl, name| {
        let one = match name {
            "association.association-id" => return acl.associations.values().cloned().collect(),
            "association.subnet-id" => return acl.associations.keys().cloned().collect(),
            "association.network-acl-id" if acl.associations.is_empty() => return Vec::new(),
            "default" => "true".to_owned(),
            "owner-id" => ctx.caller.account.clone(),
            "vpc-id" => acl.vpc.clone(),
            _ => id.to_owned(),
        };
        vec![one]
    })?;
    Ok(found.render("networkAclSet", |id, acl| xml(ctx, id, acl)))
}

fn xml(ctx: &Ctx<'_>, id: &str, acl: &NetworkAcl) -> Xml {
    let entries = ENTRIES.map(|(number, egress, action)| {
        Xml::new()
            .value("ruleNumber", number)
            .text("protocol", "-1")
            .text("ruleAction", action)
            .value("egress", egress)
            .text("cidrBlock", "0.0.0.0/0")
    });
    let associations = acl.associations.iter().map(|(subnet, association)| {
        Xml::new().text("networkAclAssociationId", association).text("networkAclId", id).text("subnetId", subnet)
    });
    Xml::new()
        .text("networkAclId", id)
        .text("vpcId", &acl.vpc)
        .text("ownerId", &ctx.caller.account)
        .text("default", "true")
        .list("entrySet", entries)
        .list("associationSet", associations)
        .list("tagSet", tags::rows(ctx.ec2(), id))
}
