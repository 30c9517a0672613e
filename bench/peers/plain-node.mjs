// The runtime's ceiling: an answer without framework, session or store.
import http from "node:http";

let visits = 0;
http
  .createServer((_request, response) => {
    visits++;
    const body = `<p>Visits: ${visits}</p>`;
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-length": body.length });
    response.end(body);
  })
  .listen(process.env.PORT, "127.0.0.1");
