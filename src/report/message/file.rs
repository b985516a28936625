//! Files of municipalities, and saved plans.

use std::path::Path;

use super::told::Told;
use crate::{
    plan_file::{Difference, PlanFileError},
    report::{Lang, Style, difference, layout::clean},
};

/// Names that are listed before the rest is only counted.
const NAMES: usize = 20;

/// The file of a municipality has mistakes.
pub(super) fn broken(municipality: &str, errors: usize, lang: Lang) -> Told {
    let key = clean(municipality);
    Told::error(lang.pick(
        format!("{key} のファイルに誤りが {errors} 件あります。何も変更していません"),
        match errors {
            1 => format!("the file of {key} has a mistake; nothing was changed"),
            _ => format!("the file of {key} has {errors} mistakes; nothing was changed"),
        },
    ))
    .hint(lang.pick(
        format!("上の指摘を直してください。`gcnet validate {key}` で確かめられます"),
        format!("mend what is shown above; `gcnet validate {key}` checks it again"),
    ))
}

/// A directory without files of municipalities.
pub(super) fn none(dir: &Path, lang: Lang) -> Told {
    let dir = path(dir);
    Told::error(lang.pick(
        format!("{dir} に自治体のファイル (*.yaml) がありません"),
        format!("there are no files of municipalities (*.yaml) in {dir}"),
    ))
    .hint(lang.pick(
        "municipalities フォルダのある場所で実行するか、--dir で指定してください",
        "run gcnet where the folder municipalities is, or name that place with --dir",
    ))
}

/// The system refuses to read.
pub(super) fn unreadable(which: &Path, detail: &str, lang: Lang) -> Told {
    let (which, detail) = (path(which), clean(detail));
    Told::error(lang.pick(format!("{which} を読めません: {detail}"), format!("cannot read {which} : {detail}"))).hint(
        lang.pick(
            "場所と権限を確認してください。別の場所なら --dir で指定します",
            "check the path and its permissions; --dir names another place",
        ),
    )
}

fn check_path(lang: Lang) -> &'static str {
    lang.pick(
        "フォルダがあるか、権限と空き容量が足りるか確認してください",
        "check that the folder is there, its permissions and the space that is left",
    )
}

/// The system refuses to write.
pub(super) fn unwritable(which: &Path, detail: &str, lang: Lang) -> Told {
    let (which, detail) = (path(which), clean(detail));
    Told::error(lang.pick(format!("{which} に書けません: {detail}"), format!("cannot write {which}: {detail}")))
        .hint(check_path(lang))
}

/// No file has that name.
pub(super) fn unknown_city(name: &str, suggestion: Option<&str>, known: &[String], lang: Lang) -> Told {
    let name = clean(name);
    let told = Told::error(
        lang.pick(format!("自治体 {name} のファイルがありません"), format!("no municipality is called {name}")),
    );
    names(told, suggestion, known, lang)
}

/// No place of the network has that name.
pub(super) fn unknown_place(name: &str, suggestion: Option<&str>, known: &[String], lang: Lang) -> Told {
    let name = clean(name);
    let told =
        Told::error(lang.pick(format!("場所 {name} はありません"), format!("the network has no place called {name}")));
    names(told, suggestion, known, lang)
}

pub(super) fn not_a_name(text: &str, lang: Lang) -> Told {
    let text = clean(text);
    Told::error(lang.pick(format!("{text} はドメイン名ではありません"), format!("{text} is not a domain name"))).hint(
        lang.pick(
            "例: www.gc.naruto.example、10.2.0.10（逆引き）",
            "for example www.gc.naruto.example, or 10.2.0.10 for its reverse name",
        ),
    )
}

pub(super) fn unknown_dns_name(name: &str, suggestion: Option<&str>, known: &[String], lang: Lang) -> Told {
    let name = clean(name);
    let told = Told::error(lang.pick(
        format!("ファイルに {name} とその下の名前はありません"),
        format!("the file has no name {name} and none below it"),
    ));
    names(told, suggestion, known, lang)
}

