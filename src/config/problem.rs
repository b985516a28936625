//! Findings as data. The sentences, in both languages, live in `report`.

use std::fmt;
use std::net::Ipv4Addr;

use super::derive::{Direction, Must, ReachWhy};
use super::fault::Fault;
use super::schema::RecordType;
use super::source::Place;
use super::values::{Asn, Cidr, Mark, Workload};

/// A check's code. V01 to V15, V17 and V20 are those of the domain reference; V00 and V21 are what reading a file adds,
/// V22 what the network says that it leads to, V23 to V25 what becomes of names there, V26 what a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "`report` has a summary and a reason for each")]
pub enum Code {
    V00,
    V01,
    V02,
    V03,
    V04,
    V05,
    V06,
    V07,
    V08,
    V09,
    V10,
    V11,
    V12,
    V13,
    V14,
    V15,
    V17,
    V20,
    V21,
    V22,
    V23,
    V24,
    V25,
    V26,
}

impl Code {
    /// As printed.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::V00 => "V00",
            Code::V01 => "V01",
            Code::V02 => "V02",
            Code::V03 => "V03",
            Code::V04 => "V04",
            Code::V05 => "V05",
            Code::V06 => "V06",
            Code::V07 => "V07",
            Code::V08 => "V08",
            Code::V09 => "V09",
            Code::V10 => "V10",
            Code::V11 => "V11",
            Code::V12 => "V12",
            Code::V13 => "V13",
            Code::V14 => "V14",
            Code::V15 => "V15",
            Code::V17 => "V17",
            Code::V20 => "V20",
            Code::V21 => "V21",
            Code::V22 => "V22",
            Code::V23 => "V23",
            Code::V24 => "V24",
            Code::V25 => "V25",
            Code::V26 => "V26",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Good to know.
    Notice,
    /// Probably a mistake; work goes on.
    Warning,
    /// The file is refused.
    Error,
}

/// One thing that a check found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Which check.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// What it is.
    pub problem: Problem,
    /// Where it is.
    pub place: Place,
    /// Other places that belong to it.
    pub related: Vec<Related>,
}

/// A second place of a finding.
#[derive(Debug, Clone)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What it has to do with the finding.
    pub role: Role,
}

/// What a second place has to do with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The first of two that must not both be there.
    First,
    /// The other side of a conflict.
    Other,
    /// The choice that asks for what is missing.
    Because,
    /// Another of the same kind.
    Also,
}

/// What names can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum NameKind {
    Account,
    Asp,
    AspOrSite,
    Attachment,
    DnsZone,
    DxGateway,
    ForwardRule,
    Line,
    Record,
    RouteTable,
    Service,
    Site,
    Subnet,
    TransitGateway,
    Vif,
    Vpc,
    Zone,
}

/// What an address range belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Owner {
    /// On-premises.
    OnPremises,
    /// The shared VPC.
    SharedVpc,
    /// A VPC of an ASP.
    Asp(String),
    /// A site.
    Site(String),
}

/// What files say of a thing that another party owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Fact {
    Account,
    Asn,
    Domain,
    Municipality,
    Region,
    Vpc,
}

/// AWS quotas that files can run into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quota {
    /// Transit Gateways of a Direct Connect gateway.
    GatewayTransitGateways,
    /// Allowed prefixes of an association with a Direct Connect gateway.
    GatewayPrefixes,
    /// Peerings of a Transit Gateway.
    Peerings,
    /// Interface endpoints of a VPC.
    Endpoints,
    /// Transit Gateways of an account in a Region.
    TransitGateways,
    /// Resolver endpoints of an account in a Region.
    ResolverEndpoints,
    /// Resolver rules of an account in a Region.
    ResolverRules,
    /// Targets of a Resolver rule.
    RuleTargets,
    /// VPCs that a private zone answers for.
    ZoneVpcs,
    /// Records of a zone.
    ZoneRecords,
}

/// The three options of the specification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum SpecOption {
    Route53,
    PrivateCa,
    PrivateLink,
}

