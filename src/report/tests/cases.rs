//! Every kind of mistake that one file can have: each case changes the first synthetic municipality in one place.

/// A title, and what is replaced by what.
pub(super) type Case = (&'static str, &'static [(&'static str, &'static str)]);

pub(super) const READING: &[Case] = &[
    ("an indentation that is none", &[("  cidrs: !sample [10.0", " cidrs: [10.0")]),
    ("a list that is not closed", &[("links: [juki]", "links: [juki")]),
    ("an unknown tag", &[("!sample opening", "!smaple opening")]),
    ("a block without a value", &[("logs: { flow: cloudwatch, retention_days: 365, kms: none }", "logs:")]),
    ("a missing key", &[("    account: a-sha\n", "")]),
    ("a single value for a list", &[("workloads: [戸籍, 戸籍附票]", "workloads: 戸籍")]),
    ("a text for a number", &[("row: 0", "row: 二行目")]),
    ("a quoted boolean", &[("query_log: true", "query_log: \"yes\"")]),
    ("host bits", &[("!sample [10.0.0.0/16]", "[10.0.0.5/16]")]),
    ("not a range", &[("!sample [10.0.0.0/16]", "[10.0.0.0-10.0.255.255]")]),
    ("an account id of eleven digits", &[("\"200000000001\"", "\"20000000001\"")]),
    ("a date that no calendar has", &[("2026-12-18", "2026-02-30")]),
    ("a month in words", &[("opens: 2025-03", "opens: 2025年3月")]),
    ("a check digit", &[("code: \"100005\"", "code: \"100006\"")]),
    ("a choice with a letter too many", &[("connect: tgw", "connect: tgww")]),
    ("a retention that CloudWatch does not know", &[("retention_days: 365", "retention_days: 360")]),
    ("a number out of range", &[("endpoints: 1", "endpoints: 3")]),
];

pub(super) const NAMES: &[Case] = &[
    ("a misspelt key", &[("shared_vpc: { cidr", "shared_vpc: { cdir: 10.9.0.0/24, cidr")]),
    ("a misspelt block, and what then is missing", &[("shared_vpc:", "shared_vcp:")]),
    ("a key nobody knows", &[("tags:", "budget: 100\ntags:")]),
    ("a key twice", &[("region: ap-northeast-1", "region: ap-northeast-1\nregion: ap-northeast-3")]),
    ("a name twice", &[("  - name: hoken", "  - name: juki")]),
    ("another file name", &[("key: m0000", "key: m0001")]),
    ("an account that is ours", &[("\"200000000002\"", "\"500000000000\"")]),
    ("a link to nobody near", &[("links: [koseki-dc]", "links: [koseki-cd]")]),
    ("a line that is not there", &[("via: { line: lgcs }", "via: { line: satellite }")]),
    ("a subnet that is not derived", &[("shared_vpc: {", "shared_vpc: { subnets: { probe-a: {} },")]),
    ("a name outside the zones", &[("fukushi.gc.m0000.example", "fukushi.example.jp")]),
];

