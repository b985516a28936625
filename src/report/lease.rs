//! What is said of leases: who works on a network, since when and until when, and what to do about it.

use gcnet_core::{
    Failure,
    lease::{Holder, Lost},
};

use super::{
    Lang,
    layout::clean,
    message::{
        call::{self, Origin},
        told::{Label, Severity, Told},
    },
    time,
};

/// One thing to say. `stack` is `naruto/prod`.
#[derive(Debug)]
pub enum Leasing {
    /// Somebody else works on it.
    Held {
        /// On what.
        stack: String,
        /// Who.
        holder: Holder,
        /// What ends the lease of a run that is dead.
        unlock: String,
    },
    /// Whoever had it is dead.
    TakenOver {
        /// On what.
        stack: String,
        /// Who had it.
        holder: Holder,
    },
    /// Others write at the same moment.
    Contended {
        /// On what.
        stack: String,
    },
    /// What is written there is no lease.
    Unreadable {
        /// Where it is written.
        parameter: String,
        /// What is wrong with it.
        detail: String,
    },
    /// A call failed, so there is no lease.
    Refused {
        /// On what.
        stack: String,
        /// The call.
        failure: Failure,
        /// Where to, when not to AWS itself.
        endpoint: Option<String>,
        /// With which profile.
        profile: Option<String>,
        /// The command can do without a lease.
        optional: bool,
    },
    /// It is no longer ours.
    Lost {
        /// On what.
        stack: String,
        /// Why.
        lost: Lost,
    },
    /// It could not be given back.
    NotReleased {
        /// On what.
        stack: String,
        /// The call.
        failure: Failure,
        /// What ends it.
        unlock: String,
    },
    /// Nobody has it.
    Nobody {
        /// On what.
        stack: String,
    },
    /// Whose lease is about to be ended.
    Ending {
        /// On what.
        stack: String,
        /// Who has it.
        holder: Holder,
    },
    /// Nobody can be asked whether it may be ended.
    NeedsYes {
        /// What ends it without asking.
        command: String,
    },
    /// It was ended.
    Ended {
        /// On what.
        stack: String,
    },
    /// It was given back, or taken by another run, while the question stood there.
    Changed {
        /// On what.
        stack: String,
    },
}

pub(super) fn told(leasing: &Leasing, lang: Lang) -> Told {
    match leasing {
        Leasing::Held { stack, holder, unlock } => held(stack, holder, unlock, lang),
        Leasing::TakenOver { stack, holder } => taken_over(stack, holder, lang),
        Leasing::Contended { stack } => contended(stack, lang),
        Leasing::Unreadable { parameter, detail } => unreadable(parameter, detail, lang),
        Leasing::Refused { stack, failure, endpoint, profile, optional } => {
            let origin = Origin { profile: profile.as_deref(), endpoint: endpoint.as_deref() };
            refused(stack, failure, origin, *optional, lang)
        }
        Leasing::Lost { stack, lost: why } => lost(stack, why, lang),
        Leasing::NotReleased { stack, failure, unlock } => not_released(stack, failure, unlock, lang),
        Leasing::Nobody { stack } => note(stack, lang, "のリースは誰も持っていません", |of| {
            format!("nobody holds the lease of {of}")
        }),
        Leasing::Ending { stack, holder } => ending(stack, holder, lang),
        Leasing::NeedsYes { command } => Told::error(lang.pick(
            "端末がないため確認できません。リースは外していません",
            "there is no terminal to ask on; the lease was not ended",
        ))
        .hint(lang.pick(
            format!("持ち主に確かめたうえで `{}` を実行してください", clean(command)),
            format!("ask its owner, then run `{}`", clean(command)),
        )),
        Leasing::Ended { stack } => {
            note(stack, lang, "のリースを外しました", |of| format!("the lease of {of} is ended")).hint(lang.pick(
                "その実行がまだ動いていれば、次の更新で気づき、新しいステップを始めません",
                "if that run lives after all, it notices with its next heartbeat and starts nothing else",
            ))
        }
        Leasing::Changed { stack } => {
            let of = clean(stack);
            Told::error(lang.pick(
                format!("{of} のリースは、確認の間に別の実行へ移りました。外していません"),
                format!("the lease of {of} has changed hands meanwhile; it was not ended"),
            ))
            .hint(lang.pick("もう一度実行して、今の持ち主を確かめてください", "run it again and look who holds it now"))
        }
    }
}

fn note(stack: &str, lang: Lang, ja: &str, en: impl Fn(&str) -> String) -> Told {
    let of = clean(stack);
    Told::new(Severity::Note, lang.pick(format!("{of} {ja}"), en(&of)))
}

/// `apply by arn:… on host (process 1)`
fn who(holder: &Holder, lang: Lang) -> String {
    let Holder { command, owner, host, process, .. } = holder;
    let (command, owner, host) = (clean(command), clean(owner), clean(host));
    lang.pick(
        format!("{owner} がホスト {host}（プロセス {process}）で実行する {command}"),
        format!("{command} by {owner} on host {host} (process {process})"),
    )
}

fn held(stack: &str, holder: &Holder, unlock: &str, lang: Lang) -> Told {
    let (of, who, unlock) = (clean(stack), who(holder, lang), clean(unlock));
    let [since, heartbeat, expires] = moments(holder, lang);
    Told::error(lang.pick(
        format!("{of} では別の実行が作業中です: {who}（{since} から）。何も変更していません"),
        format!("another run works on {of} : {who}, since {since}; nothing was changed"),
    ))
    .hint(lang.pick(
        format!("終わるのを待ってください。最後の更新は {heartbeat} で、更新がなければ {expires} からほかの実行が引き継げます。確実に止まっているなら `{unlock}` で外せます。--no-lease はリースなしで実行し、二つの実行は互いを知りません"),
        format!("wait until it ends; it last said that it lives at {heartbeat}, and unless it says so again, others may follow from {expires}. If it is certainly dead, `{unlock}` ends its lease; with --no-lease there is none, and nothing keeps two runs apart"),
    ))
}