/// Why a value of one block does not fit another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Misfit {
    /// The signing algorithm is for another kind of key.
    SigningForKey,
    /// `hierarchy: root-and-subordinate` without `subordinate`.
    SubordinateMissing,
    /// `subordinate` without the hierarchy.
    SubordinateUnused,
    /// `flow: s3` without `bucket`.
    BucketMissing,
    /// `bucket` without `flow: s3`.
    BucketUnused,
    /// A zone or a rule with a wildcard for its domain: only records can have one.
    WildcardDomain,
    /// A country is two capitals.
    Country,
    /// A short-lived subordinate of a general-purpose root, or the reverse, is not expressible; short-lived must be last.
    ShortLivedRoot,
    /// The subordinate's certificate would not end before the root's.
    OutlivesRoot,
    /// ACM is to issue from a short-lived CA.
    ShortLivedAcm,
    /// Revocation lists in the bucket that gcnet makes, which certificates would name and nobody can read.
    ListUnreachable,
    /// No name of a bucket.
    BucketName,
    /// `within_organization: no` with `allow_external_principals: false`: nobody could receive a share.
    NobodyReceives,
    /// `operators` that nobody may assume.
    NobodyAssumes,
    /// A day that does not belong to this environment.
    ExpiresUnused,
    /// The ARN of a role is another thing's.
    NotARole,
    /// The ARN of a network load balancer is another thing's.
    NotANetworkLoadBalancer,
    /// An endpoint service allows accounts, users and roles.
    NotAPrincipal,
    /// An endpoint service of another Region than the file's.
    ServiceRegion,
    /// Two sites behind one Transit Gateway, which has one owner, one Region and one who asks.
    PeeringDiffers,
    /// A rule or a query log for an ASP in another Region: Resolver's things are of one Region.
    SharedAcrossRegions,
    /// A Resolver endpoint with no protocol at all.
    NoProtocol,
    /// A target that is asked by plain DNS, through an outbound endpoint that speaks only DoH.
    TargetByPlainDns,
    /// A target that is asked over HTTPS, through an outbound endpoint that speaks only plain DNS.
    TargetOverHttps,
    /// A server goes by one name.
    WildcardServer,
    /// A site's deadline, although nobody is asked for its peering.
    DeadlineUnused,
}

/// What is wrong with a part of a distinguished name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectFault {
    /// More characters than a certificate takes.
    TooLong {
        /// As many it takes.
        limit: usize,
        /// As many there are.
        length: usize,
    },
    /// A control character, or one that stands for none.
    Character {
        /// Its code point.
        code: u32,
    },
    /// It begins or ends with white space.
    BlankEnds,
}

/// What is wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordFault {
    /// Its whole name does not lie in the zone.
    Outside {
        /// The zone.
        zone: String,
    },
    /// Its name below the zone ends in the zone's once more.
    Repeats {
        /// The zone.
        zone: String,
    },
    /// Its whole name has more than 253 characters.
    TooLong,
    /// A CNAME at the zone's apex: Route 53 refuses it.
    CnameAtApex,
    /// A CNAME has one value.
    CnameValues,
    /// Something else has its name, and one of the two is a CNAME, or the other is an endpoint's name.
    Beside {
        /// Its type.
        kind: RecordType,
        /// The other's.
        other: RecordType,
    },
    /// It says nothing.
    NoValues,
    /// A value is not of the type.
    Value {
        /// The type.
        kind: RecordType,
        /// The value.
        text: String,
    },
    /// A text with other characters than Route 53 takes.
    NotAscii {
        /// The value.
        text: String,
    },
    /// It says one thing twice.
    Twice {
        /// The value.
        text: String,
    },
}

/// What keeps an address from being what a rule forwards to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetFault {
    /// No host has it: loopback, link-local, multicast, reserved.
    NoHost,
    /// It is a VPC's own resolver, two above the start of its range.
    Amazon,
    /// It lies in the shared VPC, where nothing but Resolver endpoints answers.
    OwnVpc,
    /// It lies in no range that the file knows, so that no route leads there.
    Unreached,
    /// The rule has it already.
    Twice,
}

