//! What the command line says, as data: callers choose the facts, the sentences live here, in both languages.

pub(crate) mod call;
mod cli;
mod confirm;
mod credentials;
mod denial;
mod file;
mod plan_error;
pub(crate) mod step;
#[cfg(test)]
mod tests;
pub(crate) mod told;

use std::path::PathBuf;

use gcnet_core::{Address, ChoiceError, Failure, PlanError};

use super::{Style, ca::trouble::Trouble, lease::Leasing};
use crate::{
    expiry::{Expiring, NotYet},
    plan_file::{Difference, PlanFileError},
};

pub use confirm::{Confirm, mfa_code, question};
pub use told::Severity;

/// One thing to say.
#[derive(Debug)]
pub enum Message {
    /// The credentials belong to another account than the file names.
    WrongAccount {
        /// Key of the municipality.
        municipality: String,
        /// The file's account.
        expected: String,
        /// The credentials' account.
        actual: String,
        /// Whose credentials they are.
        arn: String,
    },
    /// The credentials are the root user's.
    RootUser {
        /// Of the root user.
        arn: String,
    },
    /// The credentials are an access key that stays until somebody deletes it.
    LongLivedKeys {
        /// Of the user.
        arn: String,
    },
    /// There is a device, but no code, and nobody to ask for it; or what was typed is no code.
    NeedsMfaCode {
        /// Of the device.
        serial: String,
    },
    /// A device was named, and the credentials are a session already.
    DeviceLeftOut {
        /// Of the device.
        serial: String,
    },
    /// A profile or the environment names another Region than the file.
    OtherRegion {
        /// The file's, in which gcnet works.
        file: String,
        /// The other.
        elsewhere: String,
    },
    /// A call failed outside the steps of a plan: who am I, what is there.
    Call {
        /// The call.
        failure: Failure,
        /// Where to, when not to AWS itself.
        endpoint: Option<String>,
        /// With which profile.
        profile: Option<String>,
    },
    /// There is no plan.
    Plan(PlanError),
    /// There is no plan, because something is in AWS several times.
    Twins {
        /// What they all claim to be.
        address: Address,
        /// All of them.
        ids: Vec<String>,
        /// What repairs it.
        command: String,
    },
    /// Nothing has to be repaired.
    NoTwins {
        /// Its key.
        municipality: String,
        /// What shows everything else.
        plan: String,
    },
    /// What was asked to be kept cannot be.
    Choice(ChoiceError),
    /// No file has that name.
    UnknownCity {
        /// What was asked for.
        name: String,
        /// The nearest that exists.
        suggestion: Option<String>,
        /// All that exist.
        known: Vec<String>,
    },
    /// The network has no place of that name.
    UnknownPlace {
        /// What was asked for.
        name: String,
        /// The nearest that exists.
        suggestion: Option<String>,
        /// All that exist.
        known: Vec<String>,
    },
    /// What was asked for is no name of the DNS.
    NotAName {
        /// What was asked for.
        text: String,
    },
    /// The file has no DNS name like that.
    UnknownDnsName {
        /// What was asked for.
        name: String,
        /// The nearest that exists.
        suggestion: Option<String>,
        /// All that exist.
        known: Vec<String>,
    },
    /// The file has no names that a DNS server could be asked for.
    NoDnsNames {
        /// Key of the municipality.
        municipality: String,
    },
    /// The file has no inbound endpoint, and no server was named.
    NoDnsServer {
        /// Key of the municipality.
        municipality: String,
    },
    /// The inbound endpoint answers no plain DNS, and no other server was named.
    DnsServerOverHttps {
        /// Key of the municipality.
        municipality: String,
    },
    /// DNS queries were to go to what is simulated.
    NoDnsInSandbox,
    /// No network can be made of a file.
    NoNetwork {
        /// Key of the municipality.
        municipality: String,
        /// What does not hold together.
        detail: String,
    },
    /// The file of a municipality has mistakes, which were shown.
    BrokenFile {
        /// Key of the municipality.
        municipality: String,
        /// How many.
        errors: usize,
    },
    /// A directory without files of municipalities.
    NoFiles {
        /// The directory.
        dir: PathBuf,
    },
    /// A file or directory cannot be read.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// The system's reason.
        detail: String,
    },
    /// A file cannot be written.
    Unwritable {
        /// Which.
        path: PathBuf,
        /// The system's reason.
        detail: String,
    },
    /// Requests to this endpoint would leave the machine in the open.
    CleartextEndpoint {
        /// The option or variable that names it.
        by: String,
        /// A URL.
        endpoint: String,
    },
    /// A saved plan cannot be used.
    PlanFile(PlanFileError),
    /// A saved plan no longer holds.
    StalePlan {
        /// The saved plan.
        path: PathBuf,
        /// What a new plan does otherwise.
        difference: Vec<Difference>,
        /// The file of the municipality is not the one that was planned.
        file_changed: bool,
    },
    /// One file holds the plan of one municipality.
    OutNeedsOne {
        /// How many were named.
        cities: usize,
    },
    /// `destroy` ran as a role of the municipality itself, and left that.
    OwnRoleKept {
        /// Of the role.
        arn: String,
    },
    /// Names are asked for from a place that is planned, and nothing is there yet.
    PlaceNotBuilt {
        /// What was asked for.
        name: String,
    },
    /// Names are asked for from an ASP of which the file knows no VPC.
    PlaceWithoutVpc {
        /// What was asked for.
        name: String,
    },
    /// Nobody can be asked, and `--yes` was not given.
    NeedsYes {
        /// The command.
        command: String,
    },
    /// Something protected is to go, the name must be typed, and nobody can be asked.
    NeedsName {
        /// The command.
        command: String,
    },
    /// The name that was given is not the municipality's.
    OtherName {
        /// What was given.
        given: String,
        /// Key.
        municipality: String,
    },
    /// The question was answered with no.
    Aborted,
    /// Somebody else changed AWS while the question stood there.
    ChangedMeanwhile {
        /// Key.
        municipality: String,
    },
    /// Ctrl-C: what is in flight is finished.
    Interrupted {
        /// The command holds leases.
        has_lease: bool,
    },
    /// The command ended before it came to these.
    NotReached {
        /// Keys.
        municipalities: Vec<String>,
    },
    /// Whoever read what is told here is gone: what is in flight is finished.
    NobodyReads,
    /// Of leases.
    Lease(Leasing),
    /// The sandbox's file could not be read and was kept aside.
    SandboxCorrupt {
        /// The file.
        path: PathBuf,
        /// Its new name.
        kept_as: PathBuf,
    },
    /// Another process works on the sandbox of this folder.
    SandboxBusy {
        /// Its file.
        path: PathBuf,
    },
    /// The sandbox's file is larger than any sandbox; it was left alone.
    SandboxTooLarge {
        /// The file.
        path: PathBuf,
        /// In bytes.
        limit: u64,
    },
    /// The sandbox's file has another format; it was left alone.
    SandboxOtherVersion {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u64,
        /// The format that is read.
        known: u64,
    },
    /// The sandbox could not write its file: what is not in it was undone.
    SandboxUnsaved {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        detail: String,
    },
    /// The sandbox cannot be started.
    SandboxFailed {
        /// Why.
        detail: String,
    },
    /// The sandbox serves other clients.
    SandboxServes {
        /// Where.
        endpoint: String,
    },
    /// The sandbox was emptied.
    SandboxReset {
        /// Its file.
        path: PathBuf,
    },
    /// Nobody is called so.
    UnknownParty {
        /// What was asked for.
        party: String,
        /// Who there is.
        known: Vec<String>,
    },
    /// Nobody of that name owes a move.
    NobodyOwes {
        /// What was asked for.
        party: String,
        /// Those who do.
        known: Vec<String>,
    },
    /// Nobody owes a move.
    NothingToRequest {
        /// Key of the municipality.
        municipality: String,
    },
    /// What is shared with some parties is theirs to associate, and nothing shows whether they have.
    Unseen {
        /// Whose VPCs.
        parties: Vec<String>,
        /// What writes their sheets.
        command: String,
    },
    /// What some parties are asked is made of ids that are not there yet.
    NotYetToRequest {
        /// Whom it is too early to ask.
        parties: Vec<String>,
        /// What makes the ids.
        command: String,
    },
    /// The certificate of an authority ends soon, or has ended.
    Expiring(Expiring),
    /// An authority is to be issued anew since a day to come.
    NotYet(NotYet),
    /// A policy is longer than a managed policy may be.
    LongPolicy {
        /// That count, which is all but whitespace.
        characters: usize,
        /// As the one inline policy of a role.
        fits_a_role: bool,
    },
    /// A file was written.
    Written {
        /// Which.
        path: PathBuf,
    },
    /// A read was denied of what the file has nothing of.
    Unread {
        /// The refusal.
        failure: Failure,
    },
    /// A role in another company's account cannot be assumed.
    RoleLost {
        /// Of the company, 12 digits.
        account: String,
        /// The refusal.
        failure: Failure,
    },
    /// A role in another company's account does not allow something.
    RoleLacks {
        /// Of the company, 12 digits.
        account: String,
        /// In the words of an IAM policy.
        permission: String,
    },
    /// A command that only makes sense where everybody is simulated.
    OnlyInSandbox,
    /// A simulated company could not get what the file says that it has.
    CounterpartFailed {
        /// The refusal.
        detail: String,
    },
    /// Of certificate authorities and what they issue.
    Ca(Trouble),
    /// Of the records of runs.
    Record(super::history::Trouble),
    /// A fault of gcnet.
    Internal {
        /// What is known of it.
        detail: String,
    },
}

