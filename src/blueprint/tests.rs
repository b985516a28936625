//! What the choices of a file lead to.

use std::collections::{BTreeMap, BTreeSet};

use gcnet_core::{Address, Desired};
use serde_json::Value;

use super::{Purpose, Unbuilt, Wish, nothing_without, wish, wish_without};
use crate::config::{
    Fleet,
    at::At,
    schema::{Asp, AssumedRole, Credentials, DnsProtocol, FlowDestination, HttpsServer, Municipality, NameServer, Via},
    source::Source,
    values::{Arn, AttachmentId, Target},
};

fn fleet() -> Vec<Municipality> {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities");
    Fleet::load(&dir).unwrap().cities().map(|city| city.config.clone()).collect()
}

fn city(name: &str) -> Municipality {
    fleet().into_iter().find(|city| city.key() == name).unwrap()
}

/// One of the nine, as text.
fn fleet_file(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities").join(format!("{name}.yaml"));
    std::fs::read_to_string(path).unwrap()
}

/// The municipality of a text.
fn one(text: String) -> Municipality {
    let fleet = Fleet::from_sources(vec![Source::new("itano.yaml", text)]);
    fleet.city("itano").unwrap().config.clone()
}

fn specs<'a>(desired: &'a Desired, kind: &'a str) -> BTreeMap<&'a str, &'a Value> {
    let of_kind = desired.wants().iter().filter(move |(address, _)| address.kind() == kind);
    of_kind.map(|(address, want)| (address.name(), &want.spec)).collect()
}

/// The ranges that a transit gateway route table drops.
fn black_holes(desired: &Desired, table: &str) -> BTreeSet<String> {
    let prefix = format!("{table}/");
    let routes = specs(desired, "tgw-route").into_iter().filter(|(_, spec)| spec["hop"] == "blackhole");
    routes.filter_map(|(name, _)| name.strip_prefix(&prefix).map(String::from)).collect()
}

fn ranges(asp: &Asp) -> BTreeSet<String> {
    asp.routed_cidrs().iter().map(ToString::to_string).collect()
}

#[test]
fn every_wish_is_whole() {
    for municipality in fleet() {
        wish(&municipality).desired.check().unwrap();
    }
}

/// The specification, 4.2.1: 戸籍・戸籍附票 outside AWS work with 住民記録. They reach that ASP and no other.
#[test]
fn family_registers_reach_the_resident_records_and_no_other_asp() {
    for municipality in fleet() {
        let desired = wish(&municipality).desired;
        let sites: Vec<String> =
            municipality.sites.iter().flat_map(|site| site.ranges()).map(|cidr| cidr.to_string()).collect();
        assert!(!sites.is_empty(), "{}", municipality.key());
        let routed: Vec<&Asp> = municipality.asps.iter().filter(|asp| !asp.routed_cidrs().is_empty()).collect();
        let mut reached = 0;
        for asp in routed {
            let dropped = black_holes(&desired, &municipality.table_of(asp));
            if asp.workloads.iter().any(|workload| workload.to_string() == "住民記録") {
                reached += 1;
                assert!(sites.iter().all(|site| !dropped.contains(site)), "{} {}", municipality.key(), *asp.name);
            } else {
                assert!(sites.iter().all(|site| dropped.contains(site)), "{} {}", municipality.key(), *asp.name);
            }
        }
        assert_eq!(reached, 1, "{}: somebody serves 住民記録 and is reached", municipality.key());
    }
}

#[test]
fn every_two_asps_are_linked_or_cut_off_on_both_sides() {
    for municipality in fleet() {
        let desired = wish(&municipality).desired;
        for a in &municipality.asps {
            for b in municipality.asps.iter().filter(|b| b.name != a.name) {
                if a.routed_cidrs().is_empty() || b.routed_cidrs().is_empty() {
                    continue;
                }
                let dropped = black_holes(&desired, &municipality.table_of(a));
                let cut = ranges(b).is_subset(&dropped);
                let linked = municipality.linked(&a.name, &b.name) || municipality.same_table(a, b);
                assert_ne!(linked, cut, "{}: {} to {}", municipality.key(), *a.name, *b.name);
            }
        }
    }
}

