//! The part of a sheet about rules and query logs that we share: the party associates them with its VPCs.

use gcnet_aws::kinds::{ForeignRuleAssociation, QueryLogAssociation};
use gcnet_core::{Address, Request, theirs};
use serde_json::Value;

use super::{Writer, command};
use crate::{blueprint::Borrowed, report::layout::clean};

impl Writer<'_> {
    /// Nothing where nothing is shared.
    pub(super) fn borrowed(&self, borrowed: &[&Borrowed]) -> String {
        if borrowed.is_empty() {
            return String::new();
        }
        let head = self.lang.pick(
            "## 自治体の転送ルールとクエリログの、VPC への関連付け\n\n\
             リソース共有を承諾した後（組織内の共有では承諾は要りません）、次を VPC に関連付けてください。関連付けるまで、これらの名前は VPC から引けません。\
             関連付け済みかどうかは、こちらのアカウントからは見えません。共有が終わると、関連付けはなくなります。\n\n",
            "## The municipality's forwarding rules and query logs, associated with your VPCs\n\n\
             Once you have accepted the resource share (within an organization nothing has to be accepted), associate these with \
             your VPCs: until then, your VPCs cannot resolve the names. Our account does not see whether you have. When the \
             sharing ends, so do the associations.\n\n",
        );
        let parts: String = borrowed.iter().map(|borrowed| self.associations(borrowed)).collect();
        format!("{head}{parts}")
    }

    fn associations(&self, borrowed: &Borrowed) -> String {
        let vpcs = match borrowed.vpcs.as_slice() {
            [] => "VPC".into(),
            vpcs => vpcs.iter().map(|vpc| format!("`{}`", clean(vpc))).collect::<Vec<_>>().join(", "),
        };
        let column = self.lang.pick("| ドメイン | ID |", "| Domain | ID |");
        let row = |address: &Address, what: &str| {
            let id = self.id(address).map(|id| format!("`{id}`")).unwrap_or_default();
            format!("| {what} | {id} |\n")
        };
        let rules = borrowed.rules.iter().map(|rule| row(rule, &format!("`{}`", clean(rule.name()))));
        let log = self.lang.pick("クエリログの設定", "query logging configuration");
        let rows: String = rules.chain(borrowed.log.iter().map(|address| row(address, log))).collect();
        let purpose = self.purpose(&borrowed.purpose);
        let mut text = format!("### {vpcs}: {purpose}\n\n{column}\n|---|---|\n{rows}\n");
        let calls = self.association_calls(borrowed);
        if !calls.is_empty() {
            let calls: Vec<String> =
                calls.iter().map(|call| command::text(call, &self.subject.region, self.lang)).collect();
            text.push_str(&format!("```sh\n{}\n```\n\n", calls.join("\n\n")));
        }
        text
    }

    /// None of what has no id yet.
    fn association_calls(&self, borrowed: &Borrowed) -> Vec<Request> {
        let vpcs: Vec<Value> = match borrowed.vpcs.as_slice() {
            [] => vec![theirs("vpc-of", &borrowed.account)],
            vpcs => vpcs.iter().map(|vpc| vpc.as_str().into()).collect(),
        };
        let mut calls = vec![];
        for vpc in vpcs {
            let rules = borrowed.rules.iter().filter_map(|rule| self.id(rule));
            calls.extend(rules.map(|rule| ForeignRuleAssociation::by_hand(&vpc, rule)));
            let log = borrowed.log.as_ref().and_then(|log| self.id(log));
            calls.extend(log.map(|log| QueryLogAssociation::by_hand(&vpc, log)));
        }
        calls
    }

    fn id(&self, address: &Address) -> Option<&str> {
        self.ids.get(address).map(String::as_str)
    }
}
