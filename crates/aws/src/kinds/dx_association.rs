//! A transit gateway of ours on a Direct Connect gateway: what on-premises is told of.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use aws_sdk_directconnect::types::{
    DirectConnectGatewayAssociation as Association, DirectConnectGatewayAssociationProposal as Proposal,
    DirectConnectGatewayAssociationProposalState as ProposalState, DirectConnectGatewayAssociationState as Code,
    RouteFilterPrefix,
};
use gcnet_core::{
    Ask, Calls, Context, Diff, Failure, Kind, Known, Live, Natural, Owner, Ref, Replace, Request, Resource, State,
    Tags, World,
};
use ipnet::Ipv4Net;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{DxGateway, Tgw, TgwVpcAttachment};
use crate::{
    aws::Aws,
    read::{need, parse},
};

/// With a gateway of ours, made by us. With another account's, proposed by us and accepted by them, who may override the
/// prefixes; to change them, we propose anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DxAssociation {
    /// Ours.
    pub tgw: Ref<Tgw>,
    /// Ours, or the id of another account's.
    pub gateway: Ref<DxGateway>,
    /// The account that owns the gateway; `None` when we do.
    pub owner: Option<String>,
    /// What is advertised to on-premises. With none, on-premises learns nothing, and AWS reports no error.
    pub prefixes: BTreeSet<Ipv4Net>,
    /// An attachment of a VPC of ours: AWS wants one before the gateway is proposed. A condition, never compared.
    pub attachment: Option<Ref<TgwVpcAttachment>>,
    /// `Some(true)` in a wish: we accept it ourselves, with a role in the owner's account. Live, whether it is.
    pub accepted: Option<bool>,
    /// Live only.
    pub standing: Option<Standing>,
}

/// How far the two sides have come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The account that owns the transit gateway: us.
    pub account: String,
    /// The association's id, once there is one.
    pub association: Option<String>,
    /// The id of the proposal that waits for their answer.
    pub proposal: Option<String>,
    /// What that proposal asks for, or else one that they accepted lately.
    pub asked: Option<BTreeSet<Ipv4Net>>,
    /// What deleted proposals asked for, by their ids. AWS says neither when nor by whom one was deleted; ours are taken back
    /// only when something else is wished, so one of what is wished was turned down.
    pub deleted: BTreeMap<String, BTreeSet<Ipv4Net>>,
}

impl Standing {
    /// They have turned down a proposal of just these prefixes, and none is open.
    fn is_refused(&self, prefixes: &BTreeSet<Ipv4Net>) -> bool {
        self.proposal.is_none() && self.deleted.values().any(|asked| asked == prefixes)
    }
}

/// Half as long again as the slowest association that was seen.
pub(super) const PATIENCE: Duration = Duration::from_secs(45 * 60);

impl Resource for DxAssociation {
    const NAME: &'static str = "dx-association";
}

impl Kind<Aws> for DxAssociation {
    // A pair is associated once.
    const REPLACE: Replace = Replace::DeleteFirst;
    const PATIENCE: Duration = PATIENCE;
    const CALLS: Calls = Calls {
        observe: &[
            "ec2:DescribeTransitGateways",
            "directconnect:DescribeDirectConnectGatewayAssociations",
            "directconnect:DescribeDirectConnectGatewayAssociationProposals",
        ],
        create: &[
            "directconnect:CreateDirectConnectGatewayAssociationProposal",
            "directconnect:CreateDirectConnectGatewayAssociation",
        ],
        update: &[
            "directconnect:CreateDirectConnectGatewayAssociationProposal",
            "directconnect:DeleteDirectConnectGatewayAssociationProposal",
            "directconnect:UpdateDirectConnectGatewayAssociation",
        ],
        delete: &[
            "directconnect:DeleteDirectConnectGatewayAssociation",
            "directconnect:DeleteDirectConnectGatewayAssociationProposal",
        ],
    };

    async fn observe(aws: &Aws) -> Result<Vec<Live<Self>>, Failure> {
        let (associations, proposals) = futures::try_join!(aws.dx_associations(), aws.dx_proposals())?;
        let mut pairs: BTreeSet<(&str, &str)> = BTreeSet::new();
        pairs.extend(associations.iter().filter_map(ends_of_association));
        pairs.extend(proposals.iter().filter_map(ends_of_proposal));
        let live = pairs.into_iter().map(|pair| {
            let association = associations.iter().find(|association| is_standing(association, pair));
            let is_forgotten = |proposal: &Proposal| {
                proposal.proposal_state() == Some(&ProposalState::Deleted)
                    && proposal.proposal_id().is_some_and(|id| aws.is_put_aside(id))
            };
            let of_pair = proposals.iter().filter(|proposal| ends_of_proposal(proposal) == Some(pair));
            let proposals: Vec<&Proposal> = of_pair.filter(|proposal| !is_forgotten(proposal)).collect();
            read(aws.account(), pair, association, &proposals)
        });
        live.filter_map(Result::transpose).collect()
    }

