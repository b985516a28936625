//! A client that speaks the wire protocols by hand: forms and JSON over TCP. No AWS SDK.

use gcnet_sandbox::{Options, Sandbox};
use quick_xml::events::Event;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub const ACCOUNT: &str = "111122223333";
pub const OTHER: &str = "444455556666";
pub const REGION: &str = "ap-northeast-1";

/// A sandbox and who talks to it.
pub struct Aws {
    pub sandbox: Sandbox,
    pub key: String,
    pub token: Option<String>,
    pub region: String,
    /// The id that the next objects shall have: `x-gcnet-sandbox-id`.
    pub wish: Option<String>,
}

/// An answer. `None` where the connection was closed without one.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: u16,
    pub body: String,
    /// `x-amzn-errortype`, which REST-JSON has.
    pub error_type: Option<String>,
    /// Status line and headers.
    pub head: String,
}

impl Aws {
    pub async fn start(options: Options) -> Self {
        Self {
            sandbox: Sandbox::start(options).await.unwrap(),
            key: ACCOUNT.to_owned(),
            token: None,
            region: REGION.to_owned(),
            wish: None,
        }
    }

    /// An EC2 call that must be answered, well or badly.
    pub async fn ec2(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        let reply = self.try_ec2(action, params).await;
        reply.unwrap_or_else(|| panic!("{action} was not answered"))
    }

    /// An EC2 call that must succeed.
    pub async fn ok(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        let reply = self.ec2(action, params).await;
        assert_eq!(reply.status, 200, "{action} {params:?}: {}", reply.body);
        reply
    }

    /// EC2 calls that must be refused: operation, parameters as `A=b C=d`, error code.
    pub async fn refuses(&self, calls: &[(&str, String, &str)]) {
        for (action, params, code) in calls {
            let reply = self.ec2(action, &split(params)).await;
            assert_ne!(reply.status, 200, "{action} {params} was not refused");
            assert_eq!(reply.code(), *code, "{action} {params}: {}", reply.body);
        }
    }

    /// An EC2 call that must succeed, its parameters as `A=b C=d`.
    pub async fn call(&self, action: &str, params: impl AsRef<str>) -> Reply {
        self.ok(action, &split(params.as_ref())).await
    }

    pub async fn try_ec2(&self, action: &str, params: &[(&str, &str)]) -> Option<Reply> {
        self.query("ec2", "2016-11-15", action, params).await
    }

    pub async fn sts(&self, action: &str, params: &[(&str, &str)]) -> Reply {
        let reply = self.query("sts", "2011-06-15", action, params).await;
        reply.unwrap_or_else(|| panic!("{action} was not answered"))
    }