/// What a file has for a VPC of another party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum ClaimKind {
    Zone,
    Rule,
}

/// A wish about who reaches whom that the network contradicts.
#[derive(Debug, Clone, PartialEq)]
pub struct Contradiction {
    /// Key of the municipality.
    pub municipality: String,
    /// What is wished.
    pub must: Must,
    /// What the wish follows from.
    pub why: ReachWhy,
    /// What holds instead, with the path.
    pub violation: gcnet_reach::Violation,
}

/// What is wrong, as data.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the sentences are in `report::problems`, one a variant")]
pub enum Problem {
    // V00: reading
    Unreadable {
        error: String,
    },
    NotUtf8 {
        line: usize,
    },
    /// A pipe or a device.
    NotAFile,
    TooLarge {
        bytes: u64,
        limit: u64,
    },
    /// The rest was not looked at.
    TooManyMistakes {
        limit: usize,
    },
    Syntax {
        message: String,
    },
    UnknownTag {
        tag: String,
    },
    Value {
        text: String,
        fault: Fault,
    },
    EmptyValue {
        key: String,
    },
    MissingKey {
        key: String,
    },
    BrokenNeighbour {
        file: String,
    },
    // V01: keys and names
    UnknownKey {
        key: String,
        suggestion: Option<String>,
        known: Vec<String>,
    },
    DuplicateKey {
        key: String,
    },
    DuplicateName {
        kind: NameKind,
        name: String,
    },
    StemMismatch {
        stem: String,
        key: String,
    },
    SameKey {
        key: String,
    },
    SameCode {
        code: String,
    },
    SameNetworkAccount {
        id: String,
    },
    SameAccount {
        id: String,
    },
    ForeignDiffers {
        kind: NameKind,
        id: String,
        fact: Fact,
        here: String,
        there: String,
        other: String,
    },
    // V02: references
    Unresolved {
        kind: NameKind,
        name: String,
        suggestion: Option<String>,
        known: Vec<String>,
    },
    OutsideZones {
        domain: String,
        zones: Vec<String>,
    },
    // V03, V04, V05: addresses
    Overlap {
        a: (Owner, Cidr),
        b: (Owner, Cidr),
    },
    FleetOverlap {
        through: String,
        a: (String, Owner, Cidr),
        b: (String, Owner, Cidr),
    },
    VpcDiffers {
        vpc: String,
        other: String,
    },
    TooManyAttachments {
        vpc: String,
        cities: Vec<String>,
    },
    ServesOneOfUs {
        vpc: String,
        city: String,
    },
    // V06: ASN
    AsnPublic {
        asn: Asn,
    },
    AsnLikeDxgw {
        asn: Asn,
        line: String,
    },
    AsnTwice {
        asn: Asn,
        other: String,
    },
    // V07: prefixes
    NoPrefixes {
        line: String,
    },
    PrefixMissing {
        line: String,
        cidr: Cidr,
        owner: Owner,
    },
    PrefixNeedless {
        line: String,
        cidr: Cidr,
        exact: Vec<Cidr>,
    },
    // V08: subnets
    VpcSize {
        cidr: Cidr,
    },
    SubnetNoRoom {
        subnet: String,
        vpc: Cidr,
    },
    SubnetOutside {
        subnet: String,
        cidr: Cidr,
        vpc: Cidr,
    },
    SubnetSize {
        subnet: String,
        cidr: Cidr,
    },
    SubnetOverlap {
        a: String,
        b: String,
    },
    SubnetsInOneZone {
        a: String,
        b: String,
        zone: String,
    },
    ZoneCount {
        found: usize,
    },
    ZoneOfOtherRegion {
        zone: String,
        region: &'static str,
    },
    // V09, V10: Resolver
    ResolverCount {
        direction: Direction,
        needed: usize,
        found: usize,
    },
    ResolverOutside {
        address: Ipv4Addr,
    },
    ResolverReserved {
        address: Ipv4Addr,
        subnet: String,
    },
    ResolverTwice {
        address: Ipv4Addr,
    },
    ResolverTaken {
        address: Ipv4Addr,
        by: Direction,
    },
    ResolverOneZone {
        direction: Direction,
        endpoint: usize,
    },
    RuleLoop {
        domain: String,
        address: Ipv4Addr,
    },
    RuleTarget {
        address: Ipv4Addr,
        fault: TargetFault,
    },
    RuleWithoutTargets {
        domain: String,
    },
    RuleHidesZone {
        domain: String,
        zone: String,
    },
    // V11: the specification's table
    OptionNotBuilt {
        option: SpecOption,
    },
    OptionNotOrdered {
        option: SpecOption,
    },
    OptionElsewhere {
        option: SpecOption,
    },
    WorkloadNotListed {
        workload: Workload,
    },
    WorkloadUnserved {
        workload: Workload,
        mark: Mark,
    },
    WorkloadWrongSide {
        workload: Workload,
        mark: Mark,
    },
    // V12: segmentation
    SelfLink {
        name: String,
    },
    LinkToPrivateLink {
        name: String,
    },
    GroupUnused {
        group: String,
    },
    GroupLeaks {
        group: String,
        site: String,
        linked: String,
        unlinked: String,
    },
    RegisterNotLinked {
        site: String,
        asps: Vec<String>,
    },
    TooManyTables {
        tables: usize,
    },
    TableNameTaken {
        table: String,
    },
    // V13: internet
    PublicRange {
        cidr: Cidr,
    },
    DefaultRoute {
        cidr: Cidr,
    },
    // V14: environment
    ExpiresMissing,
    TestAuthorityExpensive,
    TestWindowLong {
        days: u32,
    },
    ShortLivedInProduction,
    // V15: samples
    Samples {
        count: usize,
    },
    DocumentationAccount {
        id: String,
    },
    ExampleDomain {
        domain: String,
    },
    // V17: quotas
    OverQuota {
        quota: Quota,
        of: String,
        needed: usize,
        limit: usize,
    },
    /// All that AWS gives without being asked.
    QuotaUsedUp {
        quota: Quota,
        of: String,
        limit: usize,
    },
    // V20: what the file must say
    RoleMissing {
        asp: String,
    },
    NotWithConnect {
        asp: String,
        key: &'static str,
        connect: &'static str,
    },
    NeededWithConnect {
        asp: String,
        key: &'static str,
        connect: &'static str,
    },
    NotWithRole {
        asp: String,
        key: &'static str,
        role: &'static str,
    },
    NeededWithRole {
        asp: String,
        key: &'static str,
        role: &'static str,
    },
    NotWithoutAccess {
        vpc: String,
        key: &'static str,
        account: String,
    },
    NeededWithAccess {
        vpc: String,
        key: &'static str,
        account: String,
    },
    LineWithoutGateway {
        line: String,
        status: &'static str,
    },
    GatewayAccountMissing {
        line: String,
    },
    GatewayAccountOurs {
        line: String,
    },
    GatewayNameUnused {
        line: String,
    },
    LinesCompete {
        line: String,
        other: String,
        cidr: Cidr,
    },
    NothingLearnt {
        line: String,
    },
    // V21
    Misfit {
        misfit: Misfit,
    },
    Subject {
        field: &'static str,
        fault: SubjectFault,
    },
    RoleElsewhere {
        found: String,
        account: String,
    },
    ExternalIdMissing {
        account: String,
    },
    LoadBalancerElsewhere {
        account: String,
        region: &'static str,
    },
    // V22: who reaches whom
    Reach(Box<Contradiction>),
    NoNetwork {
        error: String,
    },
    // V23 to V25: what becomes of names
    Names {
        municipality: String,
        finding: Box<gcnet_resolve::Finding>,
    },
    NoNames {
        error: String,
    },
    ClaimedTwice {
        kind: ClaimKind,
        domain: String,
        vpc: String,
        other: String,
        /// One of the two is a zone of the VPC's own party.
        by_asp: bool,
    },
    // V26: records
    Record {
        name: String,
        fault: RecordFault,
    },
}

/// The nearest of `known` to what was written, if any is near: at most a third of its letters away.
pub fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = written.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}
