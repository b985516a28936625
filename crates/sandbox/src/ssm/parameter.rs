//! PutParameter, GetParameter, DeleteParameter. Standard parameters of type String and StringList: no keys, policies, labels
//! or patterns are simulated.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{name, ssm, ssm_mut, validation};
use crate::clock::Moment;
use crate::error::{AwsError, Result};
use crate::protocol::json_input;
use crate::service::{Ctx, Operation};

pub(super) static OPERATIONS: &[Operation] = &[
    Operation::json_write("PutParameter", put),
    Operation::json_read("GetParameter", get),
    Operation::json_write("DeleteParameter", delete),
];

/// DOC (DeleteParameter): "After deleting a parameter, wait for at least 30 seconds to create a parameter with the same name."
/// What comes of not waiting is not documented; here it is refused.
pub(super) const REST: Duration = Duration::from_secs(30);
/// DOC (PutParameter): "Standard parameters have a value limit of 4 KB."
const LARGEST: usize = 4096;
/// DOC (ParameterMaxVersionLimitExceeded): "Parameter Store retains the 100 most recently created versions of a parameter."
const KEPT: usize = 100;
/// As of all resources of Systems Manager.
const MOST_TAGS: usize = 50;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameter {
    pub kind: Kind,
    pub tags: BTreeMap<String, String>,
    /// Of the newest version; the first is 1.
    pub version: u64,
    /// The newest versions, oldest first.
    pub versions: VecDeque<Version>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Version {
    pub value: String,
    pub modified: Moment,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    String,
    StringList,
}

impl Parameter {
    fn add(&mut self, value: String, modified: Moment) {
        self.versions.push_back(Version { value, modified });
        if self.versions.len() > KEPT {
            self.versions.pop_front();
        }
        self.version += 1;
    }

    fn at(&self, version: u64) -> Option<&Version> {
        let behind = usize::try_from(self.version.checked_sub(version)?).ok()?;
        self.versions.iter().rev().nth(behind)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Put {
    name: String,
    value: String,
    #[serde(rename = "Type")]
    kind: Option<String>,
    #[serde(default)]
    overwrite: bool,
    tags: Option<Vec<Tag>>,
    tier: Option<String>,
    description: Option<String>,
    data_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Tag {
    key: String,
    value: String,
}

fn put(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Put { name, value, kind, overwrite, tags, tier, description, data_type } = json_input(input)?;
    name::check(&name, &arn(ctx, &name))?;
    check_value(&value)?;
    let kind = kind.as_deref().map(read_kind).transpose()?;
    for (given, known) in [(tier, "Standard"), (data_type, "text")] {
        if given.as_deref().is_some_and(|given| given != known) {
            return Err(validation(format!("The sandbox simulates {known} parameters only.")));
        }
    }
    if description.is_some_and(|text| text.chars().count() > 1024) {
        return Err(validation("1 validation error detected: 'description' must have length of at most 1024"));
    }
    if overwrite && tags.is_some() {
        return Err(validation(
            "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove \
             overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or \
             RemoveTagsFromResource.",
        ));
    }
    let tags = read_tags(tags.unwrap_or_default())?;
    let now = ctx.now;
    let version = match ssm(ctx).parameters.get(&name) {
        Some(_) if !overwrite => {
            return Err(AwsError::new(
                "ParameterAlreadyExists",
                "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
            ));
        }
        Some(old) if kind.is_some_and(|kind| kind != old.kind) => {
            return Err(AwsError::new(
                "HierarchyTypeMismatchException",
                "Parameter Store doesn't support changing a parameter type in a hierarchy.",
            ));
        }
        Some(_) => {
            let parameter = ssm_mut(ctx).parameters.get_mut(&name).ok_or_else(not_found)?;
            parameter.add(value, now);
            parameter.version
        }
        None => {
            let kind = kind.ok_or_else(|| validation("A parameter type is required when you create a parameter."))?;
            if ssm(ctx).deleted.contains_key(&name) {
                let message = "The parameter was deleted less than 30 seconds ago.";
                return Err(AwsError::new("TooManyUpdates", message));
            }
            if ssm(ctx).parameters.iter().count() >= ctx.quotas.parameters {
                let message = "You have exceeded the number of parameters for this AWS account.";
                return Err(AwsError::new("ParameterLimitExceeded", message));
            }
            let mut parameter = Parameter { kind, tags, version: 0, versions: VecDeque::new() };
            parameter.add(value, now);
            ssm_mut(ctx).parameters.insert(name, parameter);
            1
        }
    };
    Ok(json!({ "Version": version, "Tier": "Standard" }))
}

fn check_value(value: &str) -> Result<()> {
    if value.is_empty() {
        return Err(validation("1 validation error detected: 'value' must have length greater than or equal to 1"));
    }
    if value.len() > LARGEST {
        return Err(validation(format!(
            "Standard tier parameters support a maximum parameter value of {LARGEST} characters. To create a larger \
             parameter value, upgrade the parameter to use the advanced-parameter tier."
        )));
    }
    // "You can't include values wrapped in double brackets {{}}".
    if value.contains("{{") && value.contains("}}") {
        return Err(validation("Parameter value can't nest another parameter. Do not use \"{{}}\" in the value."));
    }
    Ok(())
}

fn read_kind(given: &str) -> Result<Kind> {
    match given {
        "String" => Ok(Kind::String),
        "StringList" => Ok(Kind::StringList),
        "SecureString" => Err(validation("The sandbox does not simulate SecureString parameters.")),
        other => Err(validation(format!(
            "1 validation error detected: Value '{other}' at 'type' failed to satisfy constraint: Member must satisfy enum \
             value set: [SecureString, StringList, String]"
        ))),
    }
}

/// Characters that all services take (aws-facts section 0).
fn read_tags(given: Vec<Tag>) -> Result<BTreeMap<String, String>> {
    let allowed = |c: char| c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c);
    if given.len() > MOST_TAGS {
        return Err(AwsError::new("TooManyTagsError", format!("A resource can have no more than {MOST_TAGS} tags.")));
    }
    let mut tags = BTreeMap::new();
    for Tag { key, value } in given {
        let long = key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256;
        let reserved = key.to_ascii_lowercase().starts_with("aws:");
        if long || reserved || !key.chars().chain(value.chars()).all(allowed) {
            return Err(validation(format!(
                "1 validation error detected: the tag '{key}' failed to satisfy constraint"
            )));
        }
        if tags.insert(key.clone(), value).is_some() {
            return Err(validation(format!("The tag key '{key}' is given twice.")));
        }
    }
    Ok(tags)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Get {
    name: String,
    /// Means nothing to what is not encrypted.
    #[serde(rename = "WithDecryption")]
    _with_decryption: Option<bool>,
}

/// DOC: a name or an ARN; "To query by parameter version, use "Name": "name:version"".
fn get(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Get { name: given, .. } = json_input(input)?;
    let home = ctx.arn("ssm", "parameter");
    let local = given.strip_prefix(&home).unwrap_or(&given);
    if local.starts_with("arn:") {
        return Err(not_found());
    }
    let (name, selector) = match local.split_once(':') {
        Some((name, selector)) => (name, Some(selector)),
        None => (local, None),
    };
    // A name without a hierarchy has a slash in its ARN only.
    let bare = given.starts_with(&home).then(|| name.trim_start_matches('/'));
    let all = &ssm(ctx).parameters;
    let found = [Some(name), bare].into_iter().flatten().find_map(|name| Some((name, all.get(name)?)));
    let (name, parameter) = found.ok_or_else(not_found)?;
    let number = match selector {
        None => parameter.version,
        Some(text) => text.parse().map_err(|_| no_version(text, name))?,
    };
    let version = parameter.at(number).ok_or_else(|| no_version(&number.to_string(), name))?;
    let mut row = Map::from_iter([
        ("Name".to_owned(), json!(name)),
        ("Type".to_owned(), json!(parameter.kind)),
        ("Value".to_owned(), json!(version.value)),
        ("Version".to_owned(), json!(number)),
        ("LastModifiedDate".to_owned(), json!(version.modified.as_millis() as f64 / 1000.0)),
        ("ARN".to_owned(), json!(arn(ctx, name))),
        ("DataType".to_owned(), json!("text")),
    ]);
    row.extend(selector.map(|selector| ("Selector".to_owned(), json!(format!(":{selector}")))));
    Ok(json!({ "Parameter": row }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct Delete {
    name: String,
}

fn delete(ctx: &mut Ctx<'_>, input: Value) -> Result<Value> {
    let Delete { name } = json_input(input)?;
    if !ssm(ctx).parameters.contains_key(&name) {
        return Err(not_found());
    }
    let now = ctx.now;
    let ssm = ssm_mut(ctx);
    ssm.parameters.remove(&name);
    ssm.deleted.insert(name, now);
    Ok(json!({}))
}

fn arn(ctx: &Ctx<'_>, name: &str) -> String {
    ctx.arn("ssm", &format!("parameter/{}", name.trim_start_matches('/')))
}

fn not_found() -> AwsError {
    AwsError::new("ParameterNotFound", "")
}

fn no_version(version: &str, name: &str) -> AwsError {
    let message =
        format!("Systems Manager could not find version {version} of {name}. Verify the version and try again.");
    AwsError::new("ParameterVersionNotFound", message)
}