    fn natural(&self) -> Option<Natural> {
        let name = format!("{}/{}", self.tgw.label(), self.gateway.label());
        Some(Natural { parent: self.tgw.target().clone(), name })
    }

    fn diff(&self, live: &Self, diff: &mut Diff) {
        // Who owns the gateway only says how to get there.
        let DxAssociation { tgw, gateway, owner, prefixes, attachment: _, accepted, standing: _ } = self;
        diff.replace("tgw", tgw, &live.tgw);
        diff.replace("gateway", gateway, &live.gateway);
        let standing = live.standing.clone().unwrap_or_default();
        let is_asked = standing.asked.as_ref() == Some(prefixes);
        match (owner, &standing.proposal, &standing.association) {
            (Some(_), Some(_), _) if is_asked => diff.in_place_if_said("accepted", accepted, &live.accepted),
            // With a role we do on their side what we would ask of them.
            (Some(_), None, Some(_)) if *accepted == Some(true) => {
                diff.in_place("prefixes", prefixes, &live.prefixes);
            }
            // What we have asked for and not got is the other side's, see `asks`.
            (Some(_), _, Some(_)) if is_asked => {}
            (Some(_), None, _) if standing.is_refused(prefixes) => {}
            // A proposal that they must not accept any more, or that they refused.
            (Some(_), Some(_), _) | (Some(_), None, None) => {
                diff.in_place("asked", &Some(prefixes), &standing.asked.as_ref());
            }
            _ => diff.in_place("prefixes", prefixes, &live.prefixes),
        }
    }

    async fn create(&self, cx: &Context<'_, Aws>) -> Result<String, Failure> {
        let (tgw, gateway) = (cx.id(&self.tgw)?, cx.id(&self.gateway)?);
        match &self.owner {
            Some(owner) => self.propose(&cx.world, &tgw, &gateway, owner, &BTreeSet::new()).await?,
            None => {
                let call = cx.world.write().directconnect.create_direct_connect_gateway_association();
                let call = call.direct_connect_gateway_id(&gateway).gateway_id(&tgw);
                let call = call.set_add_allowed_prefixes_to_direct_connect_gateway(filters(self.prefixes.iter()));
                cx.world.call("directconnect:CreateDirectConnectGatewayAssociation", call.send()).await?;
            }
        }
        Ok(key(&tgw, &gateway))
    }

    async fn update(&self, live: &Live<Self>, cx: &Context<'_, Aws>) -> Result<(), Failure> {
        let (aws, have) = (&cx.world, &live.spec.prefixes);
        let standing = live.spec.standing.clone().unwrap_or_default();
        let Some(owner) = &self.owner else {
            let call = aws.write().directconnect.update_direct_connect_gateway_association();
            let call = call
                .set_association_id(standing.association)
                .set_add_allowed_prefixes_to_direct_connect_gateway(filters(self.prefixes.difference(have)))
                .set_remove_allowed_prefixes_to_direct_connect_gateway(filters(have.difference(&self.prefixes)));
            return aws.call("directconnect:UpdateDirectConnectGatewayAssociation", call.send()).await.map(drop);
        };
        let is_theirs_to_do = match (&standing.proposal, &standing.association) {
            (Some(_), _) => standing.asked.as_ref() == Some(&self.prefixes),
            (None, association) => association.is_some(),
        };
        if self.accepted == Some(true) && is_theirs_to_do {
            return self.accept(&aws.in_account(owner)?, aws.account(), live, &standing).await;
        }
        if let Some(proposal) = &standing.proposal {
            withdraw(aws, proposal).await?;
        }
        if standing.association.is_some() && self.prefixes == *have {
            return Ok(());
        }
        self.propose(aws, &cx.id(&self.tgw)?, &cx.id(&self.gateway)?, owner, have).await
    }

