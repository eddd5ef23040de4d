//! Events of `tracing`, told to the log of the receptionist in whose span they happen.
//!
//! There is one subscriber for the process; every receptionist has a span that carries its sink, and all of its work runs in that span.

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, Once, PoisonError};

use serde_json::{Map, Value, json};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Span, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry, SpanRef};

use crate::node::log::{Sink, entry};

/// What the targets of our own events begin with; those of other crates hold SQL and addresses.
const OURS: &str = "ai_receptionist";

/// The most that any receptionist has asked for, as the number of levels.
static MOST: AtomicU8 = AtomicU8::new(0);

/// A new span, whose events go to `sink`.
pub(super) fn span_into(sink: &Arc<Sink>) -> Span {
    let Some(level) = sink.level() else { return Span::none() };
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        // Fails where a Rust program has chosen another one, which then gets everything.
        let _ = tracing::subscriber::set_global_default(Registry::default().with(ToSinks));
    });
    ask_for(level);
    let span = tracing::error_span!(parent: None, "receptionist");
    span.with_subscriber(|(id, subscriber)| {
        let registry = subscriber.downcast_ref::<Registry>();
        if let Some(span) = registry.and_then(|registry| registry.span(id)) {
            span.extensions_mut().insert(Scope { sink: Arc::clone(sink), fields: Map::new() });
        }
    });
    span
}

/// Has events of that level made from now on.
fn ask_for(level: Level) {
    // Another thread that asks for as much must not go on before it is there.
    static ASKING: Mutex<()> = Mutex::new(());
    let _asking = ASKING.lock().unwrap_or_else(PoisonError::into_inner);
    let number = number_of(level);
    if MOST.load(Ordering::Acquire) < number {
        MOST.store(number, Ordering::Release);
        tracing::callsite::rebuild_interest_cache();
    }
}

/// What a span passes on to the spans and events in it.
#[derive(Clone)]
struct Scope {
    sink: Arc<Sink>,
    fields: Map<String, Value>,
}

struct ToSinks;

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for ToSinks {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.target().starts_with(OURS) { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, context: Context<'_, S>) -> bool {
        if !metadata.target().starts_with(OURS) {
            return false;
        }
        metadata.is_span()
            || context.lookup_current().is_some_and(|span| {
                span.extensions().get::<Scope>().is_some_and(|scope| scope.sink.wants(metadata.level()))
            })
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        let levels =
            [LevelFilter::OFF, LevelFilter::ERROR, LevelFilter::WARN, LevelFilter::INFO, LevelFilter::DEBUG];
        levels.get(usize::from(MOST.load(Ordering::Acquire))).copied()
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let Some(mut scope) = span.parent().as_ref().and_then(scope_of) else { return };
        attributes.record(&mut Fields(&mut scope.fields));
        span.extensions_mut().insert(scope);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(scope) = span.extensions_mut().get_mut::<Scope>() {
            values.record(&mut Fields(&mut scope.fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(Scope { sink, mut fields }) = context.event_span(event).as_ref().and_then(scope_of) else {
            return;
        };
        event.record(&mut Fields(&mut fields));
        let message = fields.shift_remove(MESSAGE);
        let message = message.as_ref().and_then(Value::as_str).unwrap_or_default();
        sink.push(entry(event.metadata().level(), tag(event.metadata().target()), message, fields));
    }
}

fn scope_of<'span, S: LookupSpan<'span>>(span: &SpanRef<'span, S>) -> Option<Scope> {
    span.extensions().get::<Scope>().cloned()
}

/// The part of the core that speaks: `agent` of `ai_receptionist::agent::turns`.
fn tag(target: &str) -> &str {
    target.split("::").nth(1).unwrap_or(OURS)
}

fn number_of(level: Level) -> u8 {
    match level {
        Level::ERROR => 1,
        Level::WARN => 2,
        Level::INFO => 3,
        _ => 4,
    }
}

const MESSAGE: &str = "message";

/// Fields by the names that JavaScript expects.
struct Fields<'a>(&'a mut Map<String, Value>);

impl Fields<'_> {
    fn set(&mut self, field: &Field, value: Value) {
        self.0.insert(camel_case(field.name()), value);
    }
}

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field, json!(format!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, json!(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, json!(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, json!(value));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, json!(value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, json!(value));
    }
}

/// `duration_ms` as `durationMs`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}
