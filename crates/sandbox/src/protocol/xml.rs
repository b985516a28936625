//! XML answers, built from the inside out.

use quick_xml::escape::escape;

/// The content of an element: child elements in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Xml(String);

impl Xml {
    /// No content.
    pub fn new() -> Self {
        Self::default()
    }

    /// EC2's answer to a write that has nothing to tell.
    pub fn done() -> Self {
        Self::new().text("return", "true")
    }

    /// `<name>value</name>`.
    #[must_use]
    pub fn text(mut self, name: &str, value: impl AsRef<str>) -> Self {
        let value = escape(value.as_ref());
        self.0.push_str(&format!("<{name}>{value}</{name}>"));
        self
    }

    /// Numbers, booleans and moments.
    #[must_use]
    pub fn value(self, name: &str, value: impl ToString) -> Self {
        self.text(name, value.to_string())
    }

    /// The element only if there is a value.
    #[must_use]
    pub fn maybe(self, name: &str, value: Option<impl ToString>) -> Self {
        match value {
            Some(value) => self.value(name, value),
            None => self,
        }
    }

    /// `<name>content</name>`.
    #[must_use]
    pub fn nest(mut self, name: &str, content: Self) -> Self {
        self.0.push_str(&format!("<{name}>{}</{name}>", content.0));
        self
    }

    /// `<name><item>…</item><item>…</item></name>`, as EC2 writes lists.
    #[must_use]
    pub fn list(self, name: &str, items: impl IntoIterator<Item = Self>) -> Self {
        self.list_of(name, "item", items)
    }

    /// A list whose items have another name: STS and IAM write `member`.
    #[must_use]
    pub fn list_of(self, name: &str, item: &str, items: impl IntoIterator<Item = Self>) -> Self {
        let content = items.into_iter().fold(Self::new(), |all, one| all.nest(item, one));
        self.nest(name, content)
    }

    /// Plain text instead of children: the items of a list of strings.
    pub fn plain(value: impl AsRef<str>) -> Self {
        Self(escape(value.as_ref()).into_owned())
    }

    /// These children and then those.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    /// The whole document.
    pub fn document(&self, root: &str, namespace: Option<&str>) -> String {
        let content = &self.0;
        let namespace = namespace.map_or(String::new(), |uri| format!(" xmlns=\"{}\"", escape(uri)));
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root}{namespace}>{content}</{root}>")
    }
}
