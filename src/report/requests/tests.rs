use gcnet_core::{Address, Ask, Request, theirs};
use insta::assert_snapshot;
use serde_json::json;

use super::*;
use crate::{blueprint::Tables, config::Fleet};

fn fleet() -> Fleet {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("municipalities");
    Fleet::load(&dir).unwrap()
}

fn subject() -> Subject {
    Subject {
        municipality: "itano".into(),
        name_ja: "板野町".into(),
        name_en: "Itano".into(),
        environment: "prod".into(),
        account: "100000000021".into(),
        region: "ap-northeast-1".into(),
    }
}

fn handshake(address: &str, purpose: Purpose, ask: Ask) -> Handshake {
    let stage = if ask.refused { Stage::Refused } else { Stage::Theirs };
    let address = Address::parse(address).unwrap();
    Handshake { address, id: None, purpose: Some(purpose), stage, asks: vec![ask], holds: vec![], opens: None }
}

fn asked() -> Vec<Handshake> {
    let share = "arn:aws:ram:ap-northeast-1:100000000021:resource-share/7ab63972-b505-7e2a-420d-6f5d3example";
    let accept = Ask { since: Some("2026-11-20T01:02:03Z".into()), ..Ask::account("200000000001", "accept-share") }
        .by(Request::new("ram", "GetResourceShareInvitations", json!({ "resourceShareArns": [share] })))
        .by(Request::new(
            "ram",
            "AcceptResourceShareInvitation",
            json!({ "resourceShareInvitationArn": theirs("invitation-of", share) }),
        ));
    let vpc = "vpc-a100000000000051a";
    let attach = Ask::account("200000000001", "attach-vpc").by(Request::new(
        "ec2",
        "CreateTransitGatewayVpcAttachment",
        json!({
            "TransitGatewayId": "tgw-0a1b2c3d4e5f67890",
            "VpcId": vpc,
            "SubnetIds": theirs("subnets-of", vpc),
        }),
    ));
    let line = Ask::account("300000000001", "open-line");
    let mut line = handshake("line/lgcs", Purpose::Line("lgcs".into()), line);
    line.opens = Some(Opening { month: "2025-04".into(), or_later: true });
    let refused = Ask { refused: true, ..Ask::account("200000000003", "reconsider-endpoint") };
    let shunned = Ask { refused: true, ..Ask::account("200000000002", "reconsider-share") };
    let (later, gakko) = ("vpc-d4000000000000015", Purpose::Asp("gakko".into()));
    let not_yet = Ask::account("200000000004", "attach-vpc");
    vec![
        line,
        handshake("share-principal/tgw/200000000001", Purpose::Account("a-sha".into()), accept),
        handshake(&format!("foreign-attachment/{vpc}"), Purpose::Asp("juki".into()), attach),
        handshake("vpc-endpoint/fukushi", Purpose::Asp("fukushi".into()), refused),
        handshake("account/d-sha", Purpose::Account("d-sha".into()), Ask::account("200000000004", "restore-role")),
        handshake("foreign-attachment/other", Purpose::Asp("juki".into()), Ask::operator("check-ranges")),
        handshake("share-principal/tgw/200000000002", Purpose::Account("b-sha".into()), shunned),
        peering(),
        Handshake { stage: Stage::Behind, ..handshake(&format!("foreign-attachment/main/{later}"), gakko, not_yet) },
    ]
}

/// The sheets of a file, with the ids of gateway and peerings.
fn of(municipality: &Municipality, handshakes: &[Handshake], whole: bool, lang: Lang) -> Vec<Sheet> {
    lending(municipality, handshakes, whole, false, lang)
}

/// The same, where rules that are shared have ids already.
fn lending(
    municipality: &Municipality,
    handshakes: &[Handshake],
    whole: bool,
    have_ids: bool,
    lang: Lang,
) -> Vec<Sheet> {
    let mut wish = crate::blueprint::wish(municipality);
    for peering in handshakes.iter().filter(|handshake| handshake.address.kind() == "tgw-peering") {
        let id = peering.address.name().rsplit('/').next().unwrap_or_default().to_string();
        for upkeep in wish.upkeep.iter_mut().filter(|upkeep| Some(&upkeep.purpose) == peering.purpose.as_ref()) {
            upkeep.through = peering.address.clone();
            upkeep.tables = Tables::Gateway { id: id.clone(), region: "ap-northeast-3".into() };
        }
    }
    let mut ids = BTreeMap::from([(Address::new("transit-gateway", "main"), "tgw-0a1b2c3d4e5f67890".to_string())]);
    let peered = wish.upkeep.iter().filter(|upkeep| upkeep.through.kind() == "tgw-peering");
    ids.extend(peered.map(|upkeep| (upkeep.through.clone(), "tgw-attach-0a1b2c3d4e5f67890".to_string())));
    let lent = wish.borrowed.iter().filter(|_| have_ids).flat_map(|one| one.rules.iter().chain(&one.log));
    ids.extend(lent.map(|address| (address.clone(), "rslvr-rr-0a1b2c3d4e5f67890".to_string())));
    let asked = Asked { handshakes, upkeep: &wish.upkeep, borrowed: &wish.borrowed, ids: &ids, whole };
    sheets(municipality, &subject(), &asked, lang)
}

