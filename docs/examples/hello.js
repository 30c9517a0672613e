// A function that answers events of an HTTP API.
exports.handler = async () => ({ statusCode: 200, body: "Hello\n" });
