//! What `--help` says: every command, argument and option in both languages.
//!
//! The derive gives clap the shape of the command line and no words; a test in `cli` holds the two against each other.

use clap::{Arg, Command};

use super::Lang;

/// One text in Japanese and in English.
struct Words {
    ja: &'static str,
    en: &'static str,
}

/// A command, by the names that lead to it, and its arguments by their ids.
struct Help {
    path: &'static str,
    about: Words,
    args: &'static [(&'static str, Words)],
}

const fn words(ja: &'static str, en: &'static str) -> Words {
    Words { ja, en }
}

const CITY: (&str, Words) = ("city", words("自治体のキー", "The municipality"));
const YES: (&str, Words) = ("yes", words("確認を求めない", "Do not ask"));
const ASK_AGAIN: (&str, Words) = ("ask_again", words("拒否された依頼を、もう一度送る", "Ask those again who refused"));
const DETAILED: (&str, Words) =
    ("detailed_exitcode", words("相手待ちがあれば 3 で終わる", "Exit with 3 when others owe a move"));
const NO_LEASE: (&str, Words) = (
    "no_lease",
    words(
        "リースを取らずに実行する（ほかの実行がないことを確かめてから）",
        "Take no lease: nothing then keeps two runs apart",
    ),
);
const EVENTS: (&str, Words) =
    ("json", words("イベントを 1 行 1 個の JSON で標準出力へ", "One JSON object for each event on stdout"));

/// What every command takes; `help` and `version` are clap's own.
const GLOBAL: &[(&str, Words)] = &[
    ("dir", words("municipalities/ と .gcnet/ のあるフォルダ", "The folder that holds municipalities/ and .gcnet/")),
    (
        "sandbox",
        words(
            "gcnet に内蔵した模擬 AWS を使う（アカウント不要。.gcnet/sandbox.json に保存）",
            "Work on the AWS that is simulated inside gcnet and kept in .gcnet/sandbox.json: no account is needed",
        ),
    ),
    (
        "endpoint_url",
        words(
            "すべての呼び出しの送り先（エミュレータか `gcnet sandbox serve`）",
            "Send all calls to this endpoint: an emulator, or `gcnet sandbox serve`",
        ),
    ),
    (
        "profile",
        words(
            "AWS 設定のプロファイル（SSO も可）。ファイルの指定より優先",
            "Profile of the AWS configuration, SSO included; goes before the file's own",
        ),
    ),
    (
        "mfa_serial",
        words(
            "先に使う MFA デバイスの ARN または製造番号（GCNET_MFA_SERIAL でも可）。ユーザーのアクセスキーのときだけ",
            "MFA device to use first, an ARN or a serial number (or GCNET_MFA_SERIAL); for a user's access key only",
        ),
    ),
    (
        "mfa_code",
        words(
            "デバイスの 6 桁のコード（省略時は端末で尋ねる）",
            "The six digits that the device shows; without it, asked for on the terminal",
        ),
    ),
    (
        "allow_long_lived_keys",
        words(
            "一時的でないアクセスキーでも実行する（GCNET_ALLOW_LONG_LIVED_KEYS=1 でも可）",
            "Work with an access key that is not temporary (or GCNET_ALLOW_LONG_LIVED_KEYS=1)",
        ),
    ),
    ("parallelism", words("変更の呼び出しを同時にいくつまで行うか", "Changing calls in flight at once")),
    (
        "no_record",
        words(
            "AWS を変更する実行の記録を .gcnet/runs/ に残さない",
            "Leave no record of a run that changes AWS in .gcnet/runs/",
        ),
    ),
    (
        "lang",
        words(
            "人が読む文の言語（省略時は LC_ALL、LC_MESSAGES、LANG の順）",
            "Language of what people read; without it LC_ALL, LC_MESSAGES or LANG",
        ),
    ),
    ("color", words("色: auto、always、never", "Colours: auto, always or never")),
    (
        "verbose",
        words("標準エラーへのログを増やす（-vv で全呼び出し）", "More of the log on stderr; twice for every call"),
    ),
    ("quiet", words("エラーと求められたデータだけを出す", "Only errors and what was asked for")),
    ("log_format", words("ログの形式", "Form of the log")),
    ("help", words("ヘルプを表示", "Print help")),
    ("version", words("版を表示", "Print version")),
];