pub(super) const ADDRESSES: &[Case] = &[
    ("an overlap", &[("!sample [172.24.0.0/24]", "[10.0.8.0/24]")]),
    ("a public range", &[("!sample [10.0.0.0/16]", "[133.10.0.0/16]")]),
    ("a default route", &[("asn: 64512 }", "asn: 64512 }\n    onprem_cidrs: [0.0.0.0/0]")]),
    ("no prefixes", &[("asn: 64512 }", "asn: 64512 }\n    allowed_prefixes: []")]),
    ("a supernet and a gap", &[("asn: 64512 }", "asn: 64512 }\n    allowed_prefixes: [100.64.0.0/16, 172.16.0.0/24]")]),
    ("the gateway's ASN", &[("shared_vpc:", "transit_gateway: { asn: 64512 }\nshared_vpc:")]),
    ("a public ASN", &[("shared_vpc:", "transit_gateway: { asn: 2914 }\nshared_vpc:")]),
    ("a VPC without room", &[("!sample 100.64.0.0/24", "100.64.0.0/26")]),
    ("a zone of Osaka", &[("shared_vpc: {", "shared_vpc: { zones: [apne1-az4, apne3-az1],")]),
    (
        "subnets in one zone, outside, and on each other",
        &[(
            "shared_vpc: {",
            "shared_vpc: { subnets: { dns-c: { zone: apne1-az4 }, vpce-a: { cidr: 10.99.0.0/27 }, tgw-c: { cidr: 100.64.0.0/28 } },",
        )],
    ),
    ("a reserved and a foreign address", &[("inbound: { endpoints: 1", "inbound: { ips: [100.64.0.33, 10.0.0.9]")]),
    ("an address twice", &[("inbound: { endpoints: 1", "inbound: { ips: [100.64.0.40, 100.64.0.40]")]),
    (
        "addresses that the other endpoint takes by itself",
        &[("inbound: { endpoints: 1", "inbound: { ips: [100.64.0.37, 100.64.0.53]")],
    ),
    ("one zone", &[("inbound: { endpoints: 1", "inbound: { ips: [100.64.0.40, 100.64.0.41]")]),
    ("a loop", &[("reverse:", "targets: [100.64.0.36], reverse:")]),
    ("a VPC's own resolver", &[("reverse:", "targets: [100.64.0.2, 169.254.169.253], reverse:")]),
    ("a target in the shared VPC", &[("reverse:", "targets: [100.64.0.100], reverse:")]),
    ("targets that are no hosts", &[("reverse:", "targets: [0.0.0.0, 127.0.0.1, 224.0.0.1], reverse:")]),
    ("a target that no route leads to", &[("reverse:", "targets: [8.8.8.8], reverse:")]),
    ("a target twice", &[("reverse:", "targets: [10.0.0.10, 10.0.0.10], reverse:")]),
    ("a rule over a zone", &[("domain: !sample town.m0000.example", "domain: gc.m0000.example")]),
];

