//! The store's file.

use std::path::Path;
use std::time::Duration;

use gcnet_sandbox::{ClockMode, Notice, Options, Sandbox, StartError};

use crate::client::{ACCOUNT, Aws};

fn options(path: &Path) -> Options {
    Options { file: Some(path.to_owned()), clock: ClockMode::Stepped(Duration::from_secs(1)), ..Options::default() }
}

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".gcnet/sandbox.json");
    let aws = Aws::start(options(&path)).await;
    assert_eq!(aws.sandbox.notice(), None);
    let vpc = aws.vpc("10.0.0.0/16").await;
    aws.subnet(&vpc, "10.0.0.0/24").await;
    aws.call("CreateTags", format!("ResourceId.1={vpc} Tag.1.Key=k Tag.1.Value=v")).await;
    let (before, now) = (aws.sandbox.everything(ACCOUNT), aws.sandbox.now());
    aws.sandbox.stop().await;

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let aws = Aws::start(options(&path)).await;
    assert_eq!(aws.sandbox.everything(ACCOUNT), before);
    assert_eq!(aws.sandbox.now(), now);
    // Ids go on where they were.
    let second = aws.vpc("10.1.0.0/16").await;
    assert!(before.iter().all(|resource| resource.id != second));
}

#[tokio::test]
async fn a_refused_write_leaves_the_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.json");
    let aws = Aws::start(options(&path)).await;
    aws.vpc("10.0.0.0/16").await;
    let before = std::fs::read(&path).unwrap();
    aws.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/8")]).await;
    aws.ec2("DescribeVpcs", &[]).await;
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn what_cannot_be_written_is_not_done() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.json");
    let aws = Aws::start(options(&path)).await;
    // A folder in the place of the temporary file.
    std::fs::create_dir(folder.path().join("sandbox.json.new")).unwrap();
    let reply = aws.ec2("CreateVpc", &[("CidrBlock", "10.0.0.0/16")]).await;
    assert_eq!(reply.code(), "SandboxCannotSave");
    assert_eq!(aws.sandbox.everything(ACCOUNT), []);
}

#[tokio::test]
async fn a_corrupt_file_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.json");
    for content in ["", "{\"format_version\": 2", "[]", "{\"format_version\":2,\"now\":0,\"state\":{\"colour\":1}}"] {
        std::fs::write(&path, content).unwrap();
        #[cfg(unix)]
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        let sandbox = Sandbox::start(options(&path)).await.unwrap();
        let Some(Notice::CorruptFileSetAside { file, kept, reason }) = sandbox.notice() else {
            panic!("no notice for {content:?}");
        };
        assert_eq!(file, &path);
        assert!(kept.to_string_lossy().contains("sandbox.json.corrupt-"));
        assert_eq!(std::fs::read_to_string(kept).unwrap(), content);
        assert!(!reason.is_empty());
        #[cfg(unix)]
        assert_eq!(
            std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(kept).unwrap().permissions()) & 0o777,
            0o600
        );
        assert!(!path.exists());
        sandbox.stop().await;
    }
}

#[tokio::test]
async fn a_file_of_another_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.json");
    std::fs::write(&path, "{\"format_version\": 99}").unwrap();
    let refused = Sandbox::start(options(&path)).await.unwrap_err();
    assert!(matches!(refused, StartError::FormatVersion { found: 99, known: 2, .. }), "{refused}");
    assert!(path.exists());
}

#[tokio::test]
async fn two_sandboxes_do_not_share_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sandbox.json");
    let first = Sandbox::start(options(&path)).await.unwrap();
    let refused = Sandbox::start(options(&path)).await.unwrap_err();
    assert!(matches!(refused, StartError::Locked { .. }), "{refused}");
    first.stop().await;
    Sandbox::start(options(&path)).await.unwrap();
}

/// Session tokens and keys are in it.
#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners_alone_and_follows_no_link() {
    use std::os::unix::fs::PermissionsExt;
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join(".gcnet");
    let path = folder.join("sandbox.json");
    let aws = Aws::start(options(&path)).await;
    let victim = outer.path().join("victim");
    std::fs::write(&victim, "untouched").unwrap();
    std::os::unix::fs::symlink(&victim, folder.join("sandbox.json.new")).unwrap();
    aws.vpc("10.0.0.0/16").await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&folder), mode(&path), mode(&folder.join("sandbox.json.lock"))), (0o700, 0o600, 0o600));
    assert_eq!(std::fs::read(&victim).unwrap(), b"untouched");
    assert!(!std::fs::symlink_metadata(&path).unwrap().is_symlink());
}

/// A link would make a file elsewhere, and what has no end is not waited for.
#[cfg(unix)]
#[tokio::test]
async fn what_is_no_file_is_refused_in_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let (path, elsewhere) = (folder.path().join("sandbox.json"), folder.path().join("elsewhere"));
    let lock = folder.path().join("sandbox.json.lock");
    for (place, leads_to) in [(&lock, &*elsewhere), (&lock, Path::new("/dev/null")), (&path, Path::new("/dev/zero"))] {
        std::os::unix::fs::symlink(leads_to, place).unwrap();
        let refused = Sandbox::start(options(&path)).await.unwrap_err();
        assert!(matches!(&refused, StartError::File { path, .. } if path == place), "{refused}");
        std::fs::remove_file(place).unwrap();
    }
    assert!(!elsewhere.exists());
}
