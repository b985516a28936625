//! What a parameter may be called. DOC: PutParameter, "Naming Constraints".

use super::validation;
use crate::error::{AwsError, Result};

/// DOC (PutParameter): "The maximum length constraint for the parameter name that you specify, including the full length of
/// the ARN, is 1011 characters".
const LONGEST: usize = 1011;
/// DOC: "Parameter hierarchies are limited to a maximum depth of fifteen levels".
const DEEPEST: usize = 15;

/// Refuses a name that no new parameter may have.
pub(super) fn check(name: &str, arn: &str) -> Result<()> {
    if name.is_empty() || arn.len() > LONGEST {
        return Err(validation(format!(
            "1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: Member must have length \
             between 1 and {LONGEST}"
        )));
    }
    let words: Vec<&str> = name.trim_start_matches('/').split('/').collect();
    let first = words.first().copied().unwrap_or_default().to_ascii_lowercase();
    if name.starts_with("/aws") {
        return Err(AwsError::new("AccessDeniedException", format!("No access to reserved parameter name: {name}")));
    }
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let spelt = words.iter().all(|word| !word.is_empty() && word.chars().all(allowed));
    // "you must include a leading forward slash character (/)" for parameters in a hierarchy.
    let rooted = words.len() == 1 || name.starts_with('/');
    let reserved = first.starts_with("aws") || first.starts_with("ssm");
    if !spelt || !rooted || reserved || name.starts_with("//") {
        return Err(validation(
            "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). If formed as a path, it can \
             consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the \
             following 3 symbols .-_",
        ));
    }
    if words.len() > DEEPEST {
        let message = format!("A parameter hierarchy can have no more than {DEEPEST} levels.");
        return Err(AwsError::new("HierarchyLevelLimitExceededException", message));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let code = |name: &str| check(name, name).err().map(|error| error.code.into_owned()).unwrap_or_default();
        for name in ["/gcnet/naruto/prod/lease", "gcnet", "/a", "A.b-c_d"] {
            assert_eq!(code(name), "", "{name}");
        }
        for name in ["", "a/b", "/a//b", "//a", "/a/", "/a b", "/a:1", "ssm-x", "/SSM/x", "awsome", "/鳴門"] {
            assert_eq!(code(name), "ValidationException", "{name}");
        }
        assert_eq!(code("/aws/x"), "AccessDeniedException");
        assert_eq!(code(&"/a".repeat(15)), "");
        assert_eq!(code(&"/a".repeat(16)), "HierarchyLevelLimitExceededException");
        assert_eq!(code(&"a".repeat(1012)), "ValidationException");
    }
}