    /// AWS cannot delete a refusal: it stays listed for some days.
    async fn delete(live: &Live<Self>, aws: &Aws) -> Result<(), Failure> {
        let standing = live.spec.standing.clone().unwrap_or_default();
        standing.deleted.keys().for_each(|refusal| aws.put_aside(refusal));
        if let Some(proposal) = &standing.proposal {
            withdraw(aws, proposal).await?;
        }
        disassociate(aws, live.spec.tgw.label(), live.spec.gateway.label()).await
    }

    async fn retag(_: &str, _: &Tags, _: &Aws) -> Result<(), Failure> {
        Ok(()) // carries no tags
    }

    fn asks(&self, live: Option<&Live<Self>>, _: &Known<'_>) -> Vec<Ask> {
        live.and_then(|live| self.awaited(live)).into_iter().collect()
    }

    fn example() -> Self {
        let net = |third| Ipv4Net::new_assert([10, 210, third, 0].into(), 24);
        DxAssociation {
            tgw: Ref::to("main"),
            gateway: Ref::to("lgcs"),
            owner: Some("333344445555".into()),
            prefixes: [net(21), net(22)].into(),
            attachment: Some(Ref::to("shared")),
            accepted: Some(false),
            standing: Some(Standing {
                account: "111122223333".into(),
                association: None,
                proposal: Some("0123abcd-0000-4000-8000-000000000000".into()),
                asked: Some([net(21), net(22)].into()),
                deleted: BTreeMap::new(),
            }),
        }
    }
}

impl DxAssociation {
    /// What only the gateway's owner can do now.
    fn awaited(&self, live: &Live<Self>) -> Option<Ask> {
        let standing = live.spec.standing.as_ref()?;
        let (want, have) = (&self.prefixes, &live.spec.prefixes);
        let is_refused = standing.is_refused(want);
        if is_refused && standing.association.is_none() {
            return Some(Ask::account(self.owner.as_ref()?, "reconsider-proposal").standing(&live.state));
        }
        if self.accepted == Some(true) || !(is_refused || standing.asked.as_ref() == Some(want)) {
            return None;
        }
        let (action, call) = match (&standing.proposal, &standing.association) {
            (Some(proposal), _) => {
                let input = json!({
                    "directConnectGatewayId": live.spec.gateway.label(),
                    "proposalId": proposal,
                    "associatedGatewayOwnerAccount": standing.account,
                });
                ("accept-proposal", request("AcceptDirectConnectGatewayAssociationProposal", input))
            }
            // They accepted, but fewer or others, or turned a change down: only they can change it now.
            (None, Some(association)) if want != have => {
                let input = json!({
                    "associationId": association,
                    "addAllowedPrefixesToDirectConnectGateway": cidrs(want.difference(have)),
                    "removeAllowedPrefixesToDirectConnectGateway": cidrs(have.difference(want)),
                });
                ("grant-prefixes", request("UpdateDirectConnectGatewayAssociation", input))
            }
            _ => return None,
        };
        Some(Ask::account(self.owner.as_ref()?, action).by(call).standing(&live.state))
    }

    /// What we would ask of the owner, done with the role in its account.
    async fn accept(&self, there: &Aws, ours: &str, live: &Live<Self>, standing: &Standing) -> Result<(), Failure> {
        let have = &live.spec.prefixes;
        if let Some(proposal) = &standing.proposal {
            let call = there.write().directconnect.accept_direct_connect_gateway_association_proposal();
            let call = call
                .direct_connect_gateway_id(live.spec.gateway.label())
                .proposal_id(proposal)
                .associated_gateway_owner_account(ours);
            const OPERATION: &str = "directconnect:AcceptDirectConnectGatewayAssociationProposal";
            return there.call(OPERATION, call.send()).await.map(drop);
        }
        let call = there.write().directconnect.update_direct_connect_gateway_association();
        let call = call
            .set_association_id(standing.association.clone())
            .set_add_allowed_prefixes_to_direct_connect_gateway(filters(self.prefixes.difference(have)))
            .set_remove_allowed_prefixes_to_direct_connect_gateway(filters(have.difference(&self.prefixes)));
        there.call("directconnect:UpdateDirectConnectGatewayAssociation", call.send()).await.map(drop)
    }