    pub async fn query(&self, service: &str, version: &str, action: &str, params: &[(&str, &str)]) -> Option<Reply> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("Action", action).append_pair("Version", version);
        form.extend_pairs(params);
        let mut headers = self.signed(service);
        headers.push(("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned()));
        self.send("POST", "/", &headers, form.finish().as_bytes()).await
    }

    pub async fn json(&self, service: &str, target: &str, body: &str) -> Reply {
        let mut headers = self.signed(service);
        headers.push(("X-Amz-Target".to_owned(), target.to_owned()));
        headers.push(("Content-Type".to_owned(), "application/x-amz-json-1.1".to_owned()));
        let reply = self.send("POST", "/", &headers, body.as_bytes()).await;
        reply.unwrap_or_else(|| panic!("{target} was not answered"))
    }

    /// A REST-JSON call with a body.
    pub async fn rest(&self, service: &str, method: &str, path: &str, body: &str) -> Reply {
        let mut headers = self.signed(service);
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        let reply = self.send(method, path, &headers, body.as_bytes()).await;
        reply.unwrap_or_else(|| panic!("{method} {path} was not answered"))
    }

    pub fn signed(&self, service: &str) -> Vec<(String, String)> {
        let (key, region, zeros) = (&self.key, &self.region, "0".repeat(64));
        let scope = format!("{key}/20260401/{region}/{service}/aws4_request");
        let mut headers = vec![
            ("X-Amz-Date".to_owned(), "20260401T000000Z".to_owned()),
            (
                "Authorization".to_owned(),
                format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={zeros}"),
            ),
        ];
        if let Some(token) = &self.token {
            headers.push(("X-Amz-Security-Token".to_owned(), token.clone()));
        }
        if let Some(id) = &self.wish {
            headers.push(("x-gcnet-sandbox-id".to_owned(), id.clone()));
        }
        headers
    }

    /// One request on a connection of its own.
    pub async fn send(&self, method: &str, path: &str, headers: &[(String, String)], body: &[u8]) -> Option<Reply> {
        self.send_to("127.0.0.1", method, path, headers, body).await
    }

    /// The same with another name in `Host`.
    pub async fn send_to(
        &self,
        host: &str,
        method: &str,
        path: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Option<Reply> {
        let endpoint = self.sandbox.endpoint();
        let mut stream = TcpStream::connect(endpoint.strip_prefix("http://").unwrap()).await.unwrap();
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", body.len()));
        stream.write_all(head.as_bytes()).await.unwrap();
        // The server may answer and close before it has read all of a body that is too large.
        let _ = stream.write_all(body).await;
        let mut answer = Vec::new();
        if stream.read_to_end(&mut answer).await.is_err() && answer.is_empty() {
            return None;
        }
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let error_type = head.lines().find_map(|line| line.strip_prefix("x-amzn-errortype: ")).map(str::to_owned);
        Some(Reply {
            status: head.split(' ').nth(1)?.parse().unwrap(),
            body: body.to_owned(),
            error_type,
            head: head.to_owned(),
        })
    }

    pub async fn vpc(&self, cidr: &str) -> String {
        let made = self.call("CreateVpc", format!("CidrBlock={cidr}")).await;
        made.one("vpc.vpcId")
    }

    pub async fn subnet(&self, vpc: &str, cidr: &str) -> String {
        let params = format!("VpcId={vpc} CidrBlock={cidr}");
        self.call("CreateSubnet", params).await.one("subnet.subnetId")
    }

    pub async fn route_table(&self, vpc: &str) -> String {
        let made = self.call("CreateRouteTable", format!("VpcId={vpc}")).await;
        made.one("routeTable.routeTableId")
    }

    pub async fn group(&self, vpc: &str, name: &str) -> String {
        let params = format!("VpcId={vpc} GroupName={name} GroupDescription=d");
        self.call("CreateSecurityGroup", params).await.one("groupId")
    }
}

pub fn split(params: &str) -> Vec<(&str, &str)> {
    let words = params.split(' ').filter(|word| !word.is_empty());
    words.map(|word| word.split_once('=').unwrap()).collect()
}

impl Reply {
    /// The texts of all elements at this path's end: `vpc.vpcId` matches any element `vpcId` directly within a `vpc`.
    pub fn all(&self, path: &str) -> Vec<String> {
        let wanted: Vec<&str> = path.split('.').collect();
        let mut reader = quick_xml::Reader::from_str(&self.body);
        let (mut stack, mut found) = (Vec::<String>::new(), Vec::new());
        let mut text = String::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    stack.push(start.name().as_ref().to_owned());
                    text.clear();
                }
                Event::Text(part) => text.push_str(&part),
                Event::GeneralRef(entity) => {
                    let escaped = format!("&{};", &*entity);
                    text.push_str(&quick_xml::escape::unescape(&escaped).unwrap());
                }
                Event::End(_) => {
                    if stack.ends_with(&wanted.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()) {
                        found.push(text.clone());
                    }
                    stack.pop();
                }
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    /// The text of the first such element.
    pub fn one(&self, path: &str) -> String {
        let all = self.all(path);
        let first = all.into_iter().next();
        first.unwrap_or_else(|| panic!("no {path} in {}", self.body))
    }

    /// A header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }

    /// The error code, whatever the protocol.
    pub fn code(&self) -> String {
        if let Some(code) = &self.error_type {
            return code.clone();
        }
        if self.body.starts_with('{') {
            let value: serde_json::Value = serde_json::from_str(&self.body).unwrap();
            return value["__type"].as_str().unwrap().to_owned();
        }
        self.one("Error.Code")
    }
}
