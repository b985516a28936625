//! What is told while a plan is carried out, where nothing can be drawn.

use std::time::Duration;

use gcnet_core::{Action, Class, Event, Outcome, Report, StepError};
use insta::assert_snapshot;

use super::{Mode, Progress};
use crate::report::{
    Lang,
    fixtures::{self, MINUTES, address, failure, subject},
    plan::Goal,
    screen::{Captured, Color, Screen, Settings},
};

fn screen(settings: Settings) -> (Screen, Captured) {
    Screen::captured(settings)
}

fn events() -> Vec<Event> {
    let refused = failure(Class::NotYet, "ec2:CreateTransitGatewayVpcAttachment", "IncorrectState", "not\u{1b}[1m yet");
    let (vpc, attachment) = (address("vpc/shared"), address("tgw-vpc-attachment/shared"));
    let create = Action::Create;
    let waiting = |state: &str| Event::Waiting { address: attachment.clone(), action: create, state: state.into() };
    let retrying = Event::Retrying { address: attachment.clone(), action: create, failure: refused.clone() };
    vec![
        Event::Started { address: vpc.clone(), action: create },
        Event::Started { address: attachment.clone(), action: create },
        Event::Done {
            address: vpc,
            action: create,
            id: "vpc-0a1b2c3d4e5f67890".into(),
            took: Duration::from_millis(2345),
        },
        retrying.clone(),
        retrying.clone(),
        waiting("invisible"),
        waiting("pending"),
        waiting("pending"),
        retrying,
        Event::Done {
            address: address("route/dns/10.1.0.0/16"),
            action: Action::Delete,
            id: "rtb-0a1b2c3d4e5f67890|10.1.0.0/16".into(),
            took: Duration::from_secs(130),
        },
        Event::Stopping,
        Event::Failed {
            address: attachment.clone(),
            action: create,
            error: StepError::StillRefused { failure: refused, waited: MINUTES },
            took: MINUTES,
        },
        Event::Skipped { address: address("tgw-association/shared"), action: create, because_of: attachment },
    ]
}

fn report() -> Report {
    let error = StepError::NotReady { id: "x".into(), waited: MINUTES };
    let outcomes =
        vec![Outcome::Done { id: "x".into() }, Outcome::Failed { error }, Outcome::Skipped { because_of: 1 }];
    Report { outcomes, stopped: true }
}

#[test]
fn plain_lines_say_only_what_is_new() {
    let mut text = String::new();
    for lang in [Lang::En, Lang::Ja] {
        let (screen, captured) = screen(Settings { lang, ..Settings::default() });
        let progress = Progress::start(&screen, &fixtures::first(), Mode::Plain);
        events().into_iter().for_each(|event| progress.tell(event));
        progress.finish(&report()).unwrap();
        assert_eq!(captured.out(), "");
        assert!(!captured.err().contains('\u{1b}'));
        text.push_str(&captured.err());
        text.push('\n');
    }
    assert_snapshot!(text);
}

#[test]
fn machines_get_a_version_first_and_a_summary_last() {
    let (screen, captured) = screen(Settings { lang: Lang::Ja, color: Color::Always, quiet: true });
    let progress = Progress::json(&screen, &subject(), Goal::Apply, &fixtures::first());
    events().into_iter().for_each(|event| progress.tell(event));
    progress.finish(&report()).unwrap();
    assert_eq!(captured.err(), "");
    let lines: Vec<serde_json::Value> =
        captured.out().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), events().len() + 2);
    assert_eq!((&lines[0]["event"], &lines[0]["format_version"]), (&"begin".into(), &1.into()));
    assert_eq!(lines[lines.len() - 1]["event"], "summary");
    assert_snapshot!(captured.out());
}

#[test]
fn a_quiet_run_is_silent() {
    let (screen, captured) = screen(Settings { quiet: true, ..Settings::default() });
    assert_eq!(Mode::detect(&screen), Mode::Silent);
    let progress = Progress::start(&screen, &fixtures::first(), Mode::Plain);
    events().into_iter().for_each(|event| progress.tell(event));
    assert_eq!(captured.err(), "");
}

/// Without a terminal the live view draws nothing, and whatever happens it leaves nothing behind.
#[test]
fn the_live_view_is_left_clean_at_any_point() {
    for ends_after in 0..events().len() {
        let (screen, captured) = screen(Settings::default());
        let progress = Progress::start(&screen, &fixtures::first(), Mode::Live);
        events().into_iter().take(ends_after).for_each(|event| progress.tell(event));
        drop(progress);
        assert!(screen.live().is_hidden());
        screen.say("after\n");
        assert_eq!(captured.err(), "after\n");
    }
}

#[test]
fn the_sink_can_be_called_from_any_thread() {
    fn is_sink(_: &(dyn Fn(Event) + Send + Sync)) {}
    let (screen, _captured) = screen(Settings::default());
    let progress = Progress::start(&screen, &fixtures::first(), Mode::Plain);
    is_sink(&|event| progress.tell(event));
}