/// Every table but the attachment's own reaches all that is behind the gateway; nothing leads to the internet.
#[test]
fn the_shared_vpc_reaches_what_is_behind_the_gateway_and_nothing_else() {
    for municipality in fleet() {
        let desired = wish(&municipality).desired;
        let destinations = |table: &str| -> BTreeSet<String> {
            let prefix = format!("{table}/");
            specs(&desired, "route")
                .into_keys()
                .filter_map(|name| name.strip_prefix(&prefix).map(String::from))
                .collect()
        };
        let remote: BTreeSet<String> = municipality.remote_cidrs().iter().map(ToString::to_string).collect();
        for table in specs(&desired, "route-table").into_keys() {
            let expected = if table == "tgw" { BTreeSet::new() } else { remote.clone() };
            assert_eq!(destinations(table), expected, "{} {table}", municipality.key());
        }
        assert!(!remote.contains("0.0.0.0/0"));
        let associated = specs(&desired, "route-table-association");
        assert_eq!(associated.len(), specs(&desired, "subnet").len(), "every subnet has a table of its own");
    }
}

/// Domain reference 8.10: what differs from city to city.
#[test]
fn subnets_follow_from_the_choices() {
    let subnets = |name: &str| -> Vec<String> {
        specs(&wish(&city(name)).desired, "subnet").into_keys().map(String::from).collect()
    };
    assert_eq!(subnets("komatsushima"), ["tgw-a", "tgw-c"]);
    assert_eq!(subnets("anan"), ["tgw-a", "tgw-c"]);
    assert_eq!(subnets("naruto"), ["dns-a", "dns-c", "tgw-a", "tgw-c"]);
    assert_eq!(subnets("itano"), ["dns-a", "dns-c", "tgw-a", "tgw-c", "vpce-a", "vpce-c"]);
}

#[test]
fn a_site_with_an_attachment_of_its_own_gets_a_table_that_drops_all_but_its_asp() {
    let mut naruto = city("naruto");
    let id = AttachmentId::parse("tgw-attach-0123456789abcdef0").unwrap();
    naruto.sites[0].via = Via::Attachment(At::nowhere(id));
    let desired = wish(&naruto).desired;
    assert!(desired.wants().contains_key(&Address::new("tgw-route-table", "rt-external")));
    let dropped = black_holes(&desired, "rt-external");
    let (reached, others): (Vec<&Asp>, Vec<&Asp>) =
        naruto.asps.iter().partition(|asp| naruto.linked(&naruto.sites[0].name, &asp.name));
    assert!(reached.iter().all(|asp| ranges(asp).is_disjoint(&dropped)));
    assert!(others.iter().all(|asp| ranges(asp).is_subset(&dropped)));
    assert!(dropped.contains(&naruto.shared_vpc.cidr.to_string()));
}

#[test]
fn an_asp_that_on_premises_must_not_reach_is_cut_off_on_both_sides() {
    let mut naruto = city("naruto");
    let asp = naruto.asps.iter_mut().find(|asp| !asp.routed_cidrs().is_empty()).unwrap();
    asp.onprem = false;
    let (own, name) = (ranges(asp), asp.name.to_string());
    let table = naruto.table_of(naruto.asps.iter().find(|asp| asp.name.as_str() == name).unwrap());
    let desired = wish(&naruto).desired;
    assert!(own.is_subset(&black_holes(&desired, "rt-onprem")));
    assert!(black_holes(&desired, &table).contains(&naruto.onprem.cidrs[0].to_string()));
}

/// Of the endpoint of one ASP's service, on-premises is the only client.
#[test]
fn an_endpoint_lets_in_on_premises_at_its_ports_and_nobody_else() {
    let mut itano = city("itano");
    let onprem: BTreeSet<String> = itano.onprem.cidrs.iter().map(|cidr| cidr.to_string()).collect();
    let peers = |municipality: &Municipality| -> BTreeSet<String> {
        let desired = wish(municipality).desired;
        let rules = specs(&desired, "security-group")["vpce-fukushi"]["ingress"].as_array().cloned().unwrap();
        assert!(rules.iter().all(|rule| rule["ports"] == serde_json::json!([443, 443])), "{rules:?}");
        rules.iter().map(|rule| rule["peer"].as_str().unwrap().to_string()).collect()
    };
    assert_eq!(peers(&itano), onprem);
    itano.asps.iter_mut().find(|asp| asp.name.as_str() == "fukushi").unwrap().onprem = false;
    assert_eq!(peers(&itano), BTreeSet::new());
}

