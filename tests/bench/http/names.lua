-- wrk: asks for the paths of a file, one after the other, each thread from a place of its own; waits between two when told to.
local paths, at, pause = {}, 0, 0
local started = 0

function setup(thread)
  thread:set("first", started * 7919)
  started = started + 1
end

function init(args)
  for line in io.lines(args[1]) do
    paths[#paths + 1] = line
  end
  pause = tonumber(args[2] or "0")
  at = first
end

function delay()
  return pause
end

function request()
  at = at + 1
  return wrk.format("GET", paths[at % #paths + 1])
end

function done(summary, latency, requests)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout + summary.errors.status
  io.write(string.format('{"answers": %d, "seconds": %.3f, "failed": %d, "p50_ms": %.3f, "p99_ms": %.3f}\n',
    summary.requests, summary.duration / 1e6, failed, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