    /// All that is wished as added and all else as removed, so that it reads alike with and without an association.
    async fn propose(
        &self,
        aws: &Aws,
        tgw: &str,
        gateway: &str,
        owner: &str,
        have: &BTreeSet<Ipv4Net>,
    ) -> Result<(), Failure> {
        let call = aws
            .write()
            .directconnect
            .create_direct_connect_gateway_association_proposal()
            .direct_connect_gateway_id(gateway)
            .direct_connect_gateway_owner_account(owner)
            .gateway_id(tgw)
            .set_add_allowed_prefixes_to_direct_connect_gateway(filters(self.prefixes.iter()))
            .set_remove_allowed_prefixes_to_direct_connect_gateway(filters(have.difference(&self.prefixes)));
        aws.call("directconnect:CreateDirectConnectGatewayAssociationProposal", call.send()).await.map(drop)
    }
}

/// Takes a proposal back, unless it was answered since it was seen. That it is then deleted is no refusal.
async fn withdraw(aws: &Aws, proposal: &str) -> Result<(), Failure> {
    aws.put_aside(proposal);
    let proposals = aws.fresh().dx_proposals().await?;
    let still =
        |it: &Proposal| it.proposal_id() == Some(proposal) && it.proposal_state() == Some(&ProposalState::Requested);
    if !proposals.iter().any(still) {
        return Ok(());
    }
    let call = aws.write().directconnect.delete_direct_connect_gateway_association_proposal().proposal_id(proposal);
    aws.call("directconnect:DeleteDirectConnectGatewayAssociationProposal", call.send()).await.map(drop)
}

/// Ends the association of a pair, unless it is ending or gone: its attachment and itself both end this way.
pub(super) async fn disassociate(aws: &Aws, tgw: &str, gateway: &str) -> Result<(), Failure> {
    let associations = aws.fresh().dx_associations().await?;
    let Some(association) = associations.iter().find(|association| is_standing(association, (tgw, gateway))) else {
        return Ok(());
    };
    if association.association_state() == Some(&Code::Disassociating) {
        return Ok(());
    }
    let call = aws.write().directconnect.delete_direct_connect_gateway_association();
    let call = call.set_association_id(association.association_id().map(String::from));
    aws.call("directconnect:DeleteDirectConnectGatewayAssociation", call.send()).await.map(drop)
}

/// The id of a pair, which is there before there is an association.
pub(super) fn key(tgw: &str, gateway: &str) -> String {
    format!("{tgw}|{gateway}")
}

fn request(operation: &str, input: Value) -> Request {
    Request::new("directconnect", operation, input)
}

fn filters<'a>(prefixes: impl Iterator<Item = &'a Ipv4Net>) -> Option<Vec<RouteFilterPrefix>> {
    let filters: Vec<_> = prefixes.map(|cidr| RouteFilterPrefix::builder().cidr(cidr.to_string()).build()).collect();
    (!filters.is_empty()).then_some(filters)
}

fn cidrs<'a>(prefixes: impl Iterator<Item = &'a Ipv4Net>) -> Value {
    prefixes.map(|cidr| json!({ "cidr": cidr.to_string() })).collect()
}

fn ends_of_association(association: &Association) -> Option<(&str, &str)> {
    let tgw = association.associated_gateway()?.id()?;
    Some((tgw, association.direct_connect_gateway_id()?))
}

fn ends_of_proposal(proposal: &Proposal) -> Option<(&str, &str)> {
    Some((proposal.associated_gateway()?.id()?, proposal.direct_connect_gateway_id()?))
}

/// Between these two, and no tombstone.
fn is_standing(association: &Association, pair: (&str, &str)) -> bool {
    ends_of_association(association) == Some(pair) && association.association_state() != Some(&Code::Disassociated)
}

