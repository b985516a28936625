//! Names: what is one, and what lies in what.

use super::name;
use crate::{Name, NameError, RecordType};

#[test]
fn case_and_the_last_dot_make_no_difference() {
    assert_eq!(name("WWW.Example.COM."), name("www.example.com"));
    assert_eq!(name("www.example.com.").as_str(), "www.example.com");
    assert_eq!((name(".").as_str(), name(".")), (".", Name::root()));
}

#[test]
fn what_is_no_name_is_refused_with_the_reason() {
    let refused = |text: &str| text.parse::<Name>().unwrap_err();
    for text in ["", "..", "a..b", ".a", "a.."] {
        assert_eq!(refused(text), NameError::EmptyLabel, "{text}");
    }
    for (text, character) in [("a b", ' '), ("例.jp", '例'), ("a\\052.b", '\\'), ("a@b", '@')] {
        assert_eq!(refused(text), NameError::Character { character }, "{text}");
    }
    for text in ["a.*.b", "*a.b", "a.*", "**.b"] {
        assert!(matches!(refused(text), NameError::Star { .. }), "{text}");
    }
    for text in ["-a.b", "a-.b", "b.-"] {
        assert!(matches!(refused(text), NameError::Hyphen { .. }), "{text}");
    }
}

#[test]
fn lengths_are_those_of_the_wire() {
    let label = "a".repeat(63);
    assert!(label.parse::<Name>().is_ok());
    assert_eq!(format!("{label}a").parse::<Name>(), Err(NameError::LongLabel { label: format!("{label}a") }));
    let longest = [label.as_str(), &label, &label, &"a".repeat(61)].join(".");
    assert_eq!(longest.len(), 253);
    assert!(format!("{longest}.").parse::<Name>().is_ok());
    assert_eq!(format!("{longest}a").parse::<Name>(), Err(NameError::TooLong));
}

#[test]
fn underscores_slashes_and_wildcards_are_names() {
    for text in
        ["_ldap._tcp.example.com", "*.example.com", "*", "0/26.21.210.10.in-addr.arpa", "xn--fiqs8s.asia", "a--b.c"]
    {
        assert_eq!(name(text).as_str(), text);
    }
    assert!(name("*.a").is_wildcard() && name("*").is_wildcard() && !name("a.b").is_wildcard());
}

/// "nadir.example.com" is no match for "acme.example.com", nor is its parent
/// (<https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-overview-forward-vpc-to-network-domain-name-matches.html>).
#[test]
fn only_whole_labels_make_a_domain() {
    let acme = name("acme.example.com");
    assert!(acme.is_within(&acme) && name("zenith.acme.example.com").is_within(&acme) && acme.is_within(&Name::root()));
    for other in ["example.com", "nadir.example.com", "xacme.example.com", "acme.example.com.jp"] {
        assert!(!name(other).is_within(&acme), "{other}");
    }
}

#[test]
fn addresses_have_names() {
    assert_eq!(Name::reverse("10.1.2.3".parse().unwrap()), name("3.2.1.10.in-addr.arpa"));
    let six = Name::reverse("2001:db8::1".parse().unwrap());
    assert_eq!(six, name("1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"));
}

#[test]
fn names_in_json_are_texts_that_are_checked() {
    assert_eq!(serde_json::to_string(&name("A.b.")).unwrap(), "\"a.b\"");
    assert_eq!(serde_json::from_str::<Name>("\"A.b.\"").unwrap(), name("a.b"));
    assert!(serde_json::from_str::<Name>("\"a..b\"").is_err());
}

#[test]
fn types_are_read_as_they_are_written() {
    for known in RecordType::ALL {
        assert_eq!(known.to_string().to_lowercase().parse(), Ok(known));
        assert_eq!(serde_json::to_value(known).unwrap(), known.as_str());
    }
    assert!("ANY".parse::<RecordType>().is_err());
}
