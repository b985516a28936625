//! An id that a request wishes for what it makes: for those who rebuild in the sandbox what stands elsewhere and is known
//! by its id already, such as another company's VPC. AWS has no such thing.

use crate::error::{AwsError, Result};
use crate::store::State;

/// The header that carries it: `x-gcnet-sandbox-id: vpc-a1000000000000001`.
pub(crate) const HEADER: &str = "x-gcnet-sandbox-id";

/// A wish of one request. The first object of its kind that the request makes has it fulfilled.
#[derive(Debug, Default)]
pub(crate) struct Wish(Option<String>);

impl Wish {
    /// Takes over what the header says.
    ///
    /// # Errors
    ///
    /// `InvalidSandboxId` for what is no id, `SandboxIdTaken` for one that anything in any account has or has had.
    pub fn read(header: Option<&str>, state: &State) -> Result<Self> {
        let Some(id) = header else {
            return Ok(Self(None));
        };
        let has_prefix = id.rsplit_once('-').is_some_and(|(prefix, rest)| !prefix.is_empty() && is_hex(rest));
        if !has_prefix && !is_uuid(id) && !is_zone_id(id) && !id.starts_with("arn:aws:") {
            let known = "PREFIX-HEX (8 or 17 digits), UUID, hosted zone or ARN";
            return Err(refused(format!("{HEADER}: '{id}' is no {known}.")));
        }
        // Whatever kind it is: in the store, an id is a text of its own or the end of an ARN.
        let stored = serde_json::to_string(state)
            .map_err(|error| AwsError::new("InternalError", error.to_string()).with_status(500))?;
        if stored.contains(&format!("\"{id}\"")) || stored.contains(&format!("/{id}\"")) {
            return Err(AwsError::new("SandboxIdTaken", format!("{HEADER}: '{id}' is in the sandbox already.")));
        }
        Ok(Self(Some(id.to_owned())))
    }

    /// The wish, if it is an id of this kind: `vpc`.
    pub fn with_prefix(&mut self, prefix: &str) -> Option<String> {
        let digits = |id: &String| id.strip_prefix(prefix)?.strip_prefix('-').map(is_hex);
        self.0.take_if(|id| digits(id) == Some(true))
    }

    /// The wish, if it is a UUID.
    pub fn uuid(&mut self) -> Option<String> {
        self.0.take_if(|id| is_uuid(id))
    }

    /// The wish, if it is the id of a hosted zone: `Z0A1SHARED00000000001`.
    pub fn zone(&mut self) -> Option<String> {
        self.0.take_if(|id| is_zone_id(id))
    }

    /// The wish, if it is an ARN that begins like this and goes on with hexadecimal digits: a load balancer's.
    pub fn arn(&mut self, start: &str) -> Option<String> {
        self.0.take_if(|id| id.strip_prefix(start).is_some_and(|rest| rest.len() == 16 && lower_hex(rest)))
    }

    /// `InvalidSandboxId` when the request has made nothing that could have this id.
    pub fn refuse_leftover(&self, operation: &str) -> Result<()> {
        match &self.0 {
            None => Ok(()),
            Some(id) => Err(refused(format!("{HEADER}: {operation} has made nothing that could be '{id}'."))),
        }
    }
}

fn refused(message: String) -> AwsError {
    AwsError::new("InvalidSandboxId", message)
}

fn lower_hex(text: &str) -> bool {
    text.bytes().all(|digit| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit))
}

/// As EC2's ids end: eight digits in old ones.
fn is_hex(digits: &str) -> bool {
    matches!(digits.len(), 8 | 17) && lower_hex(digits)
}

/// Route 53's model has ids of up to 32 characters.
fn is_zone_id(text: &str) -> bool {
    let rest = text.strip_prefix('Z').unwrap_or_default();
    (1..=31).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

fn is_uuid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.iter().all(|part| lower_hex(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_granted_once_and_to_its_kind_only() {
        let state = State::default();
        let mut wish = Wish::read(Some("tgw-rtb-0123456789abcdef0"), &state).unwrap();
        assert_eq!(wish.with_prefix("tgw"), None);
        assert_eq!(wish.uuid(), None);
        assert!(wish.refuse_leftover("CreateTransitGateway").is_err());
        assert_eq!(wish.with_prefix("tgw-rtb").as_deref(), Some("tgw-rtb-0123456789abcdef0"));
        assert_eq!(wish.with_prefix("tgw-rtb"), None);
        assert!(wish.refuse_leftover("CreateTransitGatewayRouteTable").is_ok());
        for bad in ["vpc", "vpc-", "-0123456789abcdef0", "vpc-0123456789ABCDEF0", "vpc-0123", "0123-01234567"] {
            let wish = Wish::read(Some(bad), &state);
            let granted = wish.is_ok_and(|mut wish| wish.with_prefix("vpc").is_some());
            assert!(!granted, "{bad}");
        }
        let start = "arn:aws:elasticloadbalancing:ap-northeast-1:111122223333:loadbalancer/net/app/";
        let mut wish = Wish::read(Some(&format!("{start}50dc6c495c0c9188")), &state).unwrap();
        assert_eq!(wish.arn(&start.replace("app", "other")), None);
        assert!(wish.arn(start).is_some());
        let mut wish = Wish::read(Some("0a1b2c3d-0000-4000-8000-00000000000f"), &state).unwrap();
        assert_eq!(wish.zone(), None);
        assert!(wish.uuid().is_some());
        let mut wish = Wish::read(Some("Z0A1SHARED00000000001"), &state).unwrap();
        assert_eq!(wish.zone().as_deref(), Some("Z0A1SHARED00000000001"));
        let longest = format!("Z{}", "0".repeat(31));
        assert!(Wish::read(Some(&longest), &state).is_ok());
        for bad in ["Z", "z0a1", "Z0a1", "A0A1", "Z0A1/X", &format!("{longest}0")] {
            assert!(Wish::read(Some(bad), &state).is_err(), "{bad}");
        }
    }
}
