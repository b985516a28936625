//! All files of a directory, read and checked together.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::checks::{self, Purpose};
use super::problem::{Code, Finding, Problem, Severity, nearest};
use super::read::{self, Refused};
use super::schema::Municipality;
use super::source::{Place, Source, Span};

/// A municipality whose file could be read.
#[derive(Debug, Clone)]
pub struct City {
    /// The file.
    pub source: Arc<Source>,
    /// What it says.
    pub config: Municipality,
    /// Values marked `!sample`.
    pub samples: Vec<Span>,
}

impl City {
    /// The municipality's key.
    pub fn key(&self) -> &str {
        self.config.key()
    }

    /// A place in the city's file.
    pub fn at(&self, span: Span) -> Place {
        Place::new(&self.source, span)
    }
}

/// A file of the fleet, well or not.
#[derive(Debug, Clone)]
struct File {
    source: Arc<Source>,
    /// What could be read; `whole` tells whether nothing was taken out.
    city: Option<City>,
    findings: Vec<Finding>,
}

impl File {
    fn is_whole(&self) -> bool {
        self.findings.is_empty()
    }
}

/// All municipalities of a directory.
#[derive(Debug, Clone)]
pub struct Fleet {
    files: Vec<File>,
}

/// Why there is no fleet at all.
#[derive(Debug, thiserror::Error)]
pub enum FleetError {
    /// The directory cannot be listed.
    #[error("cannot list {}: {error}", dir.display())]
    Directory {
        /// The directory.
        dir: PathBuf,
        /// The system's reason.
        error: std::io::Error,
    },
    /// The directory has no `*.yaml`.
    #[error("{} has no *.yaml", dir.display())]
    Empty {
        /// The directory.
        dir: PathBuf,
    },
}

/// Why a city cannot be worked on.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CityError {
    /// No file has that name.
    #[error("no municipality is called {name}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// The nearest that exists.
        suggestion: Option<String>,
        /// All that exist.
        known: Vec<String>,
    },
    /// Its file has mistakes.
    #[error("the file of {name} has mistakes")]
    Broken {
        /// What was asked for.
        name: String,
        /// The mistakes.
        findings: Vec<Finding>,
    },
}

