//! Who must reach whom and who must not, as the file wishes it: what the computed reachability is held against.
//!
//! The rules speak of the municipality as it is meant to be: every line open, every other party's move made. They are not
//! derived from route tables, so that tables and rules can contradict each other.

use crate::config::schema::{Asp, Connect, Municipality, PrivateLinkRole, Site, Via};
use crate::config::source::Span;
use crate::config::values::Workload;

/// A wish about one direction: a connection opened at `from` gets to `to`, and its answer back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReachRule {
    /// Where the connection is opened.
    pub from: ReachPlace,
    /// Where it goes.
    pub to: ReachPlace,
    /// What is wished.
    pub must: Must,
    /// What the wish follows from.
    pub why: ReachWhy,
    /// Where the file says so.
    pub span: Span,
}

/// What packets come from and go to.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ReachPlace {
    /// The municipality's own network.
    OnPremises,
    /// A site, by its name.
    Site(String),
    /// The VPC of the network account.
    SharedVpc,
    /// The routed VPCs of an ASP, by its name.
    Asp(String),
    /// Our interface endpoint of an ASP's service, by the ASP's name: at the ports of [`Asp::service_ports`].
    Endpoint(String),
}

/// What is wished of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Must {
    /// There and back.
    Reach,
    /// Not there and back.
    NotReach,
}

/// What a rule follows from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReachWhy {
    /// 戸籍 and 戸籍附票 outside AWS work together with 住民記録 (specification 4.2.1).
    Register,
    /// The file links the two.
    Linked,
    /// The two share a group, and with it a route table.
    SameGroup,
    /// Two ASPs that nobody linked.
    Apart,
    /// An ASP with `onprem: true`.
    OnPremises,
    /// An ASP with `onprem: false`.
    NotOnPremises,
    /// A service that on-premises uses through PrivateLink.
    Consumed,
    /// A site and an ASP that nobody linked.
    NotLinked,
    /// A site with an attachment of its own reaches nothing but ASPs that it is linked to.
    SiteAlone,
    /// The shared VPC serves on-premises and every routed ASP.
    Shared,
}

impl Asp {
    /// Whether our route tables hold its ranges.
    pub fn is_routed(&self) -> bool {
        self.connect.value != Connect::Privatelink
    }

    /// Whether we use its service through an interface endpoint of ours.
    pub fn is_consumed(&self) -> bool {
        self.connect.value == Connect::Privatelink && self.role.as_deref() == Some(&PrivateLinkRole::Consumer)
    }

    fn serves(&self, workload: Workload) -> bool {
        self.workloads.iter().any(|served| served.value == workload)
    }
}

impl Site {
    /// Whether 戸籍 or 戸籍附票 runs there.
    pub fn is_register(&self) -> bool {
        let register = [Workload::FamilyRegister, Workload::FamilyRegisterAddresses];
        self.workloads.iter().any(|workload| register.contains(&workload.value))
    }
}

impl Municipality {
    /// All rules, in the order of the file; a pair that the file leaves open has none.
    pub fn reach_rules(&self) -> Vec<ReachRule> {
        let mut rules = Rules(Vec::new());
        self.rules_of_shared_vpc(&mut rules);
        for site in &self.sites {
            self.rules_of_site(site, &mut rules);
        }
        for (index, asp) in self.asps.iter().enumerate() {
            self.rules_with_onprem(asp, &mut rules);
            self.rules_of_endpoint(asp, &mut rules);
            for other in self.asps.iter().skip(index + 1).filter(|other| other.is_routed() && asp.is_routed()) {
                let (must, why, span) = if self.linked(&asp.name, &other.name) {
                    (Must::Reach, ReachWhy::Linked, self.link_between(&asp.name, &other.name).unwrap_or(asp.name.span))
                } else if self.same_table(asp, other) {
                    let group = asp.group.as_ref().map_or(asp.name.span, |group| group.span);
                    (Must::Reach, ReachWhy::SameGroup, group)
                } else {
                    (Must::NotReach, ReachWhy::Apart, other.name.span)
                };
                rules.both_ways(place(asp), place(other), must, why, span);
            }
        }
        rules.0
    }

    /// While no line feeds the route tables, nothing comes back to on-premises, and the file says so.
    fn has_onprem(&self) -> bool {
        self.lines.iter().any(|line| line.propagate)
    }

    fn rules_of_shared_vpc(&self, rules: &mut Rules) {
        let shared = || ReachPlace::SharedVpc;
        if self.has_onprem() {
            let span = self.shared_vpc.cidr.span;
            rules.both_ways(shared(), ReachPlace::OnPremises, Must::Reach, ReachWhy::Shared, span);
        }
        for asp in self.asps.iter().filter(|asp| asp.is_routed()) {
            rules.both_ways(shared(), place(asp), Must::Reach, ReachWhy::Shared, asp.name.span);
        }
    }