/// Between Regions: their routes are theirs to add where their gateway is.
fn peering() -> Handshake {
    let id = "tgw-attach-0a1b2c3d4e5f67890";
    let input = json!({ "TransitGatewayAttachmentId": id });
    let accept = Request::new("ec2", "AcceptTransitGatewayPeeringAttachment", input);
    let ask = Ask::account("200000000002", "accept-peering");
    let ask = ask.by(Request { region: Some("ap-northeast-3".into()), ..accept });
    let address = "tgw-peering/main/tgw-0b1b2c3d4e5f67890";
    Handshake { id: Some(id.into()), ..handshake(address, Purpose::Asp("hoken".into()), ask) }
}

fn written(lang: Lang) -> String {
    let fleet = fleet();
    let itano = fleet.city("itano").unwrap_or_else(|_| panic!("itano has a file"));
    let sheets = lending(&itano.config, &asked(), false, true, lang);
    sheets.into_iter().map(|sheet| sheet.text).collect::<Vec<_>>().join("\n---\n\n")
}

#[test]
fn one_sheet_a_party_in_japanese() {
    assert_snapshot!(written(Lang::Ja));
}

#[test]
fn one_sheet_a_party_in_english() {
    assert_snapshot!(written(Lang::En));
}

/// Whoever accepts a proposal sees what it asks for, without our file.
#[test]
fn a_proposal_lists_its_prefixes() {
    let itano = fleet().city("itano").unwrap_or_else(|_| panic!("itano has a file")).config.clone();
    let prefixes = itano.allowed_prefixes(&itano.lines[0]);
    assert!(!prefixes.is_empty());
    for action in ["accept-proposal", "grant-prefixes"] {
        let ask = Ask::account("300000000001", action);
        let asked = [handshake("dx-association/main/x", Purpose::Line(itano.lines[0].name.to_string()), ask)];
        let sheet = of(&itano, &asked, false, Lang::En).remove(0).text;
        assert!(prefixes.iter().all(|cidr| sheet.contains(&format!("| `{cidr}` |\n"))), "{sheet}");
    }
}

/// What a provider allocates it with, and its id only while nobody knows it.
#[test]
fn a_hosted_interface_is_asked_for_with_what_the_file_says() {
    let anan = fleet().city("anan").unwrap_or_else(|_| panic!("anan has a file")).config.clone();
    let told = |address: &str| {
        let ask = Ask::account("300000000002", "allocate-vif");
        let asked = [handshake(address, Purpose::Line("private".into()), ask)];
        of(&anan, &asked, false, Lang::En).remove(0).text
    };
    let sheet = told("transit-vif/private/dxvif-ffab0004");
    for said in ["`100000000021`", "`204`", "`65004`", "`64513`", "allocate-transit-virtual-interface", "vlan=204"] {
        assert!(sheet.contains(said), "{said}: {sheet}");
    }
    assert!(!sheet.contains("tell its id") && sheet.contains("`dxvif-ffab0004`"), "{sheet}");
    assert!(told("line/private").contains("tell its id"));
}

#[test]
fn whoever_has_no_sheet_yet_is_named() {
    let itano = fleet().city("itano").unwrap_or_else(|_| panic!("itano has a file")).config.clone();
    let ask = Ask::account("200000000001", "attach-vpc");
    let behind = handshake("foreign-attachment/main/vpc-a100000000000051a", Purpose::Asp("juki".into()), ask);
    let behind = [Handshake { stage: Stage::Behind, ..behind }];
    assert_eq!(of(&itano, &behind, false, Lang::En), []);
    assert_eq!(not_yet(&itano, &behind, Lang::En), ["A社"]);
    assert_eq!(not_yet(&itano, &asked(), Lang::En), [""; 0]);
}

#[test]
fn every_action_has_words_in_both_languages() {
    let of = Address::new("line", "lgcs");
    for action in actions() {
        for lang in [Lang::Ja, Lang::En] {
            assert_ne!(what(action, &of, lang), action);
        }
    }
}

/// Nobody but the company sees its tables, so what belongs in them must stay to be had when nothing is asked any more.
#[test]
fn routes_of_others_are_on_every_sheet_of_theirs_and_on_the_whole_one_for_ever() {
    let itano = fleet().city("itano").unwrap_or_else(|_| panic!("itano has a file")).config.clone();
    let route = "aws ec2 create-route --region ap-northeast-1 \\\n  --destination-cidr-block 10.210.21.0/24 \\\n  \
                 --route-table-id <a route table of vpc-a100000000000051a> \\\n  --transit-gateway-id tgw-0a1b2c3d4e5f67890";
    let share = [handshake(
        "share-principal/tgw/200000000001",
        Purpose::Account("a-sha".into()),
        Ask::account("200000000001", "accept-share"),
    )];
    let [sheet] = &of(&itano, &share, false, Lang::En)[..] else { panic!("one party was asked") };
    assert!(sheet.text.contains(route), "{}", sheet.text);

    let mut done = share;
    (done[0].stage, done[0].asks) = (Stage::Done, vec![]);
    assert_eq!(of(&itano, &done, false, Lang::En), []);
    let sheets = of(&itano, &done, true, Lang::En);
    let sheet = sheets.iter().find(|sheet| sheet.who.name.as_deref() == Some("a-sha")).unwrap();
    assert!(sheet.text.contains(route), "{}", sheet.text);
    assert!(
        sheet.text.contains("the resource share of the municipality's transit gateway with account `200000000001` | "),
        "{}",
        sheet.text
    );
}
