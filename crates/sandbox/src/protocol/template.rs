//! Paths with labels: `/2013-04-01/hostedzone/{HostedZoneId}/rrset`.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;

/// The labels of a path by name, if it is one of this template. A slash at its end makes no difference: clients do not
/// agree about it (botocore ends `…/rrset/` with one, other SDKs do not).
pub(crate) fn labels(template: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let mut wanted = template.split('/');
    let mut given = path.strip_suffix('/').unwrap_or(path).split('/');
    let mut labels = BTreeMap::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(labels),
            (Some(wanted), Some(given)) => match label(wanted) {
                Some(name) => {
                    let value = percent_decode_str(given).decode_utf8().ok().filter(|value| !value.is_empty())?;
                    labels.insert(name.to_owned(), value.into_owned());
                }
                None if wanted == given => {}
                None => return None,
            },
            _ => return None,
        }
    }
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
        assert_eq!(labels("/createresourceshare", "/createresourceshare"), Some(BTreeMap::new()));
    }
}
