//! What is asked of other parties, in words: one row an action.

use gcnet_core::Address;

use crate::report::Lang;

/// The words of one action.
pub(super) struct Words {
    /// The code that the kinds give.
    action: &'static str,
    /// What to do, in a line.
    what: (&'static str, &'static str),
    /// Why it is needed.
    why: (&'static str, &'static str),
    /// How to do it in the console, step by step.
    console: &'static [(&'static str, &'static str)],
    /// What happens next, and what the party can do if it does not want to.
    after: (&'static str, &'static str),
}

impl Words {
    pub(super) fn what(&self, lang: Lang) -> &'static str {
        lang.pick(self.what.0, self.what.1)
    }
    pub(super) fn why(&self, lang: Lang) -> &'static str {
        lang.pick(self.why.0, self.why.1)
    }
    pub(super) fn console(&self, lang: Lang) -> Vec<&'static str> {
        self.console.iter().map(|step| lang.pick(step.0, step.1)).collect()
    }
    pub(super) fn after(&self, lang: Lang) -> &'static str {
        lang.pick(self.after.0, self.after.1)
    }
}

/// The words of an action; `None` for one that this version does not know.
pub(super) fn words(action: &str, of: &Address) -> Option<&'static Words> {
    let action = match (action, of.kind()) {
        // Only its provider knows which it is.
        ("allocate-vif", "line") => FIRST_VIF,
        ("accept-share", "share-principal") if of.name().starts_with("ca/") => CA_SHARE,
        (action, _) => action,
    };
    ACTIONS.iter().find(|words| words.action == action)
}

/// What to do, in a line: for lists. `of` is what it is asked about.
pub(in crate::report) fn what(action: &str, of: &Address, lang: Lang) -> String {
    words(action, of).map_or_else(|| action.to_string(), |words| words.what(lang).to_string())
}

/// To allocate an interface whose id the file does not have yet.
const FIRST_VIF: &str = "allocate-vif-and-tell";

/// To accept a share in which there is nothing but the authority that issues.
const CA_SHARE: &str = "accept-ca-share";

/// Every action that has words.
#[cfg(test)]
pub(in crate::report) fn actions() -> impl Iterator<Item = &'static str> {
    ACTIONS.iter().map(|words| words.action)
}

const SHARE_WHY: (&str, &str) = (
    "自治体の Transit Gateway は自治体のアカウントにあり、共有を承諾するまで貴社のアカウントからは見えません。",
    "the municipality's transit gateway is in its own account; yours does not see it before the share is accepted",
);
const SHARE_CONSOLE: &[(&str, &str)] = &[
    (
        "AWS Resource Access Manager を開き、リージョンが下のコマンドと同じことを確かめる",
        "open AWS Resource Access Manager in the Region of the command below",
    ),
    (
        "「自分と共有」→「リソースの共有」で、名前が gcnet で始まる保留中の招待を選ぶ",
        "under Shared with me, Resource shares, choose the pending invitation whose name begins with gcnet",
    ),
    ("「リソースの共有を承認」を押す", "choose Accept resource share"),
];
/// The invitation that was refused is no longer listed as pending.
const SHARE_AGAIN: &[(&str, &str)] = &[
    (
        "承諾してよいか、できない理由は何かを、依頼元に知らせる",
        "tell who asks whether the share can be accepted, and what keeps you from it otherwise",
    ),
    (
        "新しい招待が届いたら、AWS Resource Access Manager を開き、リージョンが「環境」の欄と同じことを確かめる",
        "when the new invitation has come, open AWS Resource Access Manager in the Region of the row Environment",
    ),
    (
        "「自分と共有」→「リソースの共有」で、名前が gcnet で始まる保留中の招待を選ぶ",
        "under Shared with me, Resource shares, choose the pending invitation whose name begins with gcnet",
    ),
    ("「リソースの共有を承認」を押す", "choose Accept resource share"),
];
const SHARE_AFTER: (&str, &str) = (
    "招待は 7 日で失効します。失効したときは、こちらから送り直します。",
    "the invitation lapses after 7 days; we send another when it has",
);
const ATTACH_AFTER: (&str, &str) = (
    "申請が届いたら、合意した VPC であることを確かめて、こちらで承諾します。承諾の後、下の宛先への経路を VPC のルートテーブルに追加してください。",
    "we accept the request once it has come and is of the VPC that was agreed; after that, add the routes below to the route tables of the VPC",
);
const ENDPOINT_WHY: (&str, &str) = (
    "庁内から貴社のサービスを PrivateLink で利用するためです。",
    "clients on-premises use your service through PrivateLink",
);
const PEERING_WHY: (&str, &str) = (
    "貴社の Transit Gateway と自治体の Transit Gateway をピアリングアタッチメントで接続するためです。",
    "your transit gateway and the municipality's are joined by a peering attachment",
);
const LINE_WHY: (&str, &str) = (
    "回線の Direct Connect ゲートウェイと自治体の Transit Gateway をつなぎ、庁内から AWS 上の業務システムを利用するためです。",
    "it joins the line's Direct Connect gateway to the municipality's transit gateway, so that on-premises reaches the systems on AWS",
);
const LINE_AFTER: (&str, &str) = (
    "関連付けには 10 分から 20 分かかります。その後の経路の設定はこちらで行います。",
    "the association takes 10 to 20 minutes; the routing that follows is ours",
);
const VIF_CONSOLE: &[(&str, &str)] = &[
    (
        "Direct Connect コンソールの「仮想インターフェイス」→「仮想インターフェイスを作成」で「トランジット」を選ぶ",
        "in the Direct Connect console, under Virtual interfaces, choose Create virtual interface, Transit",
    ),
    (
        "所有者に「別の AWS アカウント」を選び、下のアカウント、VLAN、ASN を入れて作成する",
        "choose Another AWS account as its owner, give the account, VLAN and ASN below, and create it",
    ),
];
const NOTHING_MORE: (&str, &str) = ("この後の設定はこちらで行います。", "whatever follows is ours to do");

