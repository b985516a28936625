//! Errors of the SDK, sorted into the classes that the engine reacts to. Codes: aws-facts 1.3 and 7, EC2 "Error codes".

use std::error::Error;

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;
use gcnet_core::{Class, Failure};

use crate::{cleartext::Cleartext, credentials::MfaRefused, denial};

/// The code of a call that was not sent because its role may not be assumed: by the role's own trust policy, or by what
/// our identity is allowed.
pub(crate) const ROLE_REFUSED: &str = "role-refused";

/// The code of a call that was not sent because STS refused the one-time code, or whoever gave it.
pub(crate) const MFA_REFUSED: &str = "mfa-refused";

/// What a failed call means.
pub(crate) fn failure<E>(operation: &str, account: &str, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let status = error.raw_response().map(|response| response.status().as_u16());
    let (class, code, message) = match error {
        SdkError::ServiceError(service) => {
            let code = service.err().code().unwrap_or("Unknown").to_string();
            let message = service.err().message().unwrap_or_default().to_string();
            (classify(operation, &code, &message, status.unwrap_or_default()), code, message)
        }
        SdkError::TimeoutError(_) => (Class::Unknown, "timeout".into(), innermost(error)),
        SdkError::ResponseError(_) => (Class::Unknown, "unreadable-answer".into(), innermost(error)),
        // Before what it breaks: without a request nobody gets credentials.
        _ if in_chain(error, |e| e.is::<Cleartext>()) => (Class::Invalid, "cleartext".into(), innermost(error)),
        _ if in_chain(error, role_is_refused) => (Class::Credentials, ROLE_REFUSED.into(), words_of_sts(error)),
        _ if in_chain(error, |e| e.is::<MfaRefused>()) => (Class::Credentials, mfa_code(error), innermost(error)),
        _ if in_chain(error, |e| e.is::<CredentialsError>()) => {
            (Class::Credentials, "credentials".into(), innermost(error))
        }
        // The connection was never made, so nothing was carried out.
        _ if in_chain(error, never_connected) => (Class::Unreachable, "unreachable".into(), innermost(error)),
        SdkError::DispatchFailure(_) => (Class::Unknown, "connection-lost".into(), innermost(error)),
        _ => (Class::Invalid, "not-sent".into(), innermost(error)),
    };
    let request_id =
        error.request_id().map(String::from).or_else(|| assume_role(error)?.request_id().map(String::from));
    Failure { class, request_id, ..refused(operation, account, &code, &message) }
}

/// A refusal that came inside a successful answer (batch calls).
pub(crate) fn refused(operation: &str, account: &str, code: &str, message: &str) -> Failure {
    let class = classify(operation, code, message, 400);
    let denied = matches!(class, Class::Denied | Class::Guardrail);
    Failure {
        class,
        operation: operation.into(),
        code: code.into(),
        permission: denied.then(|| permission(message).unwrap_or(operation).into()),
        message: denial::without_encoded(message).into(),
        account: Some(account.into()),
        request_id: None,
        denial: denied.then(|| Box::new(denial::read(message))),
    }
}

/// What only another party can make was asked of us: the step ends as theirs.
pub(crate) fn theirs(operation: &str, account: &str) -> Failure {
    let failure = refused(operation, account, "theirs", "it is another party's to make");
    Failure { class: Class::Theirs, ..failure }
}

