"""A request as it reached the double."""
import io
from urllib.parse import parse_qs, parse_qsl

_FORM = "application/x-www-form-urlencoded"


class Request:
    """Method, path, query, headers and body; `form` is a body of fields."""

    @classmethod
    def of(cls, environ):
        """Reads it once for all wrappers; moto can still read the body."""
        if "double.request" not in environ:
            environ["double.request"] = cls(environ)
        return environ["double.request"]

    def __init__(self, environ):
        self.method = environ["REQUEST_METHOD"]
        # As sent: moto's own PATH_INFO is decoded.
        self.path = (environ.get("RAW_URI") or environ["PATH_INFO"]).partition("?")[0]
        self.queries = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        self.query = {name: values[0] for name, values in self.queries.items()}
        self.headers = {name[5:].lower().replace("_", "-"): value for name, value in environ.items() if name.startswith("HTTP_")}
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])) if environ.get("CONTENT_LENGTH") else b""
        environ["wsgi.input"] = io.BytesIO(body)
        self.body = _unchunked(body) if "aws-chunked" in self.headers.get("content-encoding", "") else body
        is_form = environ.get("CONTENT_TYPE", "").startswith(_FORM)
        self.form = dict(parse_qsl(body.decode(), keep_blank_values=True)) if is_form else {}


def _unchunked(body):
    """https://docs.aws.amazon.com/AmazonS3/latest/developerguide/sigv4-streaming.html"""
    content = b""
    while body:
        head, _, rest = body.partition(b"\r\n")
        size = int(head.partition(b";")[0] or b"0", 16)
        if size == 0:
            break
        content, body = content + rest[:size], rest[size + 2 :]
    return content