/// `None` when neither an association nor a proposal is there that is open or was turned down.
fn read(
    account: &str,
    (tgw, gateway): (&str, &str),
    association: Option<&Association>,
    proposals: &[&Proposal],
) -> Result<Option<Live<DxAssociation>>, Failure> {
    let in_state = |state: ProposalState| {
        proposals.iter().copied().filter(move |proposal| proposal.proposal_state() == Some(&state))
    };
    let open = in_state(ProposalState::Requested).next();
    // What was accepted is history once the association has gone.
    let accepted = in_state(ProposalState::Accepted).next().filter(|_| association.is_some());
    let asked = open.or(accepted);
    // To ourselves we propose nothing.
    let to_others = |it: &&Proposal| it.direct_connect_gateway_owner_account().is_some_and(|owner| owner != account);
    let refusal = in_state(ProposalState::Deleted).find(to_others);
    let state = match (association.map(Association::association_state), open) {
        (Some(Some(Code::Associated)), _) => State::Ready,
        (Some(Some(Code::Disassociating)), _) => State::Leaving,
        (Some(other), _) => State::Pending(other.map_or("unknown", Code::as_str).into()),
        (None, Some(_)) => State::Theirs { refused: false, since: None },
        (None, None) if refusal.is_some() => State::Theirs { refused: true, since: None },
        (None, None) => return Ok(None),
    };
    let owner = match association {
        Some(association) => association.direct_connect_gateway_owner_account(),
        None => open.or(refusal).and_then(Proposal::direct_connect_gateway_owner_account),
    };
    let allowed = association.map(Association::allowed_prefixes_to_direct_connect_gateway).unwrap_or_default();
    let requested = |proposal: &Proposal| nets(proposal.requested_allowed_prefixes_to_direct_connect_gateway());
    let deleted = in_state(ProposalState::Deleted).map(|proposal| {
        let id = need(proposal.proposal_id(), PROPOSALS, "proposalId")?;
        Ok((id.to_string(), requested(proposal)?))
    });
    Ok(Some(Live {
        id: key(tgw, gateway),
        owner: Owner::Parent,
        state,
        spec: DxAssociation {
            tgw: Ref::id(tgw),
            gateway: Ref::id(gateway),
            owner: owner.filter(|owner| *owner != account).map(String::from),
            prefixes: nets(allowed)?,
            attachment: None,
            accepted: Some(association.is_some() && open.is_none()),
            standing: Some(Standing {
                account: account.into(),
                association: association.and_then(|association| association.association_id().map(String::from)),
                proposal: match open {
                    Some(proposal) => Some(need(proposal.proposal_id(), PROPOSALS, "proposalId")?.into()),
                    None => None,
                },
                asked: asked.map(requested).transpose()?,
                deleted: deleted.collect::<Result<_, Failure>>()?,
            }),
        },
    }))
}

const PROPOSALS: &str = "directconnect:DescribeDirectConnectGatewayAssociationProposals";