#[test]
fn operators_roles_demand_mfa_unless_their_identity_provider_does() {
    let desired = wish(&city("naruto")).desired;
    let roles = specs(&desired, "role");
    let condition = |role: &str| roles[role]["trust"]["Statement"][0]["Condition"].clone();
    for role in ["plan", "apply", "destroy"] {
        assert_eq!(condition(role)["Bool"]["aws:MultiFactorAuthPresent"], serde_json::json!(["true"]), "{role}");
    }
    let actions = |role: &str| roles[role]["policies"].to_string();
    assert!(!actions("plan").contains("Create") && !actions("plan").contains("Delete"));
    assert!(actions("apply").contains("ec2:CreateVpc") && !actions("apply").contains("ec2:DeleteVpc\""));
    assert!(actions("destroy").contains("ec2:DeleteVpc") && !actions("destroy").contains("Create"));
}

/// Every choice is built or named; nothing is silently dropped.
#[test]
fn what_is_not_built_is_named() {
    let mut itano = city("itano");
    itano.logs.flow.value = FlowDestination::S3;
    let deferred = wish(&itano).deferred;
    assert!(deferred.iter().any(|deferred| matches!(deferred.what, Unbuilt::FlowLogsToS3)));
    for municipality in fleet() {
        let built = ["dns", "private_ca"];
        let deferred = wish(&municipality).deferred;
        assert!(!deferred.iter().any(|deferred| built.iter().any(|at| deferred.at.starts_with(at))));
    }
}

/// The one that issues is shared and serves ACM; the one above only signs it.
#[test]
fn of_two_levels_the_lower_one_issues() {
    let two = "hierarchy: root-and-subordinate\n  subordinate: { subject: { common_name: Issuing CA, country: JP } }";
    let text = fleet_file("itano").replace("hierarchy: root-only", two);
    let itano = one(text.replace("warn_days: 365", "warn_days: 365, reissued_since: 2026-12-01"));
    let desired = wish(&itano).desired;
    let authorities = specs(&desired, "certificate-authority");
    assert_eq!(authorities["subordinate"]["parent"]["$ref"], "certificate-authority/root");
    assert_eq!(authorities["root"]["parent"], Value::Null);
    assert_eq!(authorities["subordinate"]["validity_years"], 5);
    assert_eq!(authorities["subordinate"]["reissued_since"], "2026-12-01", "with the root's");
    let names: Vec<&str> = specs(&desired, "ca-permission").into_keys().collect();
    assert_eq!(names, ["subordinate/acm.amazonaws.com"]);
    let shared: Vec<&str> =
        specs(&desired, "share-resource").into_keys().filter(|name| name.starts_with("ca/")).collect();
    assert_eq!(shared, ["ca/subordinate"]);
    let root = Address::parse("certificate-authority/root").unwrap();
    assert_eq!(desired.tags_of(&root, &desired.wants()[&root])["gcnet:protect"], "yes", "in production");
}

/// Whoever keeps the authority cannot issue from it, and the other way round; neither reaches another stack's.
#[test]
fn the_roles_of_the_private_ca_are_apart() {
    let desired = wish(&city("naruto")).desired;
    let roles = specs(&desired, "role");
    let policy = |role: &str| roles[role]["policies"]["gcnet"].clone();
    let (admin, issuer) = (policy("ca-admin").to_string(), policy("ca-issuer").to_string());
    assert!(!admin.contains("IssueCertificate") && admin.contains("acm-pca:DeleteCertificateAuthority"), "{admin}");
    for gives in ["PutPolicy", "DeletePolicy", "TagCertificateAuthority", "acm-pca:*"] {
        assert!(!admin.contains(gives), "{gives}");
    }
    for managing in ["DeleteCertificateAuthority", "UpdateCertificateAuthority", "PutPolicy", "CreatePermission"] {
        assert!(!issuer.contains(managing), "{managing}");
    }
    let statements = policy("ca-issuer")["Statement"].clone();
    let signs = |statement: &&Value| statement.to_string().contains("acm-pca:IssueCertificate");
    let signs = statements.as_array().unwrap().iter().find(signs).unwrap().clone();
    let condition = &signs["Condition"]["StringEquals"];
    assert_eq!(condition["aws:ResourceTag/gcnet:address"][0], "certificate-authority/root");
    assert_eq!(condition["aws:ResourceTag/gcnet:municipality"][0], "naruto");
    assert!(condition["acm-pca:TemplateArn"].to_string().contains("EndEntityCertificate/V1"));
    assert!(!condition["acm-pca:TemplateArn"].to_string().contains("CACertificate"));
    // Building signs authorities only.
    let applies = policy("apply");
    let signs = |statement: &&Value| statement.to_string().contains("acm-pca:IssueCertificate");
    let signs = applies["Statement"].as_array().unwrap().iter().find(signs).unwrap();
    assert!(!signs["Condition"].to_string().contains("EndEntity"), "{signs}");
}

