//! What a line's provider needs to allocate a hosted transit virtual interface, as far as the file says it.

use gcnet_core::{Request, theirs};
use serde_json::json;

use super::command;
use crate::{
    blueprint::Purpose,
    config::schema::{Line, Municipality, VirtualInterface},
    handshake::Handshake,
    report::{Lang, document::Subject},
};

/// The values as a table, and the call where enough of them is agreed. Empty for any other request.
pub(super) fn text(
    municipality: &Municipality,
    subject: &Subject,
    handshake: &Handshake,
    ask: &gcnet_core::Ask,
    lang: Lang,
) -> String {
    let Some(Purpose::Line(name)) = &handshake.purpose else { return String::new() };
    let is_it = |line: &&Line| line.name.as_str() == name && ask.action == "allocate-vif";
    let Some(line) = municipality.lines.iter().find(is_it) else { return String::new() };
    let vif = line.vif.as_ref();
    let open = || lang.pick("別途協議", "to be agreed").to_string();
    let said = |value: Option<String>| value.unwrap_or_else(open);
    let gateway_asn = line.dxgw.effective_asn().map(|asn| asn.to_string());
    let mut rows = vec![
        (lang.pick("割り当て先のアカウント", "Account of its owner"), subject.account.clone()),
        (lang.pick("VLAN", "VLAN"), said(vif.and_then(|vif| Some(vif.vlan.as_ref()?.to_string())))),
        (
            lang.pick("自治体側ルーターの ASN", "ASN of the municipality's router"),
            said(vif.and_then(|vif| Some(vif.bgp_asn.as_ref()?.to_string()))),
        ),
        (
            lang.pick("AWS 側（Direct Connect ゲートウェイ）の ASN", "ASN of the Direct Connect gateway"),
            said(gateway_asn),
        ),
    ];
    let address = |of: fn(&VirtualInterface) -> Option<String>| vif.and_then(of);
    let more = [
        (
            lang.pick("BGP の AWS 側アドレス", "BGP address of AWS"),
            address(|vif| Some(vif.amazon_address.as_ref()?.to_string())),
        ),
        (
            lang.pick("BGP の自治体側アドレス", "BGP address of the municipality"),
            address(|vif| Some(vif.customer_address.as_ref()?.to_string())),
        ),
        (lang.pick("MTU", "MTU"), address(|vif| Some(vif.mtu.as_ref()?.to_string()))),
    ];
    rows.extend(more.into_iter().filter_map(|(label, value)| Some((label, value?))));
    let rows: String = rows.iter().map(|(label, value)| format!("| {label} | `{value}` |\n")).collect();
    let head = lang
        .pick("割り当てる値:\n\n| 項目 | 値 |\n|---|---|\n", "To allocate it with:\n\n| Item | Value |\n|---|---|\n");
    format!("{head}{rows}\n{}", call(municipality, line, subject, lang))
}

/// AWS allocates none without a VLAN and an ASN.
fn call(municipality: &Municipality, line: &Line, subject: &Subject, lang: Lang) -> String {
    let agreed = line.vif.as_ref().and_then(|vif| Some((vif.vlan.as_ref()?.get(), vif.bgp_asn.as_ref()?.0, vif)));
    let Some((vlan, asn, vif)) = agreed else { return String::new() };
    let mut interface = json!({
        "virtualInterfaceName": municipality.gateway_name(line),
        "vlan": vlan,
        "asn": asn,
        "addressFamily": "ipv4",
    });
    let more = [
        ("mtu", vif.mtu.as_ref().map(|mtu| json!(mtu.get()))),
        ("amazonAddress", vif.amazon_address.as_ref().map(|address| json!(address.to_string()))),
        ("customerAddress", vif.customer_address.as_ref().map(|address| json!(address.to_string()))),
    ];
    for (member, value) in more {
        if let Some(value) = value {
            interface[member] = value;
        }
    }
    let input = json!({
        "connectionId": theirs("connection-of", &line.name),
        "ownerAccount": subject.account,
        "newTransitVirtualInterfaceAllocation": interface,
    });
    let request = Request::new("directconnect", "AllocateTransitVirtualInterface", input);
    let command = command::text(&request, &subject.region, lang);
    format!("{}\n\n```sh\n{command}\n```\n\n", lang.pick("AWS CLI:", "With the AWS CLI:"))
}
