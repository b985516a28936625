//! The vocabulary of the specification's table.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;

use super::scalar;
use crate::config::fault::{Fault, Form};

/// The 20 workload columns of the specification's table, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "the Japanese names are the documentation")]
pub enum Workload {
    #[serde(rename = "住民記録")]
    ResidentRecords,
    #[serde(rename = "選挙人名簿管理")]
    ElectoralRoll,
    #[serde(rename = "固定資産税")]
    PropertyTax,
    #[serde(rename = "個人住民税")]
    ResidentTax,
    #[serde(rename = "法人住民税")]
    CorporateTax,
    #[serde(rename = "軽自動車税")]
    LightVehicleTax,
    #[serde(rename = "就学")]
    SchoolEnrolment,
    #[serde(rename = "国民年金")]
    NationalPension,
    #[serde(rename = "国民健康保険")]
    NationalHealthInsurance,
    #[serde(rename = "後期高齢者医療")]
    LateElderlyMedicalCare,
    #[serde(rename = "介護保険")]
    LongTermCareInsurance,
    #[serde(rename = "障害者福祉")]
    DisabilityWelfare,
    #[serde(rename = "生活保護")]
    PublicAssistance,
    #[serde(rename = "健康管理")]
    HealthManagement,
    #[serde(rename = "児童手当")]
    ChildAllowance,
    #[serde(rename = "児童扶養手当")]
    ChildRearingAllowance,
    #[serde(rename = "子ども・子育て支援")]
    ChildcareSupport,
    #[serde(rename = "戸籍")]
    FamilyRegister,
    #[serde(rename = "戸籍附票")]
    FamilyRegisterAddresses,
    #[serde(rename = "印鑑登録")]
    SealRegistration,
}

impl Workload {
    /// All of them, in the table's order.
    pub const ALL: [Workload; 20] = [
        Workload::ResidentRecords,
        Workload::ElectoralRoll,
        Workload::PropertyTax,
        Workload::ResidentTax,
        Workload::CorporateTax,
        Workload::LightVehicleTax,
        Workload::SchoolEnrolment,
        Workload::NationalPension,
        Workload::NationalHealthInsurance,
        Workload::LateElderlyMedicalCare,
        Workload::LongTermCareInsurance,
        Workload::DisabilityWelfare,
        Workload::PublicAssistance,
        Workload::HealthManagement,
        Workload::ChildAllowance,
        Workload::ChildRearingAllowance,
        Workload::ChildcareSupport,
        Workload::FamilyRegister,
        Workload::FamilyRegisterAddresses,
        Workload::SealRegistration,
    ];

    /// The name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Workload::ResidentRecords => "住民記録",
            Workload::ElectoralRoll => "選挙人名簿管理",
            Workload::PropertyTax => "固定資産税",
            Workload::ResidentTax => "個人住民税",
            Workload::CorporateTax => "法人住民税",
            Workload::LightVehicleTax => "軽自動車税",
            Workload::SchoolEnrolment => "就学",
            Workload::NationalPension => "国民年金",
            Workload::NationalHealthInsurance => "国民健康保険",
            Workload::LateElderlyMedicalCare => "後期高齢者医療",
            Workload::LongTermCareInsurance => "介護保険",
            Workload::DisabilityWelfare => "障害者福祉",
            Workload::PublicAssistance => "生活保護",
            Workload::HealthManagement => "健康管理",
            Workload::ChildAllowance => "児童手当",
            Workload::ChildRearingAllowance => "児童扶養手当",
            Workload::ChildcareSupport => "子ども・子育て支援",
            Workload::FamilyRegister => "戸籍",
            Workload::FamilyRegisterAddresses => "戸籍附票",
            Workload::SealRegistration => "印鑑登録",
        }
    }
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A cell of the table: 【○･･･AWS上に構築、●･･･AWS以外に構築、―･･･構築無し】.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// ○: built on AWS.
    Aws,
    /// ●: built elsewhere.
    Elsewhere,
    /// A dash: not built.
    None,
}

impl Mark {
    /// The dashes that the specification uses for the same thing, and the hyphen of a keyboard.
    const DASHES: [&str; 5] = ["\u{FF0D}", "\u{FF70}", "\u{2015}", "\u{30FC}", "-"];

    /// Reads ○, ● or any of the specification's four dashes.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        match text.trim() {
            // The second and third are the same circle to a reader: U+3007 and U+25EF.
            "○" | "〇" | "◯" => Ok(Self::Aws),
            "●" => Ok(Self::Elsewhere),
            dash if Self::DASHES.contains(&dash) => Ok(Self::None),
            _ => Err(Fault::Choice { allowed: ["○", "●", "－"].map(str::to_owned).to_vec(), suggestion: None }),
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Mark::Aws => "○",
            Mark::Elsewhere => "●",
            Mark::None => "－",
        })
    }
}

scalar!(Mark, Form::Text, "^[○〇◯●\u{FF0D}\u{FF70}\u{2015}\u{30FC}-]$", "○, ● or a dash");