const COMMANDS: &[Help] = &[
    Help {
        path: "",
        about: words(
            "自治体のガバメントクラウド網を、1 枚の YAML から AWS に構築する（状態ファイルなし）",
            "Provisions a municipality's Government Cloud network on AWS from one YAML file, without a state file",
        ),
        args: &[],
    },
    Help {
        path: "validate",
        about: words(
            "ファイルをオフラインで検査する（書式、参照、アドレス、全ファイルの整合）",
            "Check files offline: schema, references, addresses, within a file and across all",
        ),
        args: &[
            ("cities", words("自治体のキー（省略時はすべて）", "Municipalities; all when none is named")),
            ("json", words("指摘を JSON で標準出力へ", "Findings as JSON on stdout")),
            (
                "strict",
                words(
                    "警告も失敗とし、本番アカウントの条件で検査する",
                    "Fail on warnings too, and hold files to what a real account demands",
                ),
            ),
        ],
    },
    Help {
        path: "plan",
        about: words("apply が行うことを表示する", "Show what apply would do"),
        args: &[
            ("cities", words("自治体のキー", "Municipalities")),
            ("all", words("フォルダのすべての自治体", "Every municipality of the folder")),
            (
                "out",
                words(
                    "計画を `apply --plan` 用に保存する（1 自治体のみ）",
                    "Save the plan for `apply --plan`; for one municipality",
                ),
            ),
            (
                "json",
                words(
                    "JSON で出す（1 自治体ならオブジェクト、複数なら配列）",
                    "As JSON: one object for one municipality, else a list",
                ),
            ),
            ("markdown", words("プルリクエスト用の Markdown で出す", "As Markdown, for a pull request")),
            ASK_AGAIN,
            (
                "detailed_exitcode",
                words(
                    "変更があれば 2、他者の対応待ちだけなら 3 で終わる",
                    "Exit with 2 when something would change, with 3 when only others owe a move",
                ),
            ),
        ],
    },
    Help {
        path: "apply",
        about: words("ファイルのとおりに構築する", "Build what the file asks for"),
        args: &[
            ("cities", words("自治体のキー（順に実行する）", "Municipalities, one after the other")),
            (
                "plan",
                words(
                    "保存した計画を、今も変わらない場合だけ実行する（1 自治体のみ）",
                    "Carry out this saved plan, if it still holds; for one municipality",
                ),
            ),
            ASK_AGAIN,
            DETAILED,
            NO_LEASE,
            YES,
            EVENTS,
        ],
    },
    Help {
        path: "destroy",
        about: words(
            "gcnet が作ったものを、正しい順ですべて削除する",
            "Delete everything that is ours, in the right order",
        ),
        args: &[
            CITY,
            NO_LEASE,
            DETAILED,
            YES,
            (
                "include_protected",
                words(
                    "削除から保護されているもの（本番の認証局）も削除する。自治体のキーの入力を求める",
                    "Also what is protected against deletion, such as production's CA; the municipality's name must be typed",
                ),
            ),
            (
                "confirm",
                words(
                    "入力の代わりに自治体のキーを渡す（端末がないとき）",
                    "The municipality's name, given instead of typed, where there is no terminal",
                ),
            ),
            EVENTS,
        ],
    },
    Help {
        path: "unlock",
        about: words(
            "止まった実行が残したリースを外す（持ち主を表示して確認する）",
            "End the lease that a dead run left behind, after showing whose it is",
        ),
        args: &[CITY, YES],
    },
    Help {
        path: "show",
        about: words("現在あるものを表示する", "Show what is live"),
        args: &[CITY, ("json", words("JSON で出す", "As JSON"))],
    },
    Help {
        path: "requests",
        about: words(
            "相手待ちの会社や回線事業者への依頼書を作る（Markdown、1 社 1 通）",
            "Write request sheets for the companies and line providers that owe a move: Markdown, one a party",
        ),
        args: &[
            CITY,
            (
                "party",
                words(
                    "accounts.others の名前かアカウント ID（省略時は全社）",
                    "A name in accounts.others, or an account id; all without it",
                ),
            ),
            (
                "all",
                words(
                    "済んだものも含めて、全社に求める設定の全体を書く（引き継ぎや監査、宛先が変わったときに）",
                    "A sheet for everybody with all that they have to have set up, done or not: for a takeover, an audit, or when destinations have changed",
                ),
            ),
            ("destroy", words("destroy が頼む操作についての依頼書を作る", "Sheets for what a destroy asks for")),
            ("out", words("このフォルダに 1 社 1 ファイルで書く", "Write a file a party into this folder")),
        ],
    },
    Help {
        path: "reach",
        about: words(
            "どこからどこへ届くかを、経路表とセキュリティグループをたどって表示する",
            "Show who reaches whom, computed from every table on the way",
        ),
        args: &[
            CITY,
            (
                "live",
                words(
                    "ファイルの計画ではなく、いま AWS にあるものについて調べる",
                    "Of what is in AWS now, not of what the file leads to",
                ),
            ),
            (
                "from",
                words(
                    "この場所から（--to とともに、経路を 1 ホップずつ表示）",
                    "With --to: the path from this place, hop by hop",
                ),
            ),
            ("to", words("この場所へ", "To this place")),
            (
                "when_open",
                words(
                    "待っているもの（回線の開通、相手の承諾）がすべて済んだものとして調べる",
                    "As if everything that is waited for were open",
                ),
            ),
            ("json", words("JSON で出す", "As JSON")),
        ],
    },
    Help {
        path: "resolve",
        about: words(
            "名前を引いたとき、どのゾーンやルールが決め、誰が答えるかを 1 ホップずつ表示する",
            "Show which zone or rule decides about a name and who answers, hop by hop",
        ),
        args: &[
            CITY,
            (
                "name",
                words(
                    "引く名前。IP アドレスなら逆引き（日本語の名前は Punycode にする）",
                    "The name; an address is looked up in reverse, other scripts become punycode",
                ),
            ),
            (
                "from",
                words(
                    "誰が引くか: on-premises、shared、ASP の名前（省略時は全員）",
                    "Who asks: on-premises, shared, or an ASP; everybody without it",
                ),
            ),
            (
                "record_type",
                words(
                    "レコードの種類（省略時は A、IP アドレスなら PTR）",
                    "Type of record; A without it, PTR for an address",
                ),
            ),
            (
                "live",
                words(
                    "ファイルの計画ではなく、いま AWS にあるものについて調べる",
                    "Of what is in AWS now, not of what the file leads to",
                ),
            ),
            ("json", words("JSON で出す", "As JSON")),
        ],
    },
    Help {
        path: "dig-check",
        about: words(
            "ファイルの名前を実際の DNS サーバに問い合わせ、期待と照らし合わせる（ネットワークにつながったホストで使う）",
            "Ask real DNS servers for the names of the file and compare: for a host on the network",
        ),
        args: &[
            CITY,
            (
                "servers",
                words(
                    "問い合わせ先（省略時はインバウンドエンドポイントの全 IP。ポートは省略時 53）",
                    "Whom to ask; without it every address of the inbound endpoint. The port is 53 unless given",
                ),
            ),
            ("names", words("この名前と、その下の名前だけ", "Only this name and those below it")),
            ("timeout", words("1 回の問い合わせの答えを待つ秒数", "Seconds to wait for the answer to a query")),
            ("json", words("JSON で出す", "As JSON")),
        ],
    },
    Help {
        path: "doctor",
        about: words(
            "実行に要るものを調べる（認証情報、接続、時計、上限、共有、権限）。緑、黄、赤で示す",
            "Look whether all is there that a run needs: credentials, endpoints, clock, quotas, sharing, permissions",
        ),
        args: &[CITY, ("json", words("結果を JSON で標準出力へ", "The findings as JSON on stdout"))],
    },
    Help {
        path: "ca",
        about: words(
            "プライベート CA と、それが発行する証明書を扱う",
            "Work with the private certificate authority and what it issues",
        ),
        args: &[],
    },
    Help {
        path: "ca status",
        about: words(
            "CA の状態、期限、共有先、月額を表示する",
            "Show each authority: its state, its end, with whom it is shared, what it costs",
        ),
        args: &[CITY, ("json", words("JSON で出す", "As JSON"))],
    },
    Help {
        path: "ca export",
        about: words(
            "信頼ストアに入れる CA 証明書を、SHA-256 指紋と期限とともに出す",
            "Print the certificate for trust stores, with its SHA-256 fingerprint and its end",
        ),
        args: &[
            CITY,
            (
                "which",
                words(
                    "どの CA か: root、subordinate（チェーン付き）",
                    "Which authority: root, or subordinate with its chain",
                ),
            ),
            (
                "out",
                words(
                    "このフォルダにファイルとして書く（省略時は標準出力）",
                    "Write files into this folder; on stdout without it",
                ),
            ),
            ("format", words("ファイルの形式: pem、der", "Form of the files: pem or der")),
        ],
    },
    Help {
        path: "ca issue",
        about: words(
            "証明書を発行する（CSR に対して、または鍵をここで作って）",
            "Issue a certificate, for a request or with a key that is made here",
        ),
        args: &[
            CITY,
            ("csr", words("証明書署名要求 (PEM か DER)", "The signing request, PEM or DER")),
            (
                "names",
                words(
                    "ホスト名（繰り返せる。先頭は * でもよい）。鍵をここで作る",
                    "Name of a host, more than once if need be; its first label can be *. The key is made here",
                ),
            ),
            ("ips", words("IP アドレス（繰り返せる）", "An address, more than once if need be")),
            (
                "out",
                words(
                    "鍵、証明書、チェーンを書くフォルダ（鍵は 0600、上書きしない）",
                    "The folder for key, certificate and chain; the key's mode is 0600, and nothing is overwritten",
                ),
            ),
            (
                "days",
                words(
                    "有効日数（省略時は 365、短期証明書の CA では 7。CA の期限まで）",
                    "Days of validity; 365 without it, 7 of a short-lived authority, and never past the authority's own end",
                ),
            ),
            ("usage", words("用途: server、client、both", "What for: server, client or both")),
            (
                "key",
                words(
                    "作る鍵: ec-p256、ec-p384、rsa-2048、rsa-3072、rsa-4096",
                    "The key to make: ec-p256, ec-p384, rsa-2048, rsa-3072 or rsa-4096",
                ),
            ),
        ],
    },
    Help {
        path: "ca list",
        about: words(
            "発行した証明書を一覧する（監査レポートから。30 分に 1 回）",
            "List what was issued, by the audit report, of which there is one in thirty minutes",
        ),
        args: &[
            CITY,
            ("which", words("どの CA か（省略時は発行する CA）", "Which authority; without it the one that issues")),
            ("json", words("JSON で出す", "As JSON")),
        ],
    },
    Help {
        path: "ca revoke",
        about: words("証明書を失効する", "Revoke a certificate"),
        args: &[
            CITY,
            (
                "serial",
                words(
                    "シリアル番号（16 進数。コロンはあってもなくてもよい）か証明書の ARN",
                    "Serial number in hexadecimal, with or without colons, or the certificate's ARN",
                ),
            ),
            ("reason", words("理由", "Why")),
            YES,
        ],
    },
    Help {
        path: "ca restore",
        about: words(
            "削除した CA を、復元期間のうちに戻す（課金が再開する）",
            "Bring a deleted authority back within its days; it is charged for again",
        ),
        args: &[CITY, ("arn", words("どれを戻すか（複数あるとき）", "Which one, where there are several")), YES],
    },
    Help {
        path: "repair",
        about: words(
            "AWS に複数あるもの（2 つの実行が同時に作ったなど）を、まとめて 1 つに片付ける",
            "Tidy up what is in AWS several times, as a set: two runs at once may have made it",
        ),
        args: &[
            CITY,
            (
                "keep",
                words(
                    "これを残す。それが属する VPC などもすべて残る（繰り返し可）",
                    "This one stays, with all that it hangs on; may be given several times",
                ),
            ),
            NO_LEASE,
            (
                "confirm",
                words(
                    "保護されているもの（本番の認証局）を削除するとき、入力の代わりに自治体のキーを渡す（端末がないとき）",
                    "The municipality's name, where something protected goes, such as one of two of production's CA; given instead of typed, where there is no terminal",
                ),
            ),
            DETAILED,
            YES,
        ],
    },
    Help {
        path: "leftovers",
        about: words(
            "どのファイルも望まなくなったものを、月額とともに表示する（復元できる CA も）",
            "Show what no file wants any more, with its price, and authorities that can still be restored",
        ),
        args: &[
            ("cities", words("これらの自治体のアカウントで探す", "Look in the accounts of these municipalities")),
            ("all", words("フォルダのすべての自治体のアカウントで探す", "Look in every account of the folder")),
            ("json", words("JSON で出す", "As JSON")),
        ],
    },
    Help {
        path: "permissions",
        about: words(
            "このファイルに必要な最小の IAM ポリシーを JSON で出す",
            "Print the least IAM policy that this file takes, as JSON",
        ),
        args: &[
            CITY,
            (
                "doing",
                words(
                    "何を行うための権限か: plan、apply（plan を含む）、destroy（plan を含む）",
                    "For what: plan, or apply or destroy, which can plan as well",
                ),
            ),
            (
                "split",
                words(
                    "マネージドポリシーの上限に収まる複数のポリシーに分け、配列で出す",
                    "A list of policies, each short enough for a managed policy",
                ),
            ),
        ],
    },
    Help {
        path: "history",
        about: words(
            "このフォルダにある実行の記録（誰が、いつ、何を変えたか）を表示し、改ざんがないか確かめる（ロググループは読まない）",
            "Show who changed what and when, by the records of runs in this folder (no log group is read), and whether they are as they were written",
        ),
        args: &[
            CITY,
            ("run", words("この実行だけを詳しく", "Only this run, in detail")),
            ("last", words("最後の N 件だけ（1 なら詳しく）", "Only the last N; 1 shows it in detail")),
            ("json", words("JSON で出す", "As JSON")),
        ],
    },
    Help {
        path: "sandbox",
        about: words("gcnet に内蔵した模擬 AWS", "The AWS that is simulated inside gcnet"),
        args: &[],
    },
    Help {
        path: "sandbox serve",
        about: words(
            "ほかの AWS クライアントにも使えるよう、このマシンで待ち受ける（Ctrl-C で終了）",
            "Serve it on loopback for any AWS client (AWS_ENDPOINT_URL); Ctrl-C ends it",
        ),
        args: &[
            ("port", words("ポート番号（0 なら空いているもの）", "Port; 0 takes a free one")),
            (
                "in_memory",
                words("何も保存しない（空で始め、終われば忘れる）", "Keep nothing: start empty, forget at the end"),
            ),
            ("time_scale", words("実際の 1 秒に進む模擬の秒数", "Simulated seconds that pass in a real one")),
            ("latency", words("1 回の呼び出しにかかるミリ秒", "Milliseconds that every request takes")),
            (
                "read_lag",
                words(
                    "読み取りが書き込みに遅れうる模擬の秒数",
                    "Simulated seconds by which reads may lag behind writes",
                ),
            ),
        ],
    },
    Help {
        path: "sandbox counterpart",
        about: words(
            "相手（ASP、回線事業者）の次の操作を、模擬 AWS の中で代わりに行う",
            "Play the next moves of the other parties, with their own accounts",
        ),
        args: &[
            CITY,
            (
                "party",
                words(
                    "この相手だけ（accounts.others の名前かアカウント ID）",
                    "Only this one: a name in accounts.others, or an account id",
                ),
            ),
            ("refuse", words("断る", "They say no")),
            (
                "destroy",
                words(
                    "destroy の後の操作（アタッチメントの削除など）を行う",
                    "The moves that a destroy asks for: they take away what is theirs",
                ),
            ),
        ],
    },
    Help {
        path: "sandbox reset", about: words("模擬 AWS の中身をすべて消す", "Forget everything in it"), args: &[]
    },
    Help {
        path: "schema",
        about: words("自治体のファイルの JSON Schema を出す", "Print the JSON Schema of a municipality's file"),
        args: &[],
    },
    Help {
        path: "completions",
        about: words("シェルの補完スクリプトを出す", "Print completions for a shell"),
        args: &[("shell", words("シェルの種類", "For which shell"))],
    },
    Help {
        path: "man",
        about: words("man ページを作る", "Write man pages"),
        args: &[(
            "out",
            words(
                "コマンドごとのページをこのフォルダへ（省略時は主ページを標準出力へ）",
                "One page a command into this folder; without it, the main page on stdout",
            ),
        )],
    },
];

