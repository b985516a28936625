//! Whose it is, where reads show no tags but the text that the creator chose: Route 53 calls it CallerReference, its Resolver
//! CreatorRequestId (aws-facts 2.1, 2.2). It cannot be changed later, and makes a second creation impossible.

use gcnet_core::{Context, Owner, Stack, identity};

use crate::aws::Aws;

const PREFIX: &str = "gcnet";

/// `gcnet/MUNICIPALITY/ENVIRONMENT/NAME/TOKEN`, of which hosted zones take 128 characters. `name` has no slash.
pub(crate) fn write(name: &str, cx: &Context<'_, Aws>) -> String {
    let tag = |key| cx.tags.get(key).map(String::as_str).unwrap_or_default();
    let (municipality, environment) = (tag(identity::MUNICIPALITY), tag(identity::ENVIRONMENT));
    format!("{PREFIX}/{municipality}/{environment}/{name}/{}", cx.token)
}

/// The stack and the name of what gcnet made; `None` for what somebody else made.
pub(crate) fn read(mark: Option<&str>) -> Option<(Stack, &str)> {
    let mut parts = mark?.split('/');
    if parts.next() != Some(PREFIX) {
        return None;
    }
    let stack = Stack::new(parts.next()?, parts.next()?);
    let (name, _token) = (parts.next()?, parts.next()?);
    parts.next().is_none().then_some((stack, name))
}

/// As [`read`], for what has no other name than that in its mark.
pub(crate) fn owner(mark: Option<&str>) -> Option<Owner> {
    let (stack, name) = read(mark)?;
    Some(Owner::Name { stack, name: name.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_names_stack_and_name_and_others_marks_do_not() {
        let mark = format!("gcnet/naruto/prod/inbound/{}", "0".repeat(32));
        assert_eq!(read(Some(&mark)), Some((Stack::new("naruto", "prod"), "inbound")));
        for other in ["", "gcnet", "gcnet/naruto/prod/inbound", "terraform-2026", "gcnet/a/b/c/d/e"] {
            assert_eq!(read(Some(other)), None, "{other}");
        }
        assert_eq!(read(None), None);
    }
}