    fn rules_of_site(&self, site: &Site, rules: &mut Rules) {
        let here = || ReachPlace::Site(site.name.to_string());
        if site.is_attached() {
            let span = match &site.via {
                Via::Attachment(id) => id.span,
                Via::Peering(peering) => peering.tgw.span,
                Via::Line(line) => line.span,
            };
            for there in [ReachPlace::OnPremises, ReachPlace::SharedVpc] {
                rules.both_ways(here(), there, Must::NotReach, ReachWhy::SiteAlone, span);
            }
            for other in self.sites.iter().filter(|other| other.name != site.name) {
                // Two that are attached would be said twice.
                if !other.is_attached() || other.name.span > site.name.span {
                    let there = ReachPlace::Site(other.name.to_string());
                    rules.both_ways(here(), there, Must::NotReach, ReachWhy::SiteAlone, span);
                }
            }
        }
        for asp in &self.asps {
            let linked = self.linked(&site.name, &asp.name);
            if !asp.is_routed() {
                // A link has no effect on PrivateLink (V12 warns), and none is no wish.
                if asp.is_consumed() && !linked {
                    let endpoint = ReachPlace::Endpoint(asp.name.to_string());
                    rules.one_way(here(), endpoint, Must::NotReach, ReachWhy::NotLinked, site.name.span);
                }
                continue;
            }
            let register = site.is_register() && asp.serves(Workload::ResidentRecords);
            let span = self.link_between(&site.name, &asp.name).unwrap_or(site.name.span);
            let (must, why) = match (linked, register) {
                (true, true) => (Must::Reach, ReachWhy::Register),
                (true, false) => (Must::Reach, ReachWhy::Linked),
                // Of several ASPs with 住民記録, those that the file links count (V12 asks for one).
                (false, _) => (Must::NotReach, ReachWhy::NotLinked),
            };
            rules.both_ways(here(), place(asp), must, why, span);
        }
    }

    fn rules_with_onprem(&self, asp: &Asp, rules: &mut Rules) {
        let onprem = || ReachPlace::OnPremises;
        let span = asp.name.span;
        match (asp.is_routed(), asp.onprem) {
            (true, true) if self.has_onprem() => {
                rules.both_ways(onprem(), place(asp), Must::Reach, ReachWhy::OnPremises, span);
            }
            (true, false) => rules.both_ways(onprem(), place(asp), Must::NotReach, ReachWhy::NotOnPremises, span),
            (false, reaches) if asp.is_consumed() => {
                let endpoint = ReachPlace::Endpoint(asp.name.to_string());
                match reaches {
                    true if self.has_onprem() => {
                        let named = asp.service.as_ref().and_then(|service| service.name.as_ref());
                        let span = named.map_or(asp.connect.span, |name| name.span);
                        rules.one_way(onprem(), endpoint, Must::Reach, ReachWhy::Consumed, span);
                    }
                    true => {}
                    false => rules.one_way(onprem(), endpoint, Must::NotReach, ReachWhy::NotOnPremises, span),
                }
            }
            _ => {}
        }
    }

    /// ASP and ASP are apart, also where one of them only offers a service.
    fn rules_of_endpoint(&self, asp: &Asp, rules: &mut Rules) {
        let others = self.asps.iter().filter(|other| asp.is_consumed() && other.is_routed());
        // A link has no effect on PrivateLink (V12 warns), and none is no wish.
        for other in others.filter(|other| !self.linked(&other.name, &asp.name)) {
            let endpoint = ReachPlace::Endpoint(asp.name.to_string());
            rules.one_way(place(other), endpoint, Must::NotReach, ReachWhy::Apart, other.name.span);
        }
    }

    /// Where one of the two names the other.
    fn link_between(&self, a: &str, b: &str) -> Option<Span> {
        let sites = self.sites.iter().map(|site| (&site.name, &site.links));
        let sides = sites.chain(self.asps.iter().map(|asp| (&asp.name, &asp.links)));
        sides
            .flat_map(|(name, links)| links.iter().map(move |link| (name.as_str(), link)))
            .find(|(name, link)| (*name == a && link.as_str() == b) || (*name == b && link.as_str() == a))
            .map(|(_, link)| link.span)
    }
}

fn place(asp: &Asp) -> ReachPlace {
    ReachPlace::Asp(asp.name.to_string())
}

struct Rules(Vec<ReachRule>);

impl Rules {
    fn one_way(&mut self, from: ReachPlace, to: ReachPlace, must: Must, why: ReachWhy, span: Span) {
        self.0.push(ReachRule { from, to, must, why, span });
    }

    fn both_ways(&mut self, a: ReachPlace, b: ReachPlace, must: Must, why: ReachWhy, span: Span) {
        self.one_way(a.clone(), b.clone(), must, why, span);
        self.one_way(b, a, must, why, span);
    }
}