/// Where the file names a bucket of somebody else's, AWS asks for the right to write into that one.
#[test]
fn whoever_has_lists_written_may_write_into_their_bucket() {
    let elsewhere = "revocation: { crl: { bucket: crls-of-the-prefecture } }";
    for (revocation, theirs) in [("revocation: none", false), (elsewhere, true)] {
        let itano = one(fleet_file("itano").replace("revocation: none", revocation));
        let desired = wish(&itano).desired;
        let roles = specs(&desired, "role");
        for role in ["apply", "destroy", "ca-admin", "ca-issuer"] {
            let statements = roles[role]["policies"]["gcnet"]["Statement"].clone();
            let writes = statements.as_array().unwrap().iter().filter(|one| {
                let has = |action: &str| one["Action"].as_array().unwrap().contains(&action.into());
                has("s3:PutObject") && has("s3:PutObjectAcl")
            });
            let writes = writes.map(|one| one["Resource"].to_string()).collect::<String>();
            assert!(writes.contains("arn:aws:s3:::gcnet-itano-prod-"), "{role}: {writes}");
            assert_eq!(writes.contains("arn:aws:s3:::crls-of-the-prefecture/*"), theirs, "{role}: {writes}");
        }
        assert!(!roles["plan"]["policies"].to_string().contains("s3:Put"));
    }
}

/// IAM, "IAM and AWS STS quotas": 10,240 characters without white space for all inline policies of a role.
#[test]
fn policies_fit_into_their_roles() {
    for municipality in fleet() {
        let desired = wish(&municipality).desired;
        for (name, role) in specs(&desired, "role") {
            let size: usize =
                role["policies"].as_object().unwrap().values().map(|policy| policy.to_string().len()).sum();
            assert!(size <= 10_240, "{} {name}: {size}", municipality.key());
        }
    }
}

/// A line that is not open yet waits without a wish; every ASP of the file has a handshake.
#[test]
fn whoever_takes_part_is_named_with_what_for() {
    for municipality in fleet() {
        let wish = wish(&municipality);
        for asp in &municipality.asps {
            let purpose = Purpose::Asp(asp.name.to_string());
            assert!(wish.about.values().any(|about| *about == purpose), "{} {}", municipality.key(), asp.name);
        }
        for line in &municipality.lines {
            let purpose = Purpose::Line(line.name.to_string());
            let stands = wish.standing.iter().any(|standing| standing.purpose == purpose);
            let wished = wish.about.values().any(|about| *about == purpose);
            assert!(stands != wished, "{} {}", municipality.key(), line.name);
            assert_eq!(wished, line.is_buildable());
        }
        assert!(wish.about.keys().all(|address| wish.desired.wants().contains_key(address)));
    }
}

/// Domain reference 8.3: on-premises learns what it may reach, ASPs learn whom they are linked to, and nobody else.
#[test]
fn an_asp_is_learnt_by_whom_it_may_be_reached() {
    let naruto = city("naruto");
    let desired = wish(&naruto).desired;
    let learnt: BTreeSet<String> = specs(&desired, "tgw-propagation").into_keys().map(String::from).collect();
    for asp in &naruto.asps {
        for vpc in asp.attached_vpcs() {
            let by = |table: &str| learnt.contains(&format!("{table}/main/{}", *vpc.id));
            assert!(by("rt-shared"), "{}", asp.name);
            assert_eq!(by("rt-onprem"), asp.onprem, "{}", asp.name);
            for other in naruto.asps.iter().filter(|other| other.name != asp.name) {
                let linked = naruto.linked(&asp.name, &other.name);
                assert_eq!(by(&naruto.table_of(other)), linked, "{} in the table of {}", asp.name, other.name);
            }
        }
    }
}