pub(super) const RECORDS: &[Case] = &[
    ("a TTL out of range", &[("type: A, ttl: 300", "type: A, ttl: 700000")]),
    ("a name that is none", &[("name: koseki,", "name: \"-koseki\",")]),
    ("a target that is no address", &[("reverse:", "targets: [ns.m0000.example], reverse:")]),
    ("a domain that is none", &[("domain: !sample town.m0000.example", "domain: 役 場.example")]),
    ("a CNAME beside another record", &[("name: ca, type: CNAME", "name: KOSEKI, type: CNAME")]),
    ("a CNAME at the apex", &[("name: ca, type: CNAME", "name: \"@\", type: CNAME")]),
    ("a CNAME of two values", &[("[www.town.m0000.example]", "[www.town.m0000.example, town.m0000.example]")]),
    ("a record beside an endpoint's name", &[("name: koseki,", "name: fukushi,")]),
    ("a name with its zone", &[("name: koseki,", "name: koseki.gc.m0000.example,")]),
    ("a name of another zone", &[("name: koseki,", "name: koseki.town.m0000.example.,")]),
    ("no value", &[("values: !sample [www.town.m0000.example]", "values: []")]),
    ("a value twice", &[("!sample [172.24.0.10]", "[172.24.0.10, 172.24.0.10]")]),
    ("an address of the other family", &[("name: koseki, type: A,", "name: koseki, type: AAAA,")]),
    ("mail without its priority", &[("name: ca, type: CNAME", "name: mail, type: MX")]),
    ("a wildcard for a rule", &[("domain: !sample town.m0000.example", "domain: \"*.m0000.example\"")]),
    ("a rule twice", &[("reverse:", "except: [town.m0000.example], reverse:")]),
    ("a domain with an empty part", &[("domain: !sample town.m0000.example", "domain: town..m0000.example")]),
    (
        "a domain that is no punycode",
        &[("domain: !sample town.m0000.example", "domain: xn--0.example"), ("name: koseki,", "name: \"戸籍 dc\",")],
    ),
    ("a TTL of nothing", &[("type: A, ttl: 300", "type: A, ttl: 0")]),
    ("a TTL below zero", &[("type: A, ttl: 300", "type: A, ttl: -1")]),
    ("an address for a domain", &[("domain: !sample town.m0000.example", "domain: 10.0.0.10")]),
    ("an address for a name", &[("!sample [www.town.m0000.example]", "[10.0.0.10]")]),
    (
        "a text in another script",
        &[("type: CNAME, ttl: 3600, values: !sample [www.town.m0000.example]", "type: TXT, ttl: 300, values: [徳島]")],
    ),
    ("a TTL in words", &[("type: A, ttl: 300", "type: A, ttl: 5m")]),
    ("a target at no port", &[("reverse:", "targets: [\"10.0.0.10:70000\"], reverse:")]),
    (
        "a target over HTTPS that the endpoint does not ask",
        &[("reverse:", "targets: [{ doh: 10.0.0.10, server_name: dns.m0000.example }], reverse:")],
    ),
    ("targets by plain DNS that the endpoint does not ask", &[("outbound: {", "outbound: { protocols: [DoH],")]),
    ("no protocol", &[("inbound: {", "inbound: { protocols: [],")]),
    ("a server's name without its address", &[("reverse:", "targets: [{ server_name: dns.m0000.example }], reverse:")]),
    ("a misspelt target", &[("reverse:", "targets: [{ dooh: 10.0.0.10 }, [10.0.0.11]], reverse:")]),
    (
        "a wildcard for a server",
        &[
            ("outbound: {", "outbound: { protocols: [DoH],"),
            ("reverse:", "targets: [{ doh: 10.0.0.10, server_name: \"*.m0000.example\" }], reverse:"),
        ],
    ),
    ("a zone's id that is none", &[("id: !sample Z0A0000000000", "id: /hostedzone/Z0A0000000000")]),
    (
        "one zone of two companies",
        &[(
            "vpcs: [{ id: !sample vpc-b0",
            "zones: [{ name: hoken.m0000.example, id: Z0A0000000000 }]\n    vpcs: [{ id: !sample vpc-b0",
        )],
    ),
    (
        "more targets than a rule takes",
        &[("reverse:", "targets: [10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4, 10.0.0.5, 10.0.0.6, 10.0.0.7], reverse:")],
    ),
    (
        "more rules than an account has",
        &[(
            "reverse: !sample [10.0.0.0/16]",
            "reverse: [10.0.0.0/18, 10.1.0.0/17, 10.2.128.0/17, 10.3.0.0/17, 10.4.0.0/17, 10.5.0.0/17, 10.6.0.0/17, 10.7.0.0/17, 10.8.0.0/17]",
        )],
    ),
];