fn taken_over(stack: &str, holder: &Holder, lang: Lang) -> Told {
    let (of, who) = (clean(stack), who(holder, lang));
    let [since, heartbeat, _] = moments(holder, lang);
    Told::new(
        Severity::Note,
        lang.pick(
            format!(
                "{of} のリースを、終わらせずに止まった実行から引き継ぎました: {who}（{since} から {heartbeat} まで）"
            ),
            format!("{of} : this run follows one that died: {who}, from {since} to {heartbeat}"),
        ),
    )
    .hint(lang.pick("それが済ませたことは計画に現れます", "the plan finds what it did"))
}

fn contended(stack: &str, lang: Lang) -> Told {
    let of = clean(stack);
    Told::error(lang.pick(
        format!("{of} のリースを、ほかの実行も同時に書き換えています。何も変更していません"),
        format!("others write the lease of {of} at the same moment; nothing was changed"),
    ))
    .hint(lang.pick("少し待って、もう一度実行してください", "run the command again in a minute"))
}

fn unreadable(parameter: &str, detail: &str, lang: Lang) -> Told {
    let (parameter, detail) = (clean(parameter), clean(detail));
    Told::error(lang.pick(
        format!("パラメータ {parameter} は、この版の gcnet のリースではありません: {detail}。何も変更していません"),
        format!("the parameter {parameter} holds no lease that this gcnet reads: {detail}; nothing was changed"),
    ))
    .hint(lang.pick(
        "新しい版の gcnet が使っているなら、その版で実行してください。誰のものでもなければ、削除してから 30 秒待つか、--no-lease で実行できます",
        "if a newer gcnet wrote it, use that one; if it is nobody's, delete it and wait 30 seconds, or go on with --no-lease",
    ))
}

fn refused(stack: &str, failure: &Failure, origin: Origin<'_>, optional: bool, lang: Lang) -> Told {
    let (of, what) = (clean(stack), call::what(failure, lang));
    let told = Told::error(lang.pick(
        format!("{of} のリースを扱えません: {what}。ネットワークは変更していません"),
        format!("no lease of {of} : {what}; nothing of the network was changed"),
    ));
    let told = call::explain(told, failure, origin, lang);
    let without = optional.then(|| {
        lang.pick(
            "--no-lease を付けるとリースなしで実行します。ほかの人が作業していないことを、先に確かめてください",
            "--no-lease goes on without one: make sure first that nobody else is at work",
        )
    });
    told.with(Label::Hint, without.map(String::from)).with(Label::RequestId, call::request_id(Some(failure)))
}

fn lost(stack: &str, lost: &Lost, lang: Lang) -> Told {
    let of = clean(stack);
    let why = match lost {
        Lost::Late(None) => {
            lang.pick("時間内に更新できませんでした".to_string(), "no heartbeat could be written in time".into())
        }
        Lost::Late(Some(failure)) => {
            let what = call::what(failure, lang);
            lang.pick(
                format!("時間内に更新できませんでした（{what}）"),
                format!("no heartbeat could be written in time ({what})"),
            )
        }
        Lost::Taken(holder) => {
            let who = who(holder, lang);
            lang.pick(format!("別の実行が持っています（{who}）"), format!("another run has it ({who})"))
        }
        Lost::Ended => lang.pick("誰かが外しました".into(), "somebody ended it".into()),
    };
    Told::new(
        Severity::Warning,
        lang.pick(
            format!("{of} のリースを失いました: {why}。新しいステップは始めず、実行中のものを終わらせます"),
            format!("the lease of {of} is lost: {why}; no further steps are started, those in flight are finished"),
        ),
    )
    .hint(lang.pick(
        "ほかの人が作業していないことを確かめてから、もう一度実行してください。済んだことは計画に現れます",
        "make sure that nobody else is at work, then run the command again: the plan finds what was done",
    ))
}

fn not_released(stack: &str, failure: &Failure, unlock: &str, lang: Lang) -> Told {
    let (of, what, unlock) = (clean(stack), call::what(failure, lang), clean(unlock));
    Told::new(
        Severity::Warning,
        lang.pick(
            format!("{of} のリースを返せませんでした: {what}"),
            format!("the lease of {of} could not be given back: {what}"),
        ),
    )
    .hint(lang.pick(
        format!("期限が来れば切れます。すぐに外すには `{unlock}` を実行してください"),
        format!("it ends by itself when its time is up; `{unlock}` ends it at once"),
    ))
}

fn ending(stack: &str, holder: &Holder, lang: Lang) -> Told {
    let (of, who) = (clean(stack), who(holder, lang));
    let [since, heartbeat, expires] = moments(holder, lang);
    Told::new(
        Severity::Warning,
        lang.pick(
            format!("{of} のリースを外します: {who}（{since} から、最後の更新は {heartbeat}、期限は {expires}）"),
            format!("this ends the lease of {of} : {who}, since {since}, last heartbeat {heartbeat}, until {expires}"),
        ),
    )
    .hint(lang.pick(
        "その実行が確実に止まっていることを、持ち主に確かめてください",
        "ask its owner first whether that run is certainly dead",
    ))
}

/// Since when, last heartbeat, until when.
fn moments(holder: &Holder, lang: Lang) -> [String; 3] {
    [holder.since, holder.heartbeat, holder.expires].map(|moment| time::to_the_second(moment, lang))
}