/// A role that cannot be assumed any more is asked back, and what it was for is asked for.
#[test]
fn a_lost_role_turns_steps_into_requests() {
    let mut naruto = city("naruto");
    let (account, id) = {
        let other = naruto.accounts.others.values_mut().next().unwrap();
        let role = format!("arn:aws:iam::{}:role/gcnet", other.id.as_str());
        let role = crate::config::at::At::nowhere(Arn::parse(&role).unwrap());
        other.credentials = Credentials::AssumeRole(AssumedRole { role, external_id: None });
        (other.id.to_string(), other.id.to_string())
    };
    let accepted =
        |wish: &Wish| specs(&wish.desired, "share-principal")[format!("tgw/{id}").as_str()]["accepted"].clone();
    assert_eq!(accepted(&wish(&naruto)), serde_json::json!(true));
    let lost = wish_without(&naruto, &[account].into());
    assert_eq!(accepted(&lost), serde_json::json!(null));
    assert_eq!(lost.standing.iter().filter(|standing| standing.ask.action == "restore-role").count(), 1);
    let gone = nothing_without(&naruto, &[id.clone()].into());
    assert!(gone.desired.wants().is_empty());
    let asks: Vec<&str> = gone.standing.iter().map(|standing| standing.ask.action.as_str()).collect();
    assert_eq!(asks, ["restore-role"]);
}

/// Clients and servers, each by what is spoken with it.
#[test]
fn security_groups_open_the_ports_of_the_protocols_and_no_others() {
    let opened = |municipality: &Municipality, group: &str, way: &str| -> BTreeSet<String> {
        let desired = wish(municipality).desired;
        let rules = specs(&desired, "security-group")[group][way].as_array().unwrap().clone();
        let rule =
            |rule: &Value| format!("{} {} {}", rule["protocol"], rule["ports"][0], rule["peer"]).replace('"', "");
        rules.iter().map(rule).collect()
    };
    let mut naruto = city("naruto");
    let asps = naruto.asps.iter().flat_map(Asp::routed_cidrs).map(|cidr| cidr.to_string());
    let clients: BTreeSet<String> = naruto.onprem.cidrs.iter().map(ToString::to_string).chain(asps).collect();
    for (protocols, ports) in [
        (vec![DnsProtocol::Do53], vec!["tcp 53", "udp 53"]),
        (vec![DnsProtocol::DoH], vec!["tcp 443"]),
        (vec![DnsProtocol::Do53, DnsProtocol::DoH], vec!["tcp 53", "udp 53", "tcp 443"]),
    ] {
        naruto.dns.as_mut().unwrap().inbound.protocols.value = protocols.into_iter().collect();
        let expected = clients.iter().flat_map(|client| ports.iter().map(move |port| format!("{port} {client}")));
        assert_eq!(opened(&naruto, "dns-in", "ingress"), expected.collect());
        assert_eq!(opened(&naruto, "dns-in", "egress"), BTreeSet::new());
    }

    let dns = naruto.dns.as_mut().unwrap();
    let target = |text| Target::parse(text).unwrap();
    let doh = HttpsServer { doh: At::nowhere(target("10.2.0.10")), server_name: None };
    let targets = [NameServer::Https(doh), NameServer::Plain(target("10.2.0.12:5353"))].map(At::nowhere);
    for rule in &mut dns.forward_rules {
        rule.targets = Some(targets.to_vec());
    }
    let expected = ["tcp 443 10.2.0.10/32", "tcp 5353 10.2.0.12/32", "udp 5353 10.2.0.12/32"];
    assert_eq!(opened(&naruto, "dns-out", "egress"), expected.map(String::from).into());
    assert_eq!(opened(&naruto, "dns-out", "ingress"), BTreeSet::new());
}

/// The same text gives the same wishes, whatever the order of its lists.
#[test]
fn the_order_of_a_files_lists_means_nothing() {
    let naruto = city("naruto");
    let mut turned = naruto.clone();
    turned.asps.reverse();
    turned.onprem.cidrs.reverse();
    turned.sites.reverse();
    let wants = |municipality: &Municipality| wish(municipality).desired.wants().clone();
    assert_eq!(wants(&naruto), wants(&turned));
}

