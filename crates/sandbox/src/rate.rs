//! How many requests a second a service takes from an account, where it has one limit for all its operations together:
//! [`crate::Options::limit_rates`].

use std::collections::BTreeMap;
use std::time::Instant;

/// Requests per second and account, and Region where the service has Regions. Sources: Route 53 developer guide, "Frequency
/// of Route 53 VPC Resolver API requests"; aws-facts section 2.2.
static LIMITS: &[(&str, f64)] = &[("route53", 5.0), ("route53resolver", 5.0)];

/// What is left to everybody, in real time: clients wait in it.
#[derive(Debug, Default)]
pub(crate) struct Rates(BTreeMap<Subject, Bucket>);

/// Service, account and Region; no Region where the service is global.
type Subject = (&'static str, String, String);

/// One second's requests at most.
#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Rates {
    /// Whether a request at this moment is within the limit; if so, it counts.
    pub fn admit(&mut self, service: &'static str, account: &str, region: &str, now: Instant) -> bool {
        let Some((_, limit)) = LIMITS.iter().find(|(name, _)| *name == service) else {
            return true;
        };
        let subject = (service, account.to_owned(), region.to_owned());
        let bucket = self.0.entry(subject).or_insert(Bucket { left: *limit, at: now });
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
            (0..10).filter(|_| rates.admit("route53resolver", "1", region, now)).count()
        };
        assert_eq!(admitted("tokyo", 0), 5);
        assert_eq!(admitted("osaka", 0), 5);
        assert_eq!(admitted("tokyo", 199), 0);
        assert_eq!(admitted("tokyo", 401), 2);
        assert_eq!(admitted("tokyo", 9000), 5);
        assert!((0..100).all(|_| rates.admit("ec2", "1", "tokyo", start)));
    }
}
