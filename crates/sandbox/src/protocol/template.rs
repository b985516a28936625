//! Paths with labels: `/2013-04-01/hostedzone/{HostedZoneId}/rrset`. The last label may take all that is left, slashes
//! included, `/{Bucket}/{Key+}`, and parameters of the query string may be part of what names the operation:
//! `/{Bucket}?policy`, `/{Bucket}?list-type=2`.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

/// The labels of a path by name, if it is one of this template. A slash at its end makes no difference: clients do not
/// agree about it (botocore ends `…/rrset/` with one, other SDKs do not).
pub(crate) fn labels(template: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let template = path_of(template);
    let mut labels = BTreeMap::new();
    let (template, path) = match template.strip_suffix("+}").and_then(|rest| rest.rsplit_once("/{")) {
        Some((before, name)) => {
            let (at, _) = path.match_indices('/').nth(before.matches('/').count())?;
            labels.insert(name.to_owned(), decode(path.get(at + 1..)?)?);
            (before, path.get(..at)?)
        }
        None => (template.strip_suffix('/').unwrap_or(template), path.strip_suffix('/').unwrap_or(path)),
    };
    let mut wanted = template.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(labels),
            (Some(wanted), Some(given)) => match label(wanted) {
                Some(name) => {
                    labels.insert(name.to_owned(), decode(given)?);
                }
                None if wanted == given => {}
                None => return None,
            },
            _ => return None,
        }
    }
}

/// What a label holds; nothing is no value.
fn decode(text: &str) -> Option<String> {
    let value = percent_decode_str(text).decode_utf8().ok().filter(|value| !value.is_empty())?;
    Some(value.into_owned())
}

/// The path of a template, without its query string.
pub(crate) fn path_of(template: &str) -> &str {
    template.split_once('?').map_or(template, |(path, _)| path)
}

/// The parameters of the query string that are part of the template, with the value that each must have, if any.
pub(crate) fn parameters(template: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let query = template.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').map_or((pair, None), |(name, value)| (name, Some(value))))
}

/// The name of the label that a segment of a template is.
pub(crate) fn label(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_fits_paths_of_its_shape_only() {
        let template = "/v/zone/{Id}/rrset";
        let id = |path: &str| labels(template, path).map(|labels| labels["Id"].clone());
        assert_eq!(id("/v/zone/Z1/rrset").as_deref(), Some("Z1"));
        assert_eq!(id("/v/zone/a%2Fb%20c/rrset/").as_deref(), Some("a/b c"));
        for other in
            ["/v/zone/Z1", "/v/zone//rrset", "/v/zone/Z1/rrset/x", "/v/zones/Z1/rrset", "/v/zone/%ff/rrset", ""]
        {
            assert_eq!(id(other), None, "{other}");
        }
        let key = |path: &str| labels("/{Bucket}/{Key+}", path).map(|labels| labels["Key"].clone());
        assert_eq!(key("/b/k").as_deref(), Some("k"));
        assert_eq!(key("/b//crl/a%20b.crl/").as_deref(), Some("/crl/a b.crl/"));
        assert_eq!((key("/b"), key("/b/"), key("//k"), key("")), (None, None, None, None));
        assert!(labels("/{Bucket}?policy", "/b/").is_some() && labels("/{Bucket}?policy", "/b/k").is_none());
        assert_eq!((labels("/", "/"), labels("/", "/b")), (Some(BTreeMap::new()), None));
        let of = |template| parameters(template).collect::<Vec<_>>();
        assert_eq!(of("/{Bucket}?list-type=2&a"), [("list-type", Some("2")), ("a", None)]);
        assert_eq!(of("/{Bucket}"), []);
        assert_eq!(labels("/createresourceshare", "/createresourceshare"), Some(BTreeMap::new()));
    }
}
