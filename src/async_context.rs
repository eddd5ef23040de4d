//! The async context of the JavaScript caller. It travels with a future, so that user code called
//! by the core runs in the caller's context.
//!
//! A spawned task has no context unless [`WithAsyncContext::with_current_context`] passes it along.
//! Background work must not run in the context of the caller that happened to be active.

use std::any::Any;
use std::sync::Arc;

/// An async context, opaque to the core.
pub type AsyncContext = Arc<dyn Any + Send + Sync>;

tokio::task_local! {
    static CURRENT: Option<AsyncContext>;
}

/// Returns the current async context, if any.
pub fn current() -> Option<AsyncContext> {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

/// Runs a future in the given context, or in none.
pub async fn with_context<T>(context: Option<AsyncContext>, work: impl Future<Output = T>) -> T {
    CURRENT.scope(context, work).await
}

/// Runs a closure in the given context, or in none.
pub fn with_context_sync<T>(context: Option<AsyncContext>, work: impl FnOnce() -> T) -> T {
    CURRENT.sync_scope(context, work)
}

/// Returns the context that all items share, if they share one.
pub fn common_to<'a>(contexts: impl IntoIterator<Item = &'a Option<AsyncContext>>) -> Option<AsyncContext> {
    let mut contexts = contexts.into_iter();
    let first = contexts.next()?.as_ref()?;
    let same =
        |context: &Option<AsyncContext>| context.as_ref().is_some_and(|context| Arc::ptr_eq(context, first));
    contexts.all(same).then(|| Arc::clone(first))
}

/// Extension trait for futures that are spawned.
pub trait WithAsyncContext: Future + Sized {
    /// Runs the future in the current async context.
    fn with_current_context(self) -> impl Future<Output = Self::Output> {
        with_context(current(), self)
    }
}

impl<Work: Future> WithAsyncContext for Work {}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(name: &'static str) -> AsyncContext {
        Arc::new(name)
    }

    fn name_of(context: Option<AsyncContext>) -> Option<&'static str> {
        context.and_then(|context| context.downcast_ref::<&str>().copied())
    }

    #[tokio::test]
    async fn spawned_tasks_inherit_the_context_only_if_passed_along() {
        let spawned = with_context(Some(context("ann")), async {
            let without = crate::task::spawn(async { name_of(current()) });
            let with = crate::task::spawn(async { name_of(current()) }.with_current_context());
            (without.await.unwrap(), with.await.unwrap())
        });
        assert_eq!(spawned.await, (None, Some("ann")));
        assert!(current().is_none());
    }

    #[test]
    fn work_of_several_callers_has_no_context() {
        let (ann, bob) = (Some(context("ann")), Some(context("bob")));
        for (contexts, shared) in [
            (vec![], None),
            (vec![&ann], Some("ann")),
            (vec![&ann, &ann], Some("ann")),
            (vec![&ann, &bob], None),
            (vec![&ann, &None], None),
            (vec![&None, &ann], None),
            (vec![&None], None),
        ] {
            assert_eq!(name_of(common_to(contexts)), shared);
        }
    }
}
