-- Each request carries the next visitor's cookie; requests are made once, before the load begins.
local requests = {}
local next = 0

function init(args)
  for cookie in io.lines(args[1]) do
    local headers = { ["X-Forwarded-For"] = "10.0.0.1", ["X-Forwarded-Proto"] = "https" }
    if cookie ~= "" then headers["Cookie"] = cookie end
    requests[#requests + 1] = wrk.format("GET", nil, headers)
  end
end

function request()
  next = next % #requests + 1
  return requests[next]
end

function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format("RESULT %d %d %d\n", summary.requests, summary.duration, failed))
end
