//! One call: wait for a place in its bucket, send, and turn an error into a [`Failure`].

use aws_sdk_ec2::types::UnsuccessfulItem;
use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use gcnet_core::{Class, Failure};

use crate::{
    aws::Aws,
    error::{ROLE_REFUSED, failure, refused},
};

impl Aws {
    /// Makes one call. `operation` is `service:Operation`, as in an IAM policy.
    pub(crate) async fn call<T, E>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<T, Failure>
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        self.buckets().wait(operation).await;
        // On the heap: what the SDK keeps of a call is large, and this goes through several hands.
        let call = Box::pin(call);
        let call = async { call.await.map_err(|error| self.judge(failure(operation, self.account(), &error))) };
        self.writes().around(operation, call).await
    }

    /// The same for a call that answers with a list of what failed: the first of that is how it ended.
    pub(crate) async fn batch<T, E>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        unsuccessful: impl FnOnce(&T) -> &[UnsuccessfulItem],
    ) -> Result<T, Failure>
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        self.buckets().wait(operation).await;
        let call = Box::pin(call);
        let call = async {
            let answer = call.await.map_err(|error| self.judge(failure(operation, self.account(), &error)))?;
            match unsuccessful(&answer).first().and_then(|item| item.error()) {
                None => Ok(answer),
                Some(error) => {
                    let (code, message) = (error.code().unwrap_or("Unknown"), error.message().unwrap_or_default());
                    Err(refused(operation, self.account(), code, message))
                }
            }
        };
        self.writes().around(operation, call).await
    }

    /// Makes as many calls as there are pages.
    pub(crate) async fn pages<T, E>(
        &self,
        operation: &'static str,
        mut pages: PaginationStream<Result<T, SdkError<E, HttpResponse>>>,
    ) -> Result<Vec<T>, Failure>
    where
        E: std::error::Error + ProvideErrorMetadata + Send + Sync + 'static,
    {
        let mut all = vec![];
        loop {
            self.buckets().wait(operation).await;
            match pages.next().await {
                None => return Ok(all),
                Some(page) => {
                    all.push(page.map_err(|error| self.judge(failure(operation, self.account(), &error)))?);
                }
            }
        }
    }

    /// Without credentials no call of ours can succeed; those of another party's account concern that account only. What a
    /// role there does not allow, its company has to allow.
    fn judge(&self, failure: Failure) -> Failure {
        match failure.class {
            Class::Credentials if self.is_home() => failure,
            Class::Credentials => {
                let class = if failure.code == ROLE_REFUSED { Class::Theirs } else { Class::Unreachable };
                Failure { class, ..failure }
            }
            Class::Denied | Class::Guardrail if !self.is_home() => {
                self.note_refused(&failure);
                Failure { class: Class::Theirs, ..failure }
            }
            _ => failure,
        }
    }
}