#[rustfmt::skip]
const ACTIONS: &[Words] = &[
    Words {
        action: "accept-share",
        what: ("リソース共有（RAM）の招待を承諾する", "accept the resource share (RAM)"),
        why: SHARE_WHY, console: SHARE_CONSOLE, after: SHARE_AFTER,
    },
    Words {
        action: CA_SHARE,
        what: ("プライベート CA のリソース共有（RAM）の招待を承諾する", "accept the resource share (RAM) of the private CA"),
        why: ("業務システムのサーバ証明書を、自治体のプライベート CA から発行できるようにするためです。", "it lets you have certificates for the system issued by the municipality's private CA"),
        console: SHARE_CONSOLE, after: SHARE_AFTER,
    },
    Words {
        action: "reconsider-share",
        what: ("拒否された、または失敗したリソース共有について協議し、送り直した招待を承諾する", "talk about the resource share that was refused or failed, and accept the invitation that is then sent again"),
        why: SHARE_WHY, console: SHARE_AGAIN,
        after: ("合意の後、こちらから招待を送り直します。", "once agreed, we send the invitation again"),
    },
    Words {
        action: "attach-vpc",
        what: ("VPC を Transit Gateway にアタッチする", "attach the VPC to the transit gateway"),
        why: ("業務システムの VPC と、庁内および連携先の業務システムとの間の経路を作るためです。", "it makes the path between the VPC of the system and on-premises and the systems that it works with"),
        console: &[
            ("VPC コンソールの「Transit Gateway アタッチメント」→「Transit Gateway アタッチメントを作成」を開く", "in the VPC console, open Transit gateway attachments, Create transit gateway attachment"),
            ("Transit Gateway ID に下の ID を、アタッチメントタイプに VPC を選ぶ", "choose the transit gateway below and the attachment type VPC"),
            ("VPC と、利用する AZ ごとに一つのサブネットを選び、作成する", "choose the VPC and one subnet in each zone in use, and create it"),
        ],
        after: ATTACH_AFTER,
    },
    Words {
        action: "add-routes",
        what: ("VPC のルートテーブルに、Transit Gateway への経路を追加する", "add the routes to the transit gateway to the route tables of the VPC"),
        why: ("経路がないと、業務システムから庁内や連携先への通信が戻りません。", "without them nothing finds its way back from the system to on-premises and the systems that it works with"),
        console: &[
            ("VPC コンソールの「ルートテーブル」で、業務システムのサブネットが使うルートテーブルを選ぶ", "in the VPC console, under Route tables, choose the tables that the subnets of the system use"),
            ("「ルート」→「ルートを編集」で、下の宛先をターゲット Transit Gateway で追加する", "under Routes, Edit routes, add the destinations below with the transit gateway as their target"),
        ],
        after: ("追加されたことは、いただいたロールで確かめます。", "with the role that you gave us, we see when they are there"),
    },
    Words {
        action: "add-peer-routes",
        what: ("Transit Gateway のルートテーブルに、ピアリングアタッチメントへの静的ルートを追加する", "add static routes to the peering attachment to the route table of the transit gateway"),
        why: ("ピアリングでは経路が伝播されません。静的ルートがないと、通信が戻りません。", "a peering propagates nothing; without static routes nothing finds its way back"),
        console: &[
            ("VPC コンソールの「Transit Gateway ルートテーブル」で、業務システムのアタッチメントが使うルートテーブルを選ぶ", "in the VPC console, under Transit gateway route tables, choose the table that the attachments of the system use"),
            ("「ルート」→「静的ルートを作成」で、下の宛先をピアリングアタッチメントに向けて追加する", "under Routes, Create static route, add the destinations below with the peering attachment"),
        ],
        after: ("追加されたことは、いただいたロールで確かめます。", "with the role that you gave us, we see when they are there"),
    },
    Words {
        action: "detach-vpc",
        what: ("Transit Gateway のアタッチメントを削除する", "delete the transit gateway attachment"),
        why: ("自治体の Transit Gateway を廃止するためです。アタッチメントが残っていると削除できません。", "the municipality's transit gateway goes, and cannot while an attachment is left"),
        console: &[
            ("VPC のルートテーブルから、この Transit Gateway への経路を削除する", "remove the routes to this transit gateway from the route tables of the VPC"),
            ("VPC コンソールの「Transit Gateway アタッチメント」で下の ID を選び、「アクション」→「削除」を押す", "in the VPC console, under Transit gateway attachments, choose the id below and delete it"),
        ],
        after: NOTHING_MORE,
    },
    Words {
        action: "check-ranges",
        what: ("VPC のアドレス範囲がファイルと違う。正しい方を確かめる", "the VPC has other ranges than the file; find out which is right"),
        why: ("ファイルにない範囲が他の業務システムや庁内の宛先と重なると、通信が別の相手に届きます。確認が済むまで、まだアタッチしていない VPC はアタッチせず、ほかのルートテーブルには新たに伝播しません。すでに伝播しているものは残します。", "where ranges that the file does not have overlap others, packets go astray: until this is decided, what is not attached yet is not, and no other route table learns them; those that did before go on"),
        console: &[("ファイルが違えば asps[].vpcs[].cidr または secondary_cidrs を直す。VPC が違えば、その会社にアタッチメントの削除を依頼する", "correct asps[].vpcs[].cidr or secondary_cidrs when the file is wrong; ask the company to delete the attachment when the VPC is")],
        after: ("直した後で gcnet plan を実行してください。", "then run `gcnet plan`"),
    },
    Words {
        action: "check-announcements",
        what: ("回線の先から、庁内以外の範囲が広報されている。正しい方を確かめる", "the line announces ranges that are not on-premises'; find out which is right"),
        why: ("共有 VPC、業務システムまたは拠点の範囲の一部が広報されると、その宛先の通信は回線へ送られ、相手に届きません。確認が済むまで、ほかのルートテーブルには新たに伝播しません。すでに伝播しているものは残します。", "what is announced inside a range of the shared VPC, an ASP or a site draws its packets onto the line, and they do not arrive: until this is decided, no other route table learns from the line; those that did before go on"),
        console: &[("gcnet reach --live で届かない組を見る。ルーターの設定が違えば、広報の停止を回線の事業者または庁内の担当に依頼する。ファイルが違えば、共有 VPC、業務システムまたは拠点の範囲を直す", "see with `gcnet reach --live` who is cut off; ask the carrier, or whoever keeps the router, to stop announcing them when the router is wrong; correct the ranges of the shared VPC, the ASPs and the sites when the file is")],
        after: ("直した後で gcnet plan を実行してください。", "then run `gcnet plan`"),
    },
    Words {
        action: "protected",
        what: (
            "削除から保護されている。残すなら、ファイルに書いておく。これだけをなくすなら、まず protect: false だけを書いて apply し、その後でファイルから消す。すべてをなくすなら gcnet destroy に --include-protected を付ける",
            "it is protected against deletion; to keep it, leave it in the file; to remove it alone, set protect: false, apply that alone, and then take it out; to remove everything, add --include-protected to `gcnet destroy`",
        ),
        why: ("タグ gcnet:protect が yes のものを、gcnet は自動では削除も作り直しもしません。料金は続きます。", "what carries the tag gcnet:protect = yes is never deleted or replaced by itself; it goes on being charged"),
        console: &[("残すなら、ファイルの変更を元に戻す。なくすなら、gcnet destroy --include-protected を実行する。これだけを作り直すなら、ファイルで protect: false にして apply し、その後で変更する", "to keep it, take the change of the file back; to remove everything, run `gcnet destroy --include-protected`; to remove or replace it alone, apply `protect: false` first and then the change")],
        after: ("直した後で gcnet plan を実行してください。", "then run `gcnet plan`"),
    },
    Words {
        action: "protected-twin",
        what: (
            "複数あるうちの 1 つとして片付けるはずだが、削除から保護されている。gcnet repair に --confirm を付けて片付ける。残すなら、タグ gcnet:withdrawn を外す",
            "it was to go as one of several, but it is protected against deletion; `gcnet repair` with --confirm tidies it up; to keep it, take its tag gcnet:withdrawn off",
        ),
        why: ("タグ gcnet:protect が yes のものを、apply は自動では削除しません。料金は続きます。", "what carries the tag gcnet:protect = yes is never deleted by an apply; it goes on being charged"),
        console: &[("なくすなら gcnet repair を実行し、自治体のキーを入力する。残すなら、コンソールでタグ gcnet:withdrawn を外す", "to remove it, run `gcnet repair` and type the municipality's name; to keep it, take its tag gcnet:withdrawn off in the console")],
        after: ("直した後で gcnet plan を実行してください。", "then run `gcnet plan`"),
    },
    Words {
        action: "protected-replacement",
        what: (
            "削除から保護されているので、作り直さない。作り直すと今のものは削除される。進めるには、まず protect: false だけを書いて apply し、その後でこの変更を行う。進めないなら変更を元に戻す",
            "it is protected, and this change needs a new one, for which the old one is deleted; to go on, set protect: false, apply that alone, and then make this change; otherwise take it back",
        ),
        why: ("タグ gcnet:protect が yes のものを、gcnet は削除も作り直しもしません。ファイルで protect: false にしても、apply がタグを書き換えるまで保護は続きます。", "what carries the tag gcnet:protect = yes is never deleted or replaced by itself; protect: false in the file counts once an apply has written the tag"),
        console: &[("作り直すなら、変更を元に戻して protect: false だけを apply し、その後で変更する。すべてをなくすなら、gcnet destroy --include-protected を実行する", "to replace it, take the change back, apply `protect: false` alone, and make the change after it; to remove everything, run `gcnet destroy --include-protected`")],
        after: ("直した後で gcnet plan を実行してください。", "then run `gcnet plan`"),
    },
    Words {
        action: "check-provider",
        what: ("エンドポイントサービスの持ち主がファイルと違う。正しい方を確かめる", "the endpoint service belongs to another account than the file says; find out which is right"),
        why: ("別の会社のサービスに、庁内の通信を送ることになります。", "traffic of the municipality would go to another company's service"),
        console: &[("ファイルが違えば asps[].account または service.name を直す", "correct asps[].account or service.name when the file is wrong")],
        after: ("直した後で gcnet plan を実行してください。", "then run `gcnet plan`"),
    },
    Words {
        action: "request-peering",
        what: ("Transit Gateway のピアリングアタッチメントを申請する", "request the peering attachment between the transit gateways"),
        why: PEERING_WHY,
        console: &[
            ("VPC コンソールの「Transit Gateway アタッチメント」→「作成」で、タイプに Peering Connection を選ぶ", "in the VPC console, create a transit gateway attachment of the type Peering Connection"),
            ("相手のアカウント、リージョン、Transit Gateway ID に下の値を入れる", "give the account, Region and transit gateway id below"),
        ],
        after: ("申請はこちらで承諾します。", "we accept the request"),
    },
    Words {
        action: "accept-peering",
        what: ("Transit Gateway のピアリングアタッチメントを承諾する", "accept the peering attachment between the transit gateways"),
        why: PEERING_WHY,
        console: &[
            ("貴社の Transit Gateway のリージョンで、VPC コンソールの「Transit Gateway アタッチメント」を開く", "in the Region of your transit gateway, open Transit gateway attachments in the VPC console"),
            ("下の ID を選び、「アクション」→「Transit Gateway アタッチメントを承認」を押す", "choose the id below, then Actions, Accept transit gateway attachment"),
            ("貴社の Transit Gateway のルートテーブルに、下の宛先への静的ルートを追加する", "add static routes to the destinations below to the route table of your transit gateway"),
        ],
        after: NOTHING_MORE,
    },
    Words {
        action: "reconsider-peering",
        what: ("拒否されたピアリングアタッチメントについて協議する", "talk about the peering attachment that was refused"),
        why: PEERING_WHY, console: &[],
        after: ("合意の後、こちらから申請し直します。", "once agreed, we request it again"),
    },
    Words {
        action: "delete-peering",
        what: ("Transit Gateway のピアリングアタッチメントを削除する", "delete the peering attachment between the transit gateways"),
        why: ("自治体の Transit Gateway を廃止するためです。アタッチメントが残っていると削除できません。", "the municipality's transit gateway goes, and cannot while an attachment is left"),
        console: &[("VPC コンソールの「Transit Gateway アタッチメント」で下の ID を選び、削除する", "in the VPC console, under Transit gateway attachments, choose the id below and delete it")],
        after: NOTHING_MORE,
    },
    Words {
        action: "allow-principal",
        what: ("エンドポイントサービスの利用を自治体のアカウントに許可する", "allow the municipality's account to use the endpoint service"),
        why: ENDPOINT_WHY,
        console: &[
            ("VPC コンソールの「エンドポイントサービス」で下のサービスを選ぶ", "in the VPC console, choose the service below under Endpoint services"),
            ("「プリンシパルを許可」タブで「プリンシパルを許可」を押し、下の ARN を追加する", "on the tab Allow principals, add the ARN below"),
        ],
        after: ("許可の後、こちらでエンドポイントを作成し、接続の承諾をお願いします。", "we then make the endpoint, and ask you to accept its connection"),
    },
    Words {
        action: "accept-endpoint",
        what: ("エンドポイントの接続を承諾する", "accept the endpoint's connection"),
        why: ENDPOINT_WHY,
        console: &[
            ("VPC コンソールの「エンドポイントサービス」で下のサービスを選ぶ", "in the VPC console, choose the service below under Endpoint services"),
            ("「エンドポイント接続」タブで下のエンドポイントを選び、「アクション」→「エンドポイント接続リクエストを承諾」を押す", "on the tab Endpoint connections, choose the endpoint below, then Actions, Accept endpoint connection request"),
        ],
        after: NOTHING_MORE,
    },
    Words {
        action: "reconsider-endpoint",
        what: ("拒否されたエンドポイントの接続について協議し、承諾する", "talk about the endpoint that was rejected, and accept it"),
        why: ENDPOINT_WHY,
        console: &[("「エンドポイント接続」タブで下のエンドポイントを選び、承諾する", "on the tab Endpoint connections, choose the endpoint below and accept it")],
        after: ("承諾できない状態になっているときは、こちらで作り直します。", "where it can no longer be accepted, we make another"),
    },
    Words {
        action: "create-endpoint",
        what: ("自治体のエンドポイントサービスに接続するエンドポイントを作成する", "make an endpoint for the municipality's endpoint service"),
        why: ("貴社のシステムから、庁内のサービスを PrivateLink で利用するためです。", "your systems use a service of the municipality through PrivateLink"),
        console: &[
            ("VPC コンソールの「エンドポイント」→「エンドポイントを作成」で「NLB と GWLB を使用するエンドポイントサービス」を選ぶ", "in the VPC console, create an endpoint of the type Endpoint services that use NLBs and GWLBs"),
            ("下のサービス名を入れて検証し、VPC とサブネットを選んで作成する", "verify the service name below, choose VPC and subnets, and create it"),
        ],
        after: ("接続はこちらで承諾します。", "we accept the connection"),
    },
    Words {
        action: "accept-proposal",
        what: ("Direct Connect ゲートウェイの関連付けの提案を承諾する", "accept the association proposal of the Direct Connect gateway"),
        why: LINE_WHY,
        console: &[
            ("Direct Connect コンソールの「Direct Connect ゲートウェイ」で下の ID を選ぶ", "in the Direct Connect console, choose the gateway below"),
            ("「保留中の提案」タブで提案を選び、「提案を承認」を押す。許可されたプレフィックスは変更しない", "on the tab Pending proposals, accept the proposal; leave the allowed prefixes as they are"),
        ],
        after: LINE_AFTER,
    },
    Words {
        action: "reconsider-proposal",
        what: ("取り下げられた関連付けの提案について協議する", "talk about the association proposal that was turned down"),
        why: LINE_WHY, console: &[],
        after: ("合意の後、こちらから提案し直します。", "once agreed, we propose it again"),
    },
    Words {
        action: "grant-prefixes",
        what: ("Direct Connect ゲートウェイの関連付けで、許可されたプレフィックスを提案のとおりにする", "set the allowed prefixes of the association as proposed"),
        why: ("許可されたプレフィックスにない範囲は庁内に広報されず、庁内からは到達できません。", "ranges that are not among the allowed prefixes are not advertised to on-premises, which cannot reach them"),
        console: &[
            ("Direct Connect コンソールの「Direct Connect ゲートウェイ」で下の ID を選ぶ", "in the Direct Connect console, choose the gateway below"),
            ("「ゲートウェイの関連付け」タブで関連付けを選び、「編集」で許可されたプレフィックスを下の値にする", "on the tab Gateway associations, edit the association and set the allowed prefixes below"),
        ],
        after: LINE_AFTER,
    },
    Words {
        action: "tell-gateway",
        what: ("回線の Direct Connect ゲートウェイの ID を知らせる", "tell the id of the line's Direct Connect gateway"),
        why: LINE_WHY, console: &[],
        after: ("ID を受け取ったら、こちらから関連付けを提案します。", "with the id, we propose the association"),
    },
    Words {
        action: "associate-zone",
        what: ("自治体のプライベートホストゾーンを VPC に関連付ける", "associate your VPC with the municipality's private hosted zone"),
        why: ("関連付けるまで、貴社の VPC から自治体のゾーンの名前を引けません。関連付けの許可は、こちらで済ませています。", "until then no name of the municipality's zone can be resolved in your VPC; we have authorised the association"),
        // The console shows only zones of the same account.
        console: &[("コンソールではできません（他のアカウントのゾーンは表示されません）。下のコマンドを使う", "the console cannot do it, because it does not show zones of other accounts: use the command below")],
        after: ("関連付けの後、こちらで許可を取り消します（関連付けは残ります）。", "we then withdraw the authorisation; the association stays"),
    },
    Words {
        action: "authorise-vpc",
        what: ("貴社のプライベートホストゾーンへの関連付けを、自治体の VPC に許可する", "authorise the municipality's VPC to be associated with your private hosted zone"),
        why: ("庁内から貴社のシステムの名前を引くには、自治体の VPC が貴社のゾーンに関連付いている必要があります。", "names of your systems are resolved for on-premises through the municipality's VPC, which must be associated with your zone"),
        console: &[("コンソールではできません（他のアカウントの VPC は選べません）。下のコマンドを使う", "the console cannot do it, because it does not offer VPCs of other accounts: use the command below")],
        after: ("許可の後、こちらで関連付けます。その後、貴社で許可を取り消してください（aws route53 delete-vpc-association-authorization、引数は同じ。関連付けは残ります）。", "we then associate it; after that, withdraw the authorisation (aws route53 delete-vpc-association-authorization with the same arguments; the association stays)"),
    },
    Words {
        action: "repair-endpoint",
        what: ("Resolver エンドポイントの IP が AWS では直せない状態にある。予備の IP を足し、動かない IP を外す", "addresses of the Resolver endpoint are in a state that AWS cannot mend; add a spare address, and take the dead one out"),
        why: ("動かない IP への問い合わせには答えが返りません。", "queries to a dead address get no answer"),
        console: &[("ファイルの dns.inbound.ips または dns.outbound.ips で、動かない IP を別の IP に替える", "in the file, put another address in the place of the dead one: dns.inbound.ips or dns.outbound.ips")],
        after: ("直した後で gcnet apply を実行してください。新しい IP が先に加わります。", "then run `gcnet apply`; the new address comes first"),
    },
    Words {
        action: "check-rule",
        what: ("同じドメインの別のルールが VPC に関連付いていて、このルールは使われていない。どちらを使うか決める", "another rule of the same domain is associated with the VPC, and this one is not used; decide which is to be"),
        why: ("名前が、ファイルと違うサーバに問い合わせられます。", "names are asked of other servers than the file says"),
        console: &[("Route 53 コンソールの「VPC」で、もう一つのルールの関連付けを確かめる", "in the Route 53 console, under VPCs, look at the other rule's association")],
        after: ("もう一つの関連付けを外せば、このルールが使われます。", "once the other association is gone, this rule is used"),
    },
    Words {
        action: "check-zone",
        what: ("関連付けたゾーンの名前または持ち主がファイルと違う。正しい方を確かめる", "the associated zone has another name or owner than the file says; find out which is right"),
        why: ("別のゾーンの答えが庁内に返ります。", "on-premises gets the answers of another zone"),
        console: &[("ファイルが違えば asps[].zones を直す", "correct asps[].zones when the file is wrong")],
        after: ("直した後で gcnet plan を実行してください。", "then run `gcnet plan`"),
    },
    Words {
        action: "allocate-vif",
        what: ("ホスト型トランジット仮想インターフェイスを自治体のアカウントに割り当てる", "allocate a hosted transit virtual interface to the municipality's account"),
        why: LINE_WHY, console: VIF_CONSOLE,
        after: ("割り当ての後、こちらで承諾します。", "we then confirm it"),
    },
    Words {
        action: FIRST_VIF,
        what: ("ホスト型トランジット仮想インターフェイスを自治体のアカウントに割り当て、その ID を知らせる", "allocate a hosted transit virtual interface to the municipality's account, and tell its id"),
        why: LINE_WHY, console: VIF_CONSOLE,
        after: ("ID（dxvif- で始まる）を受け取ったら、こちらで承諾します。", "with its id, which begins with dxvif-, we confirm it"),
    },
    Words {
        action: "delete-vif",
        what: ("トランジット仮想インターフェイスを削除する", "delete the transit virtual interface"),
        why: ("自治体の Direct Connect ゲートウェイを廃止するためです。", "the municipality's Direct Connect gateway goes"),
        console: &[("Direct Connect コンソールの「仮想インターフェイス」で下の ID を選び、削除する", "in the Direct Connect console, under Virtual interfaces, choose the id below and delete it")],
        after: NOTHING_MORE,
    },
    Words {
        action: "open-line",
        what: ("回線を開通する", "open the line"),
        why: LINE_WHY, console: &[],
        after: ("開通手続きに入ったら知らせてください。ほかの構築は先に済ませます。", "tell us when it begins; everything else is built before"),
    },
    Words {
        action: "extend-role",
        what: ("自治体に渡したロールに、足りない権限を加える", "let the role that you gave us do what it lacks"),
        why: ("このロールで行う操作が、権限の不足で拒否されました。", "a call that is made with this role was refused for want of a permission"),
        console: &[
            ("IAM の「ロール」で、このロールの許可ポリシーに、対象にあるアクションを加える", "in IAM, under Roles, add the action that stands above under About to the role's permissions"),
            ("サービスコントロールポリシー、アクセス許可の境界、拒否の文で止めているときは、その管理者に解除を依頼する", "where a service control policy, a permissions boundary or a statement of denial forbids it, ask whoever keeps that"),
        ],
        after: ("追加の後、次の gcnet apply で続きを行います。", "the next apply then goes on from there"),
    },
    Words {
        action: "restore-role",
        what: ("自治体に渡したロールを、もう一度引き受けられるようにする", "let the role that you gave us be assumed again"),
        why: ("このロールで行っていた操作ができず、それぞれの依頼に戻っています。", "what was done with this role cannot be done, and is asked for one by one again"),
        console: &[("IAM の「ロール」で、信頼ポリシーと外部 ID が合意したとおりか確かめる", "in IAM, under Roles, check that trust policy and external id are as agreed")],
        after: ("ロールを渡すのをやめるときは知らせてください。以後は一つずつ依頼します。", "tell us if the role is not coming back; then we ask for each step"),
    },
];
