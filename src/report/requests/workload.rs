//! The workloads of the specification's table, for readers of English. Laws and ministries have no one translation of them:
//! these are descriptions.

use crate::{config::values::Workload, report::Lang};

/// What a workload is called.
pub(super) fn name(workload: Workload, lang: Lang) -> &'static str {
    lang.pick(workload.name(), english(workload))
}

fn english(workload: Workload) -> &'static str {
    match workload {
        Workload::ResidentRecords => "resident records",
        Workload::ElectoralRoll => "electoral roll",
        Workload::PropertyTax => "fixed asset tax",
        Workload::ResidentTax => "individual inhabitant tax",
        Workload::CorporateTax => "corporate inhabitant tax",
        Workload::LightVehicleTax => "light motor vehicle tax",
        Workload::SchoolEnrolment => "school enrolment",
        Workload::NationalPension => "national pension",
        Workload::NationalHealthInsurance => "national health insurance",
        Workload::LateElderlyMedicalCare => "medical care for the late elderly",
        Workload::LongTermCareInsurance => "long-term care insurance",
        Workload::DisabilityWelfare => "welfare of persons with disabilities",
        Workload::PublicAssistance => "public assistance",
        Workload::HealthManagement => "health management",
        Workload::ChildAllowance => "child allowance",
        Workload::ChildRearingAllowance => "child rearing allowance",
        Workload::ChildcareSupport => "child and childcare support",
        Workload::FamilyRegister => "family register",
        Workload::FamilyRegisterAddresses => "register of addresses of the family register",
        Workload::SealRegistration => "seal registration",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_workload_has_an_english_name_of_its_own() {
        let names: BTreeSet<&str> = Workload::ALL.iter().map(|workload| name(*workload, Lang::En)).collect();
        assert_eq!(names.len(), Workload::ALL.len());
        assert!(names.iter().all(|name| name.is_ascii()));
    }
}
