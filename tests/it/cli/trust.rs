//! What names, endpoints and the folder of a run must not do.

use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{
    Folder,
    server::{ACCOUNT, Server, credentials},
};

/// A key that opens nothing: whoever sends it sends a signature.
const KEY: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "example")];
/// An address of documentation (RFC 5737): a request to it would not come back.
const FAR: &str = "http://192.0.2.1:4566";

#[test]
fn nothing_is_sent_in_the_open() {
    let folder = Folder::new();
    let with = |name: &'static str| [KEY[0], KEY[1], (name, FAR)];
    // Wherever lines are broken.
    let said = |err: &str| err.split_whitespace().collect::<Vec<_>>().join(" ");
    let by_option = said(&folder.run_with(&format!("--endpoint-url {FAR} plan naruto"), &KEY).ends_with(1).err);
    assert!(by_option.contains("--endpoint-url") && by_option.contains("nothing was sent"), "{by_option}");
    for name in ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_STS"] {
        let told = said(&folder.run_with("plan naruto", &with(name)).ends_with(1).err);
        assert!(told.contains(name) && told.contains("nothing was sent"), "{told}");
    }
    // Whatever names it: the requests themselves are looked at. No sample stands in the way of a plan outside production.
    folder.edit("environment: prod", "environment: stg");
    folder.write("config", &format!("[default]\nregion = ap-northeast-1\nendpoint_url = {FAR}\n"));
    let config = folder.path("config");
    let ran =
        folder.run_with("plan naruto", &[KEY[0], KEY[1], ("AWS_CONFIG_FILE", config.to_str().unwrap())]).ends_with(1);
    assert!(said(&ran.err).contains("nothing leaves this machine over plain HTTP"), "{}", ran.err);
}

/// A proxy that counts who comes, and hangs up: what would go to addresses that nobody has comes by here.
fn proxy() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (url, came) = (format!("http://{}", listener.local_addr().unwrap()), Arc::new(AtomicUsize::new(0)));
    let count = came.clone();
    std::thread::spawn(move || listener.incoming().for_each(|_| drop(count.fetch_add(1, Ordering::SeqCst))));
    (url, came)
}

/// The clients that ask for credentials have endpoints of their own: of a section of services, or of a profile.
#[test]
fn nobody_who_asks_for_credentials_does_so_in_the_open() {
    let folder = Folder::new();
    folder.edit("environment: prod", "environment: stg");
    let keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = example\n";
    let role = "role_arn = arn:aws:iam::111122223333:role/x\nsource_profile = base\n";
    folder.write(
        "config",
        &format!(
            "[profile base]\n{keys}\n[profile chain]\n{role}services = far\n\n[profile user]\n{keys}services = far\n\n\
             [services far]\nsts =\n  endpoint_url = {FAR}\n"
        ),
    );
    let (config, (proxy, came)) = (folder.path("config"), proxy());
    let with = [("AWS_CONFIG_FILE", config.to_str().unwrap()), ("HTTP_PROXY", &proxy)];
    for line in ["--profile chain plan naruto", "--profile user --allow-long-lived-keys plan naruto"] {
        let ran = folder.run_with(line, &with).ends_with(1);
        let told = ran.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("nothing leaves this machine over plain HTTP"), "{line}: {}", ran.err);
    }
    // Nor does whoever asks this machine of itself, where the environment sends them elsewhere.
    let elsewhere =
        [with[0], with[1], ("AWS_EC2_METADATA_DISABLED", "false"), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", FAR)];
    folder.run_with("plan naruto", &elsewhere).ends_with(1);
    assert_eq!(came.load(Ordering::SeqCst), 0);
}

#[test]
fn what_is_for_this_machine_passes_no_proxy() {
    let folder = Folder::new();
    let (server, (proxy, came)) = (Server::start(&folder, ""), proxy());
    let [key, secret] = credentials(ACCOUNT);
    folder
        .run_with(&server.line("plan naruto"), &[key, secret, ("HTTP_PROXY", &proxy), ("ALL_PROXY", &proxy)])
        .succeeds();
    assert_eq!(came.load(Ordering::SeqCst), 0);
}

/// From the file of a municipality, from AWS and from the command line, to stdout, stderr and JSON.
#[test]
fn no_name_steers_the_terminal() {
    let folder = Folder::new();
    folder.edit("name: 鳴門市", "name: \"鳴門市\\e[2J\\u202e\\x9b1A\"");
    let lines = [
        "validate naruto",
        "--sandbox plan naruto",
        "--sandbox plan naruto --markdown",
        "--sandbox plan naruto --json",
        "plan \u{1b}[31mnowhere\u{202e}",
        "--sandbox --dir \u{1b}[31m validate",
    ];
    for line in lines {
        for lang in ["ja", "en"] {
            let ran = folder.run(&format!("--lang {lang} -vv {line}"));
            for text in [&ran.out, &ran.err] {
                let odd = text.chars().find(|c| *c != '\n' && gcnet::report::tame::steers(*c));
                assert_eq!(odd, None, "{line}: {text}");
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn the_folder_of_a_run_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    folder.run("--sandbox plan naruto --out naruto.plan").succeeds();
    let mode = |name: &str| std::fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(".gcnet"), mode("naruto.plan")), (0o700, 0o600));
}