pub(super) fn no_dns_names(municipality: &str, lang: Lang) -> Told {
    let municipality = clean(municipality);
    Told::error(lang.pick(
        format!("{municipality} のファイルには、DNS に問い合わせる名前がありません"),
        format!("the file of {municipality} has no names that a DNS server could be asked for"),
    ))
    .hint(lang.pick(
        "名前解決を構築しない自治体です（dns: のブロックも、ASP のゾーンもありません）",
        "this municipality builds no name resolution: there is no `dns:` block, and no ASP has zones",
    ))
}

pub(super) fn no_dns_server(municipality: &str, lang: Lang) -> Told {
    let municipality = clean(municipality);
    Told::error(lang.pick(
        format!("{municipality} のファイルには、問い合わせ先のインバウンドエンドポイントがありません"),
        format!("the file of {municipality} has no inbound endpoint that could be asked"),
    ))
    .hint(lang.pick("--server IP で DNS サーバを指定してください", "name a DNS server with --server IP"))
}

pub(super) fn dns_server_over_https(municipality: &str, lang: Lang) -> Told {
    let municipality = clean(municipality);
    Told::error(lang.pick(
        format!(
            "{municipality} のインバウンドエンドポイントは DoH だけで、dig-check が使う通常の DNS（Do53）には答えません"
        ),
        format!("the inbound endpoint of {municipality} speaks only DoH, and dig-check asks by plain DNS (Do53)"),
    ))
    .hint(lang.pick(
        "庁内の DNS サーバなどを --server IP で指定してください",
        "name a server that answers plain DNS with --server IP, for example one on-premises",
    ))
}

/// The nearest name, and all that there are.
fn names(told: Told, suggestion: Option<&str>, known: &[String], lang: Lang) -> Told {
    let told = match suggestion.map(clean) {
        Some(near) => told.hint(lang.pick(format!("{near} ではありませんか"), format!("did you mean {near} ?"))),
        None => told,
    };
    if known.is_empty() {
        return told;
    }
    let names: Vec<String> = known.iter().take(NAMES).map(|name| clean(name)).collect();
    let names = names.join(", ");
    let rest = known.len().saturating_sub(NAMES);
    let names = match rest {
        0 => names,
        _ => lang.pick(format!("{names} ほか {rest} 件"), format!("{names} and {rest} more")),
    };
    told.hint(lang.pick(format!("あるのは次のとおりです: {names}"), format!("there are: {names}")))
}

/// No network can be made of a file.
pub(super) fn no_network(municipality: &str, detail: &str, lang: Lang) -> Told {
    let (key, detail) = (clean(municipality), clean(detail));
    Told::error(lang.pick(
        format!("{key} のファイルからネットワークを組み立てられません: {detail}"),
        format!("no network can be made of the file of {key} : {detail}"),
    ))
    .hint(lang.pick(
        format!("先に `gcnet validate {key}` の指摘を直してください"),
        format!("first mend what `gcnet validate {key}` shows"),
    ))
}

