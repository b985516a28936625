//! What names, endpoints and the folder of a run must not do.

use std::{
    net::TcpListener,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};

use super::{
    Folder, Ran,
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
    std::thread::spawn(move || {
        listener.incoming().for_each(|_| {
            count.fetch_add(1, Ordering::SeqCst);
        })
    });
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

/// Nothing in a text steers but our own colours, if it was asked for in colour; and what would is there, spelt out.
#[track_caller]
fn spells(text: &str, spelt: &str, in_colour: bool) {
    assert_eq!(gcnet::report::tame::tame(text, in_colour), text);
    assert!(text.contains(spelt), "{spelt}: {text}");
}

/// From the file of a municipality, from its name, from AWS and from the command line, to stdout, stderr, JSON and sheets.
#[test]
fn no_name_steers_the_terminal() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    server.run(&folder, "-q apply naruto --yes").succeeds();
    let resources = server.resources();
    let vpc = &resources.iter().find(|(kind, _)| kind == "vpc").unwrap().1;
    // XML has no ESC: what turns the direction is what a tag can bring.
    server.ec2(&format!("Action=CreateTags&ResourceId.1={vpc}&Tag.1.Key=Name&Tag.1.Value=x%E2%80%AEtxt.exe"));
    folder.edit("name: 鳴門市", "name: \"鳴門市\\e[2J\\u202e\\x9b1A\"");
    let name = r"\u{1b}[2J\u{202e}\u{9b}1A";
    for (line, spelt) in [
        ("plan naruto", name),
        ("plan naruto", r"x\u{202e}txt.exe"),
        ("plan naruto --markdown", r"x\u{202e}txt.exe"),
        ("plan naruto --json", r"x\u202etxt.exe"),
        ("plan \u{1b}[31mnowhere\u{202e}", r"\u{1b}[31mnowhere\u{202e}"),
        ("--dir \u{1b}[31m validate", r"\u{1b}[31m"),
    ] {
        for (options, in_colour) in [("--lang ja", false), ("--lang en -vv", false), ("--lang ja --color always", true)]
        {
            // In English it goes by its other name.
            if spelt == name && options.contains("en") {
                continue;
            }
            let ran = server.run(&folder, &format!("{options} {line}"));
            spells(&(ran.out + &ran.err), spelt, in_colour);
        }
    }
    folder.write("municipalities/x\u{1b}[2J.yaml", "");
    let ran = folder.run("validate").ends_with(1);
    spells(&(ran.out + &ran.err), r"x\u{1b}[2J.yaml", false);
    std::fs::remove_file(folder.path("municipalities/x\u{1b}[2J.yaml")).unwrap();
    server.run(&folder, "--lang ja requests naruto --out sheets").succeeds();
    let sheets = std::fs::read_dir(folder.path("sheets")).unwrap().map(|sheet| sheet.unwrap().path());
    let sheets: Vec<String> = sheets.map(|sheet| std::fs::read_to_string(sheet).unwrap()).collect();
    assert!(!sheets.is_empty());
    sheets.iter().for_each(|sheet| spells(sheet, name, false));
}

/// Nobody writes to it: whoever opens it waits for ever.
#[cfg(unix)]
#[test]
fn no_pipe_is_waited_for() {
    let folder = Folder::new();
    let pipe = |name: &str| assert!(Command::new("mkfifo").arg(folder.path(name)).status().unwrap().success());
    pipe("pipe");
    let ends = |line: &str| {
        let (mut command, (tell, told)) = (folder.command(line), mpsc::channel());
        std::thread::spawn(move || tell.send(command.output().unwrap()));
        let ended = told.recv_timeout(Duration::from_secs(60));
        Ran::from(ended.unwrap_or_else(|_| panic!("{line} waits"))).ends_with(1)
    };
    let ran = ends("--lang en --sandbox apply naruto --yes --plan pipe");
    assert!(ran.err.contains("pipe and not a file"), "{}", ran.err);
    ends("--sandbox ca issue naruto --csr pipe");
    for name in [".gcnet/sandbox.json", ".gcnet/sandbox.json.lock"] {
        // Whether or not a sandbox was there.
        let _ = std::fs::create_dir(folder.path(".gcnet"));
        let _ = std::fs::remove_file(folder.path(name));
        pipe(name);
        let ran = ends("--sandbox plan naruto");
        assert!(ran.err.contains("it is not a file"), "{}", ran.err);
        std::fs::remove_file(folder.path(name)).unwrap();
    }
}

/// What was typed wrong is repeated, and may have been pasted.
#[test]
fn no_misread_command_line_steers_the_terminal() {
    let folder = Folder::new();
    for line in
        ["plan --x\u{1b}]0;owned\u{7}", "\u{1b}[2J", "--color \u{202e} plan naruto", "permissions naruto --for \u{9b}"]
    {
        let ran = folder.run(line).ends_with(1);
        let odd = ran.err.chars().find(|c| *c != '\n' && gcnet::report::tame::steers(*c));
        assert_eq!((odd, ran.out.as_str()), (None, ""), "{line:?}: {}", ran.err);
        // Sequences with ESC are taken out before; what is left is spelt out.
        assert!(line.contains('\u{1b}') || ran.err.contains("\\u{"), "{}", ran.err);
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
