//! `subscriptions/listen`: acknowledged and ended at once, since nothing ever changes (N2).

use super::envelope::{self, server_info};
use super::error::RpcError;
use super::json::Value;
use super::methods::{Call, Done, Handled};
use crate::model::Reply;

/// N1: the acknowledgement names the request and the empty set of what is honoured.
pub(super) fn listen<'a>(call: &Call<'a>, reply: &mut Reply) -> Handled<'a> {
    if !call.params.notifications.is_some_and(Value::is_object) {
        return Err(RpcError::params("`notifications` must be an object"));
    }
    envelope::head(None, reply);
    reply.push_static(
        r#""method":"notifications/subscriptions/acknowledged","params":{"notifications":{},"_meta":{"io.modelcontextprotocol/subscriptionId":"#,
    );
    reply.push_str(call.id);
    reply.push_static("}}}");
    reply.push_static(call.separator);
    envelope::head(Some(call.id), reply);
    reply.push_static(
        r#""result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":"#,
    );
    reply.push_str(call.id);
    reply.push_static(concat!(",", server_info!(), "}}}"));
    Ok(Done { stream: true, ..Done::default() })
}
