//! How many requests a second a service takes from an account, for all its operations together or for each of them:
//! [`crate::Options::limit_rates`].

use std::collections::BTreeMap;
use std::time::Instant;

/// Requests per second and account, and Region where the service has Regions. Sources: Route 53 developer guide, "Frequency
/// of Route 53 VPC Resolver API requests"; aws-facts section 2.2.
static LIMITS: &[(&str, f64)] = &[("route53", 5.0), ("route53resolver", 5.0)];

/// Requests per second to one operation. Source: aws-facts section 2.3 "Rates/s".
static OPERATION_LIMITS: &[(&str, &str, f64)] = &[
    ("acm-pca", "CreateCertificateAuthority", 1.0),
    ("acm-pca", "CreateCertificateAuthorityAuditReport", 1.0),
    ("acm-pca", "CreatePermission", 1.0),
    ("acm-pca", "DeleteCertificateAuthority", 10.0),
    ("acm-pca", "DeletePermission", 1.0),
    ("acm-pca", "DeletePolicy", 5.0),
    ("acm-pca", "DescribeCertificateAuthority", 20.0),
    ("acm-pca", "GetCertificate", 75.0),
    ("acm-pca", "GetCertificateAuthorityCertificate", 20.0),
    ("acm-pca", "GetCertificateAuthorityCsr", 10.0),
    ("acm-pca", "GetPolicy", 5.0),
    ("acm-pca", "ImportCertificateAuthorityCertificate", 10.0),
    ("acm-pca", "IssueCertificate", 25.0),
    ("acm-pca", "ListCertificateAuthorities", 20.0),
    ("acm-pca", "ListPermissions", 5.0),
    ("acm-pca", "ListTags", 20.0),
    ("acm-pca", "PutPolicy", 5.0),
    ("acm-pca", "UpdateCertificateAuthority", 10.0),
];

/// What is left to everybody, in real time: clients wait in it.
#[derive(Debug, Default)]
pub(crate) struct Rates(BTreeMap<Subject, Bucket>);

/// Service, operation, account and Region; no Region where the service is global, and no operation where the limit is for
/// all of them.
type Subject = (&'static str, &'static str, String, String);

/// One second's requests at most.
#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Rates {
    /// Whether a request at this moment is within the limit; if so, it counts.
    pub fn admit(
        &mut self,
        (service, operation): (&'static str, &'static str),
        account: &str,
        region: &str,
        now: Instant,
    ) -> bool {
        let of_all = LIMITS.iter().find(|(name, _)| *name == service).map(|(_, limit)| ("", *limit));
        let of_one = OPERATION_LIMITS.iter().find(|(name, of, _)| (*name, *of) == (service, operation));
        let Some((operation, limit)) = of_all.or(of_one.map(|(_, operation, limit)| (*operation, *limit))) else {
            return true;
        };
        let subject = (service, operation, account.to_owned(), region.to_owned());
        let bucket = self.0.entry(subject).or_insert(Bucket { left: limit, at: now });
        let passed = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = limit.min(bucket.left + passed * limit);
        bucket.at = now;
        let admitted = bucket.left >= 1.0;
        if admitted {
            bucket.left -= 1.0;
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn five_at_once_and_five_a_second() {
        let (mut rates, start) = (Rates::default(), Instant::now());
        let mut admitted = |region: &str, millis: u64| {
            let now = start + Duration::from_millis(millis);
            (0..10).filter(|_| rates.admit(("route53resolver", "ListResolverRules"), "1", region, now)).count()
        };
        assert_eq!(admitted("tokyo", 0), 5);
        assert_eq!(admitted("osaka", 0), 5);
        assert_eq!(admitted("tokyo", 199), 0);
        assert_eq!(admitted("tokyo", 401), 2);
        assert_eq!(admitted("tokyo", 9000), 5);
        assert!((0..100).all(|_| rates.admit(("ec2", "DescribeVpcs"), "1", "tokyo", start)));
        let mut of = |operation| (0..100).filter(|_| rates.admit(("acm-pca", operation), "1", "tokyo", start)).count();
        assert_eq!((of("CreateCertificateAuthority"), of("ListTags"), of("RevokeCertificate")), (1, 20, 100));
    }
}
