// An app that listens on PORT. It answers its health check and finishes its requests before it stops.
const http = require("node:http");

const server = http.createServer((request, response) => {
  response.end(request.url === "/healthz" ? "ok\n" : "Welcome to the shop\n");
});
server.listen(Number(process.env.PORT ?? 8080));
process.once("SIGTERM", () => server.close());
