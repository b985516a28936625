//! Parsed types at the edge: a value of one of these has the right form, so nothing behind the loader parses text again.

mod addressing;
mod calendar;
mod contract;
mod domains;
mod identifiers;
mod names;
mod numbers;

pub use addressing::{Address, Cidr, Target};
pub use calendar::{Date, Month, Opens};
pub use contract::{Mark, Workload};
pub use domains::{Domain, RecordName};
pub use identifiers::{
    AccountId, Arn, AttachmentId, AvailabilityZoneId, DxGatewayId, ExternalId, ResolverId, RouteTableId, ServiceName,
    SubnetId, TransitGatewayId, VifId, VpcId, ZoneId,
};
pub use names::{MunicipalCode, Name, TagKey, TagValue, Text};
pub use numbers::{Asn, RetentionDays, Within};

/// Implements serde and JSON Schema for a type that is read from one scalar: `parse` gives the value or the [`Fault`].
///
/// [`Fault`]: super::fault::Fault
macro_rules! scalar {
    ($type:ty, $form:expr, $pattern:expr, $description:expr) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct FromScalar;
                impl serde::de::Visitor<'_> for FromScalar {
                    type Value = $type;
                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str($description)
                    }
                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        <$type>::parse(text).map_err(|fault| E::custom($crate::config::decode::wire(&fault)))
                    }
                }
                deserializer.deserialize_str(FromScalar)
            }
        }

        impl schemars::JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": ["string", "integer"],
                    "pattern": $pattern,
                    "examples": [$form.example()],
                })
            }
        }
    };
}
/// A text that must have a form: dereferences to it.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $form:expr, $pattern:expr, $accept:expr) => {
        text_type! { $(#[$doc])* $name, $form, $pattern, $accept, usize::MAX }
    };
    ($(#[$doc:meta])* $name:ident, $form:expr, $pattern:expr, $accept:expr, $most:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// Reads the text, or says that it has not the form.
            pub fn parse(text: &str) -> Result<Self, Fault> {
                let accept: fn(&str) -> bool = $accept;
                if text.chars().count() > $most {
                    return Err(Fault::Length { most: $most });
                }
                if accept(text) { Ok(Self(text.to_owned())) } else { Err(Fault::Form { form: $form }) }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Deref for $name {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        scalar!($name, $form, $pattern, stringify!($name));
    };
}
use scalar;
use text_type;