/// What names no resource is allowed on all of them, or not at all.
#[test]
fn what_names_no_log_group_is_allowed_on_everything() {
    let desired = wish(&city("naruto")).desired;
    let mut seen = 0;
    for want in desired.wants().iter().filter(|(address, _)| address.kind() == "role").map(|(_, want)| want) {
        for policy in want.spec["policies"].as_object().unwrap().values() {
            for statement in policy["Statement"].as_array().unwrap() {
                let actions =
                    statement["Action"].as_array().cloned().unwrap_or_else(|| vec![statement["Action"].clone()]);
                let vended =
                    actions.iter().filter(|action| super::rights::VENDED_LOGS.iter().any(|it| **action == *it));
                for _ in vended {
                    seen += 1;
                    assert_eq!(statement["Resource"].to_string().trim_matches(['[', ']']), "\"*\"", "{statement}");
                }
            }
        }
    }
    assert!(seen > super::rights::VENDED_LOGS.len());
}

/// Two outbound endpoints share the rules; a new rule at the top of the list takes its own place only.
#[test]
fn a_new_rule_moves_no_other_to_another_endpoint() {
    let with = |rules: &[&str]| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities/itano.yaml");
        let text = std::fs::read_to_string(path).unwrap();
        let text = text.replace("outbound: { endpoints: 1 }", "outbound: { endpoints: 2 }");
        let (head, tail) = text.split_once("  forward_rules:").unwrap();
        let (comment, tail) = tail.split_once('\n').unwrap();
        let added: String = rules.iter().map(|domain| format!("    - domain: {domain}\n")).collect();
        let text = format!("{head}  forward_rules:{comment}\n{added}{tail}");
        let fleet = Fleet::from_sources(vec![Source::new("itano.yaml", text)]);
        let desired = wish(&fleet.city("itano").unwrap().config).desired;
        let rules = specs(&desired, "resolver-rule").into_iter();
        rules.map(|(name, spec)| (name.to_string(), spec["endpoint"].clone())).collect::<BTreeMap<String, Value>>()
    };
    let before = with(&[]);
    let endpoints: BTreeSet<String> = before.values().map(Value::to_string).collect();
    assert_eq!(endpoints.len(), 2, "{before:?}");
    for new in ["a.example", "b.example", "c.example", "d.example"] {
        let mut after = with(&[new]);
        assert!(after.remove(new).is_some());
        assert_eq!(after, before);
    }
}

/// Whole as the one policy of a role, in pieces as managed policies; the pieces allow just the same.
#[test]
fn policies_are_as_long_as_iam_takes_them() {
    use super::rights::{Doing, INLINE, MANAGED, least, split};
    let allowed = |policies: &[gcnet_aws::Policy]| {
        let statements = policies.iter().flat_map(|policy| policy.statements());
        let each = statements.flat_map(|statement| {
            let mut rest = statement.clone();
            let actions = rest.as_object_mut().unwrap().remove("Action").unwrap();
            actions.as_array().unwrap().iter().map(|action| format!("{action} {rest}")).collect::<Vec<_>>()
        });
        each.collect::<BTreeSet<String>>()
    };
    for city in
        ["aizumi", "anan", "itano", "kamiita", "katsuura", "komatsushima", "matsushige", "mima", "naruto"].map(city)
    {
        for doing in [Doing::Plan, Doing::Apply, Doing::Destroy] {
            let whole = least(&city, doing);
            assert!(whole.characters() <= INLINE, "{} {doing:?}: {}", city.key(), whole.characters());
            let pieces = split(&whole);
            assert!(pieces.len() <= 10 && pieces.iter().all(|piece| piece.characters() <= MANAGED));
            assert_eq!(allowed(&pieces), allowed(std::slice::from_ref(&whole)));
        }
    }
}

/// Only roles that the file names may be assumed, and a plan changes nothing.
#[test]
fn no_policy_assumes_just_any_role_and_a_plan_only_reads() {
    use super::rights::{Doing, least};
    let naruto = city("naruto");
    for doing in [Doing::Plan, Doing::Apply, Doing::Destroy] {
        assert!(!least(&naruto, doing).to_string().contains("sts:AssumeRole"), "naruto has no role of another company");
    }
    let plan = least(&naruto, Doing::Plan);
    let actions = plan.statements().iter().flat_map(|statement| statement["Action"].as_array().unwrap());
    for action in actions.filter_map(Value::as_str) {
        let name = action.split_once(':').unwrap().1;
        assert!(["Describe", "Get", "List", "Search"].iter().any(|verb| name.starts_with(verb)), "{action}");
    }
}