pub(super) const ORDER: &[Case] = &[
    (
        "an option that is not built",
        &[("private_ca:\n  subject:", "# private_ca:\n# subject:"), ("  share_with: [juki, hoken]\nlogs", "logs")],
    ),
    ("an option that was not ordered", &[("route53: ○", "route53: ｰ")]),
    ("a workload that nobody serves", &[("印鑑登録, 選挙人名簿管理", "選挙人名簿管理")]),
    ("a workload that was not ordered", &[("workloads: [障害者福祉,", "workloads: [障害者福祉, 生活保護,")]),
    ("a column that is missing", &[("    就学: －\n", "")]),
    ("a register on its own", &[("    links: [juki]\nshared_vpc", "shared_vpc"), ("    links: [koseki-dc]\n", "")]),
    ("a link to a service", &[("links: [koseki-dc]", "links: [koseki-dc, fukushi]")]),
    ("a group for nothing", &[("    links: [koseki-dc]", "    links: [koseki-dc]\n    group: small")]),
    (
        "a group that opens a site",
        &[
            ("shared_vpc:", "transit_gateway: { segmentation: grouped }\nshared_vpc:"),
            ("  - name: juki\n", "  - name: juki\n    group: small\n"),
            ("  - name: hoken\n", "  - name: hoken\n    group: small\n"),
        ],
    ),
    (
        "a table that is taken",
        &[
            ("  - name: hoken", "  - name: shared"),
            ("share_with: [juki, hoken]", ""),
            ("share_with: [juki, hoken]", "use_in_shared_vpc: true"),
            ("share_with: [juki, hoken]", "share_with: []"),
        ],
    ),
    ("a test stack like production", &[("environment: prod", "environment: test")]),
    ("no role", &[("    role: consumer\n", "")]),
    (
        "a service over a Transit Gateway",
        &[("connect: privatelink", "connect: tgw"), ("private_link: ○", "private_link: －")],
    ),
    ("a line without its gateway", &[("id: !sample \"00000000-0000-4000-8000-000000000000\", account: j-lis, ", "")]),
    (
        "names that no certificate takes",
        &[(
            "country: JP }",
            "country: JP, organization: \" Town\", locality: \"Ita\\u0007no\", organizational_unit: A unit whose name is longer than the sixty-four characters of one }",
        )],
    ),
    (
        "a subordinate that outlives its root",
        &[(
            "country: JP }",
            "country: JP }\n  hierarchy: root-and-subordinate\n  key: { validity_years: 5 }\n  subordinate: { subject: { common_name: Issuing CA } }",
        )],
    ),
    (
        "a short-lived CA for ACM, and a list that nobody can fetch",
        &[("country: JP }", "country: JP }\n  mode: short-lived\n  acm_renewal: true\n  revocation: { crl: {} }")],
    ),
    ("a bucket that is none", &[("country: JP }", "country: JP }\n  revocation: { crl: { bucket: No_Bucket } }")]),
    (
        "values that do not fit",
        &[
            (
                "country: JP }",
                "country: Japan }\n  key: { algorithm: EC_prime256v1 }\n  hierarchy: root-and-subordinate",
            ),
            ("flow: cloudwatch", "flow: s3"),
        ],
    ),
];

