//! An API call as a command of the AWS CLI: its names are the API's in kebab-case.

use gcnet_core::{Request, ask::THEIRS};
use serde_json::Value;

use crate::report::Lang;

/// The command, an option a line. What only the other party knows stands in angle brackets.
pub(super) fn text(request: &Request, region: &str, lang: Lang) -> String {
    let Request { service, region: own, operation, input } = request;
    let region = own.as_deref().unwrap_or(region);
    let mut text = format!("aws {service} {} --region {region}", kebab(operation));
    for (member, value) in input.as_object().into_iter().flatten() {
        let option = kebab(member);
        match value {
            // A list option takes at least one; none is what its absence says.
            Value::Array(items) if items.is_empty() => {}
            Value::Bool(true) => text.push_str(&format!(" \\\n  --{option}")),
            Value::Bool(false) => text.push_str(&format!(" \\\n  --no-{option}")),
            value => text.push_str(&format!(" \\\n  --{option} {}", argument(value, lang))),
        }
    }
    text
}

/// As botocore makes its command names: a word begins at a capital that follows a small letter or precedes one.
fn kebab(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::new();
    for (i, letter) in letters.iter().enumerate() {
        let begins = letter.is_ascii_uppercase()
            && i > 0
            && (!letters[i - 1].is_ascii_uppercase()
                || letters.get(i + 1).is_some_and(|next| next.is_ascii_lowercase()));
        if begins {
            text.push('-');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

fn argument(value: &Value, lang: Lang) -> String {
    if let Some(theirs) = placeholder(value, lang) {
        return theirs;
    }
    match value {
        Value::String(text) => quoted(text),
        Value::Number(number) => number.to_string(),
        Value::Array(items) if items.iter().all(is_simple) => {
            items.iter().map(|item| argument(item, lang)).collect::<Vec<_>>().join(" ")
        }
        value => shorthand(value, lang).unwrap_or_else(|| quoted(&value.to_string())),
    }
}

/// The command line's own notation, which unlike JSON passes every shell alike: `"VPCId=vpc-1,VPCRegion=ap-northeast-1"`, and
/// a list of such one after the other. `None` for what it cannot say, or only with quotes within quotes.
fn shorthand(value: &Value, lang: Lang) -> Option<String> {
    match value {
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| shorthand(item, lang)).collect();
            items.filter(|items| !items.is_empty()).map(|items| items.join(" "))
        }
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| Some(format!("{key}={}", member(value, lang)?));
            let members: Option<Vec<String>> = members.iter().map(member).collect();
            members.filter(|members| !members.is_empty()).map(|members| quoted(&members.join(",")))
        }
        _ => None,
    }
}

/// A value inside the shorthand, where a comma, a bracket or a quote would end it; of a list its items, without brackets.
fn member(value: &Value, lang: Lang) -> Option<String> {
    if let Some(theirs) = placeholder(value, lang) {
        return Some(theirs);
    }
    match value {
        Value::String(text) => {
            let passes = |c: char| c.is_ascii_alphanumeric() || "-_./:".contains(c);
            (!text.is_empty() && text.chars().all(passes)).then(|| text.clone())
        }
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(on) => Some(on.to_string()),
        Value::Array(items) if !items.is_empty() && items.iter().all(is_simple) => {
            let items: Option<Vec<String>> = items.iter().map(|item| member(item, lang)).collect();
            items.map(|items| items.join(","))
        }
        _ => None,
    }
}

fn is_simple(value: &Value) -> bool {
    matches!(value, Value::String(_) | Value::Number(_)) || value.get(THEIRS).is_some()
}

/// Unquoted only where no shell reads anything into it: a comma makes a list in PowerShell. Double quotes do in every shell as
/// long as nothing inside means something to one of them; single quotes are no quotes in cmd.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=".contains(c);
    let is_special = |c: char| c.is_control() || "\"\\$`!%".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.into()
    } else if !text.contains(is_special) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// What only the other party knows.
