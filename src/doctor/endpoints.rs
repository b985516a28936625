//! Whether each service that a run calls answers at all. A refusal is an answer: what is allowed is another check's.

use gcnet_core::{Class, Failure};

use super::{Check, Finding, Level};

/// Why nothing was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The name of the endpoint is not resolved.
    Name,
    /// No connection.
    Connection,
    /// A connection, but not with AWS: a proxy that breaks TLS open, or a wrong clock.
    Tls,
    /// Nothing in time.
    Silence,
    /// A connection that ended before an answer, or something that is no answer of AWS's.
    Broken,
    /// Nothing was sent, for want of credentials.
    NotTried,
}

/// Judges what came of knocking.
pub fn judge(service: &'static str, answer: Result<(), Failure>) -> Check {
    let trouble = answer.err().and_then(|failure| Some((trouble(&failure)?, failure)));
    let level = match &trouble {
        None => Level::Green,
        Some((Trouble::NotTried, _)) => Level::Yellow,
        Some(_) => Level::Red,
    };
    Check::new(level, Finding::Endpoint { service, trouble })
}

/// `None`: the service has answered, whatever it was.
fn trouble(failure: &Failure) -> Option<Trouble> {
    // Our own words, for what AWS did not answer.
    match failure.code.as_str() {
        "unreachable" => Some(connection(&failure.message)),
        "timeout" => Some(Trouble::Silence),
        "connection-lost" | "unreadable-answer" => Some(Trouble::Broken),
        "not-sent" => Some(Trouble::NotTried),
        _ if failure.class == Class::Credentials && failure.request_id.is_none() => Some(Trouble::NotTried),
        _ => None,
    }
}

/// The system's and rustls's words; the HTTP client has no others.
fn connection(message: &str) -> Trouble {
    let lower = message.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if has(&["lookup address", "name or service", "dns"]) {
        Trouble::Name
    } else if has(&["certificate", "tls", "handshake", "received corrupt message"]) {
        Trouble::Tls
    } else if has(&["timeout", "timed out"]) {
        Trouble::Silence
    } else {
        Trouble::Connection
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(class: Class, code: &str, message: &str, answered: bool) -> (Level, Option<Trouble>) {
        let request_id = answered.then(|| "5c0b".to_string());
        let failure =
            Failure { class, code: code.into(), request_id, ..Failure::internal("ec2:DescribeVpcs", message) };
        let check = judge("ec2", Err(failure));
        let Finding::Endpoint { trouble, .. } = check.finding else { panic!() };
        (check.level, trouble.map(|(trouble, _)| trouble))
    }

    #[test]
    fn a_refusal_is_an_answer_and_silence_is_told_apart() {
        let lookup = "failed to lookup address information: Name or service not known";
        for (class, code, message, answered, expected) in [
            (Class::Denied, "UnauthorizedOperation", "", true, (Level::Green, None)),
            (Class::Credentials, "ExpiredToken", "", true, (Level::Green, None)),
            (Class::Unknown, "InternalError", "", true, (Level::Green, None)),
            (Class::Unreachable, "unreachable", lookup, false, (Level::Red, Some(Trouble::Name))),
            (
                Class::Unreachable,
                "unreachable",
                "Connection refused (os error 111)",
                false,
                (Level::Red, Some(Trouble::Connection)),
            ),
            (
                Class::Unreachable,
                "unreachable",
                "invalid peer certificate: UnknownIssuer",
                false,
                (Level::Red, Some(Trouble::Tls)),
            ),
            (
                Class::Unreachable,
                "unreachable",
                "HTTP connect timeout occurred after 5s",
                false,
                (Level::Red, Some(Trouble::Silence)),
            ),
            (Class::Unknown, "timeout", "", false, (Level::Red, Some(Trouble::Silence))),
            (Class::Unknown, "unreadable-answer", "", false, (Level::Red, Some(Trouble::Broken))),
            (Class::Credentials, "credentials", "", false, (Level::Yellow, Some(Trouble::NotTried))),
        ] {
            assert_eq!(level(class, code, message, answered), expected, "{code} {message}");
        }
        assert_eq!(judge("ec2", Ok(())).level, Level::Green);
    }
}
