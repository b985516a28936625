//! What a refusal for lack of permission is about, and who can lift it.

use gcnet_core::{Class, Denial, Failure};

use crate::report::{Lang, layout::clean};

/// The hint of a denied call. A guardrail is its administrator's, a missing permission the role's.
pub(super) fn hint(failure: &Failure, lang: Lang) -> String {
    let permission = clean(failure.permission.as_deref().unwrap_or(&failure.operation));
    let account = clean(failure.account.as_deref().unwrap_or("?"));
    let nothing = Denial::default();
    let denial = failure.denial.as_deref().unwrap_or(&nothing);
    // A resource that stands for everything says nothing.
    let resource = denial.resource.as_deref().filter(|resource| *resource != "*").map(clean);
    let what = match resource {
        Some(resource) => lang.pick(format!("{resource} への {permission}"), format!("{permission} on {resource} ")),
        None => lang.pick(permission.clone(), format!("{permission} ")),
    };
    let hint = match (failure.class, denial.policy.as_deref()) {
        (Class::Guardrail, policy) => guardrail(policy, denial.explicit || policy.is_none(), &what, &account, lang),
        (_, policy) if denial.explicit => {
            let policy = named(policy, lang);
            lang.pick(
                format!("{policy}が {what} を明示的に拒否しています。ほかで許可しても通りません。アカウント {account} でそのステートメントを見直してください"),
                format!("{policy} denies {what}explicitly, and allowing it elsewhere does not help; look at that statement in account {account}"),
            )
        }
        _ => lang.pick(
            format!("アカウント {account} で {what} の権限がありません。ロールに加えるか、権限のあるロールで実行してください"),
            format!("these credentials lack {what}in account {account}; add it to the role, or use a role that has it"),
        ),
    };
    hint + &conditions(denial, lang)
}

fn guardrail(policy: Option<&str>, explicit: bool, what: &str, account: &str, lang: Lang) -> String {
    let whose = match policy {
        Some("service control policy" | "resource control policy") => lang.pick(
            format!("アカウント {account} の組織（AWS Organizations）の管理者"),
            format!("whoever administers the organisation of account {account}"),
        ),
        _ => lang.pick(format!("アカウント {account} の管理者"), format!("the administrator of account {account}")),
    };
    let policy = match policy {
        Some(policy) => named(Some(policy), lang),
        None => lang
            .pick("サービスコントロールポリシーなどの統制", "a service control policy or permissions boundary")
            .to_string(),
    };
    if explicit {
        lang.pick(
            format!("{policy}が {what} を明示的に拒否しています。{whose}に許可を依頼してください。ロールの権限を増やしても通りません"),
            format!("{policy} denies {what}explicitly; ask {whose} for this action: more permissions of the role do not help"),
        )
    } else {
        lang.pick(
            format!("{policy}が {what} を許可していません。{whose}に許可を依頼してください。ロールの権限を増やしても通りません"),
            format!("{policy} does not allow {what}; ask {whose} for this action: more permissions of the role do not help"),
        )
    }
}

/// AWS's words for a sort of policy, as a person calls it.
fn named(policy: Option<&str>, lang: Lang) -> String {
    let (ja, en) = match policy {
        Some("service control policy") => ("サービスコントロールポリシー（SCP）", "a service control policy (SCP)"),
        Some("resource control policy") => ("リソースコントロールポリシー（RCP）", "a resource control policy (RCP)"),
        Some("permissions boundary") => ("アクセス許可の境界", "a permissions boundary"),
        Some("session policy") => ("セッションポリシー", "a session policy"),
        Some("VPC endpoint policy") => ("VPC エンドポイントのポリシー", "the policy of a VPC endpoint"),
        Some("identity-based policy") => ("ロールのポリシー", "a policy of the role"),
        Some("resource-based policy") => ("リソースのポリシー", "a policy of the resource"),
        _ => ("ポリシー", "a policy"),
    };
    lang.pick(ja, en).into()
}

/// Which circumstances the statement asks about: often it is another Region or tag that would pass.
fn conditions(denial: &Denial, lang: Lang) -> String {
    if denial.conditions.is_empty() {
        return String::new();
    }
    let keys = clean(&denial.conditions.join(", "));
    lang.pick(format!("。そのステートメントの条件キー: {keys}"), format!("; the statement has conditions on {keys}"))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::report::fixtures::failure;

    #[test]
    fn who_can_lift_it_depends_on_the_policy() {
        let vpc = || Some("arn:aws:ec2:ap-northeast-1:111122223333:vpc/*".to_string());
        let mut told = String::new();
        for (class, policy, explicit, resource, conditions) in [
            (Class::Denied, None, false, None, vec![]),
            (Class::Denied, Some("identity-based policy"), false, vpc(), vec![]),
            (Class::Denied, Some("identity-based policy"), true, vpc(), vec!["aws:RequestedRegion"]),
            (Class::Denied, Some("VPC endpoint policy"), true, Some("*".into()), vec![]),
            (Class::Guardrail, None, false, None, vec![]),
            (
                Class::Guardrail,
                Some("service control policy"),
                true,
                vpc(),
                vec!["aws:RequestedRegion", "aws:PrincipalArn"],
            ),
            (Class::Guardrail, Some("service control policy"), false, None, vec![]),
            (Class::Guardrail, Some("resource control policy"), true, vpc(), vec![]),
            (Class::Guardrail, Some("permissions boundary"), true, Some("\u{1b}[31m".into()), vec![]),
        ] {
            let conditions = conditions.into_iter().map(String::from).collect();
            let denial = Denial { resource, policy: policy.map(String::from), explicit, conditions, sealed: None };
            let failure = Failure { denial: Some(Box::new(denial)), ..failure(class, "ec2:CreateVpc", "x", "") };
            for lang in [Lang::En, Lang::Ja] {
                told += &format!("{}\n", hint(&failure, lang));
            }
        }
        assert_snapshot!(told);
    }
}
