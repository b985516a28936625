//! AssumeRole.

use gcnet_sandbox::Options;

use crate::client::Aws;

#[tokio::test]
async fn a_role_that_is_not_there_is_denied() {
    let aws = Aws::start(Options::default()).await;
    let role = ("RoleArn", "arn:aws:iam::444455556666:role/gcnet/plan");
    let name = ("RoleSessionName", "test");
    for (params, code) in [
        (vec![role, name], "AccessDenied"),
        (vec![role], "MissingParameter"),
        (vec![role, ("RoleSessionName", "x")], "ValidationError"),
        (vec![("RoleArn", "arn:aws:iam::4444:role/plan"), name], "ValidationError"),
        (vec![role, name, ("DurationSeconds", "60")], "ValidationError"),
        (vec![role, name, ("TokenCode", "12345x")], "ValidationError"),
        (vec![role, name, ("ExternalId", "x")], "ValidationError"),
        (
            vec![role, name, ("ExternalId", "xy"), ("SerialNumber", "GAHT12345678"), ("TokenCode", "123456")],
            "AccessDenied",
        ),
        (vec![role, name, ("Policy", "{}")], "AccessDenied"),
    ] {
        let reply = aws.sts("AssumeRole", &params).await;
        assert_eq!(reply.code(), code, "{params:?}: {}", reply.body);
    }
}