const HELP: Words =
    words("このヘルプ、または指定したコマンドのヘルプを表示", "Print this message or the help of the given command");

/// The layout of clap's own template; only its one fixed word, before the usage, has to be ours.
const JA_TEMPLATE: &str = "{before-help}{about-with-newline}\n使い方: {usage}\n\n{all-args}{after-help}";

/// Gives a command line its words. The command must be built (`Command::build`): `--help` and inherited options are
/// there only then.
pub fn tell(command: Command, lang: Lang) -> Command {
    below(command, "", lang)
}

fn below(mut command: Command, path: &str, lang: Lang) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_string()).collect();
    for name in names {
        command = command.mut_subcommand(&name, |sub| match name.as_str() {
            "help" => sub.about(HELP.pick(lang)),
            _ => below(sub, join(path, &name).as_str(), lang),
        });
    }
    if let Some(about) = about(path) {
        command = command.about(about.pick(lang));
    }
    command = command.mut_args(|arg| argument(arg, path, lang));
    match lang {
        Lang::En => command,
        Lang::Ja => command.subcommand_help_heading("コマンド").help_template(JA_TEMPLATE),
    }
}

/// What a command takes itself stands apart from what all take.
fn argument(arg: Arg, path: &str, lang: Lang) -> Arg {
    let of = |args: &'static [(&str, Words)]| args.iter().find(|(id, _)| arg.get_id() == id).map(|(_, words)| words);
    let own = COMMANDS.iter().find(|help| help.path == path).and_then(|help| of(help.args));
    let heading = match own {
        None => lang.pick("全コマンド共通", "Options of every command"),
        Some(_) if arg.is_positional() => lang.pick("引数", "Arguments"),
        Some(_) => lang.pick("オプション", "Options"),
    };
    match own.or_else(|| of(GLOBAL)) {
        Some(words) => arg.help(words.pick(lang)).help_heading(heading),
        None => arg,
    }
}

