//! A client within the process: calls that take the same way as those over HTTP, for whoever plays the other accounts.
//!
//! It sees and changes nothing that an account's own API would not show or allow.

mod answer;
mod member_names;
mod request;
mod rest_xml;

use serde_json::Value;

use crate::clock::Moment;
use crate::protocol::Protocol;
use crate::sandbox::Sandbox;
use crate::service::Service;
use crate::world::{Handled, Reply};

/// One call of an AWS API, in the API's own words.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiCall {
    /// The twelve digits of the account that calls, with its long-term credentials.
    pub account: String,
    /// `ap-northeast-1`.
    pub region: String,
    /// As in endpoints and credential scopes: `ec2`, `ram`, `directconnect`.
    pub service: String,
    /// `CreateTransitGatewayVpcAttachment`.
    pub operation: String,
    /// An object whose members have the names of the API's model. A member that is null is not sent.
    pub input: Value,
    /// The id that the new object gets, for what stands elsewhere and is known by its id already. As the header
    /// `x-gcnet-sandbox-id`.
    pub id: Option<String>,
}

/// Why a call did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ApiError {
    /// AWS's code, or `NoAnswer` where an injected fault swallowed the answer.
    pub code: String,
    /// AWS's message.
    pub message: String,
}

impl Sandbox {
    /// Calls an API and returns its answer: JSON as it is, XML as an object of its elements, where a list of `item` or
    /// `member` is an array, as is one that is called after its elements in Route 53, and an element without content is
    /// null. All values of XML are strings.
    ///
    /// Faults and the log see the call as they see one over HTTP, but it takes no real time.
    ///
    /// # Errors
    ///
    /// What the API answers, see [`ApiError`].
    pub fn call(&self, call: &ApiCall) -> Result<Value, ApiError> {
        let refuse = |error: crate::error::AwsError| ApiError { code: error.code.into_owned(), message: error.message };
        let service = Service::find(&call.service)
            .ok_or_else(|| refuse(Protocol::guess(true, "/").unknown_service(&call.service)))?;
        let incoming = request::write(service, call, Moment::wall()).map_err(refuse)?;
        let Handled { reply, .. } = crate::server::lock(&self.world).handle(&incoming);
        match reply {
            Reply::Answer(said) => answer::read(service.protocol, &call.operation, &said),
            Reply::Drop | Reply::Hang => Err(ApiError {
                code: "NoAnswer".to_owned(),
                message: "the connection was closed without an answer".to_owned(),
            }),
        }
    }
}
