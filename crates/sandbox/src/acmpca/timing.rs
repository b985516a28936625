//! How long states last, in simulated seconds. AWS promises nothing but the waiters' patience of three minutes for a
//! request and one for a certificate (aws-facts section 2.3).

/// Terraform waits up to a minute.
pub(super) const CREATING: u64 = 10;
pub(super) const ISSUING: u64 = 2;
pub(super) const REPORTING: u64 = 10;

/// DOC (CreateCertificateAuthority, IssueCertificate): tokens "time out after five minutes".
pub(super) const TOKEN_REMEMBERED: u64 = 5 * 60;

/// DOC (CreateCertificateAuthorityAuditReport): "a maximum of one report every 30 minutes".
pub(super) const BETWEEN_REPORTS: u64 = 30 * 60;

/// DOC (IssueCertificate, ValidityNotBefore): "issuance time minus 60 minutes".
pub(super) const BACKDATED: u64 = 60 * 60;

pub(super) const DAY: u64 = 24 * 3600;
