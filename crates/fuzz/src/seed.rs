//! Inputs to begin with. What the repository has anyway is read where it is.

use std::path::{Path, PathBuf};

/// All files of a folder, in the order of their names; none where there is no such folder.
pub(crate) fn files(dir: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    paths.sort();
    paths.into_iter().filter_map(|path| Some((path.clone(), std::fs::read(path).ok()?))).collect()
}

fn of_repository(dir: &str) -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(dir);
    files(&dir).into_iter().map(|(_, bytes)| bytes).collect()
}

/// Nothing but what is kept under `corpus`.
pub(crate) fn none() -> Vec<Vec<u8>> {
    Vec::new()
}

/// The files of all municipalities.
pub(crate) fn municipalities() -> Vec<Vec<u8>> {
    of_repository("municipalities")
}

/// Short texts with what steers a terminal or means something in Markdown.
pub(crate) fn texts() -> Vec<Vec<u8>> {
    let texts = [
        "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}",
        "鳴門市 葛\u{e0100}城市\r\n\u{202e}txt.exe\u{2066}",
        "| a | `b` | <img src=https://example.com/x> @someone #1 [l](http://x)",
        "```\n\u{200b}\u{2028}\u{feff}\u{9b}2J\u{e0041}",
    ];
    texts.map(|text| text.as_bytes().to_vec()).into()
}

/// Requests, certificates and keys that tests have.
pub(crate) fn fixtures() -> Vec<Vec<u8>> {
    of_repository("src/pki/fixtures")
}

/// The file of a sandbox in which the network of Itano was made, a certificate was issued, and nothing is real.
pub(crate) const STORE: &[u8] = include_bytes!("../corpus/sandbox.json");

/// Requests to that sandbox, of each operation the shortest and the longest.
pub(crate) fn requests() -> Vec<Vec<u8>> {
    let recorded = include_str!("../corpus/requests.txt");
    recorded.split("\n%%\n").map(|request| request.as_bytes().to_vec()).collect()
}

/// Answers in the form of the wire: an address, an alias, a text, an SOA, and one that is cut off.
pub(crate) fn dns_answers() -> Vec<Vec<u8>> {
    /// Header (id 1, a response), one question `a.example. IN`, then sections.
    fn message(kind: u8, counts: [u8; 2], sections: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![0, 1, 0x85, 0x80, 0, 1, 0, counts[0], 0, counts[1], 0, 0];
        bytes.extend(b"\x01a\x07example\x00");
        bytes.extend([0, kind, 0, 1]);
        sections.iter().for_each(|section| bytes.extend(*section));
        bytes
    }
    /// A record of the question's name: type, class IN, a TTL of 300 and its data.
    fn record(kind: u8, data: &[u8]) -> Vec<u8> {
        let length = u8::try_from(data.len()).unwrap_or(u8::MAX);
        [&[0xc0, 12, 0, kind, 0, 1, 0, 0, 1, 44, 0, length], data].concat()
    }
    let soa = [b"\x02ns\xc0\x0c\x04root\xc0\x0c".as_slice(), &[0; 20]].concat();
    let service = [&[0, 1, 0, 1, 0, 53][..], b"\x01b\xc0\x0e"].concat();
    let mut answers = vec![
        message(1, [1, 0], &[&record(1, &[10, 0, 0, 1])]),
        message(28, [1, 0], &[&record(28, &[0xfd; 16])]),
        message(5, [2, 0], &[&record(5, b"\x01b\xc0\x0e"), &record(1, &[10, 0, 0, 2])]),
        message(16, [1, 0], &[&record(16, b"\x05\"a\\b\x1b\x03abc")]),
        message(15, [1, 0], &[&record(15, b"\x00\x0a\x01m\xc0\x0e")]),
        message(33, [1, 0], &[&record(33, &service)]),
        message(6, [0, 1], &[&record(6, &soa)]),
        message(2, [1, 0], &[&record(2, b"\x02ns\xc0\x0e")]),
    ];
    answers.push(message(1, [1, 0], &[&record(1, &[10])]));
    answers
}
