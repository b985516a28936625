//! What each check asks, and why it does.

use super::Lang;
use crate::config::Code;

/// What the check asks, in a line.
pub fn summary(code: Code, lang: Lang) -> &'static str {
    texts(code, lang).0
}

/// Why it asks.
pub fn why(code: Code, lang: Lang) -> &'static str {
    texts(code, lang).1
}

fn texts(code: Code, lang: Lang) -> (&'static str, &'static str) {
    let ((ja_summary, ja_why), (en_summary, en_why)) = both(code);
    lang.pick((ja_summary, ja_why), (en_summary, en_why))
}

type Texts = (&'static str, &'static str);

fn both(code: Code) -> (Texts, Texts) {
    match code {
        Code::V00 => (
            ("ファイルが読め、値の形式が正しい", "読み違えた値のまま構築しないためです。"),
            (
                "the file can be read and its values have the right form",
                "nothing is built from a value that was misread",
            ),
        ),
        Code::V01 => (
            (
                "知らないキーがなく、名前が重複せず、他者のものの記述が全ファイルで一致する",
                "打ち間違えたキーは、黙って既定値になるのが最も危険です。",
            ),
            (
                "no unknown keys, names are unique, and every file says the same of what others own",
                "a misspelt key that silently becomes a default is the most dangerous kind",
            ),
        ),
        Code::V02 => (
            ("参照先の名前がファイル内にある", "存在しない相手への共有や経路は作れません。"),
            ("every name that is used is defined", "nothing can be shared with, or routed to, what does not exist"),
        ),
        Code::V03 => (
            (
                "自治体内でアドレス範囲が重複しない",
                "重複した範囲の VPC も Transit Gateway には接続でき、エラーなしに経路だけが作られません。",
            ),
            (
                "no overlapping ranges inside a municipality",
                "a Transit Gateway accepts an overlapping VPC without an error and routes nothing to it",
            ),
        ),
        Code::V04 => (
            (
                "ASP の VPC や Transit Gateway を共用する自治体同士でアドレス範囲が重複しない",
                "共用 VPC のルートテーブルは、一つの宛先を一つの Transit Gateway にしか向けられません。",
            ),
            (
                "municipalities that share an ASP's VPC or Transit Gateway do not overlap",
                "the shared VPC can route one destination to one Transit Gateway only",
            ),
        ),
        Code::V05 => (
            (
                "ASP の一つの VPC を共用する自治体は 5 団体まで",
                "VPC の Transit Gateway アタッチメントは 5 個までで、上限緩和はできません。",
            ),
            (
                "an ASP's VPC serves five municipalities at most",
                "a VPC takes five Transit Gateway attachments, and AWS does not raise that quota",
            ),
        ),
        Code::V06 => (
            (
                "Transit Gateway の ASN がプライベート範囲で一意、Direct Connect ゲートウェイと異なる",
                "同じ ASN では Direct Connect ゲートウェイとの関連付けが失敗します。",
            ),
            (
                "the Transit Gateway's ASN is private, unique and not the Direct Connect gateway's",
                "the association fails when both have the same ASN",
            ),
        ),
        Code::V07 => (
            (
                "許可プレフィックスが過不足なく広報対象を覆う",
                "空のリストはエラーにならず、庁内から何にも到達できません。広すぎる範囲は想定外の VPC 間通信を開きます。",
            ),
            (
                "allowed prefixes cover what is advertised, and no more",
                "an empty list is no error and on-premises reaches nothing; a supernet can open paths between VPCs",
            ),
        ),
        Code::V08 => (
            (
                "サブネットが VPC 内にあり、/28 以上で、役割ごとに 2 つの AZ にまたがる",
                "エンドポイントとアタッチメントは、2 つの AZ に置いて初めて片系障害に耐えます。",
            ),
            (
                "subnets lie inside the VPC, are /28 or larger, and a role spans two zones",
                "endpoints and attachments survive the loss of a zone only when they are in two",
            ),
        ),
        Code::V09 => (
            (
                "Resolver エンドポイントの IP が 2 つの AZ にあり、使用可能",
                "AWS は各サブネットの先頭 4 個と末尾 1 個を予約し、2 つ以上の IP を要求します。",
            ),
            (
                "Resolver endpoints have free addresses in two zones",
                "AWS keeps the first four addresses and the last of a subnet, and asks for two addresses an endpoint",
            ),
        ),
        Code::V10 => (
            (
                "転送ルールがループせず、転送先を持つ",
                "自分のインバウンドエンドポイントへの転送は、名前解決を無限に繰り返します。",
            ),
            (
                "forwarding rules have targets and do not loop",
                "a rule that forwards to one's own endpoint asks for ever",
            ),
        ),
        Code::V11 => (
            ("仕様書の表と、構築するブロックが一致する", "注文と構築の食い違いは、検収で必ず問題になります。"),
            (
                "what is built is what the specification's table orders",
                "a difference between order and delivery surfaces at acceptance at the latest",
            ),
        ),
        Code::V12 => (
            (
                "ASP 同士は、接続するか遮断するかが定まっている",
                "経路がないだけでは遮断になりません。接続しない組はブラックホールで遮断します。",
            ),
            (
                "every pair of ASPs is linked or cut off",
                "the absence of a route is no isolation; pairs that are not linked get blackholes",
            ),
        ),
        Code::V13 => (
            (
                "パブリックアドレスとデフォルトルートがない",
                "ガバメントクラウドは閉域です。インターネットへの出口は統制で拒否されます。",
            ),
            (
                "no public ranges and no default route",
                "Government Cloud is a closed network; its guardrails refuse a way to the internet",
            ),
        ),
        Code::V14 => (
            (
                "environment に合った CA・削除猶予・期限",
                "試験用の汎用 CA は月額 400 USD かかり、消し忘れた試験環境は課金され続けます。",
            ),
            (
                "CA, deletion window and expiry suit the environment",
                "a general-purpose CA costs 400 USD a month, and a forgotten test stack costs for ever",
            ),
        ),
        Code::V15 => (
            (
                "本番アカウントにサンプル値を使わない",
                "アカウント ID や CIDR はヒアリングで決まります。仮の値で本番を作ると、他者のネットワークに影響します。",
            ),
            (
                "no sample values in a production account",
                "account ids and ranges come from the hearing; production built from invented ones touches other people's networks",
            ),
        ),
        Code::V17 => (
            (
                "ファイルから分かる範囲で、AWS のクォータに収まる",
                "上限を超える構築は、途中まで進んでから拒否されます。共用のゲートウェイやアカウントは、一団体だけでは分かりません。",
            ),
            (
                "as far as the files tell, AWS's quotas suffice",
                "AWS refuses what is over a quota half-way, and of a shared gateway or account no single file tells",
            ),
        ),
        Code::V20 => (
            (
                "仕様書が定めないことを、ファイルが明示する",
                "PrivateLink の向きや回線の状態は、仕様書や日付から推測できません。",
            ),
            (
                "the file says what the specification leaves open",
                "neither PrivateLink's direction nor a line's state follows from the specification or the calendar",
            ),
        ),
        Code::V21 => (
            ("ブロック内の値が互いに整合する", "AWS が構築の途中で拒否する組み合わせを、構築前に見つけます。"),
            ("values of a block fit each other", "what AWS would refuse half-way is found before anything is built"),
        ),
        Code::V22 => (
            (
                "ファイルから導かれる到達性の規則を、計画したネットワークが満たす",
                "つながるはずの組と切れているはずの組を、すべての経路をたどって構築前に確かめます。",
            ),
            (
                "the planned network does what the file asks of who reaches whom",
                "every pair that must meet and every pair that must not is walked through all tables before anything is built",
            ),
        ),
        Code::V23 => (
            (
                "名前の問い合わせが循環せず、答える相手に届く",
                "循環した問い合わせは、エラーもなく応答しないまま Resolver の料金だけがかかります。",
            ),
            (
                "no name is asked for in a circle, or of somebody who never answers",
                "a query in a circle ends in silence, not in an error, and every round of it is billed",
            ),
        ),
        Code::V24 => (
            (
                "ゾーンとルールが互いに名前を隠さない",
                "VPC では最も詳しいドメインが決め、同じドメインではルールがゾーンに優先します。負けた側の名前は引けません。",
            ),
            (
                "zones and rules do not hide each other's names",
                "in a VPC the most specific domain decides and a rule goes before a zone; the loser's names are not found",
            ),
        ),
        Code::V25 => (
            (
                "一つの VPC に、同じドメインのゾーンもルールも一つだけ",
                "AWS は二つ目を拒否します。共用の VPC では、ほかの団体のファイルと照らさなければ分かりません。",
            ),
            (
                "a VPC has one zone and one rule of a domain",
                "AWS refuses the second one, and of a VPC that municipalities share no single file tells",
            ),
        ),
        Code::V26 => (
            (
                "レコードの名前と値が正しい",
                "Route 53 は変更をまとめて受け付けるため、一つの誤りでゾーン全体の変更が拒否されます。",
            ),
            (
                "records have names and values that Route 53 takes",
                "Route 53 takes changes as a batch: one wrong record keeps all others from being written",
            ),
        ),
    }
}
