//! The part of a sheet about rules and query logs that we share: the party associates them with its VPCs.

use gcnet_aws::kinds::{ForeignRuleAssociation, QueryLogAssociation};
use gcnet_core::{Address, Request, theirs};
use serde_json::Value;

use super::{Writer, command};
use crate::{blueprint::Borrowed, report::layout::clean};

impl Writer<'_> {
    /// Nothing where nothing is shared. Rules and logs apart: to have one's queries recorded is another thing to agree to.
    pub(super) fn borrowed(&self, borrowed: &[Borrowed]) -> String {
        let mut text = String::new();
        let rules: Vec<&Borrowed> = borrowed.iter().filter(|one| !one.rules.is_empty()).collect();
        if !rules.is_empty() {
            text.push_str(self.lang.pick(
                "## 自治体の転送ルールの、VPC への関連付け\n\n\
                 リソース共有を承諾した後（組織内の共有では承諾は要りません）、次のルールを VPC に関連付けてください。関連付けるまで、これらの名前は VPC から引けません。\
                 VPC では DNS 解決（enableDnsSupport）が有効でなければなりません。\n\n",
                "## The municipality's forwarding rules, associated with your VPCs\n\n\
                 Once you have accepted the resource share (within an organization nothing has to be accepted), associate these \
                 rules with your VPCs: until then, your VPCs cannot resolve the names. DNS resolution (enableDnsSupport) must be \
                 on in the VPCs.\n\n",
            ));
            text.extend(rules.iter().map(|one| {
                let rows: Vec<(&Address, String)> =
                    one.rules.iter().map(|rule| (rule, format!("`{}`", clean(rule.name())))).collect();
                self.associations(one, self.lang.pick("ドメイン", "Domain"), &rows, ForeignRuleAssociation::by_hand)
            }));
            text.push_str(self.tell_us());
        }
        let logs: Vec<(&Borrowed, &Address)> =
            borrowed.iter().filter_map(|one| Some((one, one.log.as_ref()?))).collect();
        if !logs.is_empty() {
            let days = self.municipality.logs.retention_days.get();
            text.push_str(&self.lang.pick(
                format!(
                    "## 自治体のクエリログの、VPC への関連付け\n\n\
                     関連付けると、VPC からの DNS の問い合わせ（名前、種類、答え、問い合わせ元の IP アドレスとインスタンス ID）がすべて自治体の CloudWatch Logs に記録され、{days} 日間保存されます。\
                     記録されてよいときに、関連付けてください。共有の招待は 12 時間で失効することがあります。\n\n"
                ),
                format!(
                    "## The municipality's query log, associated with your VPCs\n\n\
                     Once it is associated, every DNS query of the VPC (name, type, answer, address and instance id of who asks) is \
                     recorded in the municipality's CloudWatch Logs and kept for {days} days. Associate it when that is agreed. The \
                     invitation to the share may lapse after 12 hours.\n\n"
                ),
            ));
            text.extend(logs.iter().map(|(one, log)| {
                let rows = [(*log, self.lang.pick("クエリログの設定", "query logging configuration").to_string())];
                self.associations(one, self.lang.pick("対象", "What"), &rows, QueryLogAssociation::by_hand)
            }));
            text.push_str(self.tell_us());
        }
        text
    }

    fn tell_us(&self) -> &'static str {
        self.lang.pick(
            "関連付け済みかどうかは、こちらのアカウントからは見えません。関連付けたら、上の ID を添えてお知らせください。共有が終わると、関連付けはなくなります。\n\n",
            "Our account does not see whether you have: when it is done, tell us the ids above. When the sharing ends, so do the \
             associations.\n\n",
        )
    }

    fn associations(
        &self,
        borrowed: &Borrowed,
        column: &str,
        rows: &[(&Address, String)],
        by_hand: fn(&Value, &str) -> Request,
    ) -> String {
        let vpcs = match borrowed.vpcs.as_slice() {
            [] => self.lang.pick("利用する VPC", "the VPCs that use it").into(),
            vpcs => vpcs.iter().map(|vpc| format!("`{}`", clean(vpc))).collect::<Vec<_>>().join(", "),
        };
        let purpose = self.purpose(&borrowed.purpose);
        let id = |address: &Address| self.id(address).map(|id| format!("`{id}`")).unwrap_or_default();
        let table: String = rows.iter().map(|(address, what)| format!("| {what} | {} |\n", id(address))).collect();
        let mut text = format!("### {vpcs}: {purpose}\n\n| {column} | ID |\n|---|---|\n{table}\n");
        let vpcs: Vec<Value> = match borrowed.vpcs.as_slice() {
            [] => vec![theirs("vpc-of", &borrowed.account)],
            vpcs => vpcs.iter().map(|vpc| vpc.as_str().into()).collect(),
        };
        // None of what has no id yet.
        let ids: Vec<&str> = rows.iter().filter_map(|(address, _)| self.id(address)).collect();
        let calls = vpcs.iter().flat_map(|vpc| ids.iter().map(|id| by_hand(vpc, id)));
        let calls: Vec<String> = calls.map(|call| command::text(&call, &self.subject.region, self.lang)).collect();
        if !calls.is_empty() {
            text.push_str(&format!("```sh\n{}\n```\n\n", calls.join("\n\n")));
        }
        text
    }

    fn id(&self, address: &Address) -> Option<&str> {
        self.ids.get(address).map(String::as_str)
    }
}