fn nets(prefixes: &[RouteFilterPrefix]) -> Result<BTreeSet<Ipv4Net>, Failure> {
    // A transit gateway's prefixes may be IPv6 as well; those are not ours to wish, nor to take away.
    let v4 = prefixes.iter().filter_map(|prefix| prefix.cidr()).filter(|cidr| !cidr.contains(':'));
    v4.map(|cidr| Ok(parse::<Ipv4Net>(cidr, PROPOSALS)?.trunc())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIR: (&str, &str) = ("tgw-1", "dxgw-1");

    fn nets(cidrs: &[&str]) -> BTreeSet<Ipv4Net> {
        cidrs.iter().map(|cidr| cidr.parse().unwrap()).collect()
    }

    fn association(state: Code, prefixes: &[&str]) -> Association {
        let association = Association::builder().association_id("ga-1").association_state(state);
        let association = association.direct_connect_gateway_owner_account("333344445555");
        let association = association.set_allowed_prefixes_to_direct_connect_gateway(filters(nets(prefixes).iter()));
        association.build()
    }

    fn proposal(id: &str, state: ProposalState, prefixes: &[&str]) -> Proposal {
        let proposal = Proposal::builder().proposal_id(id).proposal_state(state);
        let proposal = proposal.direct_connect_gateway_owner_account("333344445555");
        let filters = filters(nets(prefixes).iter());
        proposal.set_requested_allowed_prefixes_to_direct_connect_gateway(filters).build()
    }

    fn live(association: Option<&Association>, proposals: &[Proposal]) -> Option<Live<DxAssociation>> {
        let proposals: Vec<&Proposal> = proposals.iter().collect();
        read("111122223333", PAIR, association, &proposals).unwrap()
    }

    /// The fields that are ours to change, and whether something is asked of them.
    fn moves(live: &Live<DxAssociation>, wish: &[&str]) -> (Vec<String>, bool) {
        let (fields, ask) = with_role(live, wish, None);
        (fields, ask.is_some())
    }

    /// The same, and what is asked, where we may have a role in their account.
    fn with_role(live: &Live<DxAssociation>, wish: &[&str], role: Option<bool>) -> (Vec<String>, Option<String>) {
        let wish = DxAssociation { prefixes: nets(wish), accepted: role, standing: None, ..live.spec.clone() };
        let mut diff = Diff::default();
        wish.diff(&live.spec, &mut diff);
        (diff.0.into_iter().map(|change| change.field).collect(), wish.awaited(live).map(|ask| ask.action))
    }

    #[test]
    fn a_proposal_is_theirs_until_it_is_answered() {
        let open = live(None, &[proposal("1", ProposalState::Requested, &["10.0.0.0/24"])]).unwrap();
        assert_eq!(open.state, State::Theirs { refused: false, since: None });
        assert_eq!(open.spec.owner.as_deref(), Some("333344445555"));
        assert_eq!(moves(&open, &["10.0.0.0/24"]), (vec![], true));
        let accepted = [proposal("1", ProposalState::Accepted, &["10.0.0.0/24"])];
        assert_eq!(live(None, &accepted).map(|l| l.id), None, "without an association it is history");
    }

    #[test]
    fn an_open_proposal_of_other_prefixes_is_ours_to_withdraw() {
        let open = [proposal("1", ProposalState::Requested, &["10.0.0.0/24"])];
        let asked = || (vec!["asked".to_string()], false);
        assert_eq!(moves(&live(None, &open).unwrap(), &["10.0.1.0/24"]), asked());
        let association = association(Code::Associated, &["10.0.1.0/24"]);
        assert_eq!(moves(&live(Some(&association), &open).unwrap(), &["10.0.1.0/24"]), asked());
    }

    #[test]
    fn a_deleted_proposal_is_a_refusal_of_just_its_prefixes() {
        let deleted = |id: &str, prefixes: &[&str]| proposal(id, ProposalState::Deleted, prefixes);
        let refused = live(None, &[deleted("1", &["10.0.0.0/24"]), deleted("2", &["10.0.1.0/24"])]).unwrap();
        assert_eq!(refused.state, State::Theirs { refused: true, since: None });
        assert_eq!(refused.spec.owner.as_deref(), Some("333344445555"));
        for role in [None, Some(true)] {
            let ours = |prefixes: &[&str]| with_role(&refused, prefixes, role);
            assert_eq!(ours(&["10.0.0.0/24"]), (vec![], Some("reconsider-proposal".to_string())));
            assert_eq!(ours(&["10.0.1.0/24"]), (vec![], Some("reconsider-proposal".to_string())));
            assert_eq!(ours(&["10.0.2.0/24"]), (vec!["asked".to_string()], None), "another wish is asked for");
        }
        let again = [deleted("1", &["10.0.0.0/24"]), proposal("2", ProposalState::Requested, &["10.0.0.0/24"])];
        assert_eq!(live(None, &again).unwrap().state, State::Theirs { refused: false, since: None });
        assert_eq!(moves(&live(None, &again).unwrap(), &["10.0.0.0/24"]), (vec![], true));
    }

    #[test]
    fn a_change_that_was_turned_down_is_theirs_to_grant() {
        let association = association(Code::Associated, &["10.0.0.0/24"]);
        let deleted = [proposal("1", ProposalState::Deleted, &["10.0.1.0/24"])];
        let live = live(Some(&association), &deleted).unwrap();
        assert_eq!(live.state, State::Ready);
        assert_eq!(with_role(&live, &["10.0.1.0/24"], None), (vec![], Some("grant-prefixes".to_string())));
        assert_eq!(with_role(&live, &["10.0.1.0/24"], Some(true)), (vec!["prefixes".to_string()], None));
        assert_eq!(with_role(&live, &["10.0.2.0/24"], None), (vec!["prefixes".to_string()], None));
        assert_eq!(with_role(&live, &["10.0.0.0/24"], None), (vec![], None));
    }

    #[test]
    fn fewer_prefixes_than_asked_are_theirs_to_grant_and_others_ours_to_propose() {
        let association = association(Code::Associated, &["10.0.0.0/24"]);
        let accepted = [proposal("1", ProposalState::Accepted, &["10.0.0.0/24", "10.0.1.0/24"])];
        let fewer = live(Some(&association), &accepted).unwrap();
        assert_eq!(fewer.state, State::Ready);
        assert_eq!(moves(&fewer, &["10.0.0.0/24", "10.0.1.0/24"]), (vec![], true));
        assert_eq!(moves(&fewer, &["10.0.2.0/24"]), (vec!["prefixes".to_string()], false));
        assert_eq!(moves(&fewer, &["10.0.0.0/24"]), (vec![], false), "as wished, whatever was asked");
        let forgotten = live(Some(&association), &[]).unwrap();
        assert_eq!(moves(&forgotten, &["10.0.1.0/24"]), (vec!["prefixes".to_string()], false));
    }
}
