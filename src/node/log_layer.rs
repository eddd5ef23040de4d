//! A `tracing` layer that sends events to the log of the receptionist whose span they occur in.
//!
//! The process has one subscriber. Every receptionist has a span that carries its sink, and all of
//! its work runs in that span.

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Once};

use parking_lot::Mutex;
use serde_json::{Map, Value, json};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Span, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry, SpanRef};

use crate::node::log_sink::{Sink, entry};
use crate::redaction::redact;

/// Target prefix of our own events. Events of other crates may contain SQL and addresses.
const TARGET_PREFIX: &str = "ai_receptionist";

/// Most verbose level requested by any receptionist, as a number.
static MAX_LEVEL: AtomicU8 = AtomicU8::new(0);

/// Creates a span whose events go to `sink`.
pub(super) fn span_for(sink: &Arc<Sink>) -> Span {
    let Some(level) = sink.level() else { return Span::none() };
    static SUBSCRIBER: Once = Once::new();
    SUBSCRIBER.call_once(|| {
        // Fails if a Rust program has set another subscriber, which then receives all events.
        let _ = tracing::subscriber::set_global_default(Registry::default().with(SinkLayer));
    });
    raise_max_level(level);
    let span = tracing::error_span!(parent: None, "receptionist");
    span.with_subscriber(|(id, subscriber)| {
        let registry = subscriber.downcast_ref::<Registry>();
        if let Some(span) = registry.and_then(|registry| registry.span(id)) {
            span.extensions_mut().insert(SpanContext { sink: Arc::clone(sink), fields: Map::new() });
        }
    });
    span
}

/// Enables events up to the given level.
fn raise_max_level(level: Level) {
    // A concurrent request for the same level must not return before it is enabled.
    static LOCK: Mutex<()> = Mutex::new(());
    let _guard = LOCK.lock();
    let number = number_of(level);
    if MAX_LEVEL.load(Ordering::Acquire) < number {
        MAX_LEVEL.store(number, Ordering::Release);
        tracing::callsite::rebuild_interest_cache();
    }
}

/// Data that a span passes on to nested spans and events.
#[derive(Clone)]
struct SpanContext {
    sink: Arc<Sink>,
    fields: Map<String, Value>,
}

struct SinkLayer;

impl<S: Subscriber + for<'span> LookupSpan<'span>> Layer<S> for SinkLayer {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.target().starts_with(TARGET_PREFIX) { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, context: Context<'_, S>) -> bool {
        if !metadata.target().starts_with(TARGET_PREFIX) {
            return false;
        }
        metadata.is_span()
            || context.lookup_current().is_some_and(|span| {
                span.extensions().get::<SpanContext>().is_some_and(|scope| scope.sink.wants(metadata.level()))
            })
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        let levels =
            [LevelFilter::OFF, LevelFilter::ERROR, LevelFilter::WARN, LevelFilter::INFO, LevelFilter::DEBUG];
        levels.get(usize::from(MAX_LEVEL.load(Ordering::Acquire))).copied()
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let Some(mut scope) = span.parent().as_ref().and_then(span_context) else { return };
        attributes.record(&mut Fields(&mut scope.fields));
        span.extensions_mut().insert(scope);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(scope) = span.extensions_mut().get_mut::<SpanContext>() {
            values.record(&mut Fields(&mut scope.fields));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(SpanContext { sink, mut fields }) =
            context.event_span(event).as_ref().and_then(span_context)
        else {
            return;
        };
        event.record(&mut Fields(&mut fields));
        let message = fields.shift_remove(MESSAGE);
        let message = message.as_ref().and_then(Value::as_str).unwrap_or_default();
        redact_user_code_error(&mut fields);
        sink.push(entry(event.metadata().level(), tag(event.metadata().target()), message, fields));
    }
}

/// Redacts the error text of user code, because it may contain anything.
fn redact_user_code_error(fields: &mut Map<String, Value>) {
    let is_theirs =
        matches!(fields.get("code").and_then(Value::as_str), Some("USER_CODE_FAILED" | "TOOL_FAILED"));
    if let Some(Value::String(error)) = fields.get_mut("error").filter(|_| is_theirs) {
        *error = redact(error);
    }
}

fn span_context<'span, S: LookupSpan<'span>>(span: &SpanRef<'span, S>) -> Option<SpanContext> {
    span.extensions().get::<SpanContext>().cloned()
}

/// Returns the module that logs: `agent` of `ai_receptionist::agent::turns`.
fn tag(target: &str) -> &str {
    target.split("::").nth(1).unwrap_or(TARGET_PREFIX)
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

/// Fields under their JavaScript names.
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

/// Converts snake case to camel case: `duration_ms` to `durationMs`.
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