impl Fleet {
    /// Reads every `*.yaml` of a directory, in the order of their names. A file that cannot be read is part of the fleet and
    /// of [`Self::check`], and hinders nobody else.
    pub fn load(dir: &Path) -> Result<Self, FleetError> {
        let fail = |error| FleetError::Directory { dir: dir.to_owned(), error };
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(dir).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                paths.push(path);
            }
        }
        if paths.is_empty() {
            return Err(FleetError::Empty { dir: dir.to_owned() });
        }
        paths.sort();
        Ok(Self { files: in_parallel(&paths, |path| parse(read::file(path))) })
    }

    /// A fleet of files whose bytes are in memory, by their names.
    pub fn from_bytes(files: Vec<(String, Vec<u8>)>) -> Self {
        Self { files: in_parallel(&files, |(name, bytes)| parse(read::text(name, bytes.clone()))) }
    }

    /// A fleet of texts that are in memory.
    pub fn from_sources(sources: Vec<Arc<Source>>) -> Self {
        Self { files: in_parallel(&sources, |source| parse(Ok(Arc::clone(source)))) }
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The municipalities whose files have no mistakes, in the order of file names.
    pub fn cities(&self) -> impl Iterator<Item = &City> {
        self.files.iter().filter(|file| file.is_whole()).filter_map(|file| file.city.as_ref())
    }

    /// Names that can be asked for.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.source.stem.as_str())
    }

    /// The municipality of that key.
    ///
    /// # Errors
    /// [`CityError::Unknown`] with the nearest name, [`CityError::Broken`] with what is wrong in its file.
    pub fn city(&self, name: &str) -> Result<&City, CityError> {
        let Some(file) = self.files.iter().find(|file| file.source.stem == name) else {
            return Err(CityError::Unknown {
                name: name.to_owned(),
                suggestion: nearest(name, self.names()).map(str::to_owned),
                known: self.names().map(str::to_owned).collect(),
            });
        };
        match &file.city {
            Some(city) if file.is_whole() => Ok(city),
            _ => Err(CityError::Broken { name: name.to_owned(), findings: file.findings.clone() }),
        }
    }

    /// Everything that is to be said about all files, in the order of files and lines.
    pub fn check(&self, purpose: Purpose) -> Vec<Finding> {
        self.check_also(purpose, |_, _| vec![])
    }

    /// The same, with a check of what is made of a file. It is asked of every whole file, and given what was found there.
    pub fn check_also(
        &self,
        purpose: Purpose,
        also: impl Fn(&City, &[Finding]) -> Vec<Finding> + Sync,
    ) -> Vec<Finding> {
        let per_file = in_parallel(&self.files, |file| {
            let mut findings = file.findings.clone();
            if let Some(city) = &file.city {
                checks::city(city, file.is_whole(), purpose, &mut findings);
                if file.is_whole() {
                    let more = also(city, &findings);
                    findings.extend(more);
                }
            }
            findings
        });
        let mut findings: Vec<Finding> = per_file.into_iter().flatten().collect();
        checks::fleet(&self.readable(), &mut findings);
        sort(&mut findings);
        findings
    }

    /// Everything that is to be said before one city is worked on: its own findings, those of the fleet that touch it, and a
    /// warning for every neighbour that could not be compared.
    pub fn check_city(&self, city: &City, purpose: Purpose) -> Vec<Finding> {
        self.check_city_also(city, purpose, |_, _| vec![])
    }

    /// The same, with a check of what is made of the file, given what was found in it.
    pub fn check_city_also(
        &self,
        city: &City,
        purpose: Purpose,
        also: impl Fn(&City, &[Finding]) -> Vec<Finding>,
    ) -> Vec<Finding> {
        let mut findings = Vec::new();
        checks::city(city, true, purpose, &mut findings);
        let more = also(city, &findings);
        findings.extend(more);
        let touches = |finding: &Finding| {
            let here = |place: &Place| place.source.name == city.source.name;
            here(&finding.place) || finding.related.iter().any(|related| here(&related.place))
        };
        let mut shared = Vec::new();
        checks::fleet(&self.readable(), &mut shared);
        findings.extend(shared.into_iter().filter(touches));
        findings.extend(self.files.iter().filter(|file| !file.is_whole()).map(|file| {
            Finding {
                code: Code::V00,
                severity: Severity::Warning,
                problem: Problem::BrokenNeighbour { file: file.source.name.clone() },
                place: file
                    .findings
                    .first()
                    .map_or_else(|| Place::new(&file.source, Span::default()), |finding| finding.place.clone()),
                related: Vec::new(),
            }
        }));
        sort(&mut findings);
        findings
    }

    fn readable(&self) -> Vec<&City> {
        self.files.iter().filter_map(|file| file.city.as_ref()).collect()
    }
}

fn parse(read: Result<Arc<Source>, Box<Refused>>) -> File {
    match read {
        Ok(source) => {
            let (city, findings) = read::city(&source);
            File { source, city, findings }
        }
        Err(refused) => File { source: refused.source, city: None, findings: vec![refused.finding] },
    }
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.place.span.start, finding.code);
        a.place.source.name.cmp(&b.place.source.name).then_with(|| key(a).cmp(&key(b)))
    });
}

/// Maps in as many threads as the machine has; in order.
fn in_parallel<T: Sync, R: Send>(items: &[T], map: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    // A thread costs more than a dozen files.
    if threads == 1 || items.len() < 16 {
        return items.iter().map(map).collect();
    }
    let size = items.len().div_ceil(threads);
    std::thread::scope(|scope| {
        let map = &map;
        let parts: Vec<_> =
            items.chunks(size).map(|part| scope.spawn(move || part.iter().map(map).collect::<Vec<R>>())).collect();
        parts
            .into_iter()
            .flat_map(|part| match part.join() {
                Ok(results) => results,
                // Not swallowed: a panic here is a bug of ours, and must be seen as one.
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    })
}
