//! The space vectors are in: a model and a number of dimensions. Only vectors of one space can be compared, so each is
//! kept with the name of its space, and whatever an embedder returns is checked against it.

use std::sync::OnceLock;

use crate::error::{Error, Result};
use crate::vectors::Embedder;

/// Most dimensions of a vector, which is what pgvector holds.
const MAX_DIMENSIONS: usize = 16_000;

/// The space of an embedder; its dimensions are known once it has answered.
#[derive(Debug, Default)]
pub struct Space {
    dimensions: OnceLock<usize>,
}

impl Space {
    /// The name that vectors of this space are kept with; `None` until the embedder has answered once.
    pub fn name(&self, embedder: &dyn Embedder) -> Option<String> {
        self.dimensions.get().map(|dimensions| format!("{}/{dimensions}", embedder.model()))
    }

    /// Numbers of a vector, once known.
    pub fn dimensions(&self) -> Option<usize> {
        self.dimensions.get().copied()
    }

    /// Vectors of length 1 for texts.
    ///
    /// Fails with what the embedder fails with, and with `EMBEDDING_INVALID` when it does not return one vector of finite
    /// numbers for each text, all as long as ever.
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
                "a vector has {} numbers where earlier ones had {known}; all must have as many",
                vector.len()
            )));
        }
        Ok(())
    }
}

/// What is wrong with a vector.
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

/// The cosine of the angle between two vectors of length 1.
pub fn cosine(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
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
    async fn nonsense_is_refused() {
        let texts = ["a".to_owned(), "b".to_owned()];
        for (vectors, asked, reason) in [
            (vec![vec![1.0]], None, "1 vectors for 2 texts"),
            (vec![vec![1.0], vec![]], None, "has 0 numbers"),
            (vec![vec![1.0], vec![f32::NAN]], None, "NaN"),
            (vec![vec![1.0, 2.0], vec![1.0]], None, "earlier ones had 2"),
            (vec![vec![1.0], vec![1.0]], Some(3), "dimensions` says 3"),
        ] {
            let error = Space::default().embed(&Fixed(vectors, asked), &texts).await.unwrap_err();
            assert_eq!(error.code(), "EMBEDDING_INVALID");
            assert!(error.to_string().contains(reason), "{error}");
        }
    }

    #[tokio::test]
    async fn vectors_get_the_length_1_and_a_space() {
        let space = Space::default();
        let embedder = Fixed(vec![vec![3.0, 4.0], vec![0.0, 0.0]], None);
        assert_eq!(space.name(&embedder), None);
        let vectors = space.embed(&embedder, &["a".into(), "b".into()]).await.unwrap();
        assert_eq!(vectors, [vec![0.6, 0.8], vec![0.0, 0.0]]);
        assert_eq!(space.name(&embedder).as_deref(), Some("fixed/2"));
    }
}
