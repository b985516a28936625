//! The contract that every registered kind keeps, whoever wrote it.

use gcnet_aws::KINDS;
use gcnet_core::refs;
use serde_json::Value;

/// Changes one leaf of a spec; `None` when there is no leaf at this path.
fn changed(value: &Value) -> Value {
    match value {
        Value::Bool(on) => Value::Bool(!on),
        Value::Number(number) => (number.as_i64().unwrap_or_default() + 1).into(),
        Value::String(text) => match text.parse::<ipnet::Ipv4Net>() {
            Ok(net) => {
                let moved = u32::from(net.network()).wrapping_add(1 << (32 - u32::from(net.prefix_len())));
                ipnet::Ipv4Net::new(moved.into(), net.prefix_len()).unwrap().to_string().into()
            }
            Err(_) => format!("{text}x").into(),
        },
        Value::Null => Value::Null,
        Value::Array(items) => items.iter().skip(1).cloned().collect(),
        Value::Object(map) => {
            let mut map = map.clone();
            if let Some((_, inner)) = map.iter_mut().next() {
                *inner = changed(inner);
            }
            Value::Object(map)
        }
    }
}

#[test]
fn every_field_of_every_kind_appears_in_its_diff() {
    for kind in KINDS.0 {
        let example = kind.example();
        assert!(kind.diff(&example, &example).unwrap().is_empty(), "{}: equal to itself", kind.name());
        for (field, value) in example.as_object().unwrap() {
            let mut other = example.clone();
            other[field] = changed(value);
            assert_ne!(other[field], *value, "{}.{field}: the example must say something", kind.name());
            let diff = kind.diff(&example, &other).unwrap();
            assert!(!diff.is_empty(), "{}.{field} can change without anybody noticing", kind.name());
        }
    }
}

#[test]
fn specs_survive_a_round_trip_and_references_are_found() {
    for kind in KINDS.0 {
        let example = kind.example();
        // A diff reads both sides into the type and compares them there.
        assert!(kind.diff(&example, &example.clone()).unwrap().is_empty(), "{}", kind.name());
        for target in refs::collect(&example) {
            let gcnet_core::Target::Address(address) = target else {
                panic!("{}: an example refers to addresses", kind.name())
            };
            assert!(KINDS.get(address.kind()).is_some(), "{} refers to {address}", kind.name());
        }
    }
}

#[test]
fn natural_names_are_made_of_the_parent() {
    for kind in KINDS.0 {
        if let Some(natural) = kind.natural(&kind.example()) {
            let gcnet_core::Target::Address(parent) = natural.parent else { panic!("{}", kind.name()) };
            assert!(natural.name.starts_with(parent.name()), "{}: {} under {parent}", kind.name(), natural.name);
        }
    }
}

#[test]
fn every_kind_declares_its_calls() {
    for kind in KINDS.0 {
        let calls = kind.calls();
        for phase in [calls.observe, calls.create, calls.delete] {
            assert!(!phase.is_empty(), "{}", kind.name());
        }
        for call in calls.observe.iter().chain(calls.create).chain(calls.update).chain(calls.delete) {
            let (service, action) = call.split_once(':').unwrap();
            assert!(["ec2", "iam", "logs"].contains(&service) && !action.is_empty(), "{}: {call}", kind.name());
        }
    }
}
