//! What is wrong with one scalar, as data.

use serde::{Deserialize, Serialize};

/// Why a text is not the value that its key asks for. The sentences live in `report`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// The text has not the form of the value.
    Form {
        /// What was asked for.
        form: Form,
    },
    /// A name that the DNS does not take, and what keeps it from being one.
    Label {
        /// What was asked for.
        form: Form,
        /// Why not.
        why: LabelFault,
    },
    /// An address range whose host bits are set: AWS would silently take the network instead, or refuse.
    HostBits {
        /// The network that was probably meant.
        network: String,
    },
    /// A number outside its range.
    Range {
        /// Smallest allowed.
        min: u64,
        /// Largest allowed.
        max: u64,
    },
    /// One of a fixed list was asked for.
    Choice {
        /// The list.
        allowed: Vec<String>,
        /// The nearest of the list.
        suggestion: Option<String>,
    },
    /// A text that is too long.
    Length {
        /// Characters, at most.
        most: usize,
    },
    /// A municipal code whose sixth digit does not fit the first five.
    CheckDigit {
        /// The check digit that would fit.
        expected: u8,
    },
    /// Another kind of YAML node was asked for.
    Type {
        /// What the schema asks for.
        expected: Shape,
        /// What the file has.
        found: Shape,
    },
}

/// What keeps a text from being a name of the DNS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LabelFault {
    /// Nothing between two dots, or nothing at all.
    Empty,
    /// A part between dots of more than 63 characters, as punycode.
    LongLabel,
    /// More than 253 characters, as punycode.
    LongName,
    /// A part begins or ends with a hyphen.
    Hyphen,
    /// `*` elsewhere than alone as the first part.
    Wildcard,
    /// A character that names do not have.
    Character(char),
    /// `xn--` with what is no punycode, or characters that are not allowed together.
    Punycode,
    /// The last part is a number: this is an address, or a part of one.
    Number,
}

/// The kinds of YAML node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Shape {
    /// Nothing: an empty value, `null` or `~`.
    Null,
    /// A single value.
    Scalar,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Number,
    /// A list.
    Sequence,
    /// A block of keys.
    Mapping,
}

/// The forms that texts in the file take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// 12 digits.
    AccountId,
    /// IPv4 range.
    Cidr,
    /// IPv4 address.
    Address,
    /// IPv4 address with an optional port.
    Target,
    /// BGP autonomous system number.
    Asn,
    /// DNS domain.
    Domain,
    /// Name of a record in a zone.
    RecordName,
    /// Name of something in the file.
    Name,
    /// Municipal code of six digits.
    Code,
    /// `2025-01`, also with 以降.
    Opens,
    /// Calendar date.
    Date,
    /// `vpc-…`.
    VpcId,
    /// `subnet-…`.
    SubnetId,
    /// `rtb-…`.
    RouteTableId,
    /// `rslvr-rr-…` or `rqlc-…`.
    ResolverId,
    /// `tgw-…`.
    TransitGatewayId,
    /// `tgw-attach-…`.
    AttachmentId,
    /// Direct Connect gateway: a UUID.
    DxGatewayId,
    /// `dxvif-…`.
    VifId,
    /// `Z…`.
    ZoneId,
    /// `apne1-az4`.
    ZoneOfAvailability,
    /// Endpoint service name.
    ServiceName,
    /// IAM or KMS ARN.
    Arn,
    /// Key of a tag.
    TagKey,
    /// Value of a tag.
    TagValue,
    /// External id of a role's trust policy.
    ExternalId,
    /// A text that must not be empty.
    Text,
}

impl Form {
    /// A value of this form, the same in every language.
    pub fn example(self) -> &'static str {
        match self {
            Form::AccountId => "111122223333",
            Form::Cidr => "10.210.2.0/24",
            Form::Address => "10.2.0.10",
            Form::Target => "10.2.0.10:53",
            Form::Asn => "4200036202",
            Form::Domain => "gc.naruto.example",
            Form::RecordName => "www",
            Form::Name => "asp-juki",
            Form::Code => "362026",
            Form::Opens => "2025-04以降",
            Form::Date => "2025-03-31",
            Form::VpcId => "vpc-0a1b2c3d4e5f60718",
            Form::SubnetId => "subnet-0a1b2c3d4e5f60718",
            Form::ResolverId => "rslvr-rr-0a1b2c3d4e5f60718",
            Form::RouteTableId => "rtb-0a1b2c3d4e5f60718",
            Form::TransitGatewayId => "tgw-0a1b2c3d4e5f60718",
            Form::AttachmentId => "tgw-attach-0a1b2c3d4e5f60718",
            Form::DxGatewayId => "11112222-3333-4444-5555-666677778888",
            Form::VifId => "dxvif-ffabc123",
            Form::ZoneId => "Z0123456789ABCDEFGHIJ",
            Form::ZoneOfAvailability => "apne1-az4",
            Form::ServiceName => "com.amazonaws.vpce.ap-northeast-1.vpce-svc-0a1b2c3d4e5f60718",
            Form::Arn => "arn:aws:iam::111122223333:role/operators",
            Form::TagKey => "CostCenter",
            Form::TagValue => "362026",
            Form::ExternalId => "naruto-2026-a-sha",
            Form::Text => "text",
        }
    }
}