fn classify(operation: &str, code: &str, message: &str, status: u16) -> Class {
    let lower = code.to_ascii_lowercase();
    let has = |text: &str| message.contains(text);
    match lower.strip_suffix("exception").unwrap_or(&lower) {
        "requestlimitexceeded"
        | "throttling"
        | "ec2throttled"
        | "throttled"
        | "toomanyrequests"
        | "requestthrottled"
        | "slowdown"
        | "priorrequestnotcomplete" => Class::Throttled,
        "unauthorizedoperation" | "accessdenied" => {
            // The only place where AWS says which policy denied.
            if denial::GUARDRAILS.into_iter().any(has) { Class::Guardrail } else { Class::Denied }
        }
        "expiredtoken"
        | "requestexpired"
        | "authfailure"
        | "invalidclienttokenid"
        | "unrecognizedclient"
        | "invalidsecuritytoken"
        | "signaturedoesnotmatch"
        | "missingauthenticationtoken"
        | "incompletesignature"
        | "requesttimetooskewed"
        | "optinrequired" => Class::Credentials,
        // RAM has no word for what it means: outside the organisation, not shareable, not ours to share.
        "operationnotpermitted" if operation.starts_with("ram:") => Class::Denied,
        "nosuchentity" | "resourcenotfound" | "unknownresource" | "nosuchhostedzone" => Class::NotFound,
        // Of S3: the bucket, or that it has no such thing.
        gone if gone.starts_with("nosuch") && operation.starts_with("s3:") => Class::NotFound,
        "serversideencryptionconfigurationnotfounderror" => Class::NotFound,
        // Neither associated nor authorised any more.
        "vpcassociationnotfound" | "vpcassociationauthorizationnotfound" => Class::NotFound,
        gone if gone.ends_with("arnnotfound") => Class::NotFound,
        "parameternotfound" | "parameterversionnotfound" => Class::NotFound,
        gone if gone.ends_with(".notfound") => Class::NotFound,
        "routealreadyexists"
        | "hostedzonealreadyexists"
        | "resourceexists"
        | "invalidpermission.duplicate"
        | "invalidgroup.duplicate"
        | "resource.alreadyassociated"
        | "transitgatewayroutetablepropagation.duplicate"
        | "duplicatetransitgatewayattachment"
        | "flowlogalreadyexists"
        | "invalidsubnet.conflict"
        | "entityalreadyexists"
        | "bucketalreadyownedbyyou"
        | "permissionalreadyexists"
        | "requestalreadyprocessed"
        | "resourcealreadyexists"
        | "parameteralreadyexists"
        | "resourceshareinvitationalreadyaccepted" => Class::Already,
        "dependencyviolation"
        | "incorrectstate"
        | "invalidgroup.inuse"
        | "concurrenttagaccess"
        | "retryableerror"
        | "concurrentmutationlimitexceeded"
        | "operationaborted"
        | "deleteconflict"
        | "concurrentmodification"
        | "entitytemporarilyunmodifiable"
        | "bucketnotempty"
        | "invalidstatetransition"
        | "toomanyupdates" => Class::NotYet,
        // An authority between two states, of which reads tell a little later; a CSR or a certificate that is being made.
        "invalidstate" | "requestinprogress" if operation.starts_with("acm-pca:") => Class::NotYet,
        // A policy of the bucket that has only just been written.
        "validation" if operation.starts_with("acm-pca:") && has("S3 bucket permissions") => Class::NotYet,
        // Connections that were just rejected: gone in a moment.
        "existingvpcendpointconnections" => Class::NotYet,
        // Rules, endpoints and configurations that are still in use, or on their way.
        "resourceinuse" | "resourceunavailable" if operation.starts_with("route53resolver:") => Class::NotYet,
        // An endpoint that is still being made or changed: reads may show it as ready a little longer.
        "invalidrequest"
            if matches!(
                operation.strip_prefix("route53resolver:"),
                Some(
                    "AssociateResolverEndpointIpAddress"
                        | "DeleteResolverEndpoint"
                        | "DisassociateResolverEndpointIpAddress"
                        | "UpdateResolverEndpoint"
                )
            ) =>
        {
            Class::NotYet
        }
        "hostedzonenotempty" => Class::NotYet,
        // Their zone, and they have not authorised our VPC yet; the same code stands for a permission that we lack.
        "notauthorized" if has("is not authorized to perform") => Class::Denied,
        "notauthorized" if operation == "route53:AssociateVPCWithHostedZone" => Class::Theirs,
        // AWS says so as well where the provider has not named us among those who may use it.
        "invalidservicename" if operation == "ec2:CreateVpcEndpoint" => Class::Theirs,
        // Direct Connect has one code for everything that is the caller's fault, and answers 400 for its own faults too.
        "directconnectclient" if has("does not exist") || has("not found") => Class::NotFound,
        "directconnectclient" if has("already") => Class::Already,
        "directconnectclient" if has(" state ") => Class::NotYet,
        "directconnectserver" => Class::Unknown,
        // A role that was just made: nobody can assume it yet, and no policy can name it.
        "invalidparameter" if has("Unable to assume given IAM role") => Class::NotYet,
        // A route to a gateway whose attachment has only just become available; a log group that has just been made.
        "invalidparameter" if operation == "ec2:CreateRoute" => Class::NotYet,
        gone if gone.starts_with("logdestinationnotfound") => Class::NotYet,
        "malformedpolicydocument" if has("Invalid principal in policy") => Class::NotYet,
        full if full.ends_with("limitexceeded") => Class::Quota,
        _ if status >= 500 => Class::Unknown,
        _ => Class::Invalid,
    }
}

