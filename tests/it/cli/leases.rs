//! Two operators of one municipality: the second is told who is at work, and follows when the first is done or dead.
#![cfg(unix)]

use serde_json::{Value, json};

use super::{
    Folder,
    ends::Running,
    server::{ACCOUNT, Server},
};

/// As long as leases are where a thousand seconds pass in one.
const TERM: u64 = 86_400;

/// A run that has begun and goes no further: nobody answers it.
fn at_work(folder: &Folder, server: &Server) -> Running {
    server.fault(json!({ "on": { "operation": "CreateVpc" }, "effect": { "hang": "before_execution" } }));
    let mut run = Running::start(folder, &server.line("apply naruto --yes"));
    run.until("created");
    run
}

#[test]
fn the_second_of_two_is_told_who_is_at_work() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    let run = at_work(&folder, &server);
    let process = format!("(process {})", run.child.id());
    for line in ["apply naruto --yes", "apply naruto --yes --json", "destroy naruto --yes"] {
        let refused = server.run(&folder, line).ends_with(1);
        let told = refused.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            told.contains("error: another run works on naruto/prod : apply by arn:aws:iam::100000000002:"),
            "{told}"
        );
        assert!(told.contains(&process) && told.contains("nothing was changed"), "{told}");
        assert!(told.contains("others may follow from") && told.contains("unlock naruto` ends its lease"), "{told}");
    }
    // Whoever only looks is in nobody's way.
    server.run(&folder, "-q plan naruto").succeeds();
    run.end_at_once();
}

#[test]
fn a_dead_run_is_followed_when_its_time_is_up_or_its_lease_is_ended() {
    let folder = Folder::new();
    let server = Server::start(&folder, "--time-scale 1");
    let kill = |run: Running| {
        run.end_at_once();
        server.heal();
    };
    kill(at_work(&folder, &server));
    let asked = server.run(&folder, "unlock naruto").ends_with(1);
    assert!(asked.err.contains("this ends the lease of naruto/prod"), "{}", asked.err);
    server.run(&folder, "apply naruto --yes").ends_with(1);
    let ended = server.run(&folder, "unlock naruto --yes").succeeds();
    assert!(ended.err.contains("the lease of naruto/prod is ended"), "{}", ended.err);

    kill(at_work(&folder, &server));
    server.advance(TERM - 60);
    server.run(&folder, "apply naruto --yes").ends_with(1);
    server.advance(120);
    let follows = server.run(&folder, "unlock naruto").succeeds();
    assert!(follows.err.contains("nobody holds the lease"), "{}", follows.err);
    // Nothing is left to do but to see that it is taken over.
    let over = server.run(&folder, "destroy naruto --json --yes");
    assert!(over.err.contains("naruto/prod : this run follows one that died: apply by arn:"), "{}", over.err);
}

#[test]
fn a_run_whose_lease_is_ended_starts_nothing_else() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    let mut run = at_work(&folder, &server);
    server.run(&folder, "unlock naruto --yes").succeeds();
    run.until("the lease of naruto/prod is lost: somebody ended it");
    // What is in flight is not answered: only the second Ctrl-C ends that.
    run.interrupt();
    run.until("press Ctrl-C again");
    run.interrupt();
    assert_eq!(run.end().0, Some(130));
}

#[test]
fn without_the_permission_a_run_says_which_and_how_to_do_without() {
    let folder = Folder::new();
    let server = Server::start(&folder, "");
    server.fault(json!({ "on": { "operation": "PutParameter" }, "times": null, "effect": { "deny": "missing" } }));
    let denied = server.run(&folder, "apply naruto --yes").fails_with_a_hint();
    let told = denied.err.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("no lease of naruto/prod : AccessDeniedException on ssm:PutParameter"), "{told}");
    assert!(told.contains("--no-lease goes on without one"), "{told}");
    server.run(&folder, "-q apply naruto --yes --no-lease").succeeds();
    assert!(!server.resources().iter().any(|(kind, _)| kind == "parameter"));
}

#[test]
fn machines_are_told_of_the_lease_and_a_destroy_leaves_nothing_of_it() {
    let folder = Folder::new();
    let events = |line: &str| -> Vec<Value> {
        let ran = folder.run(line).succeeds();
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let built = events("--sandbox apply naruto --yes --json");
    assert_eq!(built[0]["event"], "begin");
    let taken = &built[1];
    assert_eq!(
        (&taken["event"], &taken["stack"], &taken["parameter"], &taken["command"]),
        (&json!("lease_taken"), &json!("naruto/prod"), &json!("/gcnet/naruto/prod/lease"), &json!("apply"))
    );
    assert!(taken["expires"].as_i64() > taken["since"].as_i64() && taken.get("over").is_none(), "{taken}");
    assert!(taken["owner"].as_str().unwrap().contains(ACCOUNT), "{taken}");
    assert_eq!(built.last().unwrap(), &json!({ "event": "lease_released", "stack": "naruto/prod" }));
    // A run that is refused before it begins has told of no lease, and tells of none that is given back.
    folder.edit("retention_days: 365", "retention_days: 400");
    let refused = folder.run("--sandbox apply naruto --json").ends_with(1);
    assert_eq!(refused.out, "", "{}", refused.err);
    let gone = events("--sandbox destroy naruto --include-protected --confirm naruto --yes --json");
    assert_eq!(gone.last().unwrap()["event"], "lease_released");
    let store: Value = serde_json::from_str(&folder.read(".gcnet/sandbox.json")).unwrap();
    let regional = &store["state"]["accounts"][ACCOUNT]["regions"]["ap-northeast-1"];
    assert_eq!(regional["ssm"]["parameters"], json!({}));
}
