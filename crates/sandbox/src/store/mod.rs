//! What the simulated AWS remembers: plain data, cheap to copy, written to the file as it is.

mod shared;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub(crate) use shared::{Keys, Table};

use crate::account::{Session, UserSession};
use crate::acmpca::{self, AcmPca};
use crate::clock::Moment;
use crate::direct_connect::DirectConnect;
use crate::ec2::{Ec2, deliver_flow_logs};
use crate::elb::Elb;
use crate::iam::Iam;
use crate::logs::Logs;
use crate::ram::Ram;
use crate::route53::Route53;
use crate::route53resolver::{self, Resolver};
use crate::s3::S3;
use crate::ssm::Ssm;

/// Everything. A request works on a copy that replaces this one when it succeeds, so a refused request changes nothing.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct State {
    pub seed: u64,
    /// How many ids were made; with the seed it determines the next one.
    pub minted: u64,
    /// By access key id.
    pub sessions: Table<Session>,
    /// Likewise.
    pub user_sessions: Table<UserSession>,
    /// By the twelve digits.
    pub accounts: BTreeMap<String, Account>,
    /// Of all accounts: most of it is seen by two.
    pub direct_connect: DirectConnect,
    /// Likewise.
    pub route53: Route53,
    /// How many RSA keys were made, by algorithm: see `acmpca::key`.
    pub rsa_keys: BTreeMap<String, usize>,
    /// Names of buckets are taken for all accounts.
    pub s3: S3,
}

/// What belongs to an account in every Region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Account {
    pub iam: Iam,
    pub regions: BTreeMap<String, Regional>,
}

/// What belongs to an account in one Region.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Regional {
    pub acmpca: AcmPca,
    pub ec2: Ec2,
    pub elb: Elb,
    pub logs: Logs,
    pub ram: Ram,
    pub resolver: Resolver,
    pub ssm: Ssm,
}

static NO_ACCOUNT: LazyLock<Account> = LazyLock::new(Account::default);
static NO_REGION: LazyLock<Regional> = LazyLock::new(Regional::default);

impl State {
    /// An account; one that nobody has written to is empty.
    pub fn account(&self, account: &str) -> &Account {
        self.accounts.get(account).unwrap_or(&NO_ACCOUNT)
    }

    pub fn account_mut(&mut self, account: &str) -> &mut Account {
        self.accounts.entry(account.to_owned()).or_default()
    }

    pub fn regional(&self, account: &str, region: &str) -> &Regional {
        self.account(account).regions.get(region).unwrap_or(&NO_REGION)
    }

    pub fn regional_mut(&mut self, account: &str, region: &str) -> &mut Regional {
        let regions = &mut self.account_mut(account).regions;
        regions.entry(region.to_owned()).or_default()
    }

    /// Removes what time has ended by `now`, so that no operation sees it.
    pub fn settle(&mut self, now: Moment) {
        self.direct_connect.settle(now);
        self.route53.settle(now);
        for account in self.accounts.values_mut() {
            for regional in account.regions.values_mut() {
                regional.acmpca.settle(now);
                regional.ec2.settle(now);
                regional.ram.settle(now);
                regional.resolver.settle(now);
                regional.ssm.settle(now);
            }
            deliver_flow_logs(account, now);
        }
        route53resolver::drop_unshared(self, now);
        acmpca::work(self, now);
    }

    /// Ends every session, of roles and of users.
    pub fn expire_sessions(&mut self) {
        for session in self.sessions.values_mut() {
            session.expires = Moment::from_millis(0);
        }
        for session in self.user_sessions.values_mut() {
            session.expires = Moment::from_millis(0);
        }
    }

    /// `count` hexadecimal digits that no other call gets. `kind` keeps two kinds apart.
    pub fn mint_hex(&mut self, kind: &str, count: usize) -> String {
        self.minted += 1;
        let mut hex = String::new();
        let mut part = 0;
        while hex.len() < count {
            let bytes = digest(self.seed, &format!("{kind}.{part}"), self.minted);
            hex.push_str(&format!("{:016x}", u64::from_be_bytes(bytes)));
            part += 1;
        }
        hex.truncate(count);
        hex
    }

    /// `count` characters of A-Z and 2-7, as in access key ids and the unique ids of roles.
    pub fn mint_base32(&mut self, kind: &str, count: usize) -> String {
        const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        self.mint_hex(kind, count * 2)
            .as_bytes()
            .chunks(2)
            .map(|pair| {
                let value = pair.iter().fold(0, |sum, digit| sum * 16 + char::from(*digit).to_digit(16).unwrap_or(0));
                char::from(ALPHABET[(value % 32) as usize])
            })
            .collect()
    }
}

/// 32 hexadecimal digits as a UUID.
pub(crate) fn uuid(hex: &str) -> String {
    let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    parts.map(|(from, to)| hex.get(from..to).unwrap_or_default()).join("-")
}

/// Eight bytes that depend on nothing but the arguments.
pub(crate) fn digest(seed: u64, label: &str, n: u64) -> [u8; 8] {
    let hash = Sha256::new()
        .chain_update(seed.to_be_bytes())
        .chain_update(label.as_bytes())
        .chain_update(n.to_be_bytes())
        .finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    first
}
