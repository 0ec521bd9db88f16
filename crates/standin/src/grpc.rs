//! As much of gRPC as calls with one message each way need, over HTTP/2 without encryption.
//!
//! A request is `POST /service/method`; its body is a flag (0: not compressed), the length in four bytes, and a
//! protobuf message. An answer is framed alike and ends with the trailer `grpc-status`.

use std::fmt::Display;
use std::rc::Rc;

use bytes::{BufMut, Bytes, BytesMut};
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use http::{HeaderMap, HeaderValue, Request, Response};
use prost::Message;
use tokio::net::TcpStream;

/// Why a call failed, as gRPC tells it.
#[derive(Debug)]
pub(crate) struct Status {
    code: Code,
    message: String,
}

/// The status codes of gRPC that occur here.
#[derive(Clone, Copy, Debug)]
enum Code {
    Ok = 0,
    InvalidArgument = 3,
    Unimplemented = 12,
}

impl Status {
    /// The request cannot be understood.
    pub(crate) fn invalid(message: impl Display) -> Self {
        Self { code: Code::InvalidArgument, message: message.to_string() }
    }

    /// Nobody answers this here.
    pub(crate) fn unimplemented(what: &str) -> Self {
        Self { code: Code::Unimplemented, message: format!("{what} is not served here") }
    }
}

/// Answers calls. All connections share one thread, so an answer must not wait for anything.
pub(crate) trait Service {
    /// Whether this path is answered. Asked before the body is read: a stream's body never ends.
    fn serves(&self, path: &str) -> bool;

    /// Answers one call.
    fn call(&self, path: &str, request: &[u8]) -> Result<Bytes, Status>;
}

/// Decodes a request, has it answered and encodes the reply.
pub(crate) fn answer<Q: Message + Default, R: Message>(
    request: &[u8],
    with: impl FnOnce(Q) -> Result<R, Status>,
) -> Result<Bytes, Status> {
    let request = Q::decode(request).map_err(Status::invalid)?;
    with(request).map(|reply| reply.encode_to_vec().into())
}

/// Serves one connection until the client closes it.
pub(crate) async fn serve(stream: TcpStream, service: Rc<impl Service + 'static>) -> Result<(), h2::Error> {
    let mut connection = h2::server::Builder::new()
        .initial_window_size(1 << 20)
        .initial_connection_window_size(1 << 22)
        .handshake::<_, Bytes>(stream)
        .await?;
    while let Some(accepted) = connection.accept().await {
        let (request, respond) = accepted?;
        let service = Rc::clone(&service);
        // A call that fails is reported to its caller; the connection goes on.
        tokio::task::spawn_local(async move { respond_to(request, respond, service.as_ref()).await });
    }
    Ok(())
}

async fn respond_to(
    request: Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    service: &impl Service,
) -> Result<(), h2::Error> {
    let path = request.uri().path().to_owned();
    let outcome = if service.serves(&path) {
        let body = whole(request.into_body()).await?;
        unframe(&body).and_then(|message| service.call(&path, message))
    } else {
        Err(Status::unimplemented(&path))
    };
    let mut head = Response::new(());
    head.headers_mut().insert("content-type", HeaderValue::from_static("application/grpc"));
    match outcome {
        Ok(reply) => {
            let mut stream = respond.send_response(head, false)?;
            stream.send_data(frame(&reply)?, false)?;
            stream.send_trailers(HeaderMap::from_iter([status(Code::Ok)]))
        }
        Err(Status { code, message }) => {
            head.headers_mut().extend([status(code)]);
            // A message that no header can carry is left out; the code stays.
            if let Ok(text) = HeaderValue::from_str(&message) {
                head.headers_mut().insert("grpc-message", text);
            }
            respond.send_response(head, true).map(drop)
        }
    }
}

fn status(code: Code) -> (http::HeaderName, HeaderValue) {
    (http::HeaderName::from_static("grpc-status"), HeaderValue::from(code as u16))
}

async fn whole(mut body: RecvStream) -> Result<Bytes, h2::Error> {
    let mut read = BytesMut::new();
    while let Some(chunk) = body.data().await {
        let chunk = chunk?;
        body.flow_control().release_capacity(chunk.len())?;
        read.extend_from_slice(&chunk);
    }
    Ok(read.freeze())
}

/// Takes the one message out of its frame.
fn unframe(body: &[u8]) -> Result<&[u8], Status> {
    match body.split_first_chunk::<5>() {
        Some(([0, length @ ..], message)) if u32::from_be_bytes(*length) as usize == message.len() => {
            Ok(message)
        }
        _ => Err(Status::invalid("the request is not one message without compression")),
    }
}

fn frame(reply: &[u8]) -> Result<Bytes, Reason> {
    let length = u32::try_from(reply.len()).map_err(|_| Reason::INTERNAL_ERROR)?;
    let mut framed = BytesMut::with_capacity(reply.len() + 5);
    framed.put_u8(0);
    framed.put_u32(length);
    framed.put_slice(reply);
    Ok(framed.freeze())
}

#[cfg(test)]
mod tests {
    use super::{frame, unframe};

    #[test]
    fn a_frame_holds_exactly_its_message() {
        let framed = frame(b"abc").unwrap();
        assert_eq!(&framed[..], b"\0\0\0\0\x03abc");
        assert_eq!(unframe(&framed).unwrap(), b"abc");
        for wrong in [&framed[..7], b"\x01\0\0\0\0", b"\0\0\0\0", b"\0\0\0\0\0x"] {
            assert!(unframe(wrong).is_err(), "{wrong:?}");
        }
    }
}