impl Message {
    /// How much it matters.
    pub fn severity(&self) -> Severity {
        told(self, Style::plain(super::Lang::En)).severity
    }
}

/// The sentence and what belongs to it. Ends in a newline.
pub fn text(message: &Message, style: Style) -> String {
    told(message, style).text(style)
}

fn told(message: &Message, style: Style) -> told::Told {
    let lang = style.lang;
    match message {
        Message::WrongAccount { municipality, expected, actual, arn } => {
            cli::wrong_account(municipality, expected, actual, arn, lang)
        }
        Message::RootUser { arn } => credentials::root_user(arn, lang),
        Message::LongLivedKeys { arn } => credentials::long_lived_keys(arn, lang),
        Message::NeedsMfaCode { serial } => credentials::needs_mfa_code(serial, lang),
        Message::DeviceLeftOut { serial } => credentials::device_left_out(serial, lang),
        Message::OtherRegion { file, elsewhere } => credentials::other_region(file, elsewhere, lang),
        Message::Call { failure, endpoint, profile } => {
            let origin = call::Origin { profile: profile.as_deref(), endpoint: endpoint.as_deref() };
            cli::call(failure, origin, lang)
        }
        Message::Plan(error) => plan_error::told(error, lang),
        Message::Twins { address, ids, command } => plan_error::twins(address, ids, command, lang),
        Message::NoTwins { municipality, plan } => plan_error::no_twins(municipality, plan, lang),
        Message::Choice(error) => super::twins::refused(error, lang),
        Message::UnknownCity { name, suggestion, known } => {
            file::unknown_city(name, suggestion.as_deref(), known, lang)
        }
        Message::UnknownPlace { name, suggestion, known } => {
            file::unknown_place(name, suggestion.as_deref(), known, lang)
        }
        Message::NotAName { text } => file::not_a_name(text, lang),
        Message::UnknownDnsName { name, suggestion, known } => {
            file::unknown_dns_name(name, suggestion.as_deref(), known, lang)
        }
        Message::NoDnsNames { municipality } => file::no_dns_names(municipality, lang),
        Message::NoDnsServer { municipality } => file::no_dns_server(municipality, lang),
        Message::DnsServerOverHttps { municipality } => file::dns_server_over_https(municipality, lang),
        Message::NoDnsInSandbox => cli::no_dns_in_sandbox(lang),
        Message::NoNetwork { municipality, detail } => file::no_network(municipality, detail, lang),
        Message::BrokenFile { municipality, errors } => file::broken(municipality, *errors, lang),
        Message::NoFiles { dir } => file::none(dir, lang),
        Message::Unreadable { path, detail } => file::unreadable(path, detail, lang),
        Message::Unwritable { path, detail } => file::unwritable(path, detail, lang),
        Message::CleartextEndpoint { by, endpoint } => cli::cleartext_endpoint(by, endpoint, lang),
        Message::PlanFile(error) => file::plan_file(error, lang),
        Message::StalePlan { path, difference, file_changed } => file::stale(path, difference, *file_changed, style),
        Message::OutNeedsOne { cities } => cli::out_needs_one(*cities, lang),
        Message::OwnRoleKept { arn } => cli::own_role_kept(arn, lang),
        Message::PlaceNotBuilt { name } => file::place_not_built(name, lang),
        Message::PlaceWithoutVpc { name } => file::place_without_vpc(name, lang),
        Message::NeedsYes { command } => cli::needs_yes(command, lang),
        Message::NeedsName { command } => cli::needs_name(command, lang),
        Message::OtherName { given, municipality } => cli::other_name(given, municipality, lang),
        Message::Aborted => cli::aborted(lang),
        Message::ChangedMeanwhile { municipality } => cli::changed_meanwhile(municipality, lang),
        Message::Interrupted { has_lease } => cli::interrupted(*has_lease, lang),
        Message::NotReached { municipalities } => cli::not_reached(municipalities, lang),
        Message::NobodyReads => cli::nobody_reads(lang),
        Message::Lease(leasing) => super::lease::told(leasing, lang),
        Message::SandboxCorrupt { path, kept_as } => cli::sandbox_corrupt(path, kept_as, lang),
        Message::SandboxBusy { path } => cli::sandbox_busy(path, lang),
        Message::SandboxTooLarge { path, limit } => cli::sandbox_too_large(path, *limit, lang),
        Message::SandboxOtherVersion { path, found, known } => cli::sandbox_other_version(path, *found, *known, lang),
        Message::SandboxUnsaved { path, detail } => cli::sandbox_unsaved(path, detail, lang),
        Message::SandboxFailed { detail } => cli::sandbox_failed(detail, lang),
        Message::SandboxServes { endpoint } => cli::sandbox_serves(endpoint, lang),
        Message::SandboxReset { path } => cli::sandbox_reset(path, lang),
        Message::OnlyInSandbox => cli::only_in_sandbox(lang),
        Message::CounterpartFailed { detail } => cli::counterpart_failed(detail, lang),
        Message::UnknownParty { party, known } => cli::unknown_party(party, known, lang),
        Message::NobodyOwes { party, known } => cli::nobody_owes(party, known, lang),
        Message::NothingToRequest { municipality } => cli::nothing_to_request(municipality, lang),
        Message::Unseen { parties, command } => cli::unseen(parties, command, lang),
        Message::NotYetToRequest { parties, command } => cli::not_yet_to_request(parties, command, lang),
        Message::Expiring(expiring) => cli::expiring(expiring, lang),
        Message::NotYet(not_yet) => cli::not_yet(not_yet, lang),
        Message::LongPolicy { characters, fits_a_role } => cli::long_policy(*characters, *fits_a_role, lang),
        Message::Written { path } => cli::written(path, lang),
        Message::Unread { failure } => cli::unread(failure, lang),
        Message::RoleLost { account, failure } => cli::role_lost(account, failure, lang),
        Message::RoleLacks { account, permission } => cli::role_lacks(account, permission, lang),
        Message::Ca(trouble) => super::ca::trouble::told(trouble, lang),
        Message::Record(trouble) => super::history::told(trouble, lang),
        Message::Internal { detail } => cli::internal(detail, lang),
    }
}
