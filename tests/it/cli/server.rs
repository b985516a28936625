//! `gcnet sandbox serve` and a client of it that is not gcnet.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
};

use serde_json::{Value, json};

use super::{Folder, Ran};

/// Naruto's network account; an access key of that name belongs to it.
pub(crate) const ACCOUNT: &str = "100000000002";

/// Ended when dropped.
pub(crate) struct Server {
    child: Child,
    endpoint: String,
}

impl Server {
    /// One that serves the folder's own sandbox, in which the companies of its files are.
    pub(crate) fn start(folder: &Folder, options: &str) -> Self {
        let mut command = folder.command(&format!("-q sandbox serve --port 0 {options}"));
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut endpoint = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut endpoint).unwrap();
        Server { child, endpoint: endpoint.trim().into() }
    }

    /// A line of arguments that works here.
    pub(crate) fn line(&self, line: &str) -> String {
        format!("--endpoint-url {} {line}", self.endpoint)
    }

    /// Runs gcnet here with good credentials.
    pub(crate) fn run(&self, folder: &Folder, line: &str) -> Ran {
        folder.run_with(&self.line(line), &credentials(ACCOUNT))
    }

    pub(crate) fn fault(&self, fault: Value) {
        self.control("POST", "faults", &fault);
    }

    pub(crate) fn heal(&self) {
        self.control("DELETE", "faults", &json!({}));
    }

    /// Lets simulated time pass.
    pub(crate) fn advance(&self, seconds: u64) {
        self.control("POST", "clock", &json!({ "advance_seconds": seconds }));
    }

    /// A control request; its answer.
    pub(crate) fn control(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.send(method, &format!("/_sandbox/{path}"), "application/json", "", &body.to_string());
        serde_json::from_str(&answer).unwrap()
    }

    /// What is alive in Naruto's account: kind, id.
    pub(crate) fn resources(&self) -> Vec<(String, String)> {
        let answer = self.control("GET", &format!("resources/{ACCOUNT}"), &json!({}));
        let text = |value: &Value| value.as_str().unwrap().to_string();
        answer["resources"].as_array().unwrap().iter().map(|r| (text(&r["kind"]), text(&r["id"]))).collect()
    }

    /// A call of Private CA by somebody else in Naruto's account; its answer.
    pub(crate) fn acm_pca(&self, operation: &str, input: &Value) -> Value {
        let headers = format!("X-Amz-Target: ACMPrivateCA.{operation}\r\n{}", signature(ACCOUNT, "acm-pca"));
        let answer = self.send("POST", "/", "application/x-amz-json-1.1", &headers, &input.to_string());
        serde_json::from_str(&answer).unwrap_or_default()
    }

    /// An EC2 call of somebody else in Naruto's account, as a form.
    pub(crate) fn ec2(&self, form: &str) {
        self.ec2_of(ACCOUNT, form);
    }

    /// An EC2 call in an account, as a form.
    pub(crate) fn ec2_of(&self, account: &str, form: &str) {
        let form = format!("Version=2016-11-15&{form}");
        self.send("POST", "/", "application/x-www-form-urlencoded", &signature(account, "ec2"), &form);
    }

    /// The body of the answer, which must be a good one.
    fn send(&self, method: &str, path: &str, media: &str, headers: &str, body: &str) -> String {
        let host = self.endpoint.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host).unwrap();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n\
             Connection: close\r\n{headers}\r\n"
        );
        stream.write_all((head + body).as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
        body.to_string()
    }
}

fn signature(account: &str, service: &str) -> String {
    format!(
        "X-Amz-Date: 20260101T000000Z\r\nAuthorization: AWS4-HMAC-SHA256 \
         Credential={account}/20260101/ap-northeast-1/{service}/aws4_request, SignedHeaders=host, Signature={}\r\n",
        "0".repeat(64),
    )
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Of an account: the sandbox knows it by its key's name.
pub(crate) fn credentials(account: &str) -> [(&str, &str); 2] {
    [("AWS_ACCESS_KEY_ID", account), ("AWS_SECRET_ACCESS_KEY", "secret-that-nobody-may-see")]
}