fn about(path: &str) -> Option<&'static Words> {
    COMMANDS.iter().find(|help| help.path == path).map(|help| &help.about)
}

fn join(path: &str, name: &str) -> String {
    format!("{path} {name}").trim_start().to_string()
}

impl Words {
    fn pick(&self, lang: Lang) -> &'static str {
        lang.pick(self.ja, self.en)
    }
}

/// What the table and a command line do not have in common: nothing, a test says. The command must not be built.
#[cfg(test)]
pub(crate) fn unmatched(command: &Command) -> Vec<String> {
    use std::collections::BTreeSet;

    fn walk(command: &Command, path: &str, found: &mut BTreeSet<String>) {
        found.insert(format!("`{path}`"));
        found.extend(command.get_arguments().map(|arg| format!("`{path}` {}", arg.get_id())));
        for sub in command.get_subcommands() {
            walk(sub, &join(path, sub.get_name()), found);
        }
    }

    let mut found = BTreeSet::new();
    walk(command, "", &mut found);
    let clap_has = |id: &str| ["help", "version"].contains(&id);
    let mut told: BTreeSet<String> =
        GLOBAL.iter().filter(|(id, _)| !clap_has(id)).map(|(id, _)| format!("`` {id}")).collect();
    for help in COMMANDS {
        told.insert(format!("`{}`", help.path));
        told.extend(help.args.iter().map(|(id, _)| format!("`{}` {id}", help.path)));
    }
    found.symmetric_difference(&told).cloned().collect()
}
