//! Which route table a subnet uses. Rules: aws-facts section 1.2 "Route table, association, routes".

use crate::ec2::{errors, route_table, subnet};
use crate::error::{AwsError, Result};
use crate::protocol::{Params, Xml};
use crate::service::{Ctx, Operation};

pub(crate) static OPERATIONS: &[Operation] = &[
    Operation::write("AssociateRouteTable", associate),
    Operation::write("ReplaceRouteTableAssociation", replace),
    Operation::write("DisassociateRouteTable", disassociate),
];

fn associated() -> Xml {
    Xml::new().text("state", "associated")
}

fn missing(id: &str) -> AwsError {
    AwsError::new("InvalidAssociationID.NotFound", format!("The association ID '{id}' does not exist"))
}

/// A subnet has one table. A repeat with the same table answers with the association that is there.
fn associate(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let table = p.required("RouteTableId")?;
    let subnet = p.required("SubnetId")?;
    route_table::KIND.get(&ctx.ec2().route_tables, &table)?;
    subnet::KIND.get(&ctx.ec2().subnets, &subnet)?;
    route_table::check_same_vpc(ctx.ec2(), &table, &subnet)?;
    let association = match route_table::of_subnet(ctx.ec2(), &subnet) {
        Some((current, association)) if current == table => association.to_owned(),
        Some((current, _)) => {
            return Err(AwsError::new(
                "Resource.AlreadyAssociated",
                format!(
                    "the specified association for route table {table} conflicts with an existing association: {subnet} is associated with {current}"
                ),
            ));
        }
        None => {
            let association = ctx.new_id("rtbassoc");
            let tables = &mut ctx.ec2_mut().route_tables;
            let table = route_table::KIND.get_mut(tables, &table)?;
            table.associations.insert(subnet, association.clone());
            association
        }
    };
    Ok(Xml::new().text("associationId", association).nest("associationState", associated()))
}

/// The association gets a new id. Replacing the main association makes another table the main one.
fn replace(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let old = p.required("AssociationId")?;
    let table = p.required("RouteTableId")?;
    let (from, subnet) = route_table::find_association(ctx.ec2(), &old).ok_or_else(|| missing(&old))?;
    let new = ctx.new_id("rtbassoc");
    let vpc_of = |id: &str| {
        let found = route_table::KIND.get(&ctx.ec2().route_tables, id);
        found.map(|table| table.vpc.clone())
    };
    if vpc_of(&from)? != vpc_of(&table)? {
        return Err(errors::invalid_value(format!(
            "Route table {table} and route table {from} belong to different networks"
        )));
    }
    let tables = &mut ctx.ec2_mut().route_tables;
    let source = route_table::KIND.get_mut(tables, &from)?;
    match &subnet {
        Some(subnet) => drop(source.associations.remove(subnet)),
        None => source.main = None,
    }
    let target = route_table::KIND.get_mut(tables, &table)?;
    match subnet {
        Some(subnet) => drop(target.associations.insert(subnet, new.clone())),
        None => target.main = Some(new.clone()),
    }
    Ok(Xml::new().text("newAssociationId", new).nest("associationState", associated()))
}

fn disassociate(ctx: &mut Ctx<'_>, p: &Params) -> Result<Xml> {
    let id = p.required("AssociationId")?;
    let (table, subnet) = route_table::find_association(ctx.ec2(), &id).ok_or_else(|| missing(&id))?;
    let Some(subnet) = subnet else {
        // DOC (DisassociateRouteTable): the main association can only be replaced.
        return Err(errors::invalid_value("cannot disassociate the main route table association"));
    };
    let table = route_table::KIND.get_mut(&mut ctx.ec2_mut().route_tables, &table)?;
    table.associations.remove(&subnet);
    Ok(Xml::done())
}
