//! Embedding spaces: a model and its dimensions. Only vectors of the same space can be compared.
//! Each vector is therefore stored with the name of its space, and results of an embedder are
//! checked against it.

use std::sync::OnceLock;

use crate::error::{Error, Result};
use crate::memory::vector_store::Embedder;

/// Maximum dimensions of a vector, the limit of pgvector.
const MAX_DIMENSIONS: usize = 16_000;

/// The embedding space of an embedder. Its dimensions are known after the first response.
#[derive(Debug, Default)]
pub struct EmbeddingSpace {
    dimensions: OnceLock<usize>,
}

impl EmbeddingSpace {
    /// Returns the name stored with vectors of this space; `None` before the first response.
    pub fn name(&self, embedder: &dyn Embedder) -> Option<String> {
        self.dimensions.get().map(|dimensions| format!("{}/{dimensions}", embedder.model()))
    }

    /// Returns the dimensions, if known.
    pub fn dimensions(&self) -> Option<usize> {
        self.dimensions.get().copied()
    }

    /// Embeds texts into vectors of length 1.
    ///
    /// Returns errors of the embedder. Fails with `EMBEDDING_INVALID` unless there is one vector of
    /// finite numbers per text, all of the known dimensions.
    pub async fn embed(&self, embedder: &dyn Embedder, texts: &[String]) -> Result<Vec<Vec<f32>>> {
        let mut vectors = embedder.embed(texts).await?;
        if vectors.len() != texts.len() {
            return Err(Error::EmbeddingInvalid(format!(
                "there are {} vectors for {} texts; return one for each, in order",
                vectors.len(),
                texts.len()
            )));
        }
        for vector in &mut vectors {
            self.check(embedder, vector)?;
            normalize(vector);
        }
        Ok(vectors)
    }

    fn check(&self, embedder: &dyn Embedder, vector: &[f32]) -> Result<()> {
        check_vector(vector).map_err(|reason| Error::EmbeddingInvalid(format!("a vector {reason}")))?;
        if let Some(asked) = embedder.dimensions()
            && asked != vector.len()
        {
            return Err(Error::EmbeddingInvalid(format!(
                "a vector has {} numbers and `agent.memory.embedder.dimensions` says {asked}; correct the option",
                vector.len()
            )));
        }
        let known = *self.dimensions.get_or_init(|| vector.len());
        if known != vector.len() {
            return Err(Error::EmbeddingInvalid(format!(
                "a vector has {} numbers where earlier ones had {known}; all must have the same length",
                vector.len()
            )));
        }
        Ok(())
    }
}

/// Checks a vector; the error describes the problem.
pub fn check_vector(vector: &[f32]) -> Result<(), String> {
    if vector.is_empty() || vector.len() > MAX_DIMENSIONS {
        return Err(format!("has {} numbers; it must have 1 to {MAX_DIMENSIONS}", vector.len()));
    }
    if vector.iter().any(|number| !number.is_finite()) {
        return Err("holds NaN or Infinity".to_owned());
    }
    Ok(())
}

fn normalize(vector: &mut [f32]) {
    let length = vector.iter().map(|number| f64::from(*number).powi(2)).sum::<f64>().sqrt();
    if length > 0.0 {
        for number in vector {
            *number = (f64::from(*number) / length) as f32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_trait::async_trait;

    struct Fixed(Vec<Vec<f32>>, Option<usize>);

    #[async_trait]
    impl Embedder for Fixed {
        fn model(&self) -> &str {
            "fixed"
        }

        fn dimensions(&self) -> Option<usize> {
            self.1
        }

        async fn embed(&self, _texts: &[String]) -> Result<Vec<Vec<f32>>> {
            Ok(self.0.clone())
        }
    }

    #[tokio::test]
    async fn rejects_invalid_vectors() {
        let texts = ["a".to_owned(), "b".to_owned()];
        for (vectors, asked, reason) in [
            (vec![vec![1.0]], None, "1 vectors for 2 texts"),
            (vec![vec![1.0], vec![]], None, "has 0 numbers"),
            (vec![vec![1.0], vec![f32::NAN]], None, "NaN"),
            (vec![vec![1.0, 2.0], vec![1.0]], None, "earlier ones had 2"),
            (vec![vec![1.0], vec![1.0]], Some(3), "dimensions` says 3"),
        ] {
            let error = EmbeddingSpace::default().embed(&Fixed(vectors, asked), &texts).await.unwrap_err();
            assert_eq!(error.code(), "EMBEDDING_INVALID");
            assert!(error.to_string().contains(reason), "{error}");
        }
    }

    #[tokio::test]
    async fn normalizes_vectors_and_names_the_space() {
        let space = EmbeddingSpace::default();
        let embedder = Fixed(vec![vec![3.0, 4.0], vec![0.0, 0.0]], None);
        assert_eq!(space.name(&embedder), None);
        let vectors = space.embed(&embedder, &["a".into(), "b".into()]).await.unwrap();
        assert_eq!(vectors, [vec![0.6, 0.8], vec![0.0, 0.0]]);
        assert_eq!(space.name(&embedder).as_deref(), Some("fixed/2"));
    }
}