fn placeholder(value: &Value, lang: Lang) -> Option<String> {
    let (what, of) = value.get(THEIRS)?.as_object()?.iter().next()?;
    let of = of.as_str().unwrap_or_default();
    Some(match what.as_str() {
        "invitation-of" => lang.pick(
            "<上の結果の resourceShareInvitationArn>".into(),
            "<resourceShareInvitationArn of the answer above>".into(),
        ),
        "route-table-of" => lang.pick(format!("<{of} のルートテーブル ID>"), format!("<a route table of {of}>")),
        "tgw-route-table-of" => lang.pick(
            format!("<{of} の Transit Gateway ルートテーブル ID>"),
            format!("<a transit gateway route table of {of}>"),
        ),
        "peering-with" => lang.pick(
            format!("<{of} から見たピアリングアタッチメント ID>"),
            format!("<the peering attachment with us, as {of} has it>"),
        ),
        "connection-of" => lang.pick("<回線の接続または LAG の ID>".into(), "<the line's connection or LAG>".into()),
        "security-groups-of" => {
            lang.pick("<利用するセキュリティグループ ID>".into(), "<security groups of its clients>".into())
        }
        "subnets-of" if !of.starts_with("vpc-") => {
            lang.pick("<AZ ごとに一つのサブネット ID>".into(), "<a subnet in each zone>".into())
        }
        "subnets-of" => {
            lang.pick(format!("<{of} の AZ ごとに一つのサブネット ID>"), format!("<a subnet of {of} in each zone>"))
        }
        "peering-of" => lang.pick(
            "<上の結果の TransitGatewayAttachmentId>".into(),
            "<TransitGatewayAttachmentId of the answer above>".into(),
        ),
        "vpc-of" => lang.pick("<利用する VPC の ID>".into(), "<the VPC that uses it>".into()),
        other => format!("<{other}: {of}>"),
    })
}

#[cfg(test)]
mod tests {
    use gcnet_core::theirs;
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_those_of_the_command_line() {
        for (api, cli) in [
            ("CreateTransitGatewayVpcAttachment", "create-transit-gateway-vpc-attachment"),
            ("directConnectGatewayId", "direct-connect-gateway-id"),
            ("resourceShareArns", "resource-share-arns"),
            ("ModifyVpcEndpointServicePermissions", "modify-vpc-endpoint-service-permissions"),
            ("AssociateVPCWithHostedZone", "associate-vpc-with-hosted-zone"),
        ] {
            assert_eq!(kebab(api), cli);
        }
    }

    #[test]
    fn a_command_can_be_pasted() {
        let input = json!({
            "TransitGatewayId": "tgw-1",
            "SubnetIds": theirs("subnets-of", "vpc-1"),
            "AddAllowedPrincipals": ["arn:aws:iam::1:root", "it's", "$HOME's"],
            "DryRun": false,
            "RemoveAllowedPrincipals": [],
        });
        let request = Request { region: Some("ap-northeast-3".into()), ..Request::new("ec2", "CreateThing", input) };
        insta::assert_snapshot!(text(&request, "ap-northeast-1", Lang::En), @r#"
        aws ec2 create-thing --region ap-northeast-3 \
          --add-allowed-principals arn:aws:iam::1:root "it's" '$HOME'\''s' \
          --no-dry-run \
          --subnet-ids <a subnet of vpc-1 in each zone> \
          --transit-gateway-id tgw-1
        "#);
    }

    /// JSON in single quotes is no JSON any more in cmd and PowerShell.
    #[test]
    fn structures_are_written_in_shorthand_where_it_can_say_them() {
        let written = |value: Value| argument(&value, Lang::En);
        let place = json!({"VPCRegion": "ap-northeast-1", "VPCId": "vpc-1"});
        assert_eq!(written(place), r#""VPCId=vpc-1,VPCRegion=ap-northeast-1""#);
        assert_eq!(
            written(json!([{"cidr": "10.0.0.0/8"}, {"cidr": "10.1.0.0/16"}])),
            "cidr=10.0.0.0/8 cidr=10.1.0.0/16"
        );
        assert_eq!(written(json!([{"Name": "vpc-id", "Values": ["a", "b"]}])), r#""Name=vpc-id,Values=a,b""#);
        let theirs = json!({"VPCId": theirs("vpc-of", "x"), "Enabled": true, "Port": 53});
        assert_eq!(written(theirs), r#""Enabled=true,Port=53,VPCId=<the VPC that uses it>""#);
        for nested in [json!({"A": {"B": "c"}}), json!({"A": "b,c=d"}), json!({"A": []})] {
            assert_eq!(written(nested.clone()), format!("'{nested}'"));
        }
    }
}