/// Why a saved plan cannot be used.
pub(super) fn plan_file(error: &PlanFileError, lang: Lang) -> Told {
    let again = lang.pick("`gcnet plan --out` で計画を作り直してください", "make a new one with `gcnet plan --out`");
    match error {
        PlanFileError::Read { path: which, error } => {
            let (which, error) = (path(which), clean(&error.to_string()));
            Told::error(
                lang.pick(
                    format!("計画 {which} を読めません: {error}"),
                    format!("cannot read the plan {which} : {error}"),
                ),
            )
            .hint(again)
        }
        PlanFileError::Write { path: which, error } => {
            let (which, error) = (path(which), clean(&error.to_string()));
            Told::error(lang.pick(
                format!("計画 {which} を保存できません: {error}"),
                format!("cannot save the plan {which} : {error}"),
            ))
            .hint(check_path(lang))
        }
        PlanFileError::TooLarge { path: which, limit } => {
            let which = path(which);
            Told::error(lang.pick(
                format!("{which} は大きすぎるため計画として読みません（上限 {limit} バイト）"),
                format!("{which} is too large for a saved plan: more than {limit} bytes"),
            ))
            .hint(again)
        }
        PlanFileError::NotAPlan { path: which, detail } => {
            let (which, detail) = (path(which), clean(detail));
            Told::error(lang.pick(
                format!("{which} は gcnet の計画ではありません: {detail}"),
                format!("{which} is no plan of gcnet: {detail}"),
            ))
            .hint(again)
        }
        PlanFileError::OtherVersion { path: which, found, known } => {
            let (which, found) = (path(which), clean(found));
            Told::error(lang.pick(
                format!("計画 {which} の形式は版 {found} です。この gcnet が読めるのは版 {known} です"),
                format!("the plan {which} has format {found} , and this gcnet reads format {known}"),
            ))
            .hint(again)
        }
        PlanFileError::Tampered { path: which } => {
            let which = path(which);
            Told::error(lang.pick(
                format!("計画 {which} は保存後に変更されています"),
                format!("the plan {which} was changed after it was saved"),
            ))
            .hint(lang.pick(
                "書き換えた計画は実行しません。`gcnet plan --out` で作り直してください",
                "an edited plan is never carried out; make a new one with `gcnet plan --out`",
            ))
        }
        PlanFileError::OtherSubject { path: which, saved, asked } => {
            let (which, saved, asked) = (path(which), clean(saved), clean(asked));
            Told::error(lang.pick(
                format!("計画 {which} は {saved} のものです。指定されたのは {asked} です"),
                format!("the plan {which} is for {saved} , but {asked} was asked for"),
            ))
            .hint(lang.pick(
                "自治体とファイルの組み合わせを確認してください",
                "check which plan belongs to which municipality",
            ))
        }
    }
}

/// A saved plan that no longer holds, with what a new plan does otherwise.
pub(super) fn stale(which: &Path, differences: &[Difference], file_changed: bool, style: Style) -> Told {
    let lang = style.lang;
    let which = path(which);
    let cause = match file_changed {
        true => {
            lang.pick("自治体のファイルが、計画のあとで変わりました", "the file of the municipality was changed since")
        }
        false => lang.pick("AWS の状態が、計画のあとで変わりました", "AWS was changed since"),
    };
    Told::error(lang.pick(
        format!("計画 {which} はもう実情に合いません: {cause}。何も変更していません"),
        format!("the plan {which} no longer holds: {cause}. Nothing was changed"),
    ))
    .list(difference::text(differences, style))
    .hint(lang.pick(
        "新しい計画を `gcnet plan --out` で作り、内容を確認してから実行してください",
        "make a new plan with `gcnet plan --out`, look at it, and apply that",
    ))
}

fn path(path: &Path) -> String {
    clean(&path.display().to_string())
}

pub(super) fn place_not_built(name: &str, lang: Lang) -> Told {
    let name = clean(name);
    Told::error(lang.pick(
        format!("{name} は計画にありますが、AWS にまだありません"),
        format!("{name} is planned, and not in AWS yet"),
    ))
    .hint(lang.pick(
        "--live を付けずに計画を調べるか、先に gcnet apply を実行してください",
        "ask of the plan, without --live, or run `gcnet apply` first",
    ))
}

pub(super) fn place_without_vpc(name: &str, lang: Lang) -> Told {
    let name = clean(name);
    Told::error(lang.pick(
        format!("{name} の VPC はファイルになく、そこからの名前解決は調べられません"),
        format!("the file knows no VPC of {name} , so nobody can tell what becomes of its queries"),
    ))
    .hint(lang.pick(
        "PrivateLink でつなぐ会社の VPC は、こちらのゾーンもルールも使いません",
        "the VPC of a company that is joined by PrivateLink uses neither our zones nor our rules",
    ))
}