pub(super) const PARTIES: &[Case] = &[
    (
        "a role of another account",
        &[
            (
                "owner: B社 }",
                "owner: B社, credentials: { assume-role: { role: \"arn:aws:iam::200000000009:role/gcnet\", external_id: m0 } } }",
            ),
            ("vpcs: [{ id: !sample vpc-b0", "vpcs: [{ subnets: [subnet-0a1b2c3d4e5f60718], id: !sample vpc-b0"),
        ],
    ),
    (
        "a role that is none, and no subnets to attach",
        &[(
            "owner: B社 }",
            "owner: B社, credentials: { assume-role: { role: \"arn:aws:iam::200000000002:user/gcnet\", external_id: m0 } } }",
        )],
    ),
    (
        "an external id that STS does not take",
        &[(
            "owner: B社 }",
            "owner: B社, credentials: { assume-role: { role: \"arn:aws:iam::200000000002:role/gcnet\", external_id: \"m 0\" } } }",
        )],
    ),
    (
        "routes without a role",
        &[("vpcs: [{ id: !sample vpc-b0", "vpcs: [{ route_tables: [rtb-0a1b2c3d4e5f60718], id: !sample vpc-b0")],
    ),
    ("a service of ours on nothing", &[("role: consumer", "role: provider")]),
    (
        "a load balancer for somebody else's service",
        &[(
            "      ports: [443]",
            "      ports: [443]\n      load_balancer: \"arn:aws:elasticloadbalancing:ap-northeast-1:500000000000:loadbalancer/net/x/0123456789abcdef\"",
        )],
    ),
    (
        "a load balancer elsewhere, and a principal that is none",
        &[
            ("role: consumer", "role: provider"),
            (
                "name: !sample com.amazonaws.vpce.ap-northeast-1.vpce-svc-c0000000000000000",
                "load_balancer: \"arn:aws:elasticloadbalancing:ap-northeast-3:500000000000:loadbalancer/net/x/0123456789abcdef\"\n      principals: [\"arn:aws:iam::200000000003:policy/all\"]",
            ),
            ("      dns: !sample fukushi.gc.m0000.example\n", ""),
        ],
    ),
    (
        "a load balancer of another kind",
        &[
            ("role: consumer", "role: provider"),
            (
                "name: !sample com.amazonaws.vpce.ap-northeast-1.vpce-svc-c0000000000000000",
                "load_balancer: \"arn:aws:elasticloadbalancing:ap-northeast-1:500000000000:loadbalancer/app/x/0123456789abcdef\"",
            ),
            ("      dns: !sample fukushi.gc.m0000.example\n", ""),
        ],
    ),
    ("a service of Osaka", &[("com.amazonaws.vpce.ap-northeast-1", "com.amazonaws.vpce.ap-northeast-3")]),
    (
        "one gateway behind two ASPs",
        &[
            (
                "    connect: tgw\n    workloads: [住民記録",
                "    connect: peering\n    peering: { tgw: tgw-0a1b2c3d4e5f60718 }\n    workloads: [住民記録",
            ),
            (
                "    connect: tgw\n    workloads: [国民年金",
                "    connect: peering\n    peering: { tgw: tgw-0a1b2c3d4e5f60718, initiated_by: them }\n    workloads: [国民年金",
            ),
        ],
    ),
    (
        "a rule for another Region",
        &[(
            "    connect: tgw\n    workloads: [国民年金",
            "    connect: peering\n    peering: { tgw: tgw-0a1b2c3d4e5f60718, region: ap-northeast-3 }\n    workloads: [国民年金",
        )],
    ),
    (
        "subnets behind a peering",
        &[
            (
                "    connect: tgw\n    workloads: [国民年金",
                "    connect: peering\n    peering: { tgw: tgw-0a1b2c3d4e5f60718 }\n    workloads: [国民年金",
            ),
            ("vpcs: [{ id: !sample vpc-b0", "vpcs: [{ subnets: [subnet-0a1b2c3d4e5f60718], id: !sample vpc-b0"),
        ],
    ),
    (
        "sites that disagree on their gateway",
        &[
            ("via: { line: lgcs }", "via: { peering: { tgw: tgw-0a1b2c3d4e5f60718, account: j-lis } }"),
            (
                "shared_vpc:",
                "  - { name: fuhyo-dc, workloads: [戸籍附票], cidrs: [172.24.1.0/24], links: [juki], via: { peering: { tgw: tgw-0a1b2c3d4e5f60718, account: a-sha } } }\nshared_vpc:",
            ),
            ("workloads: [戸籍, 戸籍附票]", "workloads: [戸籍]"),
        ],
    ),
    ("a deadline for nobody", &[("via: { line: lgcs }", "via: { line: lgcs }\n    deadline: 2026-12-18")]),
    (
        "two lines to one gateway",
        &[(
            "sites:",
            "  - { name: private, kind: private, status: connected, dxgw: { owner: other, id: \"00000000-0000-4000-8000-000000000000\", account: j-lis } }\nsites:",
        )],
    ),
    ("a line that nobody learns from", &[("status: !sample opening", "status: connected\n    propagate: false")]),
    (
        "a gateway of ours with the Transit Gateway's ASN",
        &[
            (
                "dxgw: { owner: other, id: !sample \"00000000-0000-4000-8000-000000000000\", account: j-lis, asn: 64512 }",
                "dxgw: { owner: self }",
            ),
            ("shared_vpc:", "transit_gateway: { asn: 64512 }\nshared_vpc:"),
        ],
    ),
    ("a name for another's gateway", &[("dxgw: { owner: other,", "dxgw: { name: lgcs, owner: other,")]),
    (
        "an overlap behind a peering",
        &[
            (
                "    connect: tgw\n    workloads: [国民年金",
                "    connect: peering\n    peering: { tgw: tgw-0a1b2c3d4e5f60718 }\n    workloads: [国民年金",
            ),
            ("cidr: !sample 192.168.0.0/24", "cidr: 192.168.0.0/24, secondary_cidrs: [172.24.0.128/25]"),
        ],
    ),
];
