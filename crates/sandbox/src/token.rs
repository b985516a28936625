//! Pagination tokens: the key of the last row of the page before, unreadable enough that nobody builds one.

/// The token for the page after the row with this key.
pub(crate) fn encode(key: &str) -> String {
    key.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// The key in a token; None for what [`encode`] did not write.
pub(crate) fn decode(token: &str) -> Option<String> {
    let digits: Vec<u32> = token.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let pairs = digits.chunks(2);
    let bytes = pairs.map(|pair| match *pair {
        [high, low] => u8::try_from(high * 16 + low).ok(),
        _ => None,
    });
    String::from_utf8(bytes.collect::<Option<_>>()?).ok().filter(|key| !key.is_empty())
}

/// The rows after `after`, at most `size` of them, and the next token. `rows` are sorted by their key, so rows that come
/// and go between two pages disturb nothing.
pub(crate) fn cut<R>(
    rows: Vec<R>,
    after: Option<&str>,
    size: usize,
    key: impl Fn(&R) -> &str,
) -> (Vec<R>, Option<String>) {
    let mut rest = rows.into_iter().filter(|row| after.is_none_or(|after| key(row) > after));
    let page: Vec<R> = rest.by_ref().take(size).collect();
    let more = rest.next().is_some();
    let next = page.last().filter(|_| more).map(|last| encode(key(last)));
    (page, next)
}