/// "… is not authorized to perform: ec2:CreateVpc on resource: …"
fn permission(message: &str) -> Option<&str> {
    message.split_once("not authorized to perform: ")?.1.split_whitespace().next()
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}

/// An ARN or an external id of a form that STS does not take (`ValidationError`) leads to no role either.
fn role_is_refused(error: &(dyn Error + 'static)) -> bool {
    let refusals = ["AccessDenied", "ValidationError"];
    let code = error.downcast_ref::<AssumeRoleError>().and_then(|error| error.code());
    code.is_some_and(|code| refusals.contains(&code))
}

/// The refusal of a role beneath a call that was not sent.
fn assume_role<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a AssumeRoleError> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// AWS's own code where the refusal was not about the device.
fn mfa_code(error: &(dyn Error + 'static)) -> String {
    let code = chain(error).find_map(|error| error.downcast_ref::<MfaRefused>()?.code.clone());
    code.unwrap_or_else(|| MFA_REFUSED.into())
}

fn words_of_sts(error: &(dyn Error + 'static)) -> String {
    let words = assume_role(error).and_then(ProvideErrorMetadata::message);
    words.map_or_else(|| innermost(error), String::from)
}

/// The HTTP client tells this only in words, and the words differ for a refusal and for a time-out.
fn never_connected(error: &(dyn Error + 'static)) -> bool {
    let text = error.to_string();
    text.contains("(Connect)") || text.contains("connect timeout")
}

fn in_chain(error: &(dyn Error + 'static), test: impl Fn(&(dyn Error + 'static)) -> bool) -> bool {
    chain(error).any(test)
}

/// The cause at the bottom: the layers above it only say "dispatch failure".
fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_become_classes() {
        for (code, message, status, class) in [
            ("VpcLimitExceeded", "", 400, Class::Quota),
            ("NotAuthorizedException", "User: u is not authorized to perform: route53:X", 403, Class::Denied),
            ("RequestLimitExceeded", "", 503, Class::Throttled),
            ("ParameterAlreadyExists", "", 400, Class::Already),
            ("ParameterVersionNotFound", "", 400, Class::NotFound),
            ("TooManyUpdates", "", 400, Class::NotYet),
            ("ParameterLimitExceeded", "", 400, Class::Quota),
            ("LimitExceededException", "", 400, Class::Quota),
            ("InvalidRouteTableId.NotFound", "", 400, Class::NotFound),
            ("ResourceNotFoundException", "", 400, Class::NotFound),
            ("InternalError", "", 500, Class::Unknown),
            ("UnauthorizedOperation", "because no identity-based policy allows it", 403, Class::Denied),
            ("AccessDenied", "with an explicit deny in a service control policy", 403, Class::Guardrail),
            ("InvalidParameter", "Unable to assume given IAM role", 400, Class::NotYet),
            ("InvalidParameter", "something else", 400, Class::Invalid),
            ("ExpiredTokenException", "", 400, Class::Credentials),
            ("TransitGatewayRouteTablePropagation.Duplicate", "", 400, Class::Already),
            ("UnknownResourceException", "", 400, Class::NotFound),
            ("ResourceShareInvitationArnNotFoundException", "", 400, Class::NotFound),
            ("ResourceShareInvitationAlreadyAcceptedException", "", 400, Class::Already),
            ("InvalidStateTransitionException", "", 400, Class::NotYet),
            ("ResourceShareLimitExceededException", "", 400, Class::Quota),
            ("OperationNotPermitted", "", 400, Class::Invalid),
            ("InvalidVpcEndpointServiceId.NotFound", "", 400, Class::NotFound),
            ("ExistingVpcEndpointConnections", "", 400, Class::NotYet),
            ("DirectConnectClientException", "Direct Connect Gateway x does not exist.", 400, Class::NotFound),
            ("DirectConnectClientException", "The association already exists.", 400, Class::Already),
            ("DirectConnectClientException", "Association ID has an invalid format.", 400, Class::Invalid),
            ("DirectConnectServerException", "", 400, Class::Unknown),
        ] {
            assert_eq!(classify("ec2:Any", code, message, status), class, "{code}");
        }
    }

    #[test]
    fn what_passes_by_itself_depends_on_the_call() {
        assert_eq!(classify("ec2:CreateRoute", "InvalidParameterException", "", 400), Class::NotYet);
        assert_eq!(classify("ec2:CreateVpc", "InvalidParameterException", "", 400), Class::Invalid);
        assert_eq!(classify("ram:AssociateResourceShare", "OperationNotPermittedException", "", 400), Class::Denied);
        assert_eq!(classify("ec2:CreateVpcEndpoint", "InvalidServiceName", "", 400), Class::Theirs);
        for operation in ["DeleteResolverEndpoint", "AssociateResolverEndpointIpAddress", "UpdateResolverEndpoint"] {
            let operation = format!("route53resolver:{operation}");
            assert_eq!(classify(&operation, "InvalidRequestException", "", 400), Class::NotYet);
        }
        for operation in ["route53resolver:AssociateResolverRule", "route53resolver:CreateResolverEndpoint"] {
            assert_eq!(classify(operation, "InvalidRequestException", "", 400), Class::Invalid, "{operation}");
        }
        let ca = "acm-pca:UpdateCertificateAuthority";
        assert_eq!(classify(ca, "InvalidStateException", "", 400), Class::NotYet);
        assert_eq!(classify(ca, "ValidationException", "check your S3 bucket permissions", 400), Class::NotYet);
        assert_eq!(classify(ca, "ValidationException", "", 400), Class::Invalid);
        assert_eq!(classify("acm-pca:GetCertificate", "RequestInProgressException", "", 400), Class::NotYet);
        assert_eq!(classify("acm-pca:CreatePermission", "PermissionAlreadyExistsException", "", 400), Class::Already);
        assert_eq!(classify("s3:GetBucketPolicy", "NoSuchBucketPolicy", "", 404), Class::NotFound);
        assert_eq!(classify("s3:CreateBucket", "BucketAlreadyExists", "", 409), Class::Invalid);
        assert_eq!(classify("s3:DeleteBucket", "BucketNotEmpty", "", 409), Class::NotYet);
        assert_eq!(classify("ec2:CreateFlowLogs", "LogDestinationNotFoundException", "", 400), Class::NotYet);
    }

    #[test]
    fn the_missing_permission_is_read_from_the_message() {
        let message =
            "User: arn:aws:iam::1:user/x is not authorized to perform: ec2:CreateTags on resource: * because …";
        assert_eq!(permission(message), Some("ec2:CreateTags"));
    }
}
