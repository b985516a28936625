//! The process dies after every write in turn; a plain second run must find everything, double nothing and lose nothing.

use gcnet::config::schema::Municipality;
use gcnet_aws::KINDS;
use gcnet_core::{Address, Desired, Want};

use crate::support::{self, city, connect, converge, ours, planned, run, sandbox_of, summary, wish};

/// From `before` to `after`, dying after the n-th write for every n until a run lives through it.
async fn check_crash_everywhere(municipality: &Municipality, before: Option<&Desired>, after: &Desired) -> usize {
    for crash in 1.. {
        let sandbox = sandbox_of(municipality).await;
        if let Some(before) = before {
            converge(&connect(&sandbox, municipality).await, before).await;
        }
        sandbox.cut_after_writes(crash);
        let aws = connect(&sandbox, municipality).await;
        let plan = planned(&aws, after).await;
        let died = tokio::select! {
            report = run(&aws, &plan) => {
                assert!(report.is_success(), "write {crash}: {}", crate::support::failures(&plan, &report));
                false
            }
            () = sandbox.cut() => true,
        };
        sandbox.heal();

        let aws = connect(&sandbox, municipality).await;
        converge(&aws, after).await;
        assert_eq!(summary(&planned(&aws, after).await), [""; 0], "the second plan after a crash at write {crash}");
        let is_tagged =
            |(address, want): &(&Address, &Want)| KINDS.get(address.kind()).unwrap().natural(&want.spec).is_none();
        let tagged = after.wants().iter().filter(is_tagged).count();
        let left = ours(&sandbox, municipality);
        assert_eq!(left.len(), tagged, "after a crash at write {crash}: {left:#?}");
        if !died {
            return usize::try_from(crash).unwrap() - 1;
        }
    }
    unreachable!()
}

#[tokio::test(flavor = "multi_thread")]
async fn creating_naruto_survives_a_crash_after_every_write() {
    let naruto = city("naruto");
    let crashes = check_crash_everywhere(&naruto, None, &wish(&naruto)).await;
    assert!(crashes > 50, "{crashes} writes");
}

#[tokio::test(flavor = "multi_thread")]
async fn destroying_naruto_survives_a_crash_after_every_write() {
    let naruto = city("naruto");
    let nothing = support::nothing(&naruto);
    let crashes = check_crash_everywhere(&naruto, Some(&wish(&naruto)), &nothing).await;
    assert!(crashes > 30, "{crashes} writes");
}

/// Another range for the VPC replaces it and all that lives in it.
#[tokio::test(flavor = "multi_thread")]
async fn moving_naruto_to_another_range_survives_a_crash_after_every_write() {
    let naruto = city("naruto");
    let mut moved = naruto.clone();
    moved.shared_vpc.cidr.value = gcnet::config::values::Cidr::parse("10.250.0.0/24").unwrap();
    let crashes = check_crash_everywhere(&naruto, Some(&wish(&naruto)), &wish(&moved)).await;
    assert!(crashes > 30, "{crashes} writes");
}
